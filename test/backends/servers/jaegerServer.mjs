// @ts-check
// A real Jaeger 2, built with Go from its published module.
//
// The program is `cmd/jaeger` of the module github.com/jaegertracing/jaeger at v1.76.0. `go install` refuses the module because of a `replace` in
// its go.mod, so it is built as a dependency of an empty one, with its own go.sum.

import { chmodSync, copyFileSync, existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findCommand } from '../../support/findCommand.mjs';
import { outsideNpm } from '../../support/npm.mjs';
import { temporaryFolder } from '../../vscode/processes.mjs';
import { cacheFolder, findOrMake, freePort, runTool, startServer } from './server.mjs';

const version = 'v1.76.0';
const home = cacheFolder('jaeger');
const binary = join(home, `jaeger-${version}${process.platform === 'win32' ? '.exe' : ''}`);

/**
 * `JAEGER_BIN`, or the kept one. `ensureJaeger` makes one.
 * @returns {import('./server.mjs').Found}
 */
export function findJaeger() {
  if (process.env.JAEGER_BIN) return { path: process.env.JAEGER_BIN };
  if (existsSync(binary)) return { path: binary };
  return { reason: findCommand('go') ? 'none was built; `npm run test:backends` does' : 'Go is not installed' };
}

/** As `findJaeger`, after building one where there is none; some minutes. */
export const ensureJaeger = (log = console.log) =>
  findOrMake('jaeger', findJaeger, async () => {
    if (!findCommand('go')) return;
    mkdirSync(home, { recursive: true });
    const work = temporaryFolder('jaeger');
    const go = (/** @type {string} */ what, /** @type {readonly string[]} */ ...args) =>
      runTool(what, 'go', args, { cwd: work.path, env: { ...outsideNpm(), GOFLAGS: '-mod=mod' }, log });
    try {
      await go('Making a module for Jaeger', 'mod', 'init', 'tools');
      const module = `github.com/jaegertracing/jaeger@${version}`;
      const listed = await go(`Downloading Jaeger ${version}`, 'mod', 'download', '-json', module);
      copyFileSync(join(JSON.parse(listed.slice(listed.indexOf('{'))).Dir, 'go.sum'), join(work.path, 'go.sum'));
      chmodSync(join(work.path, 'go.sum'), 0o644);
      await go('Naming what is built', 'mod', 'edit', '-require', module);
      await go('Building Jaeger', 'build', '-o', `${binary}.partial`, 'github.com/jaegertracing/jaeger/cmd/jaeger');
      renameSync(`${binary}.partial`, binary);
    } finally {
      work.remove();
    }
  });

/** @param {{ basePath: string, query: number, grpc: number, otlp: number, storage: string }} options */
const configuration = ({ basePath, query, grpc, otlp, storage }) => `
service:
  extensions: [jaeger_storage, jaeger_query]
  pipelines:
    traces: { receivers: [otlp], processors: [], exporters: [jaeger_storage_exporter] }
  telemetry: { metrics: { level: none }, logs: { level: warn } }
extensions:
  jaeger_storage: { backends: { main: ${storage} } }
  jaeger_query:
    storage: { traces: main }
    enable_tracing: false
    base_path: "${basePath}"
    http: { endpoint: "127.0.0.1:${query}" }
    grpc: { endpoint: "127.0.0.1:${grpc}" }
receivers:
  otlp: { protocols: { http: { endpoint: "127.0.0.1:${otlp}" } } }
exporters:
  jaeger_storage_exporter: { trace_storage: main }
`;

/**
 * Jaeger's storage in an OpenSearch or Elasticsearch: an index a day, one shard, nothing copied.
 * @param {string} url
 * @param {string} prefix Of the names of the indices.
 */
const inOpenSearch = (url, prefix) => {
  const index = '{ date_layout: "2006-01-02", rollover_frequency: day, shards: 1, replicas: 0 }';
  return `{ opensearch: { server_urls: ["${url}"], max_span_age: 720h, indices: { index_prefix: "${prefix}", spans: ${index}, services: ${index}, dependencies: ${index} } } }`;
};

/**
 * Starts Jaeger on free loopback ports and resolves when its API answers. It stores in memory, or in the OpenSearch named.
 * @param {string | undefined} path Of the program.
 * @param {{ basePath?: string, port?: number, otlpPort?: number, openSearch?: { url: string, prefix: string } }} [options]
 * @returns {Promise<import('./server.mjs').Running>}
 */
export async function startJaeger(path, { basePath = '/', port, otlpPort, openSearch } = {}) {
  const folder = temporaryFolder('jaeger-run');
  const file = join(folder.path, 'jaeger.yaml');
  const [query, grpc, otlp] = [port ?? (await freePort()), await freePort(), otlpPort ?? (await freePort())];
  const storage = openSearch ? inOpenSearch(openSearch.url, openSearch.prefix) : '{ memory: { max_traces: 100000 } }';
  writeFileSync(file, configuration({ basePath, query, grpc, otlp, storage }));
  const url = `http://127.0.0.1:${query}${basePath === '/' ? '' : basePath}`;
  const server = await startServer({
    what: 'Jaeger',
    command: path ?? '',
    args: ['--config', `file:${file}`],
    answers: `${url}/api/v3/services`,
  });
  return {
    url,
    otlp: `http://127.0.0.1:${otlp}`,
    stop: async () => {
      await server.stop();
      folder.remove();
    },
  };
}
