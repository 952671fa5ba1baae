/**
 * Rows of span ids: many look-ups in a column of ids of 64 bits, two words each. Open addressing with linear probing, at most half full; of several
 * rows with the same id the first is found.
 */

export class SpanIdRows {
  /** A place holds a row and one, or nothing. */
  private readonly places: Uint32Array;

  /** @param words two Uint32 a row, most significant first; not copied */
  constructor(private readonly words: Uint32Array) {
    let size = 16;
    while (size < words.length) size *= 2;
    this.places = new Uint32Array(size);
    // Backwards: the first of those with the same id comes last, and takes the place of the others.
    for (let row = words.length / 2 - 1; row >= 0; row--) {
      this.places[this.placeOf(words[row * 2], words[row * 2 + 1])] = row + 1;
    }
  }

  /** -1 when there is none. */
  find(high: number, low: number): number {
    return this.places[this.placeOf(high, low)] - 1;
  }

  /** Where the id is, or would be. */
  private placeOf(high: number, low: number): number {
    const { places, words } = this;
    const mask = places.length - 1;
    let at = mixSpanId(high, low) & mask;
    for (; places[at] !== 0; at = (at + 1) & mask) {
      const row = places[at] - 1;
      if (words[row * 2] === high && words[row * 2 + 1] === low) break;
    }
    return at;
  }
}

/** Spreads ids that count up, too. The multipliers are those of MurmurHash3's finalizer (github.com/aappleby/smhasher, public domain). */
export function mixSpanId(high: number, low: number): number {
  let value = Math.imul(high ^ (low >>> 15) ^ low, 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
