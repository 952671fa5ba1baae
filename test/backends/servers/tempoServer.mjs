// @ts-check
// A real Grafana Tempo, where `TEMPO_BIN` points at one: no registry has it.

import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../vscode/processes.mjs';
import { freePort, startServer } from './server.mjs';

/** @returns {import('./server.mjs').Found} */
export function findTempo() {
  const path = process.env.TEMPO_BIN;
  if (!path) return { reason: 'TEMPO_BIN names none' };
  return existsSync(path) ? { path } : { reason: `TEMPO_BIN names ${path}, which is not there` };
}

/**
 * All in one process. Spans that come up to three hours late are filed under their own time; with less they are found by id alone.
 * @param {string} folder
 * @param {Record<'query' | 'grpc' | 'otlp', number>} ports
 */
const configuration = (folder, ports) => `
server: { http_listen_address: 127.0.0.1, http_listen_port: ${ports.query}, grpc_listen_address: 127.0.0.1, grpc_listen_port: ${ports.grpc}, log_level: warn }
distributor: { receivers: { otlp: { protocols: { http: { endpoint: "127.0.0.1:${ports.otlp}" } } } } }
storage: { trace: { backend: local, local: { path: "${folder}/blocks" }, wal: { path: "${folder}/wal", ingestion_time_range_slack: 3h } } }
live_store: { wal: { path: "${folder}/live-store", ingestion_time_range_slack: 3h }, shutdown_marker_dir: "${folder}/shutdown-marker" }
metrics_generator: { storage: { path: "${folder}/generator" } }
overrides: { defaults: { metrics_generator: { processors: [service-graphs, span-metrics] } } }
stream_over_http_enabled: true
usage_report: { reporting_enabled: false }
`;

/**
 * @param {string | undefined} path Of the program.
 * @param {{ port?: number, otlpPort?: number }} [options]
 * @returns {Promise<import('./server.mjs').Running>}
 */
export async function startTempo(path, options = {}) {
  const folder = temporaryFolder('tempo-run');
  const ports = {
    query: options.port ?? (await freePort()),
    grpc: await freePort(),
    otlp: options.otlpPort ?? (await freePort()),
  };
  const file = join(folder.path, 'tempo.yaml');
  writeFileSync(file, configuration(folder.path, ports));
  const url = `http://127.0.0.1:${ports.query}`;
  const server = await startServer({
    what: 'Tempo',
    command: path ?? '',
    args: [`-config.file=${file}`],
    answers: `${url}/ready`,
  });
  return {
    url,
    otlp: `http://127.0.0.1:${ports.otlp}`,
    stop: async () => {
      await server.stop();
      folder.remove();
    },
  };
}
