/**
 * Trace ids to slots. A `Map` keyed by 32 hex digits would make a string for each span that arrives and keep each of them; here a
 * look-up is four integer compares in typed arrays. Open addressing with linear probing; removal shifts followers back, so that a
 * capture that runs for days (traces come and go) leaves no tombstones behind.
 */

const FIRST_SLOTS = 256;

export class IdIndex {
  /** 4 words a slot; meaningless for free slots. */
  words = new Uint32Array(FIRST_SLOTS * 4);
  /** Slots ever used: columns beside this index need that many rows. */
  capacity = FIRST_SLOTS;
  private used = 0;
  private free: Uint32Array = new Uint32Array(64);
  private freeCount = 0;
  /** slot + 1; 0 is empty. At most half full. */
  private table = new Uint32Array(FIRST_SLOTS * 2);
  private mask = FIRST_SLOTS * 2 - 1;

  /** Ids that are present. */
  get size(): number {
    return this.used - this.freeCount;
  }

  /** Every slot in use is below this. */
  get end(): number {
    return this.used;
  }

  get bytes(): number {
    return this.words.byteLength + this.free.byteLength + this.table.byteLength;
  }

  /** Slot of the id in `ids[at, at + 4)`, or -1. */
  find(ids: Uint32Array, at: number): number {
    const { table, mask, words } = this;
    const a = ids[at];
    const b = ids[at + 1];
    const c = ids[at + 2];
    const d = ids[at + 3];
    for (let probe = mix(a, b, c, d) & mask; ; probe = (probe + 1) & mask) {
      const entry = table[probe];
      if (entry === 0) return -1;
      const w = (entry - 1) * 4;
      if (words[w + 3] === d && words[w + 2] === c && words[w + 1] === b && words[w] === a) return entry - 1;
    }
  }

  /** Adds an id that is not present and returns its slot. `capacity` may have grown. */
  add(ids: Uint32Array, at: number): number {
    if ((this.size + 1) * 2 > this.table.length) this.rehash();
    const slot = this.freeCount > 0 ? this.free[--this.freeCount] : this.used++;
    if (slot >= this.capacity) {
      this.capacity *= 2;
      const words = new Uint32Array(this.capacity * 4);
      words.set(this.words);
      this.words = words;
    }
    const w = slot * 4;
    this.words[w] = ids[at];
    this.words[w + 1] = ids[at + 1];
    this.words[w + 2] = ids[at + 2];
    this.words[w + 3] = ids[at + 3];
    this.insert(slot);
    return slot;
  }

  /** Forgets the id in `slot`; the slot is used again. */
  remove(slot: number): void {
    const { table, mask } = this;
    let hole = this.home(slot);
    while (table[hole] !== slot + 1) hole = (hole + 1) & mask;
    // Followers move up when their home is not between the hole and where they are.
    for (let probe = (hole + 1) & mask; table[probe] !== 0; probe = (probe + 1) & mask) {
      const home = this.home(table[probe] - 1);
      if (((probe - home) & mask) >= ((probe - hole) & mask)) {
        table[hole] = table[probe];
        hole = probe;
      }
    }
    table[hole] = 0;
    if (this.freeCount === this.free.length) {
      const free = new Uint32Array(this.free.length * 2);
      free.set(this.free);
      this.free = free;
    }
    this.free[this.freeCount++] = slot;
  }

  private home(slot: number): number {
    const { words } = this;
    const w = slot * 4;
    return mix(words[w], words[w + 1], words[w + 2], words[w + 3]) & this.mask;
  }

  private insert(slot: number): void {
    let probe = this.home(slot);
    while (this.table[probe] !== 0) probe = (probe + 1) & this.mask;
    this.table[probe] = slot + 1;
  }

  private rehash(): void {
    const old = this.table;
    this.table = new Uint32Array(old.length * 2);
    this.mask = this.table.length - 1;
    for (let i = 0; i < old.length; i++) if (old[i] !== 0) this.insert(old[i] - 1);
  }
}

/** Whether two ids in one column are the same. The last words differ most often. */
export function isSameId(ids: Uint32Array, a: number, b: number): boolean {
  return ids[a + 3] === ids[b + 3] && ids[a + 2] === ids[b + 2] && ids[a + 1] === ids[b + 1] && ids[a] === ids[b];
}

/**
 * Ids are meant to be random, but real ones are counters, 64 bits padded with zeros, or start with a time stamp: every word is mixed in.
 * The last steps are the finaliser of MurmurHash3 (A. Appleby, public domain).
 */
function mix(a: number, b: number, c: number, d: number): number {
  let h = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca77) ^ Math.imul(c, 0xc2b2ae3d) ^ d;
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
