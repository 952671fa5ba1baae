/** Stable sorting of indices by a column, in typed arrays. Traces mostly come nearly sorted, or as a few sorted lists one after the other. */

import { finish, type Steps } from '../../base/steps';

/** Runs that are shorter are made as long by insertion. */
const LEAST_RUN = 24;

/**
 * Sorts `order[from, to)` by `keys[order[i]]`, ascending and stable: merges the runs that are in order already (natural merge sort), so what is
 * sorted costs one look and two sorted lists one merge.
 * @param scratch at least as long as `order`; its content is lost
 */
export function sortByKey(order: Int32Array, from: number, to: number, keys: ArrayLike<number>, scratch: Int32Array): void {
  if (runEnd(order, from, to, keys) < to) finish(sortingByKey(order, from, to, keys, scratch));
}

/** Longer lists than this are worth steps. */
export const LONG_LIST = 1 << 14;

/** `sortByKey` in steps. */
export function* sortingByKey(
  order: Int32Array,
  from: number,
  to: number,
  keys: ArrayLike<number>,
  scratch: Int32Array,
): Steps<void> {
  /** Where runs end, in order. */
  let ends: number[] = [];
  let pause = from + LONG_LIST;
  for (let start = from, end = from; start < to; start = end) {
    end = runEnd(order, start, to, keys);
    if (end - start < LEAST_RUN) {
      const sorted = end;
      end = Math.min(start + LEAST_RUN, to);
      insertionSort(order, start, sorted, end, keys);
    }
    ends.push(end);
    if (end < pause) continue;
    pause = end + LONG_LIST;
    yield;
  }
  while (ends.length > 1) {
    const merged: number[] = [];
    let left = from;
    let moved = 0;
    for (let run = 0; run < ends.length; run += 2) {
      const end = ends[Math.min(run + 1, ends.length - 1)];
      if (run + 1 < ends.length) {
        if (end - left > LONG_LIST) yield* mergeInSteps(order, left, ends[run], end, keys, scratch);
        else merge(order, left, ends[run], end, keys, scratch);
      }
      moved += end - left;
      left = end;
      merged.push(left);
      if (moved < LONG_LIST) continue;
      moved = 0;
      yield;
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

/** `merge` with a yield after each `LONG_LIST` that found their places. */
function* mergeInSteps(
  order: Int32Array,
  left: number,
  middle: number,
  end: number,
  keys: ArrayLike<number>,
  scratch: Int32Array,
): Steps<void> {
  if (keys[order[middle - 1]] <= keys[order[middle]]) return;
  scratch.set(order.subarray(left, middle), left);
  let a = left;
  let b = middle;
  while (a < middle && b < end) {
    // The next places are filled from here; `at` is as far from the end as what is left of both.
    let at = a + b - middle;
    const stop = Math.min(at + LONG_LIST, end);
    while (at < stop && a < middle && b < end) order[at++] = keys[order[b]] < keys[scratch[a]] ? order[b++] : scratch[a++];
    yield;
  }
  if (a < middle) order.set(scratch.subarray(a, middle), a + b - middle);
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
