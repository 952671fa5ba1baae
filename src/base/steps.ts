/**
 * Long work as a generator: it yields after every few milliseconds, so that whoever drives it lets others have their turn in between, or does
 * not. The work itself knows nothing of time.
 */

import type { Slices } from './slices';

export type Steps<T> = Generator<undefined, T, undefined>;

/** Steps of which some bring a piece of what is made. */
export type Pieces<P> = Generator<P | undefined, void, undefined>;

/** Rows in one step: a few milliseconds at 100 to 200 nanoseconds a row. */
export const STEP_ROWS = 1 << 14;

/** All steps at once. */
export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** Step by step, with pauses when they are due. Rejects with `Cancelled`, which the work is told, when the caller of the slices gave up. */
export async function inSlices<T>(steps: Steps<T>, slices: Slices): Promise<T> {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (!slices.due) continue;
    try {
      await slices.pause();
    } catch (error) {
      steps.throw(error);
      throw error;
    }
  }
}

/** `map` with pauses. */
export async function mapInSlices<T, R>(items: readonly T[], map: (item: T) => R, slices: Slices): Promise<R[]> {
  const mapped: R[] = [];
  const mapRange = (from: number, to: number): void => {
    for (let i = from; i < to; i++) mapped.push(map(items[i]));
  };
  await inSlices(ranges(items.length, mapRange, 1 << 10), slices);
  return mapped;
}

/** Work on the ranges `[from, to)` of `count` rows, a step each. */
export function* ranges(count: number, work: (from: number, to: number) => void, rows = STEP_ROWS): Steps<void> {
  for (let from = 0; from < count; from += rows) {
    work(from, Math.min(from + rows, count));
    yield;
  }
}
