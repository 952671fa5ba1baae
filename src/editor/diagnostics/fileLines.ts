/** The lines of a file as an editor shows them, unsaved edits included, or as they are on disk. */

import { FileType, type TextDocument, Uri, workspace } from 'vscode';
import type { Lines } from '../../app/exceptions/lineAnchors';

const maxBytes = 4 * 1024 * 1024;

/** The document, where the file is open. */
export function openDocument(file: string): TextDocument | undefined {
  return workspace.textDocuments.find(({ uri }) => uri.toString() === file);
}

export function linesOf(document: TextDocument): Lines {
  return { count: document.lineCount, at: (line) => document.lineAt(line).text };
}

export interface FileOnDisk {
  readonly lines: Lines;
  /** Epoch milliseconds of its last save; 0 where the file system does not tell. */
  readonly savedAtMs: number;
}

/** Undefined where there is no such file, or one that is too large to be source. */
export async function readFromDisk(file: string): Promise<FileOnDisk | undefined> {
  const uri = Uri.parse(file);
  try {
    const { type, size, mtime } = await workspace.fs.stat(uri);
    if ((type & FileType.File) === 0 || size > maxBytes) return undefined;
    const lines = new TextDecoder().decode(await workspace.fs.readFile(uri)).split(/\r?\n/);
    return { lines: { count: lines.length, at: (line) => lines[line] }, savedAtMs: mtime };
  } catch {
    // It is gone, or may not be read: there is no line to show.
    return undefined;
  }
}
