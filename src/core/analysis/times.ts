/** Times of an assembled trace as they are shown: with the correction of skewed clocks, where there is one. */

import type { SpanTable } from '../model/table';

/** Nanoseconds from the trace's start per row; the table's own array where no clock was corrected. */
export function shownStarts(table: SpanTable): Float64Array {
  const { correctionNs, startNs } = table;
  return correctionNs ? correctedStarts(startNs, correctionNs) : startNs;
}

/** Starts with what is to be added to them. */
export function correctedStarts(startNs: Float64Array, correctionNs: Float64Array): Float64Array {
  return startNs.map((start, row) => start + correctionNs[row]);
}

/** Earliest start and latest end of the shown times. A trace without spans is from 0 to 0. */
export function shownBounds(starts: Float64Array, durations: Float64Array): { startNs: number; endNs: number } {
  if (starts.length === 0) return { startNs: 0, endNs: 0 };
  let startNs = Number.POSITIVE_INFINITY;
  let endNs = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < starts.length; row++) {
    if (starts[row] < startNs) startNs = starts[row];
    if (starts[row] + durations[row] > endNs) endNs = starts[row] + durations[row];
  }
  return { startNs, endNs };
}
