// @ts-check
// The real servers that the tests know, by name: how each is had, and how it is started.

import { ensureJaeger, findJaeger, startJaeger } from './jaegerServer.mjs';
import { ensureMoto, findMoto, startMoto } from './motoServer.mjs';
import { ensureOpenSearch, findOpenSearch, startOpenSearch } from './openSearchServer.mjs';
import { findTempo, startTempo } from './tempoServer.mjs';
import { ensureZipkin, findZipkin, startZipkin } from './zipkinServer.mjs';

/**
 * @typedef {object} RealServer
 * @property {string} name As on the command line.
 * @property {string} label For a person.
 * @property {() => import('./server.mjs').Found} find What is here.
 * @property {(log?: (line: string) => void) => Promise<import('./server.mjs').Found>} ensure As `find`, after getting it.
 * @property {(path: string | undefined, options?: { port?: number, otlpPort?: number }) => Promise<import('./server.mjs').Running>} start
 */

/** Jaeger that stores in an OpenSearch: both, and they end together. @type {RealServer['start']} */
export async function startJaegerInOpenSearch(path, options = {}) {
  const openSearch = await startOpenSearch(path);
  try {
    const jaeger = await startJaeger(findJaeger().path, { openSearch: { url: openSearch.url, prefix: 'spanhop' }, ...options });
    return {
      url: openSearch.url,
      otlp: jaeger.otlp,
      stop: async () => {
        await jaeger.stop();
        await openSearch.stop();
      },
    };
  } catch (error) {
    await openSearch.stop();
    throw error;
  }
}

/** @type {readonly RealServer[]} */
export const realServers = [
  { name: 'jaeger', label: 'Jaeger', find: findJaeger, ensure: ensureJaeger, start: startJaeger },
  { name: 'zipkin', label: 'Zipkin', find: findZipkin, ensure: ensureZipkin, start: startZipkin },
  {
    name: 'opensearch',
    label: 'OpenSearch, filled by Jaeger',
    find: () => (findJaeger().path ? findOpenSearch() : findJaeger()),
    ensure: async (log) => {
      const jaeger = await ensureJaeger(log);
      return jaeger.path ? ensureOpenSearch(log) : jaeger;
    },
    start: startJaegerInOpenSearch,
  },
  { name: 'xray', label: 'AWS X-Ray, played by moto', find: findMoto, ensure: ensureMoto, start: startMoto },
  { name: 'tempo', label: 'Grafana Tempo', find: findTempo, ensure: async () => findTempo(), start: startTempo },
];
