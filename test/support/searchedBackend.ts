/** A backend that is searched as the application does it: page by page, its whole traces read and filtered by an engine. */

import type { EngineService } from '../../src/app/engine/engineService';
import { type FoundPage, pagesOfBackend } from '../../src/app/traces/tracePages';
import type { Backend } from '../../src/backends/common/backend';
import { parseQuery } from '../../src/core/query/parse';
import type { Query } from '../../src/core/query/query';
import { InProcessEngine } from './inProcessEngine';

const callable = (engine: InProcessEngine): Pick<EngineService, 'call'> => ({
  call: (method, params, options) => engine.call(method, params, options?.signal),
});

export interface Range {
  readonly startMs: number;
  readonly endMs: number;
}

export function queryIn(text: string, { startMs, endMs }: Range): Query {
  return { ...parseQuery(text), startUnixNano: BigInt(startMs) * 1_000_000n, endUnixNano: BigInt(endMs) * 1_000_000n };
}

/** All pages. */
export async function searchPages(backend: Backend, query: Query, pageSize: number, cursor?: string): Promise<FoundPage[]> {
  const engine = callable(new InProcessEngine());
  const pages: FoundPage[] = [];
  for await (const page of pagesOfBackend(engine, backend, 'backend:test', { query, pageSize, cursor }, undefined))
    pages.push(page);
  return pages;
}

export const idsIn = (pages: readonly FoundPage[]): string[] =>
  pages.flatMap(({ traces }) => traces.map(({ traceId }) => traceId));

/** Ids that the engine finds in documents of its own, in the order of their digits. */
export async function localIds(engine: InProcessEngine, query: Query): Promise<string[]> {
  const { traces } = await engine.call('findTraces', { dataset: 'file:sent', query, limit: 100_000 });
  return traces.map(({ traceId }) => traceId).sort();
}

export async function engineWith(bytes: Uint8Array<ArrayBuffer>): Promise<InProcessEngine> {
  const engine = new InProcessEngine();
  await engine.call('addBytes', { dataset: 'file:sent', name: 'sent', bytes });
  return engine;
}
