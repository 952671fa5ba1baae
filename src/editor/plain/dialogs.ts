/** Dialogs of files. In the browser they are quick picks. */

import { type OpenDialogOptions, type SaveDialogOptions, type Uri, window } from 'vscode';
import { textOf } from '../../core/text/plainText';

const maxTitle = 200;

/** A file, or a folder where the options say so; undefined: given up. */
export async function askForFile(options: OpenDialogOptions & { readonly title: string }): Promise<Uri | undefined> {
  return (await window.showOpenDialog({ ...options, title: textOf(options.title, maxTitle) }))?.[0];
}

/** Undefined: given up. */
export async function askWhereToSave(options: SaveDialogOptions & { readonly title: string }): Promise<Uri | undefined> {
  return window.showSaveDialog({ ...options, title: textOf(options.title, maxTitle) });
}
