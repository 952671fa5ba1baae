/** Rows that stay where they are while others come. */

import type { TraceOverview } from '../../core/model/table';

export interface HeldRows {
  /** In the order in which they were, each as it is now; what is older than all of them follows. */
  readonly traces: readonly TraceOverview[];
  /** How many came that would stand above or between them. */
  readonly newer: number;
}

/**
 * @param shown rows in their order
 * @param found what would be shown now, newest first
 * @param more there are others than `found`: what is not in it may still be there
 */
export function holdRows(shown: readonly TraceOverview[], found: readonly TraceOverview[], more: boolean): HeldRows {
  const now = new Map(found.map((trace) => [trace.traceId, trace]));
  const before = new Set(shown.map(({ traceId }) => traceId));
  const kept = shown.flatMap((trace) => now.get(trace.traceId) ?? (more ? [trace] : []));
  const others = found.filter(({ traceId }) => !before.has(traceId));
  const last = shown.at(-1)?.startUnixNano ?? 0n;
  const older = others.filter(({ startUnixNano }) => startUnixNano < last);
  return { traces: [...kept, ...older], newer: others.length - older.length };
}
