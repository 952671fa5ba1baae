/**
 * Which span stands for a whole trace: its name is the trace's, and the critical path is its. Of several roots that is the one that lasts longest,
 * because it explains most of the time that is shown; of equally long ones the earliest. A root without an end lasts as long as the trace.
 */

import { isRootSpan } from '../model/ids';
import { FLAG_RUNNING, type SpanTable } from '../model/table';

export interface MainRoot {
  /** -1 for a trace without spans. */
  readonly row: number;
  /** The span names no parent. False: the trace's root is missing, and this is the longest of its orphans. */
  readonly isRoot: boolean;
}

/** The longest span that names no parent, else the longest of the other roots. */
export function mainRoot(table: SpanTable): MainRoot {
  const longest = { root: -1, orphan: -1 };
  for (let row = 0; row < table.count; row = table.subtreeEnd[row]) {
    const kind = isRootSpan(table.batches[table.batch[row]], table.batchRow[row]) ? 'root' : 'orphan';
    if (longest[kind] < 0 || lengthOf(table, row) > lengthOf(table, longest[kind])) longest[kind] = row;
  }
  return longest.root >= 0 ? { row: longest.root, isRoot: true } : { row: longest.orphan, isRoot: false };
}

function lengthOf({ flags, durationNs, durationNsOf, startNs }: SpanTable, row: number): number {
  return (flags[row] & FLAG_RUNNING) === 0 ? durationNsOf[row] : durationNs - startNs[row];
}
