/** Stable sorting of indices by a column, in typed arrays. Traces mostly come nearly sorted, or as a few sorted lists one after the other. */

/** Runs that are shorter are made as long by insertion. */
const LEAST_RUN = 24;

/**
 * Sorts `order[from, to)` by `keys[order[i]]`, ascending and stable: merges the runs that are in order already (natural merge sort), so what is
 * sorted costs one look and two sorted lists one merge.
 * @param scratch at least as long as `order`; its content is lost
 */
export function sortByKey(order: Int32Array, from: number, to: number, keys: ArrayLike<number>, scratch: Int32Array): void {
  let end = runEnd(order, from, to, keys);
  if (end >= to) return;
  /** Where runs end, in order. */
  let ends: number[] = [];
  for (let start = from; start < to; start = end) {
    end = runEnd(order, start, to, keys);
    if (end - start < LEAST_RUN) {
      const sorted = end;
      end = Math.min(start + LEAST_RUN, to);
      insertionSort(order, start, sorted, end, keys);
    }
    ends.push(end);
  }
  while (ends.length > 1) {
    const merged: number[] = [];
    let left = from;
    for (let run = 0; run < ends.length; run += 2) {
      if (run + 1 < ends.length) merge(order, left, ends[run], ends[run + 1], keys, scratch);
      left = ends[Math.min(run + 1, ends.length - 1)];
      merged.push(left);
    }
    ends = merged;
  }
}

/** Where the run that begins at `start` ends. */
function runEnd(order: Int32Array, start: number, to: number, keys: ArrayLike<number>): number {
  let end = start + 1;
  while (end < to && keys[order[end]] >= keys[order[end - 1]]) end++;
  return end;
}

/** Sorts `order[from, to)`, of which `order[from, sorted)` is sorted. */
function insertionSort(order: Int32Array, from: number, sorted: number, to: number, keys: ArrayLike<number>): void {
  for (let i = sorted; i < to; i++) {
    const moved = order[i];
    const key = keys[moved];
    let at = i - 1;
    while (at >= from && keys[order[at]] > key) {
      order[at + 1] = order[at];
      at--;
    }
    order[at + 1] = moved;
  }
}

function merge(order: Int32Array, left: number, middle: number, end: number, keys: ArrayLike<number>, scratch: Int32Array): void {
  if (keys[order[middle - 1]] <= keys[order[middle]]) return;
  for (let i = left; i < middle; i++) scratch[i] = order[i];
  let a = left;
  let b = middle;
  let at = left;
  while (a < middle && b < end) order[at++] = keys[order[b]] < keys[scratch[a]] ? order[b++] : scratch[a++];
  while (a < middle) order[at++] = scratch[a++];
}
