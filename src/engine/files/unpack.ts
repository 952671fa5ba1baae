/**
 * Compressed files, unpacked as they are read. What they become is bounded by what they are: a few bytes can stand for any number, and no program
 * writes such.
 */

import type { FileHandle } from 'node:fs/promises';
import type { Transform } from 'node:stream';
import { SpanhopError, throwIfAborted } from '../../base/errors';
import { inflaterOf, usedBytes } from '../../capture/listen/encodings';
import { formatNumber } from '../../core/text/formatText';
import { fill } from '../disk/regularFile';

/** A file may always become so many bytes. */
const ALWAYS_BYTES = 16 << 20;
/** Beyond those, as many times what it has. Spans compress ten to twenty times, the same long stack again and again a hundred times. */
const MOST_TIMES = 200;
const READ_BYTES = 1 << 18;
/** A piece of this size is decoded in one step. */
const CHUNK_BYTES = 1 << 18;
/** Unpacked in one step: of gzip they become 16 MB at most, before anybody looks. */
const STEP_BYTES = 1 << 14;
/** Memory of a window that a frame may ask for, as a power of two: what the command `zstd` unpacks without being told to. */
const WINDOW_LOG = 27;

/** The compressions whose files are unpacked, by their first bytes. Sources: RFC 1952, 2.3; RFC 8878, 3.1.1. */
const compressions = [
  { name: 'gzip', bytes: [0x1f, 0x8b] },
  { name: 'zstd', bytes: [0x28, 0xb5, 0x2f, 0xfd] },
  // A frame to be skipped, which pzstd begins with.
  { name: 'zstd', bytes: [0x50, 0x2a, 0x4d, 0x18] },
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
 * @param signal is looked at whether anything comes out or not
 * @throws SpanhopError `Cancelled`, `BadData` where this Node cannot unpack it, `TooLarge` where it becomes far too much
 * @throws BrokenArchive where it is damaged, or ends early, after all that could be unpacked
 */
export async function* unpacking(
  input: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  compression: Compression,
  name: string,
  size: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const inflater = inflaterOf(compression);
  if (inflater === undefined || inflater === 'none') {
    const message = `${name} is compressed with Zstandard, which this VS Code cannot unpack: its Node has none before 22.15. Unpack it, then open what is in it.`;
    throw new SpanhopError('BadData', message);
  }
  const most = Math.max(ALWAYS_BYTES, size * MOST_TIMES);
  const begin = (): Part => new Part(inflater.create(new Uint8Array(0), CHUNK_BYTES, WINDOW_LOG));
  let part = begin();
  let unpacked = 0;
  try {
    for await (const piece of input) {
      for (let at = 0; at < piece.length; ) {
        throwIfAborted(signal);
        at += await part.take(piece.subarray(at, at + STEP_BYTES), most - unpacked);
        unpacked += part.unpacked;
        yield* part.given();
        if (unpacked > most) throw tooMuch(name, size);
        if (part.failure) throw new BrokenArchive(part.failure.message);
        if (!part.hasEnded) continue;
        // Node goes on behind the end of gzip data where more follow, but not behind a frame of zstd. What else follows is padding.
        if (!inflater.hasFrames) return;
        part.close();
        part = begin();
      }
    }
    await part.end();
    yield* part.given();
    if (part.failure) throw new BrokenArchive(part.failure.message);
  } finally {
    part.close();
  }
}

/** Data up to their end, or all of it. What comes out is taken at once: a stream that fails forgets what nobody took. */
class Part {
  failure: Error | undefined;
  hasEnded = false;
  /** Bytes that came of what was taken last. */
  unpacked = 0;
  private pieces: Uint8Array[] = [];
  private room = Number.POSITIVE_INFINITY;

  constructor(private readonly stream: Transform) {
    stream.on('data', (piece: Uint8Array) => {
      this.unpacked += piece.length;
      if (this.unpacked <= this.room) this.pieces.push(piece);
      else stream.destroy();
    });
    stream.on('error', (error) => {
      this.failure ??= error;
    });
    stream.on('end', () => {
      this.hasEnded = true;
    });
  }

  /** Returns how many of the bytes it used: not all where the data end. No more than `room` bytes are made of them, and one piece. */
  async take(bytes: Uint8Array, room: number): Promise<number> {
    this.room = room;
    this.unpacked = 0;
    const before = usedBytes(this.stream);
    await this.until((done) => this.stream.write(bytes, done));
    if (!this.hasEnded) return bytes.length;
    if (usedBytes(this.stream) === before) this.failure ??= new Error('Nothing of it makes sense.');
    return usedBytes(this.stream) - before;
  }

  end(): Promise<void> {
    return this.until(() => this.stream.end());
  }

  *given(): Generator<Uint8Array> {
    const { pieces } = this;
    this.pieces = [];
    yield* pieces;
  }

  close(): void {
    this.stream.destroy();
  }

  private until(start: (done: () => void) => void): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.stream.off('close', done).off('end', done);
        resolve();
      };
      this.stream.on('close', done).on('end', done);
      start(done);
    });
  }
}

function tooMuch(name: string, size: number): SpanhopError {
  const times = `${formatNumber(MOST_TIMES)} times`;
  return new SpanhopError(
    'TooLarge',
    `${name} unpacks to more than ${times} its ${formatNumber(size)} bytes, which no trace data does. It is not opened.`,
  );
}
