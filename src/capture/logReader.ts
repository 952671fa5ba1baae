/**
 * Reads a capture's log back. Requests that stand next to each other are handed out joined: one `ExportTraceServiceRequest` after another
 * is again one (protobuf: repeated fields of concatenated messages add up), and a few large pieces decode faster and take less
 * memory than thousands of small ones. Source: protobuf.dev, "Encoding", "Last One Wins".
 */

import { type FileHandle, open } from 'node:fs/promises';
import { throwIfAborted } from '../core/errors';

export interface LogPiece {
  /** One or more requests, joined; owns its memory. */
  readonly bytes: Uint8Array;
  /** Length of each of them, for reading one by one when the whole is damaged. */
  readonly lengths: readonly number[];
  /** Bytes of the file read so far, and of the whole. */
  readonly done: number;
  readonly total: number;
}

export interface LogEnd {
  /** Where the last whole request ends. */
  readonly wholeBytes: number;
  /** Bytes after it: a request that was being written when the process died. It was never acknowledged. */
  readonly tornBytes: number;
  readonly requests: number;
}

const READ_BYTES = 4 << 20;
/** No request is larger: the receiver refuses those over 64 MiB, and JSON re-encoded as protobuf is smaller than it was. */
export const MAX_REQUEST_BYTES = 128 << 20;

/** Hands the log's requests to `take` in order, and says how the file ends. What is added meanwhile, or lies beyond `endAt`, is not read. */
export async function readLog(
  path: string,
  take: (piece: LogPiece) => void | Promise<void>,
  signal?: AbortSignal,
  endAt = Number.POSITIVE_INFINITY,
): Promise<LogEnd> {
  const file = await open(path, 'r');
  try {
    const total = Math.min(endAt, (await file.stat()).size);
    let at = 0;
    let requests = 0;
    while (at < total) {
      throwIfAborted(signal);
      const chunk = await readAt(file, at, Math.min(READ_BYTES, total - at));
      const piece = wholeRequests(chunk);
      if (piece.lengths.length === 0) {
        // Either one request larger than a chunk, or the torn tail.
        const length = chunk.length >= 4 ? new DataView(chunk.buffer, chunk.byteOffset).getUint32(0) : Number.POSITIVE_INFINITY;
        if (length > MAX_REQUEST_BYTES || at + 4 + length > total || (length === 0 && isZero(chunk))) break;
        const body = await readAt(file, at + 4, length);
        if (body.length < length) break;
        at += 4 + length;
        requests++;
        await take({ bytes: body, lengths: [length], done: at, total });
      } else {
        at += piece.consumed;
        requests += piece.lengths.length;
        await take({ bytes: piece.bytes, lengths: piece.lengths, done: at, total });
      }
    }
    return { wholeBytes: at, tornBytes: total - at, requests };
  } finally {
    await file.close();
  }
}

/** The whole requests at the beginning of `chunk`, moved together in place. */
function wholeRequests(chunk: Uint8Array): { bytes: Uint8Array; lengths: number[]; consumed: number } {
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.length);
  const lengths: number[] = [];
  let from = 0;
  let to = 0;
  while (from + 4 <= chunk.length) {
    const length = view.getUint32(from);
    // A run of zeros is a hole that a crash of the machine left, not empty requests: the receiver never appends those.
    if (length === 0 || from + 4 + length > chunk.length) break;
    chunk.copyWithin(to, from + 4, from + 4 + length);
    lengths.push(length);
    from += 4 + length;
    to += length;
  }
  return { bytes: chunk.subarray(0, to), lengths, consumed: from };
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

async function readAt(file: FileHandle, at: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(bytes, filled, length - filled, at + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled === length ? bytes : bytes.subarray(0, filled);
}
