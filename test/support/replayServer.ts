/**
 * Replays recorded answers of real trace servers over HTTP: a folder of exchanges `{request: {method, path, headers}, response}`. A request
 * is matched by method, path and parameters in any order; where no recording is exact, by the recording that differs in the window's times
 * and the limit only. What was not recorded is answered 599, and counted, so that a test sees it.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

interface Exchange {
  readonly name: string;
  readonly request: { readonly method: string; readonly path: string; readonly headers: Record<string, string> };
  readonly response: {
    readonly status: number;
    readonly headers: Record<string, string>;
    readonly body?: string;
    readonly bodyBase64?: string;
  };
}

const loose = /(start|end|limit|num_traces|searchdepth|search_depth|starttimemin|starttimemax|start_time_min|start_time_max)$/i;

/** `query.service_name` and `query.serviceName` mean the same. */
function camel(name: string): string {
  return name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function key(method: string, path: string, exact: boolean): string {
  const url = new URL(path, 'http://x');
  const parameters = [...url.searchParams]
    .filter(([name]) => exact || !loose.test(name))
    .map(([name, value]) => `${exact ? name : camel(name)}=${value}`);
  return `${method} ${url.pathname} ${[...new Set(parameters)].sort().join('&')}`;
}

export interface ReplayServer {
  readonly url: string;
  /** `METHOD path` of each request, in order. */
  readonly requests: string[];
  /** Those without a recording. */
  readonly unknown: string[];
  stop(): Promise<void>;
}

/** @param use names of exchanges that may be replayed; default: those that are not of a variant (`tenancy-`, `basepath-`, `last-`, `early-`, `empty-`) */
export async function startReplay(
  folder: string,
  use: (name: string) => boolean = (name) => !/^(tenancy|basepath|last|early|empty|wrong)-/.test(name),
): Promise<ReplayServer> {
  const exact = new Map<string, Exchange>();
  const near = new Map<string, Exchange>();
  for (const file of readdirSync(folder)) {
    const name = file.replace(/\.json$/, '');
    if (!file.endsWith('.json') || !use(name)) continue;
    const exchange: Exchange = { name, ...JSON.parse(readFileSync(join(folder, file), 'utf8')) };
    const { method, path } = exchange.request;
    if (!exact.has(key(method, path, true))) exact.set(key(method, path, true), exchange);
    if (exchange.response.status < 500 && !near.has(key(method, path, false))) near.set(key(method, path, false), exchange);
  }
  const requests: string[] = [];
  const unknown: string[] = [];
  const server = createServer((request, response) => {
    const method = request.method ?? '';
    const path = request.url ?? '';
    requests.push(`${method} ${decodeURIComponent(path)}`);
    const exchange = exact.get(key(method, path, true)) ?? near.get(key(method, path, false));
    if (exchange === undefined) {
      unknown.push(`${method} ${decodeURIComponent(path)}`);
      response.writeHead(599).end('not recorded');
      return;
    }
    const { status, headers, body, bodyBase64 } = exchange.response;
    const kept = Object.fromEntries(
      Object.entries(headers).filter(([name]) => !/^(content-length|transfer-encoding|date)$/.test(name)),
    );
    response.writeHead(status, kept).end(bodyBase64 === undefined ? (body ?? '') : Buffer.from(bodyBase64, 'base64'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    unknown,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
