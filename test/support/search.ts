/** Searches as the window makes them: pages of a backend, filtered by an engine. */

import type { EngineService } from '../../src/app/engine/engineService';
import { type FoundPage, pagesOfBackend } from '../../src/app/traces/tracePages';
import type { Backend } from '../../src/backends/common/backend';
import { parseQuery } from '../../src/core/query/parse';
import type { Query } from '../../src/core/query/query';
import { InProcessEngine } from './inProcessEngine';

export interface Searched {
  readonly traceIds: readonly string[];
  readonly pages: readonly FoundPage[];
}

/** All pages of a search. */
export async function searched(backend: Backend, query: string | Query, pageSize = 20): Promise<Searched> {
  const inProcess = new InProcessEngine();
  await inProcess.call('configure', { redactKeys: [], redactPatterns: [], captureLogBytes: 1 });
  const engine: Pick<EngineService, 'call'> = { call: (method, params) => inProcess.call(method, params) };
  const parsed = typeof query === 'string' ? parseQuery(query) : query;
  const pages: FoundPage[] = [];
  for await (const page of pagesOfBackend(engine, backend, 'backend:test', { query: parsed, pageSize }, undefined))
    pages.push(page);
  return { traceIds: pages.flatMap(({ traces }) => traces.map(({ traceId }) => traceId)), pages };
}
