/**
 * The Grafana Tempo backend, direct or through Grafana. Its language is ours, so that a query goes to it whole, and its answer is the answer. How nothing
 * is passed over by a server that has no order is told in `tempoPaging.ts`.
 */

import { SpanhopError } from '../../base/errors';
import type { Dependency } from '../../core/answers/answer';
import { isEverything } from '../../core/query/build';
import { literalText } from '../../core/query/literals';
import type { Query } from '../../core/query/query';
import { readField } from '../../core/query/tokens';
import type {
  Backend,
  BackendContext,
  BackendSettings,
  FindOptions,
  FindPage,
  FoundTrace,
  ServerFacts,
  TimeRange,
} from '../common/backend';
import { type DataSource, throughGrafana } from '../common/grafana';
import { ahead, pagesFrom } from '../common/pages';
import { isExact } from '../common/pushDown';
import { windowOf } from '../common/times';
import { serviceGraph } from './serviceGraph';
import { longestOf, TempoClient } from './tempoClient';
import {
  type AskedWindow,
  cutPage,
  rangeOf,
  readPlace,
  type SearchRange,
  smaller,
  type TempoPlace,
  windowAt,
  writePlace,
} from './tempoPaging';
import { lessThan, type TempoRequest, toTempoRequest } from './tempoRequest';

/** An answer that is full is asked for again with a smaller window: more of them for each trace of a page mean fewer requests. */
const LIMIT_PER_TRACE = 5;
const SMALLEST_LIMIT = 20;
/** Traces of one answer: as many as are read of one. */
const MOST_TRACES = 10_000;
/** Smaller windows, larger limits and simpler queries that are tried for one page. */
const MOST_TRIES = 30;
/** Traces that are fetched at the same time, where whole ones are needed. */
const PARALLEL = 4;

/** Seconds, by default. */
const LONGEST_WINDOW = 168 * 3600;
/** Seconds for which data has left what answers for the newest, and may not be in what answers for the rest. */
const GAP_FROM = 20 * 60;
const GAP_TO = 15 * 60;
/** Only who searches for what has just happened has to know. */
const GAP_RANGE = 3600;

export class TempoBackend implements Backend {
  readonly settings: BackendSettings;
  private readonly client: TempoClient;
  private readonly dataSource: DataSource;
  /** Seconds that a window may have; the server tells when it is less. */
  private longest = LONGEST_WINDOW;
  /** Traces that an answer may have. */
  private most = MOST_TRACES;

  constructor(private readonly context: BackendContext) {
    this.settings = context.settings;
    this.dataSource = throughGrafana(context, 'tempo');
    this.client = new TempoClient(this.dataSource.context);
  }

  async describe(signal?: AbortSignal): Promise<ServerFacts> {
    const version = await this.client.version(signal);
    return { version, services: (await this.services(signal)).length };
  }

  async services(signal?: AbortSignal): Promise<readonly string[]> {
    const tag = { scoped: 'resource.service.name', plain: 'service.name' };
    return (await this.ofLatest((window) => this.client.values(tag, { what: 'names' }, window, signal))).names;
  }

  async operations(service: string, signal?: AbortSignal): Promise<readonly string[]> {
    const filter = `{ resource.service.name = ${literalText({ type: 'string', value: service })} }`;
    const tag = { scoped: 'name', plain: 'name', filter };
    return (await this.ofLatest((window) => this.client.values(tag, { what: 'names' }, window, signal))).names;
  }

  tags(signal?: AbortSignal): Promise<readonly string[]> {
    return this.ofLatest((window) => this.client.tags(window, signal));
  }

  async tagValues(key: string, signal?: AbortSignal): Promise<readonly (string | number | boolean)[]> {
    const plain = readField(key)?.name ?? key;
    const want = { what: 'values', key: plain } as const;
    return (await this.ofLatest((window) => this.client.values({ scoped: key, plain }, want, window, signal))).values ?? [];
  }

  get(traceId: string, signal?: AbortSignal): Promise<FoundTrace> {
    if (!/^[0-9a-f]{1,32}$/i.test(traceId)) {
      return Promise.reject(new SpanhopError('BadQuery', 'A trace id has up to 32 hexadecimal digits.'));
    }
    return this.client.trace(traceId, signal);
  }

  dependencies(range: TimeRange, signal?: AbortSignal): Promise<readonly Dependency[]> {
    return serviceGraph(this.context, this.dataSource, range, signal);
  }

  find(query: Query, options: FindOptions, signal?: AbortSignal): AsyncIterable<FindPage> {
    return pagesFrom(options.cursor, (cursor) => this.page(query, options.pageSize, readPlace(cursor), signal));
  }

  private async page(
    query: Query,
    pageSize: number,
    given: TempoPlace | undefined,
    signal: AbortSignal | undefined,
  ): Promise<FindPage> {
    const exact = windowOf(query, this.context.nowMs(), this.context.windowMs);
    const range = rangeOf(exact);
    const now = Math.floor(this.context.nowMs() / 1000);
    let request = toTempoRequest(query, given?.asking ?? 'whole');
    let place: TempoPlace = given ?? {
      to: range.end,
      width: range.end - range.start,
      limit: 0,
      asking: request.asking,
      told: [],
    };
    const usual = Math.max(pageSize * LIMIT_PER_TRACE, SMALLEST_LIMIT) + place.told.length;
    let limit = Math.min(Math.max(usual, place.limit), this.most);
    for (let tries = 1; ; tries++) {
      place = { ...place, asking: request.asking, width: Math.min(place.width, this.longest) };
      const window = windowAt(place, range, now);
      const answer = await this.client.search(request.text, window, limit, signal);
      const mayTry = tries < MOST_TRIES;
      if ('longest' in answer) {
        if (!mayTry || answer.longest >= window.to - window.from) throw this.cannotSearch(`${window.to - window.from} s`);
        this.longest = answer.longest;
        continue;
      }
      if ('mostTraces' in answer) {
        if (!mayTry || answer.mostTraces < 1 || answer.mostTraces >= limit) throw this.cannotSearch('that many traces');
        this.most = answer.mostTraces;
        limit = this.most;
        continue;
      }
      if ('refused' in answer) {
        const less = lessThan(request, query);
        if (!less || !mayTry) throw answer.refused;
        request = less;
        continue;
      }
      const { found } = answer;
      const isFull = found.traceCount >= limit;
      const next = isFull ? smaller(place, range, now, found.traces) : undefined;
      if (next && mayTry) {
        place = next;
        continue;
      }
      if (isFull && limit < this.most && mayTry) {
        limit = Math.min(limit * LIMIT_PER_TRACE, this.most);
        continue;
      }
      const cut = cutPage(found.traces, place, { range, window, exact, pageSize, limit, most: this.longest });
      const partial = [
        ...(isFull || cut.isCutOff
          ? [`More than ${limit.toLocaleString('en')} traces match within a short time, and not all of them are listed.`]
          : []),
        ...(found.facts.partial ? [`Tempo says that its answer is not whole${found.message ? `: ${found.message}` : ''}.`] : []),
        ...gapOf(window, range, now, found.traceCount),
      ];
      // Of every span, that it matches says nothing.
      const traces = isEverything(query) ? cut.traces.map(({ matched: _, ...trace }) => trace) : cut.traces;
      return this.pageOf(traces, request, cut.next, { leftOut: found.leftOut, partial: partial.join(' ') || undefined }, signal);
    }
  }

  private pageOf(
    traces: FindPage['traces'],
    { pushDown }: TempoRequest,
    next: TempoPlace | undefined,
    told: Pick<FindPage, 'leftOut' | 'partial'>,
    signal: AbortSignal | undefined,
  ): FindPage {
    const common = { pushDown, next: () => next && writePlace(next), ...told };
    if (isExact(pushDown)) return { traces, ...common };
    return {
      traces: [],
      bodies: this.bodiesOf(
        traces.map(({ traceId }) => traceId),
        signal,
      ),
      ...common,
    };
  }

  /** Whole traces. What is gone meanwhile is left out. */
  private async *bodiesOf(traceIds: readonly string[], signal: AbortSignal | undefined): AsyncIterable<Uint8Array<ArrayBuffer>> {
    for await (const found of ahead(traceIds, PARALLEL, (traceId) => this.bodyOf(traceId, signal))) yield* found;
  }

  private async bodyOf(traceId: string, signal: AbortSignal | undefined): Promise<FoundTrace['bodies']> {
    try {
      return (await this.client.trace(traceId, signal)).bodies;
    } catch (error) {
      if (error instanceof SpanhopError && error.kind === 'NotFound') return [];
      throw error;
    }
  }

  private cannotSearch(what: string): SpanhopError {
    return new SpanhopError('BadQuery', `${this.client.who} refuses to search ${what} at once, and says that it allows more.`);
  }

  /** Asks for a list of names, which is of the latest spans. Without a window the server looks at what is minutes old. */
  private async ofLatest<T>(ask: (window: AskedWindow) => Promise<T>): Promise<T> {
    const now = Math.floor(this.context.nowMs() / 1000);
    const latest = (): AskedWindow => {
      const from = now - Math.min(Math.floor(this.context.windowMs / 1000), this.longest);
      return { from, to: now, tellFrom: from };
    };
    try {
      return await ask(latest());
    } catch (error) {
      const longest = error instanceof SpanhopError && error.kind === 'BadQuery' ? longestOf(error.detail ?? '') : undefined;
      if (longest === undefined || longest >= this.longest) throw error;
      this.longest = longest;
      return ask(latest());
    }
  }
}

/** Said of a search for what has just happened, and of one that found nothing at all. */
function gapOf({ tellFrom, to }: AskedWindow, { start, end }: SearchRange, now: number, found: number): string[] {
  const touches = tellFrom < now - GAP_TO && to > now - GAP_FROM;
  const isWhole = tellFrom === start && to === end;
  if (!touches || !(end - start <= GAP_RANGE || (isWhole && found === 0))) return [];
  return ['Tempo may not list yet what ended 15 to 20 minutes ago. A trace of that time opens by its id.'];
}
