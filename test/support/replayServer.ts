/**
 * Replays recorded answers of real trace servers over HTTP: a folder of exchanges `{request: {method, path, headers}, response}`. A request
 * is matched by method, path, parameters in any order, the tenant's header, and whether protobuf is asked for; where no recording is exact, by the
 * recording that differs in the window's times and the limit only. What was not recorded is answered 599, and counted, so that a test sees it.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

/** One request with its answer, as it was recorded. */
export interface Exchange {
  /** The file's, without `.json`. */
  readonly name: string;
  readonly what: string;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
  };
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly bodyBase64?: string;
  };
}

/** All exchanges of a folder, by name. */
export function exchangesOf(folder: string): readonly Exchange[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => ({ name: file.replace(/\.json$/, ''), ...JSON.parse(readFileSync(join(folder, file), 'utf8')) }));
}

/** The answer's bytes. */
export function bodyOf({ response: { body, bodyBase64 } }: Exchange): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bodyBase64 === undefined ? Buffer.from(body ?? '') : Buffer.from(bodyBase64, 'base64'));
}

/** Prefixes of servers that were set up in another way, and of moments other than after all data. */
const variants = /^(tenancy|basepath|last|early|empty|wrong|strict|nosearch|blocks|overload|large)-/;

/** The exchanges of the server as it was set up first, after all data. */
const plain = (name: string): boolean => !variants.test(name);

/** Those of one variant: `tenancy`, `basepath`, `nosearch` … */
export const onlyVariant =
  (variant: string) =>
  (name: string): boolean =>
    name.startsWith(`${variant}-`);

const loose =
  /^(?:query\.)?(?:start|end|limit|spss|endTs|lookback|num_?traces|search_?depth|start_?time(?:_?(?:min|max))?|end_?time)$/i;

/** `query.service_name` and `query.serviceName` mean the same. */
function camel(name: string): string {
  return name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** A query without the blanks that mean nothing. */
function tight(text: string): string {
  return text.replaceAll(/("(?:\\.|[^"\\])*"|`[^`]*`)|\s+/g, (_, quoted: string | undefined) => quoted ?? '');
}

function key(method: string, path: string, exact: boolean): string {
  // Not relative to a base: `//api` would be a host.
  const url = new URL(`http://x${path}`);
  const parameters = [...url.searchParams]
    .filter(([name]) => exact || !loose.test(name))
    .map(([name, value]) => (exact ? `${name}=${value}` : `${camel(name)}=${name === 'q' ? tight(value) : value}`));
  return `${method} ${unescaped(url.pathname)} ${[...new Set(parameters)].sort().join('&')}`;
}

/** A path with one way of writing each character. */
function unescaped(pathname: string): string {
  return pathname
    .split('/')
    .map((part) => encodeURIComponent(readable(part)))
    .join('/');
}

function readable(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a stray percent sign
  }
}

/** What of a request's headers decides about the answer. */
function facts(headers: IncomingHttpHeaders): string {
  const tenant = headers['x-tenant'] ?? headers['x-scope-orgid'];
  const protobuf = (headers.accept ?? '').startsWith('application/protobuf');
  return `${protobuf ? 'protobuf' : ''} ${tenant === undefined ? 'no tenant' : `tenant ${String(tenant)}`}`;
}

export interface ReplayServer {
  readonly url: string;
  /** `METHOD path` of each request, in order. */
  readonly requests: string[];
  /** Those without a recording. */
  readonly unknown: string[];
  stop(): Promise<void>;
}

/**
 * @param use which exchanges may be replayed, by name; default: those of no variant. `onlyVariant('tenancy')` for those of one. Tenants are told apart
 * only where the exchanges do.
 */
export async function startReplay(folder: string, use: (name: string) => boolean = plain): Promise<ReplayServer> {
  const exact = new Map<string, Exchange>();
  const near = new Map<string, Exchange>();
  const used = exchangesOf(folder).filter(({ name }) => use(name));
  const hasTenants = used.some(
    ({ request: { headers } }) => /tenant \S/.test(facts(headers)) && !/no tenant/.test(facts(headers)),
  );
  const factsOf = (headers: IncomingHttpHeaders): string => (hasTenants ? facts(headers) : facts({ accept: headers.accept }));
  for (const exchange of used) {
    const { method, path, headers } = exchange.request;
    const exactKey = `${key(method, path, true)} ${factsOf(headers)}`;
    if (!exact.has(exactKey)) exact.set(exactKey, exchange);
    const nearKey = `${key(method, path, false)} ${factsOf(headers)}`;
    // A window or a limit that was refused says nothing about another.
    const before = near.get(nearKey);
    const { status } = exchange.response;
    if (status < 500 && (before === undefined || (before.response.status >= 400 && status < 400))) near.set(nearKey, exchange);
  }
  const requests: string[] = [];
  const unknown: string[] = [];
  const server = createServer((request, response) => {
    const method = request.method ?? '';
    const path = request.url ?? '';
    const told = `${method} ${readable(path)}`;
    requests.push(told);
    const about = factsOf(request.headers);
    const exchange = exact.get(`${key(method, path, true)} ${about}`) ?? near.get(`${key(method, path, false)} ${about}`);
    if (exchange === undefined) {
      unknown.push(told);
      response.writeHead(599).end('not recorded');
      return;
    }
    const { status, headers } = exchange.response;
    const kept = Object.fromEntries(
      Object.entries(headers).filter(([name]) => !/^(content-length|transfer-encoding|date)$/.test(name)),
    );
    response.writeHead(status, kept).end(bodyOf(exchange));
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
