/**
 * Files that are being written, a line of JSON after the other, as the Collector's file exporter does: what was added behind what was read already. That
 * the file is still the one that was read is told by its first and by its last bytes before that.
 */

import type { FileHandle } from 'node:fs/promises';
import { SpanhopError } from '../../base/errors';
import { fill, openRegular } from '../disk/regularFile';

/** Bytes that are compared at both ends. */
const MARK_BYTES = 256;
/** What is added beyond this is read with the file as a whole. */
const MAX_BYTES = 64 << 20;
const LINE_END = 10;
const BRACE = 123;

/** Where a file may go on, and what stands before that. */
export interface Growth {
  /** Bytes that were read; they end with a line. */
  readonly at: number;
  readonly first: Uint8Array;
  readonly last: Uint8Array;
}

/** What was added: whole lines. */
export interface Added {
  readonly from: number;
  readonly to: number;
}

/** The marks of a file up to `at`; undefined where no lines of JSON end there. Rejects with the system's error. */
export async function markOf(path: string, at: number): Promise<Growth | undefined> {
  return opened(path, async (file) => {
    const [first, last] = await marks(file, at);
    return first[0] === BRACE && last.at(-1) === LINE_END ? { at, first, last } : undefined;
  });
}

/** The lines that were added to a file; undefined where it is another one, or too much was added. @param size of it now */
export async function growthOf(path: string, { at, first, last }: Growth, size: number): Promise<Added | undefined> {
  if (size - at > MAX_BYTES) return undefined;
  return opened(path, async (file) => {
    const now = await marks(file, at);
    if (!isEqual(now[0], first) || !isEqual(now[1], last)) return undefined;
    for (let end = size; end > at; ) {
      const from = Math.max(at, end - (1 << 16));
      const piece = await read(file, from, end);
      const line = piece.lastIndexOf(LINE_END);
      if (line >= 0) return { from: at, to: from + line + 1 };
      end = from;
    }
    return { from: at, to: at };
  });
}

export async function readGrowth(path: string, { from, to }: Added): Promise<Uint8Array> {
  return opened(path, async (file) => {
    const bytes = await read(file, from, to);
    if (bytes.length < to - from) throw new SpanhopError('BadData', `${path} is shorter than it was.`);
    return bytes;
  });
}

async function marks(file: FileHandle, at: number): Promise<[Uint8Array, Uint8Array]> {
  return [await read(file, 0, Math.min(MARK_BYTES, at)), await read(file, Math.max(0, at - MARK_BYTES), at)];
}

async function read(file: FileHandle, from: number, to: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(to - from);
  return bytes.subarray(0, await fill(file, bytes, from));
}

async function opened<T>(path: string, work: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await openRegular(path, path);
  try {
    return await work(file);
  } finally {
    await file.close();
  }
}

function isEqual(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, i) => byte === right[i]);
}
