/**
 * The body of a request, in one piece (decoders need that). Memory is taken as bytes come, never because they are announced; what is compressed
 * is inflated as a stream, and counted as it comes out.
 */

import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { type Inflater, inflaterOf, knownEncodings, usedBytes } from './encodings';
import type { Room } from './openBytes';

/** Why a body was not taken; `status` is the HTTP status for it. */
export class BodyError extends Error {
  constructor(
    readonly status: 400 | 408 | 413 | 415 | 503,
    message: string,
  ) {
    super(message);
  }
}

/** Bytes that a body may always be inflated to. */
const INFLATED = 16 << 20;
/** Beyond those, as many times what was sent. Spans compress ten to twenty times, the same long stack again and again a hundred times. */
const INFLATED_TIMES = 200;
const CHUNK = 1 << 16;
/** Of zstd; each costs the memory of a decoder for a moment. */
const MOST_FRAMES = 1_000;

/** A request of either version of HTTP. */
export interface IncomingBody extends Readable {
  readonly headers: IncomingHttpHeaders;
}

/** Bounds of a body. */
export interface BodyBounds {
  readonly maxBytes: number;
  /** Milliseconds in which it has to come; undefined: the server looks after that. */
  readonly patienceMs?: number | undefined;
}

/**
 * Reads the body.
 * @param room counts what it takes; all of it is given back by the caller
 * @throws BodyError too large or too much inflated (413), damaged or ended early (400), too late (408), an encoding that is not known (415), no
 *   room (503)
 */
export async function readBody(request: IncomingBody, { maxBytes, patienceMs }: BodyBounds, room: Room): Promise<Uint8Array> {
  const inflater = knownInflater(request.headers['content-encoding'] ?? '', 'Content-Encoding');
  const declared = Number(request.headers['content-length'] ?? Number.NaN);
  if (declared > maxBytes) throw tooLarge(maxBytes);
  const sent = await readSent(request, new Gathering(maxBytes, room, declared), patienceMs);
  if (inflater === 'none') return sent;
  const inflated = await inflate(inflater, sent, maxBytes, room);
  room.give(sent.buffer.byteLength);
  return inflated;
}

function readSent(request: Readable, gathering: Gathering, patienceMs: number | undefined): Promise<Uint8Array> {
  let timer: NodeJS.Timeout | undefined;
  const reading = new Promise<Uint8Array>((resolve, reject) => {
    if (patienceMs !== undefined) {
      timer = setTimeout(() => {
        request.removeListener('data', take);
        reject(new BodyError(408, 'The request took too long.'));
      }, patienceMs);
    }
    const take = (chunk: Uint8Array): void => {
      try {
        gathering.add(chunk);
      } catch (error) {
        request.removeListener('data', take);
        reject(error);
      }
    };
    request.on('data', take);
    request.on('end', () => resolve(gathering.finish()));
    request.on('error', () => reject(new BodyError(400, 'The body ended early.')));
    request.on('close', () => reject(new BodyError(400, 'The body ended early.')));
  });
  return timer === undefined ? reading : reading.finally(() => clearTimeout(timer));
}

/**
 * Inflates a part of what was received.
 * @throws BodyError as `readBody`
 */
export async function inflatePart(sent: Uint8Array, encoding: string, maxBytes: number, room: Room): Promise<Uint8Array> {
  const inflater = knownInflater(encoding, 'Encoding');
  return inflater === 'none' ? sent : inflate(inflater, sent, maxBytes, room);
}

function knownInflater(encoding: string, header: string): Inflater | 'none' {
  const inflater = inflaterOf(encoding);
  if (inflater) return inflater;
  throw new BodyError(415, `${header} "${encoding.slice(0, 40)}" is not supported; use ${knownEncodings}.`);
}

async function inflate(inflater: Inflater, sent: Uint8Array, maxBytes: number, room: Room): Promise<Uint8Array> {
  const most = Math.min(maxBytes, Math.max(INFLATED, sent.length * INFLATED_TIMES));
  const gathering = new Gathering(most, room);
  try {
    let rest = sent;
    for (let frames = 0; frames === 0 || rest.length > 0; frames++) {
      if (frames === MOST_FRAMES) throw new BodyError(400, `The body has more than ${MOST_FRAMES} frames of ${inflater.name}.`);
      const used = await inflateFrame(inflater, rest, gathering);
      rest = inflater.hasFrames && used > 0 ? rest.subarray(used) : new Uint8Array(0);
    }
  } catch (error) {
    const isRatio = error instanceof BodyError && error.status === 413 && most < maxBytes;
    throw isRatio ? tooMuchInflated(sent.length, most) : error;
  }
  return gathering.finish();
}

/** Inflates up to an end of the data. Resolves with how many bytes that took. */
function inflateFrame(inflater: Inflater, sent: Uint8Array, gathering: Gathering): Promise<number> {
  return new Promise((resolve, reject) => {
    const stream = inflater.create(sent, CHUNK);
    const fail = (error: unknown): void => {
      stream.destroy();
      reject(error);
    };
    stream.on('data', (chunk: Uint8Array) => {
      try {
        gathering.add(chunk);
      } catch (error) {
        fail(error);
      }
    });
    stream.on('end', () => resolve(usedBytes(stream)));
    stream.on('error', () => fail(new BodyError(400, `The body is not valid ${inflater.name}.`)));
    stream.end(sent);
  });
}

/** One piece out of many, with one copy of each at most when the length was announced rightly. */
class Gathering {
  private bytes = new Uint8Array(0);
  private length = 0;

  /** @param announced bytes; NaN where unknown. No room is made for them before they come. */
  constructor(
    private readonly most: number,
    private readonly room: Room,
    private readonly announced: number = Number.NaN,
  ) {}

  add(chunk: Uint8Array): void {
    const needed = this.length + chunk.length;
    if (needed > this.most) throw tooLarge(this.most);
    if (needed > this.bytes.length) this.grow(needed);
    this.bytes.set(chunk, this.length);
    this.length = needed;
  }

  /** A body that came in pieces of unknown number leaves room behind it, which would stay in memory as long as its spans. */
  finish(): Uint8Array {
    const { bytes, length } = this;
    if (bytes.length === length) return bytes;
    if (bytes.length <= length * 1.25) return bytes.subarray(0, length);
    this.room.give(bytes.length - length);
    return bytes.slice(0, length);
  }

  /** Four times what is there, so that a body of usual size is gathered at once; but who sends one byte gets four. */
  private grow(needed: number): void {
    const most = this.announced >= needed ? this.announced : this.most;
    const size = Math.min(most, Math.max(needed * (this.length === 0 ? 4 : 2), 256));
    if (!this.room.take(size)) throw new BodyError(503, 'Too much at once; come again in a second.');
    const grown = new Uint8Array(size);
    grown.set(this.bytes.subarray(0, this.length));
    this.room.give(this.bytes.length);
    this.bytes = grown;
  }
}

function tooLarge(maxBytes: number): BodyError {
  return new BodyError(413, `The body is over ${Math.round(maxBytes / (1 << 20))} MiB; send smaller batches.`);
}

function tooMuchInflated(sent: number, most: number): BodyError {
  const inflated = Math.round(most / (1 << 20));
  return new BodyError(
    413,
    `The body of ${sent} bytes inflates to more than ${inflated} MiB, which no program's spans do; it is not taken.`,
  );
}
