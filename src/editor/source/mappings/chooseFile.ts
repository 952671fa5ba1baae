/** A person picks the file that a path of a trace stands for: one of its name, or any. */

import { Uri, workspace } from 'vscode';
import type { WorkspaceFiles } from '../../../app/workspace/workspaceFiles';
import { plain } from '../../../core/text/plainText';
import { askForFile } from '../../plain/dialogs';
import { type PickItem, pickOne } from '../../plain/quickPick';

interface FileItem extends PickItem {
  readonly file?: string;
}

const maxShown = 200;

export interface ChosenFile {
  /** URI. */
  readonly file: string;
  /** Picked in a dialog of all files, so that nobody need ask whether it may be opened. */
  readonly chosen: boolean;
}

/** Undefined: given up. `path` is the trace's. */
export async function chooseFile(path: string, files: WorkspaceFiles): Promise<ChosenFile | undefined> {
  const name =
    path
      .split(/[\\/]/)
      .at(-1)
      ?.replace(/[?#].*$/, '') ?? '';
  const named = await files.findByBaseName(name);
  if (!named.length) return browse(path);
  const items = named
    .slice(0, maxShown)
    .map((file) => ({ label: workspace.asRelativePath(Uri.parse(file)), file }))
    .sort((a, b) => a.label.localeCompare(b.label));
  const chosen = await pickOne<FileItem>(
    [...items, { label: plain`$(folder-opened) Browse…`, detail: 'Any other file', alwaysShow: true }],
    { title: `Which file is ${path}?`, placeholder: `Files named ${name} in the workspace` },
  );
  if (!chosen) return undefined;
  return chosen.file === undefined ? browse(path) : { file: chosen.file, chosen: false };
}

async function browse(path: string): Promise<ChosenFile | undefined> {
  const chosen = await askForFile({
    title: `Which file is ${path}?`,
    defaultUri: workspace.workspaceFolders?.[0]?.uri,
    openLabel: 'Choose',
  });
  return chosen && { file: chosen.toString(), chosen: true };
}
