/**
 * Exact percentiles by nearest rank (the value at position ceil(p * n) of the sorted list), without sorting.
 *
 * Doubles that aren't negative are in the order of their bits. The upper 16 of these (sign, exponent, 4 bits of fraction) make buckets of
 * a sixteenth of an octave; counting them finds the bucket of a rank, and only its values are selected among. Two passes over the
 * values and no branch that is hard to predict: five times as fast as selection alone for lists of a few hundred. Who adds to a long list
 * counts as it grows, and saves the first of the passes.
 */

/** A part of the values; none is NaN or negative. */
export interface Values {
  readonly values: Float64Array;
  /** Their number by bucket, where somebody counted them already (`countByBucket`). */
  readonly counts?: Uint32Array;
}

/** Values at these ranks of all parts together, which stay as they are. `fractions` are in (0, 1]; 0 where there are no values. */
export function percentiles(parts: readonly Values[], fractions: readonly number[]): number[] {
  const count = parts.reduce((sum, { values }) => sum + values.length, 0);
  if (count === 0) return fractions.map(() => 0);
  const ranks = fractions.map((fraction) => Math.min(count - 1, Math.max(0, Math.ceil(fraction * count) - 1)));
  if (count > countedFrom) return byCounting(parts, ranks);
  const all = new Float64Array(count);
  let at = 0;
  for (const { values } of parts) {
    all.set(values, at);
    at += values.length;
  }
  return ranks.map((rank) => select(all, count, rank));
}

/** Of doubles that aren't negative, NaN or infinite. */
export const bucketCount = 0x8000;

/** Upper 16 bits of each double, at index 4 * i + 3. Little-endian, as every machine that an editor runs on. */
export function wordsOf(values: Float64Array): Uint16Array {
  return new Uint16Array(values.buffer, values.byteOffset, values.length * 4);
}

/** Adds the values to `counts`; returns the lowest and highest bucket of them. */
export function countByBucket(values: Float64Array, counts: Uint32Array): [lowest: number, highest: number] {
  const words = wordsOf(values);
  let lowest = bucketCount;
  let highest = -1;
  for (let i = 3; i < words.length; i += 4) {
    const bucket = words[i];
    counts[bucket]++;
    lowest = Math.min(lowest, bucket);
    highest = Math.max(highest, bucket);
  }
  return [lowest, highest];
}

const countedFrom = 48;
const scratch = new Uint32Array(bucketCount);

function byCounting(parts: readonly Values[], ranks: readonly number[]): number[] {
  const [{ counts: known }] = parts;
  if (parts.length === 1 && known) return selectBy(parts, ranks, known, 0);
  let from = bucketCount;
  let to = -1;
  for (const { values, counts } of parts) {
    let range = [0, bucketCount - 1];
    if (counts) for (let bucket = 0; bucket < bucketCount; bucket++) scratch[bucket] += counts[bucket];
    else range = countByBucket(values, scratch);
    from = Math.min(from, range[0]);
    to = Math.max(to, range[1]);
  }
  const result = selectBy(parts, ranks, scratch, from);
  scratch.fill(0, from, to + 1);
  return result;
}

/** @param from no lower bucket has values */
function selectBy(parts: readonly Values[], ranks: readonly number[], counts: Uint32Array, from: number): number[] {
  return ranks.map((rank) => {
    let bucket = from;
    let before = 0;
    while (before + counts[bucket] <= rank) before += counts[bucket++];
    return select(gather(parts, bucket, counts[bucket]), counts[bucket], rank - before);
  });
}

/** Values of one bucket; there is room for one more at the end, that is written and not kept. */
function gather(parts: readonly Values[], bucket: number, size: number): Float64Array {
  const inside = new Float64Array(size + 1);
  let count = 0;
  for (const { values } of parts) {
    const words = wordsOf(values);
    for (let i = 0; i < values.length; i++) {
      inside[count] = values[i];
      count += words[i * 4 + 3] === bucket ? 1 : 0;
    }
  }
  return inside;
}

/** Hoare's selection with the median of three as pivot among the first `count` values: what sorting would put at `rank`. */
function select(values: Float64Array, count: number, rank: number): number {
  let left = 0;
  let right = count - 1;
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
    else break;
  }
  return values[rank];
}
