/**
 * Which spans are in a list already, by what tells two of them apart: open addressing over a hash, a position of the list a span. It is made of parts
 * that grow one by one, so that no addition to a list of a million takes long.
 */

/** What is asked about the list. */
export interface SpanList {
  /** Reads hashes of its spans. */
  hashes(): (at: number) => number;
  /** Whether the span at this position is the one that is being added. */
  isSameAt(at: number): boolean;
}

const PARTS = 16;
const firstSlots = 8;

export class SpanSet {
  /** Positions, + 1. */
  readonly #slots: (Uint32Array | undefined)[] = [];
  readonly #used = new Uint32Array(PARTS);

  constructor(private readonly list: SpanList) {}

  /** Adds the span that will stand at a position, unless it is there already; returns whether it was. */
  add(hash: number, at: number): boolean {
    const part = hash >>> 28;
    let slots = this.#slots[part];
    if (!slots || this.#used[part] * 4 >= slots.length * 3) slots = this.#grow(part, slots);
    const mask = slots.length - 1;
    let slot = hash & mask;
    for (; slots[slot] > 0; slot = (slot + 1) & mask) if (this.list.isSameAt(slots[slot] - 1)) return true;
    slots[slot] = at + 1;
    this.#used[part]++;
    return false;
  }

  #grow(part: number, before: Uint32Array | undefined): Uint32Array {
    const slots = new Uint32Array(before ? before.length * 2 : firstSlots);
    const mask = slots.length - 1;
    const hashAt = this.list.hashes();
    for (const at of before ?? []) {
      if (at === 0) continue;
      let slot = hashAt(at - 1) & mask;
      while (slots[slot] > 0) slot = (slot + 1) & mask;
      slots[slot] = at;
    }
    this.#slots[part] = slots;
    return slots;
  }
}
