/**
 * Self time: a span's duration less the time that its children cover (their union, cut to the span). Rows are in pre-order with
 * siblings by start, so one pass with a high-water mark per parent does it; only where a corrected clock disturbs the order are a
 * parent's children sorted again.
 */

import { ranges, STEP_ROWS, type Steps } from '../../base/steps';
import { FLAG_CORRECTED, type SpanTable } from '../model/table';
import { sortingByKey } from './sort';
import { shownStarts } from './times';

/** Nanoseconds per row. In steps. */
export function* selfTimes(table: SpanTable): Steps<Float64Array> {
  const { count, parent, durationNsOf } = table;
  const starts = shownStarts(table);
  const self = durationNsOf.slice();
  const coveredTo = starts.slice();
  const disturbed = table.correctionNs ? disturbedParents(table) : undefined;
  yield* ranges(count, (from, to) => {
    for (let row = from; row < to; row++) {
      const up = parent[row];
      if (up >= 0 && disturbed?.[up] !== 1) cover(row, up);
    }
  });
  if (disturbed) {
    const scratch = new Int32Array(count);
    let looked = 0;
    for (let up = 0; up < count; up++) {
      if (disturbed[up] !== 1) continue;
      const children = childrenOf(table, up);
      yield* sortingByKey(children, 0, children.length, starts, scratch);
      for (const child of children) cover(child, up);
      looked += children.length;
      if (looked < STEP_ROWS) continue;
      looked = 0;
      yield;
    }
  }
  return self;

  function cover(row: number, up: number): void {
    const from = Math.max(starts[row], coveredTo[up]);
    const to = Math.min(starts[row] + durationNsOf[row], starts[up] + durationNsOf[up]);
    if (to <= from) return;
    self[up] -= to - from;
    coveredTo[up] = to;
  }
}

function disturbedParents(table: SpanTable): Uint8Array {
  const disturbed = new Uint8Array(table.count);
  for (let row = 0; row < table.count; row++) {
    const up = table.parent[row];
    if (up >= 0 && (table.flags[row] & FLAG_CORRECTED) !== 0) disturbed[up] = 1;
  }
  return disturbed;
}

/** Rows of a span's children, in the table's order. */
function childrenOf(table: SpanTable, row: number): Int32Array {
  const { subtreeEnd } = table;
  let size = 0;
  for (let child = row + 1; child < subtreeEnd[row]; child = subtreeEnd[child]) size++;
  const children = new Int32Array(size);
  let at = 0;
  for (let child = row + 1; child < subtreeEnd[row]; child = subtreeEnd[child]) children[at++] = child;
  return children;
}
