/** Which span stands for a whole trace. */

import { isZeroSpanId } from '../model/ids';
import type { SpanTable } from '../model/table';

export interface MainRoot {
  /** -1 for a trace without spans. */
  readonly row: number;
  /** The span names no parent. False: the trace's root is missing, and this is the longest of its orphans. */
  readonly isRoot: boolean;
}

/** The earliest span that names no parent, else the longest of the other roots. */
export function mainRoot(table: SpanTable): MainRoot {
  let longest = -1;
  for (let row = 0; row < table.count; row = table.subtreeEnd[row]) {
    if (isZeroSpanId(table.batches[table.batch[row]].parentSpanId, table.batchRow[row])) return { row, isRoot: true };
    if (longest < 0 || table.durationNsOf[row] > table.durationNsOf[longest]) longest = row;
  }
  return { row: longest, isRoot: false };
}
