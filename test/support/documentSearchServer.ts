/** Elasticsearch, OpenSearch or Logz.io on loopback, as far as connectors ask them, with the limits that the latter has. */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { type Json, Refused } from './documentIndex';
import { asJson, DocumentSearch, type Indices } from './documentSearch';
import { documentJson } from './jaegerDocuments';

export interface SearchServerOptions extends Indices {
  /** What `GET /` tells. */
  readonly version?: { readonly number: string; readonly distribution?: string };
  /** The authorization that it wants. */
  readonly authorization?: string;
  /** Answers as Logz.io, to this token. */
  readonly logzio?: { readonly token: string; readonly nowMs: number; readonly withoutMultiSearch?: boolean };
}

export interface SearchServer {
  readonly url: string;
  readonly search: DocumentSearch;
  /** `METHOD path` of each, and what was searched for. */
  readonly requests: { readonly line: string; readonly body: string; readonly headers: IncomingMessage['headers'] }[];
  /** The next answers, in the place of its own. */
  readonly instead: ((response: ServerResponse) => void)[];
  stop(): Promise<void>;
}

const DAY_MS = 24 * 3_600_000;

export async function startSearchServer(options: SearchServerOptions): Promise<SearchServer> {
  const search = new DocumentSearch(options);
  const requests: SearchServer['requests'] = [];
  const instead: SearchServer['instead'] = [];
  const server = createServer(async (request, response) => {
    const body = (await request.setEncoding('utf8').toArray()).join('');
    requests.push({ line: `${request.method} ${request.url}`, body, headers: request.headers });
    const other = instead.shift();
    if (other) return other(response);
    const { status, json } = options.logzio
      ? answerOfLogzio(search, request, body, options.logzio)
      : answerOfServer(search, request, body, options);
    const isPacked = String(request.headers['accept-encoding']).includes('gzip');
    const text = Buffer.from(documentJson(json));
    response.writeHead(status, { 'content-type': 'application/json', ...(isPacked && { 'content-encoding': 'gzip' }) });
    response.end(isPacked ? gzipSync(text) : text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    search,
    requests,
    instead,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Reply {
  readonly status: number;
  readonly json: unknown;
}

function answerOfServer(search: DocumentSearch, request: IncomingMessage, body: string, options: SearchServerOptions): Reply {
  const url = new URL(request.url ?? '/', 'http://x');
  if (options.authorization !== undefined && request.headers.authorization !== options.authorization) {
    const cause = { type: 'security_exception', reason: 'missing authentication credentials for REST request [/]' };
    return { status: 401, json: { error: { root_cause: [cause], ...cause }, status: 401 } };
  }
  if (url.pathname === '/') {
    const version = { lucene_version: '9.12.3', ...(options.version ?? { number: '8.19.2' }) };
    return { status: 200, json: { name: 'n', cluster_name: 'c', version, tagline: 'You Know, for Search' } };
  }
  const [, index = '', what] = url.pathname.split('/').map(decodeURIComponent);
  if (what === '_field_caps') {
    const { status, body: json } = search.fieldCapabilities(index, (url.searchParams.get('fields') ?? '').split(','));
    return { status, json };
  }
  if (what !== '_search') return { status: 400, json: { error: `no handler found for uri [${url.pathname}]` } };
  const { status, body: json } = search.search(index, JSON.parse(body), url.searchParams.get('ignore_unavailable') === 'true');
  return { status, json };
}

function answerOfLogzio(
  search: DocumentSearch,
  request: IncomingMessage,
  body: string,
  { token, nowMs, withoutMultiSearch }: NonNullable<SearchServerOptions['logzio']>,
): Reply {
  const url = new URL(request.url ?? '/', 'http://x');
  const given = request.headers['x-api-token'];
  if (given === undefined) return { status: 401, json: { errorCode: 'AUTH/UNAUTHORIZED', message: 'No token' } };
  if (given !== token) return { status: 403, json: { errorCode: 'AUTH/FORBIDDEN', message: 'Unknown token' } };
  const isMulti = url.pathname === '/v1/elasticsearch/_msearch' && withoutMultiSearch !== true;
  if (!isMulti && url.pathname !== '/v1/search')
    return { status: 404, json: { errorCode: 'GENERAL/NOT_FOUND', message: 'Not found' } };
  const lines = body.trimEnd().split('\n');
  const searches = isMulti ? lines.filter((_, i) => i % 2 === 1) : [body];
  const offset = isMulti ? 0 : Number(url.searchParams.get('dayOffset') ?? 0);
  const lastDay = Math.floor(nowMs / DAY_MS) - offset;
  const answers = searches.map((one): Reply => {
    const wanted = asJson(JSON.parse(one));
    const problem = limitOf(wanted, isMulti, nowMs);
    if (problem !== undefined) return { status: 400, json: { errorCode: 'SEARCH/INVALID', message: problem } };
    // Nothing but its two calendar days is there.
    const days = { range: { startTime: { gte: (lastDay - 1) * DAY_MS * 1000, lt: (lastDay + 1) * DAY_MS * 1000 } } };
    const named = { bool: { must_not: [{ exists: { field: 'startTime' } }] } };
    const within = { bool: { should: [days, named], minimum_should_match: 1 } };
    const { status, body: json } = search.search('*', { ...wanted, query: { bool: { filter: [asJson(wanted.query), within] } } });
    return { status, json };
  });
  const bad = answers.find(({ status }) => status !== 200);
  if (bad) return bad;
  return isMulti ? { status: 200, json: { responses: answers.map(({ json }) => json) } } : answers[0];
}

/** Why Logz.io does not take a search. */
function limitOf(body: Json, isMulti: boolean, nowMs: number): string | undefined {
  if (body.query === undefined) throw new Refused('query is required');
  const sizes = [...JSON.stringify(body.aggs ?? {}).matchAll(/"size":(\d+)/g)].map(([, size]) => Number(size));
  if (sizes.some((size) => size > 1_000)) return 'An aggregation may have 1000 buckets at most';
  if (Number(body.size ?? 10) > (body.aggs === undefined ? 10_000 : 1_000)) return 'size is too large';
  const bounds = [...JSON.stringify(body.query).matchAll(/"startTime":\{([^}]*)\}/g)].flatMap(([, text]) =>
    [...text.matchAll(/:(\d+)/g)].map(([, micros]) => Number(micros)),
  );
  if (bounds.length === 0) return undefined;
  const [least, most] = [Math.min(...bounds), Math.max(...bounds)];
  if (most - least > 2 * DAY_MS * 1000) return 'The time range may be 48 hours at most';
  return isMulti && least < (Math.floor(nowMs / DAY_MS) - 1) * DAY_MS * 1000
    ? 'Only the last two days can be searched here'
    : undefined;
}
