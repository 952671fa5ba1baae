/**
 * Pages of a server that has none: Jaeger's storages give the newest traces of a time window. The next page's window ends where this page's traces were
 * the oldest. A trace may begin before that and match with a later span, so the window ends as much later as its longest trace was long, and what is
 * asked for is more by those that were seen there.
 */

import type { TraceOverview } from '../../core/model/table';

export interface JaegerCursor {
  /** End of the window, epoch nanoseconds. */
  readonly endUnixNano: bigint;
  /** Traces of earlier pages that come again. */
  readonly again: number;
  /** The oldest that was seen, epoch nanoseconds. */
  readonly oldestUnixNano: bigint;
}

const MICROSECOND = 1_000n;
/** Traces that last for hours would make windows of the same traces again. */
const MOST_OVERLAP = 60_000_000_000n;
const MOST_AGAIN = 500;

/** Undefined where it is none. */
export function readCursor(text: string | undefined): JaegerCursor | undefined {
  const parts = /^(\d{1,20}),(\d{1,6}),(\d{1,20})$/.exec(text ?? '');
  return parts ? { endUnixNano: BigInt(parts[1]), again: Number(parts[2]), oldestUnixNano: BigInt(parts[3]) } : undefined;
}

/**
 * @param answers the traces of each answer; one with fewer than `limit` left none out
 * @param last where this page began
 * @param startUnixNano of the whole search
 */
export function cursorAfter(
  answers: readonly (readonly TraceOverview[])[],
  limit: number,
  last: JaegerCursor | undefined,
  startUnixNano: bigint,
): string | undefined {
  const full = answers.filter((traces) => traces.length >= limit);
  if (full.length === 0) return undefined;
  // Of several answers, the one that reaches least far back tells where all of them are whole.
  const oldest = full.map(oldestOf).reduce((a, b) => (a > b ? a : b));
  const all = answers.flat();
  const isNew = last === undefined || oldest < last.oldestUnixNano;
  const longest = BigInt(Math.round(all.reduce((most, { durationNs }) => Math.max(most, durationNs), 0)));
  const overlap = longest < MOST_OVERLAP ? longest : MOST_OVERLAP;
  // Where nothing older came, only going on without the overlap comes to an end.
  const end = isNew ? oldest + overlap : oldest - MICROSECOND;
  if (end <= startUnixNano) return undefined;
  const again = isNew ? all.filter((trace) => trace.startUnixNano <= end).length : 0;
  return `${end},${Math.min(again, MOST_AGAIN)},${oldest}`;
}

function oldestOf(traces: readonly TraceOverview[]): bigint {
  return traces.reduce((oldest, { startUnixNano }) => (startUnixNano < oldest ? startUnixNano : oldest), traces[0].startUnixNano);
}
