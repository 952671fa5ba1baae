/**
 * Pages of a server that has none. Most of Jaeger's storages give the newest traces of a time window; the one in memory gives those that came last, which
 * are other ones. So the first answer that is full is followed by a check: is there more in the time that it spans? Where there is not, the server is taken
 * to give the newest from then on, and each page is the window before the last one. Where there is, no answer of it is trusted any more before its own time
 * was asked for as a whole.
 *
 * A trace may begin before a window ends and match with a later span, so the window of the next page ends as much later as the longest trace was long,
 * and what is asked for is more by those that were seen there. Traces that come again are dropped by whoever reads the pages.
 */

import type { TraceOverview } from '../../core/model/table';
import type { TimeWindow } from '../common/times';

/** What a page asks for. */
export interface JaegerStep {
  /** `next`: what is older than all that was seen. `check`: the time of the last answer, as a whole. */
  readonly kind: 'next' | 'check';
  readonly startUnixNano: bigint;
  readonly endUnixNano: bigint;
  /** Traces that come again. */
  readonly again: number;
}

const MICROSECOND = 1_000n;
/** Traces that last for hours would make windows of the same traces again. */
const MOST_OVERLAP = 60_000_000_000n;
const MOST_AGAIN = 2_000;

/** The step that a cursor stands for; the first one where it is none. */
export function stepOf(cursor: string | undefined, { startUnixNano, endUnixNano }: TimeWindow): JaegerStep {
  const parts = /^(next|check),(\d{1,20}),(\d{1,20}),(\d{1,6})$/.exec(cursor ?? '');
  if (!parts) return { kind: 'next', startUnixNano, endUnixNano, again: 0 };
  const [, kind, start, end, again] = parts;
  return {
    kind: kind === 'check' ? 'check' : 'next',
    startUnixNano: BigInt(start),
    endUnixNano: BigInt(end),
    again: Math.min(Number(again), MOST_AGAIN),
  };
}

function cursorOf({ kind, startUnixNano, endUnixNano, again }: JaegerStep): string {
  return [kind, startUnixNano, endUnixNano, Math.min(again, MOST_AGAIN)].join();
}

/**
 * Where the next page begins; undefined: this was the last.
 * @param answers the traces of each answer; one with fewer than `limit` left none out
 * @param step of these answers
 * @param searchStart where the whole search begins, epoch nanoseconds
 * @param givesNewest what is known of the server; undefined: nothing
 * @param learned is told by each check whether the server gives the newest
 */
export function cursorAfter(
  answers: readonly (readonly TraceOverview[])[],
  limit: number,
  step: JaegerStep,
  searchStart: bigint,
  givesNewest: boolean | undefined,
  learned: (givesNewest: boolean) => void,
): string | undefined {
  const most = Math.max(0, ...answers.map(({ length }) => length));
  const isFull = most >= limit;
  const all = answers.flat();
  if (step.kind === 'check') {
    // Is there more in that time than the last answer had of it?
    const isWhole = most <= step.again;
    learned(isWhole);
    if (isFull && !isWhole) return cursorOf({ ...step, again: most });
    return before(all, step.startUnixNano, searchStart, step.endUnixNano);
  }
  if (!isFull) return undefined;
  const full = answers.filter(({ length }) => length >= limit);
  // Of several answers, the one that reaches least far back tells where all of them are whole.
  const oldest = full.map(oldestOf).reduce((a, b) => (a > b ? a : b));
  if (givesNewest !== true && oldest < step.endUnixNano)
    return cursorOf({ ...step, kind: 'check', startUnixNano: oldest, again: Math.max(...full.map(({ length }) => length)) });
  return before(all, oldest, searchStart, step.endUnixNano);
}

/** The page of what is older than a moment. */
function before(all: readonly TraceOverview[], oldest: bigint, searchStart: bigint, lastEnd: bigint): string | undefined {
  const longest = BigInt(Math.round(all.reduce((most, { durationNs }) => Math.max(most, durationNs), 0)));
  const overlap = longest < MOST_OVERLAP ? longest : MOST_OVERLAP;
  // Where that is no earlier than the last one, only going on without the overlap comes to an end.
  const end = oldest + overlap < lastEnd ? oldest + overlap : oldest - MICROSECOND;
  if (end <= searchStart) return undefined;
  const again = all.filter((trace) => trace.startUnixNano <= end).length;
  return cursorOf({ kind: 'next', startUnixNano: searchStart, endUnixNano: end, again });
}

function oldestOf(traces: readonly TraceOverview[]): bigint {
  return traces.reduce((oldest, { startUnixNano }) => (startUnixNano < oldest ? startUnixNano : oldest), traces[0].startUnixNano);
}
