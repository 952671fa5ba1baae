/** Searches page by page: of a dataset that the engine has, and of a backend, whose whole traces the engine filters and makes overviews of. */

import type { Backend, FindPage } from '../../backends/common/backend';
import { isExact, type PushDown } from '../../backends/common/pushDown';
import type { TraceOverview } from '../../core/model/table';
import { isEverything } from '../../core/query/build';
import type { Query } from '../../core/query/query';
import type { EngineService } from '../engine/engineService';

export interface FindRequest {
  readonly query: Query;
  /** 'local', the name of a backend, or the dataset of an open file; without it: the active one. */
  readonly backend?: string;
  /** Local traces of one capture only. */
  readonly capture?: string;
}

export interface FindPagesRequest extends FindRequest {
  readonly pageSize: number;
  /** Of an earlier page of the same request: goes on behind it. */
  readonly cursor?: string;
}

/** A part of what was found. */
export interface FoundPage {
  readonly backend: string;
  /** Newest first. */
  readonly traces: readonly TraceOverview[];
  /** Where the next page begins; undefined: this was the last. */
  readonly cursor: string | undefined;
  /** Traces that were looked at for it here, after the server's own filter; undefined: none had to be. */
  readonly examined?: number;
  /** What the server did with the query; undefined: there is no server. */
  readonly pushDown?: PushDown;
  /** Traces that the backend answered with and that are not listed, because their ids are none. */
  readonly leftOut?: number;
  /** Why it is not whole, as a sentence. */
  readonly partial?: string;
}

/** All that was found, up to a limit. */
export interface FoundTraces extends FoundPage {
  readonly more: boolean;
}

/** What of it is needed to search. */
export type Engine = Pick<EngineService, 'call'>;

/** Traces that are looked at here for one answer; more only when a person asks for more. */
const MOST_EXAMINED = 2_000;
/** Pages without anything new that are waited for. */
const MOST_EMPTY = 20;

/** Of a dataset, a cursor is how many traces were listed. What comes meanwhile moves the others down: they come twice, and none is missed. */
export async function* pagesOfDataset(
  engine: Engine,
  { dataset, query, pageSize, cursor, capture }: Omit<FindPagesRequest, 'backend'> & { readonly dataset: string },
  signal: AbortSignal | undefined,
): AsyncGenerator<FoundPage, void, undefined> {
  const known = new Set<string>();
  let offset = Number(cursor ?? 0) || 0;
  for (;;) {
    const { traces, more } = await engine.call('findTraces', { dataset, query, limit: pageSize, offset, capture }, { signal });
    offset += traces.length;
    yield { backend: dataset, traces: onlyNew(traces, known), cursor: more ? String(offset) : undefined };
    if (!more) return;
  }
}

/** Each trace comes once, on whatever pages the server has it. */
export async function* pagesOfBackend(
  engine: Engine,
  backend: Backend,
  dataset: string,
  { query, pageSize, cursor }: Pick<FindPagesRequest, 'query' | 'pageSize' | 'cursor'>,
  signal: AbortSignal | undefined,
): AsyncGenerator<FoundPage, void, undefined> {
  const known = new Set<string>();
  const { name } = backend.settings;
  for await (const page of backend.find(query, { pageSize, cursor }, signal)) {
    const { pushDown, mayBeOutside, leftOut, partial } = page;
    if (page.inEngine) {
      const pages = pagesOfDataset(engine, { dataset, query, pageSize, cursor }, signal);
      for await (const found of pages) yield { ...found, backend: name, partial };
      return;
    }
    const seen = page.bodies ? await readBodies(engine, page.bodies, dataset, name, signal) : [page.traces];
    const all = page.bodies ? seen.flat() : page.traces;
    const isFiltered = page.bodies !== undefined && (mayBeOutside === true || !isExact(pushDown));
    const isAsked = isFiltered || (page.bodies !== undefined && !isEverything(query));
    const found = isAsked ? await matching(engine, dataset, page.filter ?? query, all, signal) : all;
    const traces = isFiltered ? found : newestFirst(withMatches(all, found));
    const next = page.next?.(seen);
    const examined = isFiltered ? all.length : undefined;
    yield { backend: name, traces: onlyNew(traces, known), cursor: next, examined, pushDown, leftOut, partial };
    if (next === undefined) return;
  }
}

async function readBodies(
  engine: Engine,
  bodies: NonNullable<FindPage['bodies']>,
  dataset: string,
  name: string,
  signal: AbortSignal | undefined,
): Promise<(readonly TraceOverview[])[]> {
  const seen: (readonly TraceOverview[])[] = [];
  for await (const bytes of bodies) {
    const options = { signal, timeoutMs: 0, transfer: [bytes.buffer] };
    const content = await engine.call('addBytes', { dataset, name, bytes }, options);
    seen.push(content.traces);
  }
  return seen;
}

/** Those of the traces that match the query. */
async function matching(
  engine: Engine,
  dataset: string,
  query: FindPagesRequest['query'],
  among: readonly TraceOverview[],
  signal: AbortSignal | undefined,
): Promise<readonly TraceOverview[]> {
  if (among.length === 0) return [];
  const ids = new Set(among.map(({ traceId }) => traceId));
  const { traces } = await engine.call('findTraces', { dataset, query, limit: ids.size, among: [...ids] }, { signal });
  return traces;
}

/** What the server found is found, and is told what matched in it. */
function withMatches(all: readonly TraceOverview[], found: readonly TraceOverview[]): readonly TraceOverview[] {
  const matched = new Map(found.map((trace) => [trace.traceId, trace]));
  return all.map((trace) => matched.get(trace.traceId) ?? trace);
}

function onlyNew(traces: readonly TraceOverview[], known: Set<string>): readonly TraceOverview[] {
  const fresh: TraceOverview[] = [];
  for (const trace of traces) {
    if (known.has(trace.traceId)) continue;
    known.add(trace.traceId);
    fresh.push(trace);
  }
  return fresh;
}

function newestFirst(traces: readonly TraceOverview[]): readonly TraceOverview[] {
  return traces.toSorted((a, b) => (a.startUnixNano < b.startUnixNano ? 1 : a.startUnixNano > b.startUnixNano ? -1 : 0));
}

/** Pages put together as they come, each trace once. */
export class FoundPages {
  private readonly all: TraceOverview[];
  private readonly known: Set<string>;
  private last: FoundPage | undefined;
  private examined: number | undefined;
  private examinedNow = 0;
  private leftOut: number;
  private empty = 0;
  private readonly partials: Set<string>;

  /** @param before what these pages follow */
  constructor(
    private readonly backend: string,
    private readonly before?: FoundTraces,
  ) {
    this.all = [...(before?.traces ?? [])];
    this.known = new Set(this.all.map(({ traceId }) => traceId));
    this.examined = before?.examined;
    this.leftOut = before?.leftOut ?? 0;
    this.partials = new Set(before?.partial === undefined ? [] : [before.partial]);
  }

  get count(): number {
    return this.all.length;
  }

  /** So much was looked at in vain that whoever asked is told first. */
  get isEnough(): boolean {
    return this.examinedNow >= MOST_EXAMINED || this.empty >= MOST_EMPTY;
  }

  add(page: FoundPage): void {
    this.last = page;
    const fresh = onlyNew(page.traces, this.known);
    this.all.push(...fresh);
    this.empty = fresh.length === 0 ? this.empty + 1 : 0;
    this.leftOut += page.leftOut ?? 0;
    if (page.partial !== undefined) this.partials.add(page.partial);
    if (page.examined === undefined) return;
    this.examined = (this.examined ?? 0) + page.examined;
    this.examinedNow += page.examined;
  }

  /** @param limit most traces; default: all */
  found(limit = Number.POSITIVE_INFINITY): FoundTraces {
    const { backend, all, examined, leftOut, last, before } = this;
    const cursor = last ? last.cursor : before?.cursor;
    return {
      backend,
      traces: all.slice(0, limit),
      cursor,
      more: cursor !== undefined || all.length > limit,
      examined,
      pushDown: last ? last.pushDown : before?.pushDown,
      leftOut,
      partial: this.partials.size === 0 ? undefined : [...this.partials].join(' '),
    };
  }
}
