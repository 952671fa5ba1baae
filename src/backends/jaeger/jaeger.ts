/**
 * The Jaeger backend. It finds out which API the server speaks from what it answers, because no version number tells:
 *
 * - `/api/v3/trace-summaries` answers JSON (2.19 and later): lists come from summaries where the server does all of the query.
 * - else `/api/v3` answers JSON (1.60 to 2.18): no attribute filter over v3 (it is silently ignored), so a search with attributes goes
 *   to the older `/api/traces`, any other to `/api/v3/traces`.
 * - else `/api/services` answers Jaeger's envelope: the older API alone.
 *
 * Whatever is not pushed down is filtered by the engine from whole traces. `error=true` finds the wrong spans in the memory store of
 * some versions (those with status OK), so the older API is asked twice, with and without it, and the engine decides.
 */

import { SpanhopError, throwIfAborted } from '../../base/errors';
import { Limit } from '../../base/limit';
import { SharedWork } from '../../base/sharedWork';
import type { Dependency } from '../../core/answers/answer';
import type { TraceOverview } from '../../core/model/table';
import type { Query } from '../../core/query/query';
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
import { unexpectedAnswer } from '../common/http';
import { inTurn, pagesFrom } from '../common/pages';
import { isExact } from '../common/pushDown';
import { windowOf } from '../common/times';
import { JaegerClient, type JaegerSearch } from './jaegerClient';
import { cursorAfter, type JaegerStep, stepOf } from './jaegerPaging';
import { type JaegerAbilities, type JaegerRequest, toJaegerRequest } from './jaegerRequest';

/** What is known of the server so far. */
interface Server {
  readonly v3: boolean;
  /** It has summaries; undefined: not asked yet. */
  summaries: boolean | undefined;
  /** It has the older search; undefined: not asked yet. */
  legacy: boolean | undefined;
}

/** A search without a service asks for each service when the storage cannot do better: at most so many of them, so many at once. */
const maxServices = 50;
const parallel = 4;
/** Where the page after these answers begins, of which one with as many as the limit may have left some out. */
type After = (answers: readonly (readonly TraceOverview[])[], limit: number) => string | undefined;

/** Whole traces of one answer. */
const mostWhole = 1000;

export class JaegerBackend implements Backend {
  readonly settings: BackendSettings;
  private readonly client: JaegerClient;
  private readonly probing = new SharedWork((_: 'server', signal) => this.findOut(signal));
  private server: Server | undefined;
  /** It gives the newest traces of a window; undefined: not seen yet. */
  private givesNewest: boolean | undefined;
  /** The storage said that it needs a service. */
  private serviceNeeded = false;

  /** VictoriaTraces, which is always below this path, knows those of resources by other names, and takes `~` for a regular expression. */
  private readonly taken: JaegerAbilities['attributes'];

  constructor(private readonly context: BackendContext) {
    this.settings = context.settings;
    this.taken = /\/select\/jaeger\/*$/.test(context.settings.url) ? 'span' : 'all';
    this.client = new JaegerClient(context);
  }

  async describe(signal?: AbortSignal): Promise<ServerFacts> {
    return { services: (await this.services(signal)).length };
  }

  services(signal?: AbortSignal): Promise<readonly string[]> {
    return this.namesOfServices(false, signal);
  }

  async operations(service: string, signal?: AbortSignal): Promise<readonly string[]> {
    const { v3 } = await this.probe(signal);
    return this.client.operations(v3 ? 'v3' : 'legacy', service, signal);
  }

  async get(traceId: string, signal?: AbortSignal): Promise<FoundTrace> {
    const { v3 } = await this.probe(signal);
    return { bodies: [await this.client.trace(traceId, v3 ? 'v3' : 'legacy', signal)] };
  }

  archiveTrace(traceId: string, signal?: AbortSignal): Promise<void> {
    return this.client.archive(traceId, signal);
  }

  dependencies(range: TimeRange, signal?: AbortSignal): Promise<readonly Dependency[]> {
    return this.client.dependencies(range, signal);
  }

  find(query: Query, options: FindOptions, signal?: AbortSignal): AsyncIterable<FindPage> {
    return pagesFrom(options.cursor, (cursor) => this.page(query, options.pageSize, cursor, signal));
  }

  private async page(
    query: Query,
    pageSize: number,
    cursor: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<FindPage> {
    const server = await this.probe(signal);
    const window = windowOf(query, this.context.nowMs(), this.context.windowMs);
    const step = stepOf(cursor, window);
    const limit = pageSize + step.again;
    const after: After = (answers, most) =>
      cursorAfter(answers, most, step, window.startUnixNano, this.givesNewest, (givesNewest) => {
        // Once was enough: what gave others than the newest may do so again.
        this.givesNewest = givesNewest && this.givesNewest !== false;
      });
    if (server.v3 && server.summaries !== false) {
      const request = this.requestFor(query, step, true);
      if (isExact(request.pushDown)) {
        const page = await this.summaries(request, limit, after, signal);
        server.summaries = page !== undefined;
        if (page !== undefined) return page;
      } else if (server.summaries === undefined) {
        // Only servers that have them filter by attributes.
        server.summaries = (await this.client.summaries({ request, service: request.service, limit: 1 }, signal)) !== undefined;
      }
    }
    return this.whole(query, server, pageSize, step, after, signal);
  }

  private requestFor(query: Query, { startUnixNano, endUnixNano }: JaegerStep, isNew: boolean, attributes = true): JaegerRequest {
    const abilities = { attributes: attributes ? this.taken : 'none', errors: isNew } as const;
    return toJaegerRequest({ ...query, startUnixNano, endUnixNano }, abilities);
  }

  /** Undefined: the server has no summaries. */
  private async summaries(
    request: JaegerRequest,
    limit: number,
    after: After,
    signal: AbortSignal | undefined,
  ): Promise<FindPage | undefined> {
    const { parts, partial } = await this.eachService(request.service, signal, (service) =>
      this.client.summaries({ request, service, limit }, signal),
    );
    const found = parts.filter((answer) => answer !== undefined);
    if (found.length < parts.length) return undefined;
    const byId = new Map(found.flatMap((part) => part.traces).map((trace) => [trace.traceId, trace]));
    const traces = [...byId.values()].sort((a, b) =>
      a.startUnixNano < b.startUnixNano ? 1 : a.startUnixNano > b.startUnixNano ? -1 : 0,
    );
    return {
      traces,
      pushDown: request.pushDown,
      next: () =>
        after(
          found.map((part) => part.traces),
          limit,
        ),
      leftOut: found.reduce((sum, part) => sum + part.leftOut, 0),
      partial,
    };
  }

  /** Whole traces, for the engine to filter and to summarise. The server's own limit counts before that, so it is asked for more. */
  private async whole(
    query: Query,
    server: Server,
    pageSize: number,
    step: JaegerStep,
    after: After,
    signal: AbortSignal | undefined,
  ): Promise<FindPage> {
    const isNew = server.summaries === true;
    const first = this.requestFor(query, step, isNew);
    const wantsMore = Object.keys(first.attributes).length > 0 || first.errors;
    const useLegacy = !server.v3 || (!isNew && wantsMore && (await this.hasLegacy(server, signal)));
    const request = isNew || useLegacy ? first : this.requestFor(query, step, isNew, false);
    const limit = step.again + (isExact(request.pushDown) ? pageSize : Math.min(pageSize * 5, mostWhole));
    const search = async (service: string | undefined): Promise<Uint8Array<ArrayBuffer>[]> => {
      const asked: JaegerSearch = { request, service, limit };
      if (!useLegacy) {
        const body = await this.client.traces(isNew ? asked : { ...asked, request: { ...request, errors: false } }, signal);
        return body === undefined ? [] : [body];
      }
      const variants = request.errors ? [true, false] : [false];
      return Promise.all(
        variants.map((errors) => this.client.legacyTraces({ ...asked, service: service ?? '' }, errors, signal)),
      );
    };
    const { parts, partial } = await this.eachService(request.service, signal, search, useLegacy);
    const bodies = parts.flat();
    return {
      traces: [],
      bodies: inTurn(bodies),
      pushDown: request.pushDown,
      next: (seen) => after(seen, limit),
      partial,
    };
  }

  /**
   * Runs a search for the service asked for, or for all: first without a service, where that may be; when the storage refuses, once
   * for each service.
   */
  private async eachService<T>(
    service: string | undefined,
    signal: AbortSignal | undefined,
    search: (service: string | undefined) => Promise<T>,
    required = false,
  ): Promise<{ readonly parts: T[]; readonly partial?: string }> {
    if (service !== undefined) return { parts: [await search(service)] };
    if (!required && !this.serviceNeeded) {
      try {
        return { parts: [await search(undefined)] };
      } catch (error) {
        if (!(error instanceof SpanhopError) || !/service.{0,20}(name|required)|require.{0,20}service/i.test(error.message))
          throw error;
        this.serviceNeeded = true;
      }
    }
    const all = (await this.namesOfServices(true, signal)).filter((name) => !name.startsWith('jaeger-'));
    const services = all.slice(0, maxServices);
    const partial =
      all.length > maxServices
        ? `Its storage is searched by service, and only ${maxServices} of ${all.length} services were asked for. Search for one of them.`
        : undefined;
    const limit = new Limit(parallel);
    const failed = new AbortController();
    const begin = (name: string): Promise<T> => {
      throwIfAborted(signal);
      return search(name);
    };
    try {
      return { parts: await Promise.all(services.map((name) => limit.run(() => begin(name), failed.signal))), partial };
    } catch (error) {
      // Nobody reads what the others would answer.
      failed.abort();
      throw error;
    }
  }

  private async namesOfServices(forAsking: boolean, signal: AbortSignal | undefined): Promise<readonly string[]> {
    const { v3 } = await this.probe(signal);
    return this.client.services(v3 ? 'v3' : 'legacy', forAsking, signal);
  }

  /** Which API the server speaks: asked once for all callers. */
  private async probe(signal: AbortSignal | undefined): Promise<Server> {
    throwIfAborted(signal);
    this.server ??= await this.probing.get('server', signal);
    return this.server;
  }

  private async findOut(signal: AbortSignal): Promise<Server> {
    const asked = this.settings.options.api ?? 'auto';
    if (asked === 'legacy') return { v3: false, summaries: false, legacy: true };
    const answer = await this.client.ask('/api/v3/services', [], { what: 'kind' }, signal);
    const { response, read } = answer;
    if (response.status === 200 && read?.facts.object === true && read.facts.enveloped === false)
      return { v3: true, summaries: undefined, legacy: asked === 'v3' ? false : undefined };
    if (asked === 'auto' && (await this.client.hasLegacySearch(signal))) return { v3: false, summaries: false, legacy: true };
    if (response.status !== 404) throw this.client.unexpected(answer);
    throw unexpectedAnswer(this.client.who, response, 'no API of Jaeger is there (status 404)');
  }

  private async hasLegacy(server: Server, signal: AbortSignal | undefined): Promise<boolean> {
    server.legacy ??= await this.client.hasLegacySearch(signal);
    return server.legacy;
  }
}
