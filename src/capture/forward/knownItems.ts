/**
 * What was forwarded lately, so that what an endpoint sends back here is not forwarded again: two windows that forward to each other, or a collector
 * that exports to the window that forwards to it, would send the same spans round for ever.
 */

/** What is remembered; later ones take the place of earlier ones. Eight bytes each. */
const SLOTS = 1 << 20;

export class KnownItems {
  private readonly words = new Uint32Array(SLOTS * 2);

  /**
   * Remembers an item. True: it was there already.
   * @param a @param b 64 bits that tell it from others, evenly spread
   */
  add(a: number, b: number): boolean {
    const slot = ((a ^ Math.imul(b, 0x9e3779b1)) & (SLOTS - 1)) * 2;
    const { words } = this;
    // An empty slot is no item of zeros: those are as rare as any other.
    if (words[slot] === a >>> 0 && words[slot + 1] === b >>> 0) return true;
    words[slot] = a;
    words[slot + 1] = b;
    return false;
  }
}

/** Mixes words into one, evenly spread. Source of the constants: MurmurHash3, `fmix32`. */
export function mixed(seed: number, ...values: readonly number[]): number {
  let hash = seed;
  for (const value of values) {
    hash = Math.imul(hash ^ value, 0x85ebca6b);
    hash ^= hash >>> 13;
    hash = Math.imul(hash, 0xc2b2ae35);
    hash ^= hash >>> 16;
  }
  return hash >>> 0;
}
