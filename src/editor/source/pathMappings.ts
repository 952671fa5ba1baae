/** The user's path mappings: read with their variables replaced, and added to. */

import { ConfigurationTarget, type Uri, window, workspace } from 'vscode';
import type { Settings } from '../services/settings';

/** `spanhop.source.pathMappings` with `${workspaceFolder}` and `${workspaceFolder:name}` replaced. */
export function readPathMappings(settings: Settings): Readonly<Record<string, string>> {
  const folders = workspace.workspaceFolders ?? [];
  const replaced: Record<string, string> = {};
  for (const [prefix, folder] of Object.entries(settings.pathMappings(folders[0]?.uri))) {
    replaced[prefix] = folder.replace(/\$\{workspaceFolder(?::([^}]*))?\}/g, (whole, name: string | undefined) => {
      const found = name === undefined ? folders[0] : folders.find((candidate) => candidate.name === name);
      return found ? found.uri.toString().replace(/\/$/, '') : whole;
    });
  }
  return replaced;
}

/** Asks for the folder that a path of a trace stands for, and writes the mapping. Answers whether one was added. */
export async function addPathMapping(settings: Settings, suggestedPrefix: string): Promise<boolean> {
  const prefix = await window.showInputBox({
    title: 'Map a folder of the traces (1/2)',
    prompt: 'The folder as the traces have it',
    value: suggestedPrefix,
    validateInput: (value) => (value.trim() === '' ? 'Enter the beginning of a path, such as /usr/src/app' : undefined),
  });
  if (prefix === undefined) return false;
  const chosen = await window.showOpenDialog({
    title: `Map a folder of the traces (2/2): where is ${prefix} here?`,
    canSelectFiles: false,
    canSelectFolders: true,
    defaultUri: workspace.workspaceFolders?.[0]?.uri,
    openLabel: 'Map to This Folder',
  });
  if (!chosen?.[0]) return false;
  const configuration = workspace.getConfiguration('spanhop.source');
  const known = configuration.inspect<Record<string, string>>('pathMappings')?.workspaceValue ?? settings.pathMappings();
  const target = workspace.workspaceFolders?.length ? ConfigurationTarget.Workspace : ConfigurationTarget.Global;
  await configuration.update('pathMappings', { ...known, [prefix.trim()]: asWritten(chosen[0]) }, target);
  return true;
}

/** Relative to the workspace where it can be, so that the setting can be shared. */
function asWritten(folder: Uri): string {
  const inside = workspace.getWorkspaceFolder(folder);
  if (!inside) return folder.scheme === 'file' ? folder.fsPath : folder.toString();
  const rest = folder.path.slice(inside.uri.path.replace(/\/$/, '').length).replace(/^\//, '');
  const several = (workspace.workspaceFolders?.length ?? 0) > 1;
  const variable = `\${workspaceFolder${several ? `:${inside.name}` : ''}}`;
  return rest === '' ? variable : `${variable}/${rest}`;
}
