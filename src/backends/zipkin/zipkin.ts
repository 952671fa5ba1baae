/**
 * The Zipkin backend. A search answers with whole traces, which the engine makes overviews of and filters by the whole query, put into the words of
 * Zipkin's data (`zipkinSpelling.ts`). Where one request cannot ask for all that may match, a page is made of a few (`zipkinRequest.ts`).
 */

import { SpanhopError, throwIfAborted } from '../../base/errors';
import { Limit } from '../../base/limit';
import { SharedWork } from '../../base/sharedWork';
import type { Dependency } from '../../core/answers/answer';
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
import { inTurn, pagesFrom } from '../common/pages';
import { isExact } from '../common/pushDown';
import { isEmptyList, ZipkinClient } from './zipkinClient';
import { cursorAfter, readCursor, type ZipkinCursor } from './zipkinPaging';
import { toZipkinRequest } from './zipkinRequest';
import { asZipkinHasIt } from './zipkinSpelling';

/** What is filtered here is asked for this many times as much, up to the most whole traces of one answer. */
const MORE_TIMES = 5;
const MOST_WHOLE = 500;
/** Services whose remote services are asked for, so many at once. */
const MAX_ASKED = 20;
const PARALLEL = 4;
/** Around a window that somebody chose: a trace may reach into it that began before it, or match with a span after it. */
const AROUND_MS = 60_000;
/** Its storages whose answers are as full as they can be. */
const exactStorages: readonly string[] = ['InMemory', 'Elasticsearch', 'MySQL'];

const ranges: readonly string[] = ['resource.service.name', 'span.peer.service'];

export class ZipkinBackend implements Backend {
  readonly settings: BackendSettings;
  private readonly client: ZipkinClient;
  private readonly asking = new SharedWork((_: 'storage', signal) => this.client.storage(signal));
  private storage: { readonly name: string | undefined } | undefined;
  private isSearchable: boolean | undefined;

  constructor(private readonly context: BackendContext) {
    this.settings = context.settings;
    this.client = new ZipkinClient(context);
  }

  async describe(signal?: AbortSignal): Promise<ServerFacts> {
    const services = await this.client.names('services', [], true, signal);
    const version = await this.client.version(signal);
    const isKnown = services.length > 0 || (await this.client.isSearchEnabled(signal));
    return { version, services: isKnown ? services.length : undefined };
  }

  async services(signal?: AbortSignal): Promise<readonly string[]> {
    const services = await this.client.names('services', [], false, signal);
    if (services.length === 0) await this.requireSearch(signal);
    return services;
  }

  operations(service: string, signal?: AbortSignal): Promise<readonly string[]> {
    return this.client.names('spans', [['serviceName', service]], false, signal);
  }

  get(traceId: string, signal?: AbortSignal): Promise<FoundTrace> {
    return this.client.trace(traceId, signal);
  }

  async tags(signal?: AbortSignal): Promise<readonly string[]> {
    const keys = await this.client.names('autocompleteKeys', [], false, signal);
    return [...ranges, ...keys.map((key) => `span.${key}`)];
  }

  async tagValues(key: string, signal?: AbortSignal): Promise<readonly (string | number | boolean)[]> {
    if (key === 'resource.service.name') return this.services(signal);
    if (key === 'span.peer.service') return this.remoteServices(signal);
    return this.client.values(key.replace(/^span\./, ''), signal);
  }

  dependencies(range: TimeRange, signal?: AbortSignal): Promise<readonly Dependency[]> {
    return this.client.dependencies(range, signal);
  }

  find(query: Query, options: FindOptions, signal?: AbortSignal): AsyncIterable<FindPage> {
    return pagesFrom(options.cursor, (cursor) => this.page(query, options.pageSize, readCursor(cursor), signal));
  }

  private async page(
    query: Query,
    pageSize: number,
    cursor: ZipkinCursor | undefined,
    signal: AbortSignal | undefined,
  ): Promise<FindPage> {
    const storage = await this.storageName(signal);
    const countIsExact = storage !== undefined && exactStorages.includes(storage);
    const request = toZipkinRequest(query, !countIsExact, this.context.nowMs(), this.context.windowMs);
    const { startUnixNano, endUnixNano } = query;
    const isChosen = startUnixNano !== undefined || endUnixNano !== undefined;
    const startMs = Math.max(1, floorMs(request.startUnixNano) - (startUnixNano === undefined ? 0 : AROUND_MS));
    // The memory store goes by a trace's beginning.
    const after = endUnixNano === undefined || storage === 'InMemory' ? 0 : AROUND_MS;
    const endMs = cursor?.endMs ?? Math.max(1, floorMs(request.endUnixNano) + 1 + after);
    const wanted = isExact(request.pushDown) ? pageSize : Math.min(pageSize * MORE_TIMES, Math.max(pageSize, MOST_WHOLE));
    const limit = cursor?.limit ?? wanted;
    const bodies = await Promise.all(
      request.searches.map((search) => this.client.traces(search, { startMs, endMs, limit }, signal)),
    );
    if (cursor === undefined && bodies.every(isEmptyList)) await this.requireSearch(signal);
    return {
      traces: [],
      bodies: inTurn(bodies),
      pushDown: request.pushDown,
      mayBeOutside: isChosen || undefined,
      filter: asZipkinHasIt(query),
      next: (seen) => cursorAfter(seen, { limit, endMs, startMs, pageSize: wanted, countIsExact }),
      partial: cursor?.isCut
        ? 'More traces stand at one time than can be asked for at once. Search for a service, or for something else that fewer of them have.'
        : undefined,
    };
  }

  private async remoteServices(signal: AbortSignal | undefined): Promise<readonly string[]> {
    const services = (await this.client.names('services', [], true, signal)).slice(0, MAX_ASKED);
    const limit = new Limit(PARALLEL);
    const each = await Promise.all(
      services.map((service) =>
        limit.run(() => {
          throwIfAborted(signal);
          return this.client.names('remoteServices', [['serviceName', service]], false, signal);
        }),
      ),
    );
    return [...new Set(each.flat())].sort();
  }

  private async storageName(signal: AbortSignal | undefined): Promise<string | undefined> {
    throwIfAborted(signal);
    this.storage ??= { name: await this.asking.get('storage', signal) };
    return this.storage.name;
  }

  /** An empty answer may mean that nothing is searched at all. Rejects with NotSupported. */
  private async requireSearch(signal: AbortSignal | undefined): Promise<void> {
    this.isSearchable ??= await this.client.isSearchEnabled(signal);
    if (this.isSearchable) return;
    const message = `${this.client.who} has its search switched off (SEARCH_ENABLED=false): it lists nothing. Open a trace by its id.`;
    throw new SpanhopError('NotSupported', message);
  }
}

function floorMs(unixNano: bigint): number {
  return Number(unixNano / 1_000_000n);
}
