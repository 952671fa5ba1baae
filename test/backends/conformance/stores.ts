/** The same search over a backend and over the local store, as the application does both. */
import type { EngineService } from '../../../src/app/engine/engineService';
import { pagesOfBackend, pagesOfDataset } from '../../../src/app/traces/tracePages';
import type { Backend } from '../../../src/backends/common/backend';
import { parseQuery } from '../../../src/core/query/parse';
import type { Query } from '../../../src/core/query/query';
import { InProcessEngine } from '../../support/inProcessEngine';
import { ALL, type ConformanceQuery } from './queries';

/** Trace ids, newest first. */
export type Found = readonly string[];

export type Store = (query: ConformanceQuery) => Promise<Found>;

/** As the application has it. */
function callable(engine: InProcessEngine): Pick<EngineService, 'call'> {
  return { call: (method, params, options) => engine.call(method, params, options?.signal) };
}

const minuteNano = 60_000_000_000n;

/** A query with the window that it names, in minutes of the system. */
function queryOf({ query, minutes: [first, last] = [0, 9] }: ConformanceQuery, baseMs: number): Query {
  const begin = BigInt(baseMs) * 1_000_000n - 10n * minuteNano;
  return {
    ...parseQuery(query),
    startUnixNano: begin + BigInt(first) * minuteNano,
    endUnixNano: begin + BigInt(last + 1) * minuteNano - 1_000_000_000n,
  };
}

/** Over the engine's own store, filled with these documents. */
export async function localStore(bodies: readonly Uint8Array<ArrayBuffer>[], baseMs: number): Promise<Store> {
  const engine = new InProcessEngine();
  const dataset = 'file:local';
  for (const bytes of bodies) await engine.call('addBytes', { dataset, name: 'local', bytes });
  return async (of) => {
    const limit = of.limit ?? ALL;
    const found: string[] = [];
    for await (const page of pagesOfDataset(
      callable(engine),
      { dataset, query: queryOf(of, baseMs), pageSize: limit },
      undefined,
    )) {
      found.push(...page.traces.map(({ traceId }) => traceId));
      if (found.length >= limit) break;
    }
    return found.slice(0, limit);
  };
}

/** Over a backend, whose whole traces an engine of its own filters. */
export function backendStore(backend: Backend, baseMs: number): Store {
  return async (of) => {
    const limit = of.limit ?? ALL;
    const found: string[] = [];
    const engine = callable(new InProcessEngine());
    const pages = pagesOfBackend(engine, backend, 'backend:real', { query: queryOf(of, baseMs), pageSize: limit }, undefined);
    for await (const page of pages) {
      if (page.partial !== undefined) throw new Error(`A partial answer: ${page.partial}`);
      found.push(...page.traces.map(({ traceId }) => traceId));
      if (found.length >= limit) break;
    }
    return found.slice(0, limit);
  };
}
