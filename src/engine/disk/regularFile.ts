/**
 * Files by a path that others name (a person, a trace, a map). Only regular files are opened: a pipe waits for its other end, a device may never
 * end, and each holds one of the few threads that Node reads files with. The path is looked at first, because opening a device can do
 * something; it is opened without waiting, and what was opened is looked at again, because a path may lead elsewhere a moment later.
 */

import type { Stats } from 'node:fs';
import { constants, type FileHandle, open, stat } from 'node:fs/promises';
import { SpanhopError } from '../../base/errors';

/** Not on Windows, which has no pipes and devices among its files. */
const NO_WAIT = constants.O_NONBLOCK ?? 0;

/** Bytes of one write. */
const WRITTEN_BYTES = 1 << 22;

/** What a path leads to, in words; undefined for a regular file. */
function otherThan(found: Stats): string | undefined {
  if (found.isFile()) return undefined;
  if (found.isDirectory()) return 'a folder';
  if (found.isFIFO()) return 'a named pipe';
  if (found.isSocket()) return 'a socket';
  return 'a device';
}

function requireRegular(found: Stats, name: string): void {
  const other = otherThan(found);
  if (other === undefined) return;
  if (other === 'a folder') throw new SpanhopError('BadData', `${name} is a folder. Open a trace file in it.`);
  throw new SpanhopError('BadData', `${name} is ${other}, not a file. Save what comes from it as a file, and open that.`);
}

/**
 * A regular file, to be read. Rejects with `SpanhopError` when the path leads to something else, else with the system's error.
 * @param name as a person knows it
 */
export async function openRegular(path: string, name: string): Promise<FileHandle> {
  requireRegular(await stat(path), name);
  return (await openFound(path, name)).file;
}

/** Opens what was looked at, and looks at what was opened. */
async function openFound(path: string, name: string): Promise<{ readonly file: FileHandle; readonly found: Stats }> {
  const file = await open(path, constants.O_RDONLY | NO_WAIT);
  try {
    const found = await file.stat();
    requireRegular(found, name);
    return { file, found };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** A file as it was when it was opened. */
export interface ReadFile {
  readonly bytes: Uint8Array;
  /** It may have been cut off while it was read. */
  readonly size: number;
  readonly savedAtMs: number;
}

/** A regular file's bytes; undefined where it is longer than `maxBytes`. Reads no further than the file went when it was opened. */
export async function readRegular(path: string, name: string, maxBytes: number): Promise<ReadFile | undefined> {
  const there = await stat(path);
  requireRegular(there, name);
  if (there.size > maxBytes) return undefined;
  const { file, found } = await openFound(path, name);
  try {
    const { size, mtimeMs: savedAtMs } = found;
    if (size > maxBytes) return undefined;
    const bytes = new Uint8Array(size);
    return { bytes: bytes.subarray(0, await fill(file, bytes, 0)), size, savedAtMs };
  } finally {
    await file.close();
  }
}

/** Writes a regular file, new or in the place of what it held. Rejects as `openRegular` does, and with what making a piece rejects with. */
export async function writeRegular(
  path: string,
  name: string,
  pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<void> {
  const there = await stat(path).catch(() => undefined);
  if (there) requireWritable(there, name);
  // Not emptied by opening it: only after it is known what it is.
  const file = await open(path, constants.O_WRONLY | constants.O_CREAT | NO_WAIT, 0o666);
  try {
    requireWritable(await file.stat(), name);
    await file.truncate(0);
    await append(file, pieces);
  } finally {
    await file.close();
  }
}

/** Several pieces at a time, and while they are written the next ones are made: each write is a way to another thread and back. */
async function append(file: FileHandle, pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<void> {
  let writing: Promise<void> = Promise.resolve();
  let waiting: Uint8Array[] = [];
  let bytes = 0;
  const write = async (): Promise<void> => {
    await writing;
    writing = file.appendFile(Buffer.concat(waiting));
    // Whoever waits for it next hears of a failure.
    writing.catch(() => {});
    waiting = [];
    bytes = 0;
  };
  try {
    for await (const piece of pieces) {
      waiting.push(piece);
      bytes += piece.length;
      if (bytes >= WRITTEN_BYTES) await write();
    }
    await write();
    await writing;
  } finally {
    // The file is closed after it.
    await writing.catch(() => {});
  }
}

function requireWritable(found: Stats, name: string): void {
  const other = otherThan(found);
  if (other !== undefined) throw new SpanhopError('BadData', `${name} is ${other}, not a file. Choose another name.`);
}

/** Fills the buffer from the file; returns how much there was. */
export async function fill(file: FileHandle, bytes: Uint8Array, at: number): Promise<number> {
  let filled = 0;
  while (filled < bytes.length) {
    const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, at + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}
