/**
 * Recognises the member names of a format from their bytes, without making strings. Writers give members in one order, so the name
 * that followed the last one before is tried first, quote and colon with it, in one comparison. Else a small hash table over length and
 * three bytes finds it.
 */

const encoder = new TextEncoder();
const SIZE = 512;
const QUOTE = 34;

export class KeyTable {
  /** `name":` of each name, one after the other. */
  private readonly bytes: Uint8Array;
  private readonly starts: number[] = [];
  private readonly values: number[] = [];
  private readonly slots = new Int16Array(SIZE).fill(-1);
  /** Which name came after each name, last time. */
  private readonly followers: Int16Array;
  private last = 0;

  /** @param keys name (ASCII) -> number (not negative); several names may have one number */
  constructor(keys: Readonly<Record<string, number>>) {
    const all = Object.entries(keys);
    this.bytes = encoder.encode(all.map(([name]) => `${name}":`).join(''));
    this.followers = new Int16Array(all.length).fill(0);
    let at = 0;
    for (const [i, [name, value]] of all.entries()) {
      this.starts.push(at);
      this.values.push(value);
      let slot = hash(this.bytes, at, name.length);
      while (this.slots[slot] >= 0) slot = (slot + 1) & (SIZE - 1);
      this.slots[slot] = i;
      at += name.length + 2;
    }
    this.starts.push(at);
  }

  /**
   * Bytes of `"name":` when the name that is expected next is at `source[at]` in just that form, else 0; `expected` is its number.
   */
  match(source: Uint8Array, at: number, end: number): number {
    const { bytes, starts } = this;
    const i = this.followers[this.last];
    const start = starts[i];
    const length = starts[i + 1] - start;
    if (source[at] !== QUOTE || at + length >= end) return 0;
    for (let k = 0; k < length; k++) if (bytes[start + k] !== source[at + 1 + k]) return 0;
    this.last = i;
    return length + 1;
  }

  /** The number of the name that `match` found. */
  get expected(): number {
    return this.values[this.last];
  }

  /** The number of the name `source[at, at + length)`, -1 when it is none of the names. */
  find(source: Uint8Array, at: number, length: number): number {
    let slot = hash(source, at, length);
    for (;;) {
      const i = this.slots[slot];
      if (i < 0) return -1;
      if (this.equals(i, source, at, length)) {
        this.followers[this.last] = i;
        this.last = i;
        return this.values[i];
      }
      slot = (slot + 1) & (SIZE - 1);
    }
  }

  private equals(i: number, source: Uint8Array, at: number, length: number): boolean {
    const { bytes } = this;
    const start = this.starts[i];
    if (this.starts[i + 1] - start - 2 !== length) return false;
    for (let k = 0; k < length; k++) if (bytes[start + k] !== source[at + k]) return false;
    return true;
  }
}

function hash(source: Uint8Array, at: number, length: number): number {
  if (length === 0) return 0;
  return (length * 37 + source[at] * 5 + source[at + length - 1] * 17 + source[at + (length >> 1)] * 91) & (SIZE - 1);
}
