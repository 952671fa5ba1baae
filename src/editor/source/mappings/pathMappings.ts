/** The user's path mappings: read with their variables replaced, and added to. */

import { workspace } from 'vscode';
import type { Settings } from '../../../app/settings/settings';
import { askForFile } from '../../plain/dialogs';
import { askForText } from '../../plain/inputBox';
import { asWritten, usualScope, writeMapping } from './mappingSettings';

/** `spanhop.source.pathMappings` with its variables replaced. */
export function readPathMappings(settings: Settings): Readonly<Record<string, string>> {
  const written = settings.pathMappings(workspace.workspaceFolders?.[0]?.uri);
  return Object.fromEntries(Object.entries(written).map(([prefix, folder]) => [prefix, replaceVariables(folder)]));
}

/** With `${workspaceFolder}` and `${workspaceFolder:name}` as URIs. */
export function replaceVariables(folder: string): string {
  const folders = workspace.workspaceFolders ?? [];
  return folder.replace(/\$\{workspaceFolder(?::([^}]*))?\}/g, (whole, name: string | undefined) => {
    const found = name === undefined ? folders[0] : folders.find((candidate) => candidate.name === name);
    return found ? found.uri.toString().replace(/\/$/, '') : whole;
  });
}

/** Asks for the folder that a path of a trace stands for, and writes the mapping. Answers whether one was added. */
export async function addPathMapping(suggestedPrefix: string): Promise<boolean> {
  const prefix = await askForText({
    title: 'Map a folder of the traces (1/2)',
    prompt: 'The folder as the traces have it',
    value: suggestedPrefix,
    validate: (value) => (value.trim() === '' ? 'Enter the beginning of a path, such as /usr/src/app' : undefined),
  });
  if (prefix === undefined) return false;
  const chosen = await askForFile({
    title: `Map a folder of the traces (2/2): where is ${prefix} here?`,
    canSelectFiles: false,
    canSelectFolders: true,
    defaultUri: workspace.workspaceFolders?.[0]?.uri,
    openLabel: 'Map to This Folder',
  });
  if (!chosen) return false;
  const scope = usualScope();
  await writeMapping(prefix.trim(), asWritten(chosen, scope), scope);
  return true;
}
