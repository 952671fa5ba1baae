/** The words for how a function fares against an earlier capture, or a backend. */

import { formatCount, formatDuration } from '../../core/text/formatText';
import { formatTrend } from '../../core/text/trend';
import type { CodeOrigin, CodeTrend } from '../../protocol/code';

export interface TrendTexts {
  /** `▲ 38 %` */
  readonly short: string;
  /** Against what and when. */
  readonly tooltip: string;
}

/** Undefined where the change is too small to be one. */
export function trendTexts({ calls, p95Ns, before }: CodeTrend, now = new Date()): TrendTexts | undefined {
  const short = formatTrend(p95Ns, before.p95Ns);
  if (short === undefined) return undefined;
  const direction = p95Ns > before.p95Ns ? 'slower' : 'faster';
  const tooltip =
    `${short} ${direction}: p95 ${formatDuration(p95Ns)} in ${formatCount(calls, 'call')} of the latest capture, ` +
    `against ${originText(before.origin, now)}, ${formatCount(before.calls, 'call')}, p95 ${formatDuration(before.p95Ns)}`;
  return { short, tooltip };
}

/** `the capture of 10:32`, with the day where it is another. */
function originText(origin: CodeOrigin, now: Date): string {
  if (origin.type === 'backend') return `"${origin.name}"`;
  const then = new Date(origin.startedAt);
  const time = then.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });
  if (then.toDateString() === now.toDateString()) return `the capture of ${time}`;
  return `the capture of ${then.toLocaleDateString(undefined, { day: 'numeric', month: 'short' })}, ${time}`;
}
