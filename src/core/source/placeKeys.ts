/**
 * Numbers triples (file, function, line) in the order in which they come. Open addressing over typed arrays: a Map with keys of text costs
 * several times the whole budget for a million rows.
 */
export class PlaceKeys {
  count = 0;
  #mask = 1023;
  /** Number of the place + 1; 0 is free. */
  #slots = new Uint32Array(1024);
  #keys = new Uint32Array(3 * 512);

  number(file: number, fn: number, line: number): number {
    let slot = hash(file, fn, line) & this.#mask;
    for (;;) {
      const place = this.#slots[slot] - 1;
      if (place < 0) break;
      const at = place * 3;
      if (this.#keys[at] === file && this.#keys[at + 1] === fn && this.#keys[at + 2] === line) return place;
      slot = (slot + 1) & this.#mask;
    }
    if (this.count * 2 > this.#mask) {
      this.#grow();
      return this.number(file, fn, line);
    }
    this.#slots[slot] = this.count + 1;
    this.#keys.set([file, fn, line], this.count * 3);
    return this.count++;
  }

  #grow(): void {
    const size = (this.#mask + 1) * 4;
    this.#mask = size - 1;
    this.#slots = new Uint32Array(size);
    const keys = new Uint32Array(3 * (size / 2 + 1));
    keys.set(this.#keys.subarray(0, this.count * 3));
    this.#keys = keys;
    for (let place = 0; place < this.count; place++) {
      let slot = hash(keys[place * 3], keys[place * 3 + 1], keys[place * 3 + 2]) & this.#mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & this.#mask;
      this.#slots[slot] = place + 1;
    }
  }
}

function hash(file: number, fn: number, line: number): number {
  let mixed = Math.imul(file, 0x9e3779b1) ^ Math.imul(fn, 0x85ebca6b) ^ Math.imul(line, 0xc2b2ae35);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  return (mixed ^ (mixed >>> 13)) >>> 0;
}
