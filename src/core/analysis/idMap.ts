/**
 * Finds a span by its id: open addressing over the 64-bit ids in two columns, without an object or a string per span. Several spans may
 * have one id; they are chained in the order of input.
 */
export class IdMap {
  private readonly slots: Int32Array;
  private readonly mask: number;
  /** Per span: the next one with the same id, + 1. Made when the first duplicate is met. */
  private following: Int32Array | undefined;
  /** Per first span of an id: the last of its chain, + 1. */
  private last: Int32Array | undefined;

  /** @param high, @param low words of the ids, per span */
  constructor(
    private readonly high: Uint32Array,
    private readonly low: Uint32Array,
  ) {
    let size = 16;
    while (size < high.length * 2) size *= 2;
    this.slots = new Int32Array(size);
    this.mask = size - 1;
  }

  /** Adds a span and returns the first span that has the same id, or -1 when it is the first. */
  add(span: number): number {
    const at = this.slot(this.high[span], this.low[span]);
    const first = this.slots[at] - 1;
    if (first < 0) {
      this.slots[at] = span + 1;
      return -1;
    }
    this.following ??= new Int32Array(this.high.length);
    this.last ??= new Int32Array(this.high.length);
    this.following[this.last[first] === 0 ? first : this.last[first] - 1] = span + 1;
    this.last[first] = span + 1;
    return first;
  }

  /** The first span with an id, or -1. */
  find(high: number, low: number): number {
    return this.slots[this.slot(high, low)] - 1;
  }

  /** The next span with the same id, or -1. */
  next(span: number): number {
    return this.following ? this.following[span] - 1 : -1;
  }

  private slot(high: number, low: number): number {
    // Ids are random as a rule, but not always (1, 2, 3 …): mixed like MurmurHash3's finalizer, public domain, A. Appleby.
    let hash = Math.imul(high ^ (high >>> 16), 0x85ebca6b) + low;
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    hash = (hash ^ (hash >>> 16)) & this.mask;
    for (;;) {
      const span = this.slots[hash] - 1;
      if (span < 0 || (this.low[span] === low && this.high[span] === high)) return hash;
      hash = (hash + 1) & this.mask;
    }
  }
}
