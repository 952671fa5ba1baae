/**
 * Which traces have spans that fulfil conditions, newest first, page by page: the ids of the newest matching spans, as Jaeger itself asks. The next page
 * begins at the last one's newest span, without those that were listed and have matching spans further down: nothing comes twice, and of spans of
 * one microsecond none is missed. Ordering buckets by their largest value is exact over any number of shards.
 * Source: elastic.co, "Terms aggregation", "Order".
 */

import type { TraceOverview } from '../../core/model/table';
import { type Clause, not } from './clauses';
import { type DocumentServer, type Micros, partialOf } from './documentServer';
import type { SpanFields } from './spanFields';
import { begunIn, spansOf } from './timeClauses';

/** Where a page begins. */
export interface ListCursor extends Micros {
  /** Ids, as the server has them, that were listed and would come again. */
  readonly open: readonly string[];
  /** End of the whole search, where spans behind it may be of its traces; undefined: none may. */
  readonly until?: number;
  /** The range is what lies behind that end. */
  readonly isLate?: boolean;
}

/** So long behind the end of a search spans are looked for that are of its traces. */
const LATE = 60_000_000;

/** A cursor is kept, so it is to be short; what is forgotten comes twice. */
const MOST_OPEN = 1_000;
/** Spans of one trace may be so far from each other on both sides of where a server's days meet. */
const OVERLAP = 3_600_000_000;

export interface ListedTraces {
  /** Newest first; of each the times of its matching spans. */
  readonly traces: readonly TraceOverview[];
  /** As the server has them. */
  readonly ids: readonly string[];
  readonly next: ListCursor | undefined;
  readonly leftOut: number;
  readonly partial: string | undefined;
}

/** @param size traces of a page */
export async function listTraces(
  server: DocumentServer,
  fields: SpanFields,
  conditions: readonly Clause[],
  cursor: ListCursor,
  size: number,
  signal: AbortSignal | undefined,
): Promise<ListedTraces> {
  const times = server.newestOf(cursor);
  const earliest = server.newestOf({ start: 0, end: cursor.end }).start;
  const when = cursor.isLate ? begunIn(fields, times) : spansOf(fields, times, earliest);
  const without = cursor.open.length > 0 ? [not({ terms: { [fields.traceId]: cursor.open } })] : [];
  const body = {
    size: 0,
    query: { bool: { filter: [...when, ...conditions, ...without] } },
    aggs: {
      found: {
        terms: { field: fields.traceId, size, order: { last: 'desc' } },
        aggs: { first: { min: { field: 'startTime' } }, last: { max: { field: 'startTime' } } },
      },
    },
  };
  const answer = await server.ask({ body, times }, 'traces', signal);
  const ids = answer.ids ?? [];
  const isFull = answer.traceCount >= size;
  return {
    traces: answer.traces,
    ids,
    next: isFull ? behind(cursor, answer.traces, ids) : (before(cursor, times, answer.traces, ids) ?? late(cursor)),
    leftOut: answer.leftOut,
    partial: partialOf(answer),
  };
}

/** Epoch microseconds. */
const firstOf = ({ startUnixNano }: TraceOverview): number => Number(startUnixNano / 1000n);
const lastOf = (trace: TraceOverview): number => firstOf(trace) + Math.round(trace.durationNs / 1000);

/** More of the same time. */
function behind(cursor: ListCursor, traces: readonly TraceOverview[], ids: readonly string[]): ListCursor | undefined {
  const oldest = traces.at(-1);
  // Nothing but what has no id: older ones cannot be told from it.
  if (!oldest) return undefined;
  const end = lastOf(oldest);
  const open = [...cursor.open, ...ids.filter((_, i) => firstOf(traces[i]) <= end)].slice(-MOST_OPEN);
  // Where nothing older came and not all can be left out, going on needs a step.
  return end >= cursor.end && open.length === MOST_OPEN ? { ...cursor, end: cursor.end - 1, open } : { ...cursor, end, open };
}

/** The days before, of a server that is asked for some at a time. */
function before(
  cursor: ListCursor,
  times: Micros,
  traces: readonly TraceOverview[],
  ids: readonly string[],
): ListCursor | undefined {
  if (times.start <= cursor.start) return undefined;
  const near = ids.filter((_, i) => firstOf(traces[i]) <= times.start + OVERLAP);
  return { ...cursor, end: times.start - 1, open: near.slice(-MOST_OPEN) };
}

/** What lies behind the end comes last: most of it is of traces that began there. */
function late({ until, isLate }: ListCursor): ListCursor | undefined {
  return until === undefined || isLate ? undefined : { start: until + 1, end: until + LATE, open: [], until, isLate: true };
}

export function cursorText({ start, end, until = -1, isLate, open }: ListCursor): string {
  return JSON.stringify([start, end, until, isLate === true, ...open]);
}

/** Undefined where it is none. */
export function readListCursor(text: string | undefined): ListCursor | undefined {
  if (text === undefined) return undefined;
  try {
    const parts: unknown = JSON.parse(text);
    if (!Array.isArray(parts)) return undefined;
    const [start, end, until, isLate, ...ids] = parts;
    const open = ids.filter((id) => typeof id === 'string').slice(0, MOST_OPEN);
    if (![start, end, until].every(Number.isSafeInteger) || typeof isLate !== 'boolean') return undefined;
    return { start, end, open, isLate, until: until < 0 ? undefined : until };
  } catch {
    return undefined;
  }
}
