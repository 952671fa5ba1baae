/**
 * What must hold for a capture's log with damage anywhere: every request that is not damaged itself is read, in order and byte for byte, or, where the
 * one before it lost the bytes between them, as a part of that, with all of its spans; where one is not read, the reader says that
 * something is missing; nothing but what was written is read, except where the damage is. Bytes are changed, added and cut off, not taken out: a
 * request that lost some has those behind it in a value of its own, and by design a value is not searched for requests.
 */

import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { readLog } from '../../src/capture/log/logReader';
import { decodeBytes } from '../../src/core/format/format';
import { StringTable } from '../../src/core/model/strings';
import type { Sample } from './corpus';
import { Buffer64 } from './edits';
import type { Random } from './random';
import { signatures } from './signature';

interface Range {
  readonly from: number;
  readonly to: number;
}

const buffer = new Buffer64();

/** A log of some requests, and the ranges of those that are not damaged. Valid until the next one is made. */
export function makeLog(
  bodies: readonly Sample[],
  random: Random,
): { bytes: Uint8Array; written: Uint8Array[]; sound: boolean[] } {
  buffer.length = 0;
  const written: Uint8Array[] = [];
  const frames: Range[] = [];
  for (let i = 2 + random.below(10); i > 0; i--) {
    const { bytes } = random.of(bodies);
    const from = buffer.length;
    const { length } = bytes;
    buffer.append(Uint8Array.of(length >>> 24, (length >>> 16) & 255, (length >>> 8) & 255, length & 255));
    buffer.append(bytes);
    written.push(bytes);
    frames.push({ from, to: buffer.length });
  }
  // From the end to the beginning, so that places before an edit stay what they are.
  const places = Array.from({ length: 1 + random.below(3) }, () => random.below(buffer.length)).sort((a, b) => b - a);
  const sound = frames.map(() => true);
  const harm = (from: number, to: number): void => {
    for (const [i, frame] of frames.entries()) if (from < frame.to && to > frame.from) sound[i] = false;
  };
  let limit = buffer.length;
  for (const at of places) {
    if (at >= limit) continue;
    const to = Math.min(limit, at + 1 + random.below(random.of([1, 8, 64, 600])));
    switch (random.below(5)) {
      case 0:
        buffer.bytes[at] ^= 1 << random.below(8);
        harm(at, at + 1);
        break;
      case 1:
        harm(at, to);
        buffer.bytes.fill(random.of([0, 0, 255]), at, to);
        break;
      case 2: {
        // Between two requests it harms neither.
        harm(at, at);
        const noise = new Uint8Array(1 + random.below(40)).map(() => random.below(256));
        buffer.replace(at, at, noise);
        break;
      }
      case 3:
        harm(at, at);
        buffer.replace(at, at, buffer.bytes.slice(at, to));
        break;
      default:
        harm(at, buffer.length + 1e9);
        buffer.length = at;
    }
    limit = at;
  }
  return { bytes: buffer.bytes.subarray(0, buffer.length), written, sound };
}

/** @returns requests that were read */
export async function checkLog(
  bytes: Uint8Array,
  written: readonly Uint8Array[],
  sound: readonly boolean[],
  folder: string,
): Promise<number> {
  const path = join(folder, 'log.otlp.pb');
  const file = openSync(path, 'w');
  try {
    writeSync(file, bytes);
    ftruncateSync(file, bytes.length);
  } finally {
    closeSync(file);
  }
  const read: Uint8Array[] = [];
  const pieces: Uint8Array[] = [];
  let damaged = 0;
  const end = await readLog(path, (piece) => {
    if (piece.damaged) damaged++;
    if (piece.damaged || piece.lengths.length === 1) pieces.push(piece.bytes);
    let at = 0;
    for (const length of piece.lengths) {
      if (!piece.damaged) read.push(piece.bytes.slice(at, at + length));
      at += length;
    }
    if (at !== piece.bytes.length) throw new Error('a piece is longer than what is said to be in it');
  });
  if (end.wholeBytes + end.tornBytes !== bytes.length)
    throw new Error(`${end.wholeBytes} and ${end.tornBytes} are not ${bytes.length} bytes`);
  if (end.requests !== read.length) throw new Error(`${end.requests} requests are counted, ${read.length} were read`);
  const keys = read.map(keyOf);
  let at = 0;
  let missing = 0;
  for (const [i, body] of written.entries()) {
    const found = keys.indexOf(keyOf(body), at);
    if (found >= 0 && sound[i]) at = found + 1;
    else if (sound[i] && !pieces.some((piece) => holds(piece, body))) {
      throw new Error(`request ${i} of ${written.length} is not damaged and was not read`);
    } else if (found < 0) missing++;
  }
  const known = new Set(written.map(keyOf));
  const foreign = keys.filter((key) => !known.has(key)).length;
  const harmed = sound.filter((each) => !each).length;
  // One edit may forge a request inside of what it adds; more can come only of requests that are damaged.
  if (foreign > harmed + 3) throw new Error(`${foreign} requests were read that nobody wrote; ${harmed} are damaged`);
  if (missing > foreign && !end.damage && end.tornBytes === 0 && bytes.length > 0 && !isCutBetween(bytes, read)) {
    throw new Error(`${missing} requests are missing, and nothing is said of it`);
  }
  if (end.damage && end.damage.count < 1) throw new Error('damage that is none');
  if (damaged > (end.damage?.count ?? 0)) throw new Error(`${damaged} damaged pieces of ${end.damage?.count ?? 0} damaged parts`);
  return read.length;
}

/** Whole requests and nothing else: what is missing was taken out without a trace. */
function isCutBetween(bytes: Uint8Array, read: readonly Uint8Array[]): boolean {
  return read.reduce((sum, body) => sum + 4 + body.length, 0) === bytes.length;
}

function keyOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

/** All spans of the request are among those that can be read of the piece. */
function holds(piece: Uint8Array, body: Uint8Array): boolean {
  const among = new Set(spansIn(piece));
  return spansIn(body).every((text) => among.has(text));
}

function spansIn(bytes: Uint8Array): string[] {
  return signatures(decodeBytes(bytes, { strings: new StringTable(), format: 'otlp-proto' }).batches);
}
