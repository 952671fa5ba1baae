/** Adds to the user's path mappings. */

import { workspace } from 'vscode';
import { askForFile } from '../../plain/dialogs';
import { askForText } from '../../plain/inputBox';
import { asWritten, usualScope, writeMapping } from './mappingSettings';

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
