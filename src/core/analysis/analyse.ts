/** Everything that is worked out about an assembled trace, once, when it is opened. */

import { ranges, type Steps } from '../../base/steps';
import { FLAG_CRITICAL, type SpanTable } from '../model/table';
import { type CriticalPath, criticalPath } from './criticalPath';
import { type Finding, findFindings } from './findings';
import { type Groups, groupSiblings } from './groups';
import { selfTimes } from './selfTime';

export interface TraceAnalysis {
  readonly criticalPath: CriticalPath;
  /** Nanoseconds per row. */
  readonly selfNs: Float64Array;
  readonly groups: Groups;
  readonly findings: readonly Finding[];
}

/** Also sets FLAG_CRITICAL in the table's flags. */
export function* analysing(table: SpanTable): Steps<TraceAnalysis> {
  const path = yield* criticalPath(table);
  yield* ranges(path.row.length, (from, to) => {
    for (let i = from; i < to; i++) table.flags[path.row[i]] |= FLAG_CRITICAL;
  });
  const groups = yield* groupSiblings(table);
  const selfNs = yield* selfTimes(table);
  return { criticalPath: path, selfNs, groups, findings: yield* findFindings(table, groups) };
}
