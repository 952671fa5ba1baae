/** Searches page by page: of a dataset that the engine has, and of a backend, whose whole traces the engine filters and makes overviews of. */

import type { Backend, FindPage } from '../../backends/common/backend';
import { isExact, type PushDown } from '../../backends/common/pushDown';
import type { TraceOverview } from '../../core/model/table';
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
export interface FoundTraces extends Omit<FoundPage, 'cursor'> {
  readonly more: boolean;
}

type Engine = Pick<EngineService, 'call'>;

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
    const { pushDown, leftOut, partial } = page;
    const seen = page.bodies ? await readBodies(engine, page.bodies, dataset, name, signal) : [page.traces];
    const all = page.bodies ? seen.flat() : page.traces;
    const isFiltered = page.bodies !== undefined && !isExact(pushDown);
    const traces = isFiltered ? await matching(engine, dataset, query, all, signal) : newestFirst(all);
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

/** Pages put together as they come. */
export class FoundPages {
  private readonly all: TraceOverview[] = [];
  private last: FoundPage | undefined;
  private examined: number | undefined;
  private leftOut = 0;
  private empty = 0;
  private readonly partials = new Set<string>();

  constructor(private readonly backend: string) {}

  get traces(): readonly TraceOverview[] {
    return this.all;
  }

  /** So much was looked at in vain that whoever asked is told first. */
  get isEnough(): boolean {
    return (this.examined ?? 0) >= MOST_EXAMINED || this.empty >= MOST_EMPTY;
  }

  get cursor(): string | undefined {
    return this.last?.cursor;
  }

  add(page: FoundPage): void {
    this.last = page;
    this.all.push(...page.traces);
    this.empty = page.traces.length === 0 ? this.empty + 1 : 0;
    this.leftOut += page.leftOut ?? 0;
    if (page.examined !== undefined) this.examined = (this.examined ?? 0) + page.examined;
    if (page.partial !== undefined) this.partials.add(page.partial);
  }

  upTo(limit: number): FoundTraces {
    const { backend, all, examined, leftOut, last } = this;
    return {
      backend,
      traces: all.slice(0, limit),
      more: last?.cursor !== undefined || all.length > limit,
      examined,
      pushDown: last?.pushDown,
      leftOut,
      partial: this.partials.size === 0 ? undefined : [...this.partials].join(' '),
    };
  }
}
