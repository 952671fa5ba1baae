/** Damage to a file, by a seed: what disks, crashes of machines and tools that were ended half-way do. */

import { closeSync, fstatSync, ftruncateSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';

/** Numbers that a seed gives: below `below`, from 0. */
export function randomFrom(seed: number): (below: number) => number {
  let state = Math.imul(seed + 1, 0x9e3779b1) | 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

export const KINDS = ['none', 'bit', 'hole', 'noise', 'cut', 'torn'] as const;
export type Kind = (typeof KINDS)[number];

/** What was done: bytes `[from, to)` of the file as it was are not there any more. */
export interface Touched {
  readonly from: number;
  readonly to: number;
}

/** `bit`: one is another; `hole`: zeros; `noise`: anything; `cut`: bytes are missing in the middle; `torn`: the end is missing. */
export function damage(path: string, kind: Kind, random: (below: number) => number): Touched {
  const file = openSync(path, 'r+');
  const { size } = fstatSync(file);
  const from = random(Math.max(1, size - 1));
  const length = Math.min(size - from, 1 + random(16_384));
  try {
    switch (kind) {
      case 'none':
        return { from: size, to: size };
      case 'bit': {
        const byte = readFileSync(path)[from];
        writeSync(file, Uint8Array.of(byte ^ (1 << random(8))), 0, 1, from);
        return { from, to: from + 1 };
      }
      case 'hole':
      case 'noise': {
        const bytes = Uint8Array.from({ length }, () => (kind === 'hole' ? 0 : random(256)));
        writeSync(file, bytes, 0, length, from);
        return { from, to: from + length };
      }
      case 'cut': {
        const bytes = readFileSync(path);
        writeFileSync(path, Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + length)]));
        return { from, to: from + length };
      }
      case 'torn':
        ftruncateSync(file, size - Math.min(size, length));
        return { from: size - Math.min(size, length), to: size };
    }
  } finally {
    closeSync(file);
  }
}
