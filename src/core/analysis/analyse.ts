/** Everything that is worked out about an assembled trace, once, when it is opened. */

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
export function analyseTrace(table: SpanTable): TraceAnalysis {
  const path = criticalPath(table);
  for (let i = 0; i < path.row.length; i++) table.flags[path.row[i]] |= FLAG_CRITICAL;
  const groups = groupSiblings(table);
  return { criticalPath: path, selfNs: selfTimes(table), groups, findings: findFindings(table, groups) };
}
