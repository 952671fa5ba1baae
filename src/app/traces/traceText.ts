/** A trace in the words of a list. */

import type { TraceOverview } from '../../core/model/table';
import { formatCount, formatDuration, formatNumber, formatRelativeTime } from '../../core/text/formatText';
import { visibleName } from '../../core/text/visibleText';

/** `1.24 s · 2 min ago · 3 spans match · 55 spans · 6 errors · storefront`: what differs from row to row comes first, as a narrow side bar shows no more. */
export function describeTrace(overview: TraceOverview, nowMs: number): string {
  const hasTime = overview.startUnixNano !== 0n;
  const startMs = Number(overview.startUnixNano / 1_000_000n);
  const parts = [
    overview.running ? 'running' : undefined,
    (hasTime && !overview.running) || overview.durationNs > 0 ? formatDuration(overview.durationNs) : undefined,
    hasTime ? formatRelativeTime(startMs, nowMs) : 'time not known',
    matchesOf(overview),
    spansOf(overview),
    overview.inLog ? 'in the log' : undefined,
    overview.errorCount ? formatCount(overview.errorCount, 'error') : undefined,
    overview.rootService || overview.services?.[0],
  ];
  return parts.filter((part) => part !== undefined && part !== '').join(' · ');
}

/** `3 spans match`; undefined where nothing was asked for, or all do. */
export function matchesOf({ matched, spanCount }: TraceOverview): string | undefined {
  if (!matched || matched.count === spanCount) return undefined;
  return `${formatCount(matched.count, 'span')} ${matched.count === 1 ? 'matches' : 'match'}`;
}

/** `55 spans`; `20 of 1,204 spans` where the others left memory; undefined where it is not known. */
export function spansOf({ spanCount, missingSpans = 0 }: TraceOverview): string | undefined {
  if (spanCount === undefined) return undefined;
  const all = formatCount(spanCount + missingSpans, 'span');
  return missingSpans === 0 ? all : `${formatNumber(spanCount)} of ${all}`;
}

/** A root ends last, and so comes last while a trace is captured. */
export function titleOf(overview: TraceOverview, isGrowing: boolean): string {
  return visibleName(overview.rootName) || (isGrowing ? 'Root span not here yet' : 'Root span missing');
}
