/** Searches a backend as the window does: its whole traces are read and filtered by an engine, here without its worker. */

import { type Engine, FoundPages, pagesOfBackend } from '../../src/app/traces/tracePages';
import type { Backend } from '../../src/backends/common/backend';
import { parseQuery } from '../../src/core/query/parse';
import type { Query } from '../../src/core/query/query';
import { InProcessEngine } from './inProcessEngine';

export interface Search {
  /** TraceQL; without it: everything. */
  readonly text?: string;
  readonly startUnixNano?: bigint;
  readonly endUnixNano?: bigint;
  readonly pageSize?: number;
  readonly cursor?: string;
  readonly signal?: AbortSignal;
}

/** Of pages until there is none, or so many. */
export async function searchBackend(backend: Backend, search: Search, mostPages = 1000) {
  const own = new InProcessEngine();
  const engine: Engine = { call: (method, params, options) => own.call(method, params, options?.signal) };
  const { text = '{ }', pageSize = 20, cursor, signal, startUnixNano, endUnixNano } = search;
  const query: Query = { ...parseQuery(text), startUnixNano, endUnixNano };
  const all = new FoundPages(backend.settings.name);
  let pages = 0;
  for await (const page of pagesOfBackend(engine, backend, 'backend:test', { query, pageSize, cursor }, signal)) {
    all.add(page);
    if (++pages === mostPages) break;
  }
  return { pages, ...all.found(), engine: own };
}
