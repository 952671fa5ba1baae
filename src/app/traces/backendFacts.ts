/**
 * What a backend knows beside its traces: services, operations, keys of attributes and their values, who calls whom. The server is asked where it can
 * tell; else it is what the traces say that are here.
 */

import type { TimeRange } from '../../backends/common/backend';
import { SpanhopError, throwIfAborted } from '../../base/errors';
import { Limit } from '../../base/limit';
import type { Dependency } from '../../core/answers/answer';
import { everything } from '../../core/query/build';
import { LOCAL_DATASET } from '../../protocol/traces';
import { datasetOf } from '../backends/backendDataset';
import type { Backends } from '../backends/backends';
import type { EngineService } from '../engine/engineService';
import type { TraceService } from './traceService';

/** How far back dependencies go that name no start, in milliseconds. */
const dayMs = 24 * 3_600_000;
/** Traces that are fetched where nobody else tells who calls whom, and how many at the same time. */
const SAMPLE = 50;
const PARALLEL = 4;

export class BackendFacts {
  constructor(
    private readonly engine: Pick<EngineService, 'call' | 'capturesOpened'>,
    private readonly backends: Pick<Backends, 'get' | 'kindOf' | 'require'>,
    private readonly traces: Pick<TraceService, 'find' | 'locate'>,
  ) {}

  async services(name: string, signal?: AbortSignal): Promise<readonly string[]> {
    if (this.tells(name, 'services')) return (await this.backends.get(name)).services(signal);
    return this.ofTraces(name, (dataset) => this.engine.call('services', { dataset }, { signal }), signal);
  }

  /** @param service undefined: of all */
  async operations(name: string, service: string | undefined, signal?: AbortSignal): Promise<readonly string[]> {
    if (service !== undefined && this.tells(name, 'services')) return (await this.backends.get(name)).operations(service, signal);
    return this.ofTraces(name, (dataset) => this.engine.call('operations', { dataset, service }, { signal }), signal);
  }

  /** Keys of attributes, scoped as in a query: `span.http.route`. */
  async tags(name: string, signal?: AbortSignal): Promise<readonly string[]> {
    const told = this.tells(name, 'tags') ? await (await this.backends.get(name)).tags?.(signal) : undefined;
    return told ?? this.ofTraces(name, (dataset) => this.engine.call('tags', { dataset }, { signal }), signal);
  }

  async tagValues(name: string, key: string, signal?: AbortSignal): Promise<readonly (string | number | boolean)[]> {
    const told = this.tells(name, 'tags') ? await (await this.backends.get(name)).tagValues?.(key, signal) : undefined;
    return told ?? this.ofTraces(name, (dataset) => this.engine.call('tagValues', { dataset, key }, { signal }), signal);
  }

  /** Who calls whom. Rejects with NotSupported where neither the server nor traces tell. */
  async dependencies(name: string, range: Partial<TimeRange> = {}, signal?: AbortSignal): Promise<readonly Dependency[]> {
    const endMs = range.endMs ?? Date.now();
    const startMs = range.startMs ?? endMs - dayMs;
    if (!(startMs < endMs)) throw new SpanhopError('BadQuery', 'The time range ends before it starts. Swap its two ends.');
    const told = this.tells(name, 'dependencies') ? await this.told(name, { startMs, endMs }, signal) : undefined;
    if (told) return told;
    const bounds = {
      startUnixNano: range.startMs === undefined ? undefined : toNano(startMs),
      endUnixNano: range.endMs === undefined ? undefined : toNano(endMs),
    };
    const count = (): Promise<readonly Dependency[]> =>
      this.ofTraces(name, (dataset) => this.engine.call('serviceCalls', { dataset, ...bounds }, { signal }), signal);
    const calls = await count();
    if (calls.length > 0 || name === LOCAL_DATASET) return calls;
    await this.fetchSome(name, { startMs, endMs }, signal);
    const found = await count();
    if (found.length > 0) return found;
    throw new SpanhopError('NotSupported', `"${name}" does not tell who calls whom, and none of its latest traces do.`);
  }

  /** What the server says; undefined where it turns out that it cannot tell. */
  private async told(
    name: string,
    range: TimeRange,
    signal: AbortSignal | undefined,
  ): Promise<readonly Dependency[] | undefined> {
    try {
      return await (await this.backends.get(name)).dependencies?.(range, signal);
    } catch (error) {
      if (error instanceof SpanhopError && error.kind === 'NotSupported') return undefined;
      throw error;
    }
  }

  /** Whole traces of the range, the newest, into the engine. Those that cannot be had are left out. */
  private async fetchSome(name: string, { startMs, endMs }: TimeRange, signal: AbortSignal | undefined): Promise<void> {
    const bounds = { startUnixNano: toNano(startMs), endUnixNano: toNano(endMs) };
    const { traces } = await this.traces.find({ backend: name, query: { ...everything, ...bounds }, limit: SAMPLE }, signal);
    const limit = new Limit(PARALLEL);
    const one = (traceId: string): Promise<unknown> =>
      limit.run(() => this.traces.locate(traceId, { backend: name, signal }), signal);
    const fetched = await Promise.allSettled(traces.map(({ traceId }) => one(traceId)));
    throwIfAborted(signal);
    const failed = fetched.find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected' && fetched.every(({ status }) => status === 'rejected')) throw failed.reason;
  }

  /** Whether a trace of it can be put aside. */
  canArchive(name: string): boolean {
    return this.backends.kindOf(name)?.capabilities.archive === true;
  }

  /** Puts a trace aside, where it does not expire with the others. Rejects with NotSupported where there is no such place. */
  async archive(name: string, traceId: string, signal?: AbortSignal): Promise<void> {
    if (!this.canArchive(name))
      throw new SpanhopError('NotSupported', `"${name}" keeps no archive. Export the trace in its place.`);
    await (await this.backends.get(name)).archiveTrace?.(traceId, signal);
  }

  /** How far back a search of it goes that names no start, in milliseconds; undefined: to the first trace. */
  windowOf(name: string): number | undefined {
    return this.backends.kindOf(name)?.defaultWindowMs || undefined;
  }

  private tells(name: string, what: 'services' | 'tags' | 'dependencies'): boolean {
    this.backends.require(name);
    return this.backends.kindOf(name)?.capabilities[what] === true;
  }

  /** Nothing where no trace of it was fetched. */
  private async ofTraces<T>(
    name: string,
    ask: (dataset: string) => Promise<T[]>,
    signal: AbortSignal | undefined,
  ): Promise<readonly T[]> {
    if (name === LOCAL_DATASET) await this.engine.capturesOpened(signal);
    try {
      return await ask(datasetOf(name));
    } catch (error) {
      if (error instanceof SpanhopError && error.kind === 'NotFound') return [];
      throw error;
    }
  }
}

function toNano(ms: number): bigint {
  return BigInt(Math.round(ms)) * 1_000_000n;
}
