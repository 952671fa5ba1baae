/** Which span of a failing trace failed: what is selected when the trace is opened, and what is told of first. */

import { STEP_ROWS, type Steps } from '../../base/steps';

/** Rows in pre-order: a subtree is `[row, subtreeEnd[row])`. */
export interface ErrorTree {
  readonly count: number;
  readonly subtreeEnd: Uint32Array;
  readonly isError: (row: number) => boolean;
}

/**
 * In steps. From the first span in error down the way that the error came up: to the first child in error; where none is (what passes an error on does
 * not always say so), to the first span in error below. So an error that a sibling caught does not stand for the one that was thrown on.
 * -1 without errors.
 */
export function* failingRow({ count, subtreeEnd, isError }: ErrorTree): Steps<number> {
  let failing = -1;
  let looked = 0;
  for (;;) {
    const from = failing + 1;
    const end = failing < 0 ? count : subtreeEnd[failing];
    let next = -1;
    // Roots are siblings, of which a later one may have an error that none above has.
    for (let child = from; child < end && next < 0; child = subtreeEnd[child]) {
      if (isError(child)) next = child;
      if (++looked % STEP_ROWS === 0) yield;
    }
    for (let row = from; row < end && next < 0; row++) {
      if (isError(row)) next = row;
      if (++looked % STEP_ROWS === 0) yield;
    }
    if (next < 0) return failing;
    failing = next;
  }
}
