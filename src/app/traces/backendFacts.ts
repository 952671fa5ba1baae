/**
 * What a backend knows beside its traces: services, operations, keys of attributes and their values, who calls whom. The server is asked where it can
 * tell; else it is what the traces say that are here.
 */

import type { TimeRange } from '../../backends/common/backend';
import { SpanhopError } from '../../base/errors';
import type { Dependency } from '../../core/answers/answer';
import { LOCAL_DATASET } from '../../protocol/traces';
import type { Backends } from '../backends/backends';
import type { EngineService } from '../engine/engineService';
import { datasetOf } from './traceService';

/** How far back dependencies go that name no start, in milliseconds. */
const dayMs = 24 * 3_600_000;

export class BackendFacts {
  constructor(
    private readonly engine: Pick<EngineService, 'call' | 'capturesOpened'>,
    private readonly backends: Pick<Backends, 'get' | 'kindOf' | 'require'>,
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
    if (this.tells(name, 'dependencies')) {
      const told = await (await this.backends.get(name)).dependencies?.({ startMs, endMs }, signal);
      if (told) return told;
    }
    const bounds = {
      startUnixNano: range.startMs === undefined ? undefined : BigInt(Math.round(startMs)) * 1_000_000n,
      endUnixNano: range.endMs === undefined ? undefined : BigInt(Math.round(endMs)) * 1_000_000n,
    };
    const calls = await this.ofTraces(
      name,
      (dataset) => this.engine.call('serviceCalls', { dataset, ...bounds }, { signal }),
      signal,
    );
    if (calls.length > 0 || name === LOCAL_DATASET) return calls;
    throw new SpanhopError(
      'NotSupported',
      `"${name}" does not tell who calls whom, and none of its traces that are here do. Search for traces first.`,
    );
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
