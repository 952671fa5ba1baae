/** Numbers that look random and are the same for each seed: mulberry32. Source: Tommy Ettinger, "Mulberry32" (public domain). */
export interface RandomNumbers {
  /** A number from 0 up to, not including, 1. */
  next(): number;
  /** An integer from 0 up to, not including, `below`. */
  below(below: number): number;
  pick<T>(from: readonly T[]): T;
  /** So many hex digits; not all are zero. */
  hex(digits: number): string;
}

export function randomNumbers(seed: number): RandomNumbers {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    next,
    below,
    pick: (from) => from[below(from.length)],
    hex: (digits) =>
      `${'123456789abcdef'[below(15)]}${Array.from({ length: digits - 1 }, () => below(16).toString(16)).join('')}`,
  };
}
