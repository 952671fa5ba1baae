/**
 * Compressed files, unpacked as they are read. What they become is bounded by what they are: a few bytes can stand for any number, and no program
 * writes such.
 */

import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { SpanhopError } from '../../base/errors';
import { inflaterOf } from '../../capture/listen/encodings';
import { formatNumber } from '../../core/text/formatText';
import { fill } from '../disk/regularFile';

/** A file may always become so many bytes. */
const ALWAYS_BYTES = 16 << 20;
/** Beyond those, as many times what it has. Spans compress ten to twenty times, the same long stack again and again a hundred times. */
const MOST_TIMES = 200;
const READ_BYTES = 1 << 18;
/** A piece of this size is decoded in one step. */
const CHUNK_BYTES = 1 << 18;

/** The compressions whose files are unpacked, by their first bytes. Sources: RFC 1952, 2.3; RFC 8878, 3.1.1. */
const compressions = [
  { name: 'gzip', bytes: [0x1f, 0x8b] },
  { name: 'zstd', bytes: [0x28, 0xb5, 0x2f, 0xfd] },
] as const;

export type Compression = (typeof compressions)[number]['name'];

/** Bytes of a head that `compressionOf` wants. */
export const MAGIC_BYTES = 4;

/** What an input that begins like this is compressed with. */
export function compressionOf(head: Uint8Array): Compression | undefined {
  return compressions.find(({ bytes }) => bytes.every((byte, i) => head[i] === byte))?.name;
}

/** Whether unpacked bytes are an archive again. Those of ZIP are told apart here alone: they are a folder, and not unpacked. */
export function isArchive(head: Uint8Array): boolean {
  return compressionOf(head) !== undefined || (head[0] === 0x50 && head[1] === 0x4b && head[2] === 3 && head[3] === 4);
}

/** The archive is damaged, or ends early. */
export class BrokenArchive extends Error {}

/** Pieces of a file, in order. */
export async function* piecesOf(file: FileHandle, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < size; ) {
    const piece = new Uint8Array(Math.min(READ_BYTES, size - at));
    const read = await fill(file, piece, at);
    if (read === 0) return;
    at += read;
    yield piece.subarray(0, read);
  }
}

/**
 * What the pieces of a compressed input become.
 * @param size bytes of the input
 * @throws SpanhopError `BadData` where this Node cannot unpack it, `TooLarge` where it becomes far too much
 * @throws BrokenArchive where it is damaged, or ends early, after all that could be unpacked
 */
export async function* unpacking(
  input: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  compression: Compression,
  name: string,
  size: number,
): AsyncGenerator<Uint8Array> {
  const inflater = inflaterOf(compression);
  if (inflater === undefined || inflater === 'none') {
    const message = `${name} is compressed with Zstandard, which this VS Code cannot unpack: its Node has none before 22.15. Unpack it, then open what is in it.`;
    throw new SpanhopError('BadData', message);
  }
  const most = Math.max(ALWAYS_BYTES, size * MOST_TIMES);
  const source = Readable.from(input);
  const stream = source.pipe(inflater.create(new Uint8Array(0), CHUNK_BYTES));
  source.on('error', (error) => stream.destroy(error));
  let unpacked = 0;
  try {
    for await (const piece of stream) {
      if (!(piece instanceof Uint8Array)) continue;
      unpacked += piece.length;
      if (unpacked > most) throw tooMuch(name, size);
      yield piece;
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && /^(?:Z_|ZSTD_|ERR_ZSTD|ERR_TRAILING|ERR__ZSTD)/.test(String(error.code))) {
      throw new BrokenArchive(error.message);
    }
    throw error;
  } finally {
    source.destroy();
    stream.destroy();
  }
}

function tooMuch(name: string, size: number): SpanhopError {
  const times = `${formatNumber(MOST_TIMES)} times`;
  return new SpanhopError(
    'TooLarge',
    `${name} unpacks to more than ${times} its ${formatNumber(size)} bytes, which no trace data does. It is not opened.`,
  );
}
