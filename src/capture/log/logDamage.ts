/**
 * Gets past a damaged place of a log: where the next request begins, and what can still be said of the one that is damaged. Tried in this order:
 *
 * 1. The message ends itself: its own fields lead to a place where another request stands. Only its length was wrong, and nothing is lost.
 * 2. Its length leads to another request, or to the end: the damage is within, and what the decoder can read of it is kept.
 * 3. The next request begins before its end: bytes are missing from this one.
 * 4. It goes beyond the end of the file and is sound up to there, and no whole request ends with the file, so it was being written when its writer died:
 *    a torn tail, never acknowledged.
 * 5. The next request is looked for byte by byte, after what is sound of this one. Where none follows, all up to the end is damage.
 */

import type { FileHandle } from 'node:fs/promises';
import { throwIfAborted } from '../../base/errors';
import type { FileBytes } from './fileBytes';
import type { FrameProbe } from './frameProbe';
import { FIRST_TAG, MAX_FRAME_BYTES, PREFIX_BYTES } from './logFormat';

/** Looked through in one go; others have their turn in between. */
const BLOCK_BYTES = 1 << 20;
/** The next request is near, as a rule. */
const FIRST_BLOCK_BYTES = 1 << 12;

export interface Passed {
  /** `prefix`: only the length was wrong. `body`: damage in one request. `gap`: requests may be missing. `torn`: an unfinished request, which ends the file. */
  readonly what: 'prefix' | 'body' | 'gap' | 'torn';
  /** Where reading goes on. */
  readonly end: number;
  /** A message, damaged but with `prefix`, of which something may be read; undefined where there is nothing like it. */
  readonly body: { readonly from: number; readonly to: number } | undefined;
}

/** @param at where a request should begin, and none does that is whole */
export async function passDamage(
  file: FileHandle,
  bytes: FileBytes,
  probe: FrameProbe,
  at: number,
  signal?: AbortSignal,
): Promise<Passed> {
  const from = at + PREFIX_BYTES;
  const own = probe.ownEnd(from);
  const claimed = probe.frameEnd(at);
  const led = claimed >= 0 && (claimed === bytes.end || probe.frameAt(claimed) >= 0);
  if (own >= 0 && (!led || own <= claimed)) return { what: 'prefix', end: own, body: { from, to: own } };
  if (led) return { what: 'body', end: claimed, body: bodyIn(bytes, from, claimed) };
  const across = claimed >= 0 ? probe.acrossEnd(at, claimed) : -1;
  if (across >= 0) return { what: 'gap', end: across, body: bodyIn(bytes, from, across) };
  if (claimed >= 0 && probe.isTornAt(claimed)) return { what: 'body', end: claimed, body: bodyIn(bytes, from, claimed) };
  if (probe.isTornAt(at)) {
    const chain = await chainToEnd(file, bytes, probe, at + 1, signal);
    return chain < 0
      ? { what: 'torn', end: bytes.end, body: undefined }
      : { what: 'gap', end: chain, body: bodyIn(bytes, from, chain) };
  }
  const next = await nextFrame(file, bytes, probe, at, signal);
  const to = Math.min(next, from + MAX_FRAME_BYTES, claimed > at ? claimed : next);
  return { what: 'gap', end: next, body: bodyIn(bytes, from, to) };
}

/**
 * Where a row of requests begins at or after `from` that ends exactly where the file does; -1 where none does. A request with a long value that lost bytes
 * takes what follows for the rest of that value, and looks torn: but a file that ends with a whole request was not being written there.
 */
async function chainToEnd(
  file: FileHandle,
  bytes: FileBytes,
  probe: FrameProbe,
  from: number,
  signal: AbortSignal | undefined,
): Promise<number> {
  for (let at = from; ; at++) {
    at = await findFrame(file, bytes, probe, at, signal);
    if (at >= bytes.end) return -1;
    let last = at;
    let end = probe.frameAt(last);
    for (; end >= 0 && end < bytes.end; end = probe.frameAt(last)) last = end;
    if (end === bytes.end) return at;
    // None of the row leads there.
    at = last;
  }
}

/** After what is sound of the request at `at`, or across the end of that. */
function nextFrame(file: FileHandle, bytes: FileBytes, probe: FrameProbe, at: number, signal?: AbortSignal): Promise<number> {
  const sound = probe.soundEnd(at + PREFIX_BYTES);
  const across = sound >= 0 ? probe.acrossEnd(at, sound) : -1;
  return across >= 0 ? Promise.resolve(across) : findFrame(file, bytes, probe, sound >= 0 ? sound : at + 1, signal);
}

function bodyIn(bytes: FileBytes, from: number, to: number): Passed['body'] {
  return to > from && bytes.at(from) === FIRST_TAG ? { from, to } : undefined;
}

/** Where the next request begins at or after `from`; the end of the file when none does. */
async function findFrame(
  file: FileHandle,
  bytes: FileBytes,
  probe: FrameProbe,
  from: number,
  signal: AbortSignal | undefined,
): Promise<number> {
  let block = Buffer.allocUnsafe(FIRST_BLOCK_BYTES);
  let start = from;
  while (start + PREFIX_BYTES < bytes.end) {
    throwIfAborted(signal);
    const { bytesRead } = await file.read(block, 0, Math.min(block.length, bytes.end - start), start);
    if (bytesRead <= PREFIX_BYTES) break;
    probe.passed(bytesRead);
    const filled = block.subarray(0, bytesRead);
    for (let tag = filled.indexOf(FIRST_TAG, PREFIX_BYTES); tag >= 0; tag = filled.indexOf(FIRST_TAG, tag + 1)) {
      if (filled[tag - PREFIX_BYTES] > MAX_FRAME_BYTES >>> 24) continue;
      const at = start + tag - PREFIX_BYTES;
      if (probe.frameAt(at) >= 0) return at;
    }
    start += bytesRead - PREFIX_BYTES;
    if (block.length < BLOCK_BYTES) block = Buffer.allocUnsafe(block.length * 2);
  }
  return bytes.end;
}
