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
import { spansOf } from './timeClauses';

/** Where a page begins. */
export interface ListCursor extends Micros {
  /** Ids, as the server has them, that were listed and would come again. */
  readonly open: readonly string[];
}

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
  const without = cursor.open.length > 0 ? [not({ terms: { [fields.traceId]: cursor.open } })] : [];
  const body = {
    size: 0,
    query: { bool: { filter: [...spansOf(fields, times, earliest), ...conditions, ...without] } },
    aggs: {
      found: {
        terms: { field: fields.traceId, size, order: { last: 'desc' } },
        aggs: { first: { min: { field: 'startTime' } }, last: { max: { field: 'startTime' } } },
      },
    },
  };
  const answer = await server.ask({ body, times: { start: earliest, end: times.end } }, 'traces', signal);
  const ids = answer.ids ?? [];
  const isFull = answer.traceCount >= size;
  return {
    traces: answer.traces,
    ids,
    next: isFull ? behind(cursor, answer.traces, ids) : before(cursor, times, answer.traces, ids),
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
  return end >= cursor.end && open.length === MOST_OPEN
    ? { ...cursor, end: cursor.end - 1, open }
    : { start: cursor.start, end, open };
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
  return { start: cursor.start, end: times.start - 1, open: near.slice(-MOST_OPEN) };
}

export function cursorText(cursor: ListCursor): string {
  return JSON.stringify([cursor.start, cursor.end, ...cursor.open]);
}

/** Undefined where it is none. */
export function readListCursor(text: string | undefined): ListCursor | undefined {
  if (text === undefined) return undefined;
  try {
    const parts: unknown = JSON.parse(text);
    if (!Array.isArray(parts)) return undefined;
    const [start, end, ...ids] = parts;
    const open = ids.filter((id) => typeof id === 'string').slice(0, MOST_OPEN);
    return Number.isSafeInteger(start) && Number.isSafeInteger(end) ? { start, end, open } : undefined;
  } catch {
    return undefined;
  }
}
