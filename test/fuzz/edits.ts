/** Changes of bytes that know nothing of a format, and the buffer in which inputs are put together. */

import type { Random } from './random';

/** A part of the original and what stands in its place. */
export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly bytes: Uint8Array;
}

/** Bytes in a buffer that is used again for each input. */
export class Buffer64 {
  bytes = new Uint8Array(1 << 16);
  length = 0;

  append(source: Uint8Array, from = 0, to: number = source.length): void {
    this.need(to - from);
    this.bytes.set(from === 0 && to === source.length ? source : source.subarray(from, to), this.length);
    this.length += to - from;
  }

  need(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.length + more));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }

  /** Everything from `from` to `to` gives way to `bytes`. */
  replace(from: number, to: number, bytes: Uint8Array): void {
    this.need(bytes.length);
    this.bytes.copyWithin(from + bytes.length, to, this.length);
    this.bytes.set(bytes, from);
    this.length += bytes.length - (to - from);
  }
}

/** The original with its edits; of edits that meet, the first counts. */
export function applyEdits(original: Uint8Array, edits: Edit[], into: Buffer64): void {
  edits.sort((a, b) => a.from - b.from || a.to - b.to);
  let at = 0;
  for (const { from, to, bytes } of edits) {
    if (from < at) continue;
    into.append(original, at, from);
    into.append(bytes);
    at = to;
  }
  into.append(original, at);
}

/** Flips, cuts, holes, insertions, repetitions. */
export function damage(into: Buffer64, random: Random): void {
  const { length } = into;
  if (length === 0) return;
  const at = random.below(length);
  switch (random.below(7)) {
    case 0:
    case 1:
      into.bytes[at] ^= 1 << random.below(8);
      break;
    case 2:
      into.length = at;
      break;
    case 3:
      into.replace(at, Math.min(length, at + 1 + random.below(8)), new Uint8Array(0));
      break;
    case 4:
      into.replace(at, at, Uint8Array.of(random.below(256), random.below(256)).subarray(0, 1 + random.below(2)));
      break;
    case 5:
      into.bytes.fill(random.of([0, 255, 32, 34, 128]), at, Math.min(length, at + 1 + random.below(16)));
      break;
    default:
      into.replace(at, at, into.bytes.slice(at, Math.min(length, at + 1 + random.below(64))));
  }
}
