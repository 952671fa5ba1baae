/**
 * Reads a capture's log back. Requests that stand next to each other are handed out joined: one `ExportTraceServiceRequest` after another
 * is again one (protobuf: repeated fields of concatenated messages add up), and a few large pieces decode faster and take less
 * memory than thousands of small ones. Source: protobuf.dev, "Encoding", "Last One Wins".
 *
 * Damage (a wrong length, a hole, bytes that are missing or too many) ends nothing: reading goes on with the next request, and says what
 * was passed over. The file is never changed here.
 */

import { type FileHandle, open } from 'node:fs/promises';
import { throwIfAborted } from '../../base/errors';
import { FileBytes } from './fileBytes';
import { FrameProbe } from './frameProbe';
import { passDamage } from './logDamage';
import { isRequest, PREFIX_BYTES } from './logFormat';

export interface LogPiece {
  /** One or more requests, joined; owns its memory. */
  readonly bytes: Uint8Array;
  /** Length of each of them, for reading one by one when the whole is damaged. */
  readonly lengths: readonly number[];
  /** One request, of which only a part can be read. */
  readonly damaged?: true;
  /** Bytes of the file read so far, and of the whole. */
  readonly done: number;
  readonly total: number;
}

/** A part of a log that is no whole request. */
export interface DamagedPart {
  readonly at: number;
  readonly bytes: number;
  /** Only the length of a request was wrong: the request is read as a whole. */
  readonly onlyLength: boolean;
}

export interface LogDamage {
  /** In the order of the file; the first thousand. */
  readonly parts: readonly DamagedPart[];
  /** How many there are, and their bytes. */
  readonly count: number;
  readonly bytes: number;
  /** Whole requests before the first and after the last of them. */
  readonly requestsBefore: number;
  readonly requestsAfter: number;
}

export interface LogEnd {
  /** Where an unfinished request begins; the length of the log when there is none. */
  readonly wholeBytes: number;
  /** Bytes after it: a request that was being written when the process died. It was never acknowledged. */
  readonly tornBytes: number;
  /** Whole requests. */
  readonly requests: number;
  /** Undefined when nothing is damaged; a torn tail is no damage. */
  readonly damage: LogDamage | undefined;
}

const READ_BYTES = 1 << 20;
/** What is read first after a damaged place; twice as much each time. A log with damage everywhere is still read once, not once for each place. */
const FIRST_READ_BYTES = 1 << 12;
/** What is read at the very beginning: code that runs for the first time is slow, and others wait for their turn. */
const BEGIN_READ_BYTES = 1 << 17;
const MAX_PARTS = 1_000;

/**
 * Hands the log's requests to `take` in order, and says how the file ends. What is added meanwhile, or lies beyond `endAt`, is not read.
 * @param passed is told of each damaged part, before `take` gets what can be read of it
 */
export async function readLog(
  path: string,
  take: (piece: LogPiece) => void | Promise<void>,
  signal?: AbortSignal,
  endAt = Number.POSITIVE_INFINITY,
  passed?: (part: DamagedPart) => void | Promise<void>,
): Promise<LogEnd> {
  const file = await open(path, 'r');
  try {
    return await readOpen(file, Math.min(endAt, (await file.stat()).size), take, signal, passed);
  } finally {
    await file.close();
  }
}

async function readOpen(
  file: FileHandle,
  total: number,
  take: (piece: LogPiece) => void | Promise<void>,
  signal: AbortSignal | undefined,
  tell: ((part: DamagedPart) => void | Promise<void>) | undefined,
): Promise<LogEnd> {
  const bytes = new FileBytes(file.fd, total);
  const probe = new FrameProbe(bytes);
  const damage = new DamageCount();
  let at = 0;
  let requests = 0;
  let readBytes = BEGIN_READ_BYTES;
  const takeAt = async (from: number, to: number, damaged: boolean): Promise<void> => {
    const body = await readAt(file, from, to - from);
    if (!damaged) requests++;
    await take({ bytes: body, lengths: [body.length], ...(damaged ? { damaged } : {}), done: to, total });
  };
  while (at < total) {
    throwIfAborted(signal);
    const piece = wholeRequests(await readAt(file, at, Math.min(readBytes, total - at)));
    if (piece.lengths.length > 0) {
      const end = at + piece.consumed;
      if (!endsWell(probe, end - PREFIX_BYTES - piece.lengths[piece.lengths.length - 1], end)) dropLast(piece);
    }
    if (piece.lengths.length > 0) {
      at += piece.consumed;
      probe.passed(piece.consumed);
      readBytes = Math.min(READ_BYTES, readBytes * 2);
      requests += piece.lengths.length;
      await take({ bytes: piece.bytes, lengths: piece.lengths, done: at, total });
      continue;
    }
    const end = probe.outerAt(at) ? probe.frameEnd(at) : -1;
    if (end >= 0 && endsWell(probe, at, end)) {
      // Larger than what is read at once.
      readBytes = READ_BYTES;
      await takeAt(at + PREFIX_BYTES, end, false);
      at = end;
      continue;
    }
    const passed = await passDamage(file, bytes, probe, at, signal);
    if (passed.what === 'torn') break;
    const part = damage.note(at, passed.end, passed.what === 'prefix', requests);
    await tell?.(part);
    if (passed.body) await takeAt(passed.body.from, passed.body.to, passed.what !== 'prefix');
    at = passed.end;
    readBytes = FIRST_READ_BYTES;
  }
  return { wholeBytes: at, tornBytes: total - at, requests, damage: damage.result(requests) };
}

/** Whether the request at `at`, whole on the outside, is what it seems: one that lost bytes reaches into the next one. */
function endsWell(probe: FrameProbe, at: number, end: number): boolean {
  return probe.goesOnAt(end) || (probe.isWholeAt(at) && probe.acrossEnd(at, end) < 0);
}

class DamageCount {
  private readonly parts: DamagedPart[] = [];
  private count = 0;
  private bytes = 0;
  private before = 0;
  private last = 0;

  note(at: number, end: number, onlyLength: boolean, requests: number): DamagedPart {
    const bytes = onlyLength ? PREFIX_BYTES : end - at;
    if (this.count++ === 0) this.before = requests;
    this.bytes += bytes;
    this.last = requests + (onlyLength ? 1 : 0);
    const part = { at, bytes, onlyLength };
    if (this.parts.length < MAX_PARTS) this.parts.push(part);
    return part;
  }

  result(requests: number): LogDamage | undefined {
    const { parts, count, bytes, before, last } = this;
    if (count === 0) return undefined;
    return { parts, count, bytes, requestsBefore: before, requestsAfter: requests - last };
  }
}

interface Joined {
  bytes: Uint8Array;
  readonly lengths: number[];
  /** Bytes of the file that they take. */
  consumed: number;
}

/** The whole requests at the beginning of `chunk`, moved together in place. */
function wholeRequests(chunk: Uint8Array): Joined {
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.length);
  const lengths: number[] = [];
  let from = 0;
  let to = 0;
  while (from + PREFIX_BYTES <= chunk.length) {
    const length = view.getUint32(from);
    const start = from + PREFIX_BYTES;
    const end = start + length;
    if (end > chunk.length || !isRequest(chunk, start, end)) break;
    chunk.copyWithin(to, start, end);
    lengths.push(length);
    from = end;
    to += length;
  }
  return { bytes: chunk.subarray(0, to), lengths, consumed: from };
}

function dropLast(piece: Joined): void {
  const length = piece.lengths.pop() ?? 0;
  piece.consumed -= PREFIX_BYTES + length;
  piece.bytes = piece.bytes.subarray(0, piece.bytes.length - length);
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
