/** Stable sorting of indices by a column, in typed arrays. Traces mostly come nearly sorted, so runs that are in order cost one look. */

const INSERTION_RUN = 24;

/**
 * Sorts `order[from, to)` by `keys[order[i]]`, ascending and stable: insertion within short runs, then merging them.
 * @param scratch at least as long as `order`; its content is lost
 */
export function sortByKey(order: Int32Array, from: number, to: number, keys: ArrayLike<number>, scratch: Int32Array): void {
  if (isSorted(order, from, to, keys)) return;
  for (let start = from; start < to; start += INSERTION_RUN)
    insertionSort(order, start, Math.min(start + INSERTION_RUN, to), keys);
  for (let width = INSERTION_RUN; width < to - from; width *= 2) {
    for (let left = from; left + width < to; left += 2 * width) {
      merge(order, left, left + width, Math.min(left + 2 * width, to), keys, scratch);
    }
  }
}

function isSorted(order: Int32Array, from: number, to: number, keys: ArrayLike<number>): boolean {
  for (let i = from + 1; i < to; i++) if (keys[order[i]] < keys[order[i - 1]]) return false;
  return true;
}

function insertionSort(order: Int32Array, from: number, to: number, keys: ArrayLike<number>): void {
  for (let i = from + 1; i < to; i++) {
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
