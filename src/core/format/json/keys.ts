/**
 * Recognises the member names of a format from their bytes, without making strings: a small hash table over length and three bytes,
 * and one comparison.
 */

const encoder = new TextEncoder();
const SIZE = 512;

export class KeyTable {
  private readonly bytes: Uint8Array;
  private readonly starts: number[] = [];
  private readonly values: number[] = [];
  private readonly slots = new Int16Array(SIZE).fill(-1);

  /** @param keys name -> number (not negative); several names may have one number */
  constructor(keys: Readonly<Record<string, number>>) {
    const all = Object.entries(keys);
    this.bytes = encoder.encode(all.map(([name]) => name).join(''));
    let at = 0;
    for (const [i, [name, value]] of all.entries()) {
      this.starts.push(at);
      this.values.push(value);
      let slot = hash(this.bytes, at, name.length);
      while (this.slots[slot] >= 0) slot = (slot + 1) & (SIZE - 1);
      this.slots[slot] = i;
      at += name.length;
    }
    this.starts.push(at);
  }

  /** The number of the name `source[at, at + length)`, -1 when it is none of the names. */
  find(source: Uint8Array, at: number, length: number): number {
    let slot = hash(source, at, length);
    for (;;) {
      const i = this.slots[slot];
      if (i < 0) return -1;
      if (this.equals(i, source, at, length)) return this.values[i];
      slot = (slot + 1) & (SIZE - 1);
    }
  }

  private equals(i: number, source: Uint8Array, at: number, length: number): boolean {
    const { bytes } = this;
    const start = this.starts[i];
    if (this.starts[i + 1] - start !== length) return false;
    for (let k = 0; k < length; k++) if (bytes[start + k] !== source[at + k]) return false;
    return true;
  }
}

function hash(source: Uint8Array, at: number, length: number): number {
  if (length === 0) return 0;
  return (length * 37 + source[at] * 5 + source[at + length - 1] * 17 + source[at + (length >> 1)] * 91) & (SIZE - 1);
}
