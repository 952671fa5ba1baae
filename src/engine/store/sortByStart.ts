/** Slots by start time, latest first: comparing for a few, counting digits (radix sort) for many, where comparing takes seconds. */

const FEW = 4_096;
const DIGIT = 1 << 16;

/**
 * Sorts in place.
 * @param start two words a slot, low and high
 */
export function sortByStart(slots: Uint32Array, start: Uint32Array): void {
  if (slots.length <= FEW) {
    slots.sort((a, b) => start[b * 2 + 1] - start[a * 2 + 1] || start[b * 2] - start[a * 2] || b - a);
    return;
  }
  let from: Uint32Array = slots;
  let to: Uint32Array = new Uint32Array(slots.length);
  // Least significant digit first: low word, then high word, 16 bits at a time. Four passes, so the result ends in `slots`.
  for (let pass = 0; pass < 4; pass++) {
    const word = pass >> 1;
    const shift = (pass & 1) * 16;
    const counts = new Uint32Array(DIGIT);
    for (const slot of from) counts[(start[slot * 2 + word] >>> shift) & 0xffff]++;
    // Descending: the places of a digit come after those of all greater ones.
    let place = 0;
    for (let digit = DIGIT - 1; digit >= 0; digit--) {
      const count = counts[digit];
      counts[digit] = place;
      place += count;
    }
    for (const slot of from) to[counts[(start[slot * 2 + word] >>> shift) & 0xffff]++] = slot;
    [from, to] = [to, from];
  }
}
