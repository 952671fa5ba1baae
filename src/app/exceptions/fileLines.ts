/** Lines of files, as the editor shows them, unsaved edits included, or as they are on disk. */

import type { OpenDocument, Workspace } from '../ports/workspace';
import { readBytes } from '../workspace/rawFiles';
import type { Lines } from './lineAnchors';

const maxBytes = 4 * 1024 * 1024;

export function linesOf(document: OpenDocument): Lines {
  return { count: document.lineCount, at: (line) => document.lineAt(line) };
}

export interface FileOnDisk {
  readonly lines: Lines;
  /** Epoch milliseconds of its last save; 0 where the file system does not tell. */
  readonly savedAtMs: number;
}

/** Undefined where there is no such file, or one that is too large to be source. */
export async function readFromDisk(file: string, workspace: Workspace): Promise<FileOnDisk | undefined> {
  const read = await readBytes(file, workspace, maxBytes);
  if (!read) return undefined;
  const lines = new TextDecoder().decode(read.bytes).split(/\r?\n/);
  return { lines: { count: lines.length, at: (line) => lines[line] }, savedAtMs: read.savedAtMs };
}
