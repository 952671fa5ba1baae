/**
 * Which spans are in a list already, by what tells two of them apart: open addressing over a hash. It is made of parts that grow one by one, so that no
 * addition to a list of a million takes long.
 */

const PARTS = 16;
const firstSlots = 4;

export class SpanSet {
  /** Two words a slot: the position in the list, + 1, and the hash. */
  readonly #parts: (Uint32Array | undefined)[] = [];
  readonly #used = new Uint32Array(PARTS);

  /** @param isSameAt whether the span at a position of the list is the one that is being added */
  constructor(private readonly isSameAt: (at: number) => boolean) {}

  /**
   * Adds the span that will stand at a position, unless it is there already; returns whether it was.
   * @param hash 32 bits, well mixed
   */
  add(hash: number, at: number): boolean {
    const part = hash >>> 28;
    let slots = this.#parts[part];
    if (!slots || this.#used[part] * 8 >= slots.length * 3) {
      slots = grown(slots);
      this.#parts[part] = slots;
    }
    const mask = slots.length - 2;
    let slot = (hash << 1) & mask;
    for (; slots[slot] > 0; slot = (slot + 2) & mask) if (slots[slot + 1] === hash && this.isSameAt(slots[slot] - 1)) return true;
    slots[slot] = at + 1;
    slots[slot + 1] = hash;
    this.#used[part]++;
    return false;
  }
}

function grown(before: Uint32Array | undefined): Uint32Array {
  if (!before) return new Uint32Array(firstSlots * 2);
  const slots = new Uint32Array(before.length * 2);
  const mask = slots.length - 2;
  for (let i = 0; i < before.length; i += 2) {
    if (before[i] === 0) continue;
    let slot = (before[i + 1] << 1) & mask;
    while (slots[slot] > 0) slot = (slot + 2) & mask;
    slots[slot] = before[i];
    slots[slot + 1] = before[i + 1];
  }
  return slots;
}
