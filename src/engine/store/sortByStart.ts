/** Slots by start time, latest first: comparing for a few, counting digits (radix sort) for many, where comparing takes seconds. */

import { ranges, type Steps } from '../../base/steps';

const FEW = 4_096;
const DIGIT = 1 << 16;

/**
 * Indices of slots in their order. In steps.
 * @param start two words for each of them, low and high
 */
export function* sortingByStart(slots: Uint32Array, start: Uint32Array): Steps<Uint32Array> {
  const count = slots.length;
  const indices = Uint32Array.from({ length: count }, (_, i) => i);
  if (count <= FEW) {
    return indices.sort((a, b) => start[b * 2 + 1] - start[a * 2 + 1] || start[b * 2] - start[a * 2] || slots[b] - slots[a]);
  }
  let from: Uint32Array = indices;
  let to: Uint32Array = new Uint32Array(count);
  // Least significant digit first: low word, then high word, 16 bits at a time. Four passes, so the result ends in `indices`.
  for (let pass = 0; pass < 4; pass++) {
    const word = pass >> 1;
    const shift = (pass & 1) * 16;
    const counts = new Uint32Array(DIGIT);
    yield* ranges(count, (begin, end) => {
      for (let i = begin; i < end; i++) counts[(start[from[i] * 2 + word] >>> shift) & 0xffff]++;
    });
    // Descending: the places of a digit come after those of all greater ones.
    let place = 0;
    for (let digit = DIGIT - 1; digit >= 0; digit--) {
      const size = counts[digit];
      counts[digit] = place;
      place += size;
    }
    yield* ranges(count, (begin, end) => {
      for (let i = begin; i < end; i++) to[counts[(start[from[i] * 2 + word] >>> shift) & 0xffff]++] = from[i];
    });
    [from, to] = [to, from];
  }
  return indices;
}
