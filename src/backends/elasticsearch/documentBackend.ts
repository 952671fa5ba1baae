/**
 * A backend out of documents of spans: searches are lists of ids and then whole traces, page by page. What servers differ in, `DocumentServer` has; names of
 * services, and what else only some of them know, their own classes add.
 */

import { SpanhopError } from '../../base/errors';
import type { TraceOverview } from '../../core/model/table';
import type { Query } from '../../core/query/query';
import type { BackendContext, FindOptions, FindPage, FoundTrace } from '../common/backend';
import { pagesFrom } from '../common/pages';
import { type TimeWindow, windowOf } from '../common/times';
import type { DocumentServer, Micros } from './documentServer';
import { traceIdSpellings } from './idSpellings';
import { spanConditions } from './spanConditions';
import type { SpanFields } from './spanFields';
import { cursorText, type ListCursor, listTraces, readListCursor } from './traceList';
import { type CountedTraces, countSpans, documentsOf } from './wholeTraces';

/** Traces of one page, where they are filtered here and few may be left. */
const MOST_WIDENED = 200;
const MOST_OF_A_PAGE = 500;

/** Nothing later is a whole number for them. */
const LAST_MICRO = 2n ** 53n - 1n;

export class DocumentBackend {
  constructor(
    private readonly context: BackendContext,
    private readonly server: DocumentServer,
    /** What is said where no span was stored. */
    private readonly nothingStored: string,
  ) {}

  find(query: Query, options: FindOptions, signal?: AbortSignal): AsyncIterable<FindPage> {
    return pagesFrom(options.cursor, (cursor) => this.page(query, options.pageSize, readListCursor(cursor), signal));
  }

  /** Counts a trace's spans where they may be, one part after the other. Rejects with NotFound where there are none. */
  async get(
    traceId: string,
    count: (fields: SpanFields, ids: readonly string[]) => Promise<CountedTraces>,
    missing: string,
    signal: AbortSignal | undefined,
  ): Promise<FoundTrace> {
    const fields = await this.server.fields(signal);
    const ids = traceIdSpellings(traceId);
    const counted = fields && ids ? await count(fields, ids) : undefined;
    if (!fields || !counted || counted.counted.length === 0)
      throw new SpanhopError('NotFound', `${this.server.who} has no trace ${traceId}. ${fields ? missing : this.nothingStored}`);
    const bodies: Uint8Array<ArrayBuffer>[] = [];
    for await (const body of documentsOf(this.server, fields, counted, signal)) bodies.push(body);
    return { bodies, partial: counted.partial };
  }

  private async page(
    query: Query,
    pageSize: number,
    given: ListCursor | undefined,
    signal: AbortSignal | undefined,
  ): Promise<FindPage> {
    const { nowMs, windowMs } = this.context;
    const fields = await this.server.fields(signal);
    if (!fields) return { traces: [], pushDown: { exact: [], superset: [], here: [] }, partial: this.nothingStored };
    const { clauses, pushDown } = spanConditions(query, fields);
    const cursor = given ?? firstCursor(microsOf(windowOf(query, nowMs(), windowMs)), clauses.length > 0, nowMs());
    const widened = pushDown.here.length > 0 ? Math.max(pageSize, Math.min(pageSize * 5, MOST_WIDENED)) : pageSize;
    const size = Math.min(widened, MOST_OF_A_PAGE);
    const listed = await listTraces(this.server, fields, clauses, cursor, size, signal);
    const next = (): string | undefined => listed.next && cursorText(listed.next);
    const { leftOut, partial } = listed;
    if (listed.ids.length === 0) return { traces: [], pushDown, next, leftOut, partial };
    const range = around(listed.traces, this.server.traceReach);
    const counted = await countSpans(this.server, fields, listed.ids.flatMap(spellingsOf), range, signal);
    const wanted = cursor.isLate ? begunBefore(cursor.start, counted) : counted;
    const bodies = documentsOf(this.server, fields, inOrder(wanted, listed.traces), signal);
    // A span of the minute before is not of the time range, other spans of its trace may be.
    const mayBeOutside = listed.traces.some(({ startUnixNano }) => Number(startUnixNano / 1000n) < cursor.start);
    return { traces: [], bodies, pushDown, mayBeOutside, next, leftOut, partial: partial ?? counted.partial };
  }
}

/** A search of every span needs none behind its end, and none lies behind now. */
function firstCursor(window: Micros, hasConditions: boolean, nowMs: number): ListCursor {
  return { ...window, open: [], ...(hasConditions && window.end < nowMs * 1000 && { until: window.end }) };
}

/** The traces of which some span began earlier. */
function begunBefore(micros: number, { counted, partial }: CountedTraces): CountedTraces {
  const early = new Set(counted.filter(({ times }) => times.start < micros).map(({ traceId }) => traceId));
  return { counted: counted.filter(({ traceId }) => early.has(traceId)), partial };
}

function microsOf({ startUnixNano, endUnixNano }: TimeWindow): Micros {
  return { start: microOf(startUnixNano), end: microOf(endUnixNano) };
}

function microOf(nanos: bigint): number {
  const micros = nanos / 1000n;
  return Number(micros < 0n ? 0n : micros > LAST_MICRO ? LAST_MICRO : micros);
}

/** Where other spans of traces may be that were found. */
function around(traces: readonly TraceOverview[], reach: number): Micros {
  const starts = traces.map(({ startUnixNano }) => Number(startUnixNano / 1000n));
  const start = starts.reduce((least, one) => Math.min(least, one));
  const end = traces.reduce((most, { durationNs }, i) => Math.max(most, starts[i] + Math.ceil(durationNs / 1000)), start);
  return { start: Math.max(0, start - reach), end: end + reach };
}

/** A trace with an id of 64 bits may have spans under several spellings of it. */
function spellingsOf(id: string): readonly string[] {
  const all = traceIdSpellings(id) ?? [id];
  return /^0{16}/.test(all[0]) ? all : [id];
}

/** The newest traces first, so that they are there soonest. */
function inOrder({ counted, partial }: CountedTraces, traces: readonly TraceOverview[]): CountedTraces {
  const places = new Map(traces.map(({ traceId }, place) => [traceId, place]));
  const parts = [...new Set(counted.map(({ part }) => part))];
  const placeOf = ({ part, traceId }: CountedTraces['counted'][number]): number =>
    parts.indexOf(part) * places.size + (places.get(traceId) ?? 0);
  return { counted: [...counted].sort((a, b) => placeOf(a) - placeOf(b)), partial };
}
