/**
 * Exact percentiles by nearest rank (the value at position ceil(p * n) of the sorted list), without sorting: selection in place for
 * short lists, and for long ones a histogram over the leading bits first, so that a million values cost two passes.
 */

/** Values at these ranks. `values` is reordered; it holds no NaN and nothing negative. `fractions` ascend, in (0, 1]. */
export function percentiles(values: Float64Array, fractions: readonly number[]): number[] {
  const count = values.length;
  if (count === 0) return fractions.map(() => 0);
  const ranks = fractions.map((fraction) => Math.min(count - 1, Math.max(0, Math.ceil(fraction * count) - 1)));
  return count > histogramFrom ? byHistogram(values, ranks) : bySelection(values, 0, ranks);
}

const histogramFrom = 16_384;

function bySelection(values: Float64Array, from: number, ranks: readonly number[]): number[] {
  let left = from;
  return ranks.map((rank) => {
    select(values, left, values.length - 1, rank);
    left = rank;
    return values[rank];
  });
}

/**
 * Doubles that aren't negative are in the order of their bits. The upper 16 bits (sign, exponent, 4 bits of fraction) make buckets of a
 * sixteenth of an octave; the value is found among those of one bucket.
 */
function byHistogram(values: Float64Array, ranks: readonly number[]): number[] {
  const words = new Uint16Array(values.buffer, values.byteOffset, values.length * 4);
  const counts = new Uint32Array(0x8000);
  for (let i = 3; i < words.length; i += 4) counts[words[i]]++;
  return ranks.map((rank) => {
    let bucket = 0;
    let before = 0;
    while (before + counts[bucket] <= rank) before += counts[bucket++];
    const inside = new Float64Array(counts[bucket]);
    for (let i = 0, n = 0; n < inside.length; i++) if (words[i * 4 + 3] === bucket) inside[n++] = values[i];
    select(inside, 0, inside.length - 1, rank - before);
    return inside[rank - before];
  });
}

/** Hoare's selection with the median of three as pivot: afterwards `values[rank]` is what sorting would put there. */
function select(values: Float64Array, from: number, to: number, rank: number): void {
  let left = from;
  let right = to;
  while (left < right) {
    const a = values[left];
    const b = values[(left + right) >>> 1];
    const c = values[right];
    const pivot = Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
    let i = left;
    let j = right;
    while (i <= j) {
      while (values[i] < pivot) i++;
      while (values[j] > pivot) j--;
      if (i > j) break;
      const swapped = values[i];
      values[i++] = values[j];
      values[j--] = swapped;
    }
    if (rank <= j) right = j;
    else if (rank >= i) left = i;
    else return;
  }
}
