/**
 * Pages of a server that has none: a search gives the newest traces of a window. "Newest" is by whichever of a trace's spans the storage looks at (the
 * latest in the window, or the first that matches), so that one is somewhere between the trace's beginning and its end. What a full answer left out
 * is no newer than the first end among its traces: there the next window ends. Traces that were under way then come again, and so many more
 * are asked for.
 */

import type { TraceOverview } from '../../core/model/table';

export interface ZipkinCursor {
  /** End of the window, epoch milliseconds; included. */
  readonly endMs: number;
  /** Traces to ask for. */
  readonly limit: number;
  /** Traces of the page before could not all be had. */
  readonly isCut: boolean;
}

/** Traces of one answer. */
const MAX_LIMIT = 5_000;

/** Undefined where it is none. */
export function readCursor(text: string | undefined): ZipkinCursor | undefined {
  const parts = /^(\d{1,16}),(\d{1,4})(,cut)?$/.exec(text ?? '');
  if (!parts) return undefined;
  const [endMs, limit] = [Number(parts[1]), Number(parts[2])];
  return endMs > 0 && limit > 0 ? { endMs, limit, isCut: parts[3] !== undefined } : undefined;
}

export interface PageAsked extends Pick<ZipkinCursor, 'endMs' | 'limit'> {
  /** Begin of the whole search, epoch milliseconds. */
  readonly startMs: number;
  /** Traces that a page is to have. */
  readonly pageSize: number;
  /** An answer that is not full left nothing out. Else only an empty one is sure not to have. */
  readonly countIsExact: boolean;
}

/**
 * Where the next page begins; undefined: there is none.
 * @param answers the traces of each search of the page
 */
export function cursorAfter(answers: readonly (readonly TraceOverview[])[], asked: PageAsked): string | undefined {
  const { limit, endMs, startMs, pageSize, countIsExact } = asked;
  const cut = answers.filter((traces) => (countIsExact ? traces.length >= limit : traces.length > 0));
  if (cut.length === 0) return undefined;
  // Of several searches, the one that reaches least far back.
  const next = cut.map((traces) => firstEnd(traces, startMs)).reduce((a, b) => Math.max(a, b));
  if (next >= endMs) return afterStanding(asked, answers);
  const again = Math.max(...answers.map((traces) => traces.filter((trace) => floorMs(trace.startUnixNano) <= next).length));
  return `${next},${Math.min(again + pageSize, MAX_LIMIT)}`;
}

/** All traces reach to where the window ends: more are asked for, as many as may be; what is beyond those is left out. */
function afterStanding(asked: PageAsked, answers: readonly (readonly TraceOverview[])[]): string | undefined {
  const { limit, endMs, startMs, pageSize } = asked;
  const isFull = answers.some((traces) => traces.length >= limit);
  // Of an index that was cut, more rows are to have other traces; where they have not, there are none.
  if (limit < (isFull ? MAX_LIMIT : pageSize * 4)) return `${endMs},${Math.min(limit * 2, MAX_LIMIT)}`;
  return isFull && endMs > startMs ? `${endMs - 1},${limit},cut` : undefined;
}

/** The first end of the traces, epoch milliseconds, no earlier than it is. What ends before the window has times that tell nothing: it was found in it. */
function firstEnd(traces: readonly TraceOverview[], startMs: number): number {
  const ends = traces.map(
    ({ startUnixNano, durationNs }) => floorMs(startUnixNano) + Math.ceil(Math.max(0, durationNs || 0) / 1e6) + 1,
  );
  return ends.filter((end) => end >= startMs).reduce((first, end) => Math.min(first, end), Number.POSITIVE_INFINITY);
}

function floorMs(unixNano: bigint): number {
  return Number(unixNano / 1_000_000n);
}
