// Logz.io, as it is published: two calendar days a request, newest first, a thousand ids, ten thousand documents, a token.

import { afterEach, describe, expect, it } from 'vitest';
import { readEntry } from '../../../src/backends/kinds';
import { LogzioBackend } from '../../../src/backends/logzio/logzio';
import { backendContext } from '../../support/backend';
import type { Json } from '../../support/documentIndex';
import { type SearchServer, startSearchServer } from '../../support/documentSearchServer';
import { failure } from '../../support/inProcessEngine';
import { decodedSpans } from '../../support/plainSpans';
import { idsIn, queryIn, searchPages } from '../../support/searchedBackend';
import { hex, noonMs, spanDocument } from '../../support/spanDocument';

const HOUR = 3_600_000_000;
const DAY = 24 * HOUR;
const dayMs = 24 * 3_600_000;
/** Noon of the day of the documents, and some hours. */
const nowMs = noonMs + 6 * 3_600_000;

let server: SearchServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

interface Given {
  readonly token?: string;
  readonly withoutMultiSearch?: boolean;
  readonly options?: Readonly<Record<string, number>>;
}

async function backendOf(
  documents: readonly Json[],
  { token = 'secret', withoutMultiSearch, options = {} }: Given = {},
): Promise<LogzioBackend> {
  const spans = documents.map((one) => ({ type: 'jaegerSpan', ...one }));
  server = await startSearchServer({ sources: { tracing: spans }, logzio: { token: 'secret', nowMs, withoutMultiSearch } });
  const headers = token === '' ? undefined : { 'X-API-TOKEN': token };
  return new LogzioBackend(backendContext({ type: 'logzio', url: server.url, headers, options }, { nowMs: () => nowMs }));
}

const lines = (): string[] => server?.requests.map(({ line }) => line) ?? [];
const backTo = (days: number): { startMs: number; endMs: number } => ({ startMs: nowMs - days * dayMs, endMs: nowMs });
const spanIds = (bodies: readonly Uint8Array<ArrayBuffer>[]): string[] =>
  bodies.flatMap((body) => decodedSpans(body).map(({ spanId }) => spanId)).sort();

it.each<readonly [string | undefined, string]>([
  [undefined, 'https://api.logz.io'],
  ['us', 'https://api.logz.io'],
  ...['au', 'ca', 'eu', 'nl', 'uk', 'wa'].map((region) => [region, `https://api-${region}.logz.io`] as const),
])('the region %s is at %s', (region, url) => {
  expect(readEntry({ name: 'prod', type: 'logzio', ...(region && { region }) })).toMatchObject({ url });
  expect(readEntry({ name: 'prod', type: 'logzio', region: 'mars' })).toMatch(/"region".*none of us, au/);
});

describe('a search', () => {
  it('of some weeks comes two calendar days a page, newest first, with one request for what is empty', async () => {
    // Days back from today, whose two days are one page, as are the second and the third before.
    const documents = [0, 1, 2, 3, 9].map((days, trace) => spanDocument({ trace, at: -days * DAY }));
    const backend = await backendOf(documents);
    const pages = await searchPages(backend, queryIn('{ }', backTo(12)), 20);
    expect(pages.map((page) => idsIn([page]))).toEqual([
      [hex(1, 32), hex(2, 32)],
      [hex(3, 32), hex(4, 32)],
      [],
      [],
      [hex(5, 32)],
      [],
      [],
    ]);
    const searches = lines().filter((line) => line.includes('/v1/search'));
    expect(lines().filter((line) => line.includes('_msearch'))).toHaveLength(3);
    expect(searches.map((line) => line.replace(/.*=/, ''))).toEqual(['2', '2', '2', '4', '6', '8', '9', '9', '10', '12']);
  });

  it('goes on with the day before where the last page ended', async () => {
    const documents = Array.from({ length: 9 }, (_, trace) => spanDocument({ trace, at: -trace * 5 * HOUR }));
    const backend = await backendOf(documents);
    const query = queryIn('{ }', backTo(3));
    const pages = await searchPages(backend, query, 4);
    expect(idsIn(pages)).toEqual(documents.map(({ traceID }) => traceID));
    expect(idsIn(await searchPages(backend, query, 4, pages[1].cursor))).toEqual(idsIn(pages.slice(2)));
  });

  it('has the spans of a trace on both sides of midnight', async () => {
    const midnight = -36 * HOUR;
    const documents = [
      spanDocument({ trace: 0, span: 1, at: midnight - 1_000, name: 'before' }),
      spanDocument({ trace: 0, span: 2, at: midnight + 1_000, name: 'after' }),
    ];
    const backend = await backendOf(documents);
    for (const name of ['before', 'after']) {
      const [found] = (await searchPages(backend, queryIn(`{ name = "${name}" }`, backTo(4)), 5)).flatMap(({ traces }) => traces);
      expect(found).toMatchObject({ traceId: hex(1, 32), spanCount: 2 });
    }
  });

  it('compares attributes that are fields, and texts by their words', async () => {
    const tag = (trace: number, route: string): Json =>
      spanDocument({ trace, more: { tags: undefined, JaegerTag: { 'http@route': route, error: trace === 1 } } });
    const backend = await backendOf([tag(0, '/cart'), tag(1, '/cart'), tag(2, '/Cart')]);
    const pages = await searchPages(
      backend,
      queryIn('{ span.http.route = "/cart" && status = error && resource.service.name = "shop" }', backTo(1)),
      5,
    );
    expect(idsIn(pages)).toEqual([hex(2, 32)]);
    expect(pages[0].pushDown).toMatchObject({ exact: [], superset: [{}, {}, {}], here: [] });
  });

  it('keeps to what one request may count and give', async () => {
    const documents = Array.from({ length: 1_300 }, (_, trace) => spanDocument({ trace, at: -trace }));
    const large = Array.from({ length: 6_000 }, (_, span) => spanDocument({ trace: 5_000, span, at: span }));
    const pages = await searchPages(await backendOf([...documents, ...large]), queryIn('{ }', backTo(1)), 2_000);
    expect(idsIn(pages)).toHaveLength(1_301);
    expect(pages[0].traces[0].spanCount).toBe(6_000);
  });
});

describe('a trace', () => {
  it('is looked for two days at a time, as far back as it is said', async () => {
    const backend = await backendOf([spanDocument({ trace: 0, at: -9 * DAY })]);
    expect(spanIds((await backend.get(hex(1, 32))).bodies)).toEqual([hex(1, 16)]);
    expect(await failure(backend.get(hex(2, 32)))).toMatch(/^NotFound: .* It was looked for in the last 14 days/);
    await server?.stop();
    const near = await backendOf([spanDocument({ trace: 0, at: -9 * DAY })], { options: { lookbackDays: 4 } });
    expect(await failure(near.get(hex(1, 32)))).toMatch(/^NotFound: .* in the last 4 days/);
    expect(lines()).toHaveLength(3);
  });

  it('has all its spans in one body, from several days', async () => {
    const times = [-12 * HOUR - 1_000, -12 * HOUR + 1_000, -36 * HOUR - 1_000, 0];
    const backend = await backendOf(times.map((at, span) => spanDocument({ trace: 0, span, at })));
    const { bodies } = await backend.get(hex(1, 32));
    expect([bodies.length, spanIds(bodies)]).toEqual([1, [1, 2, 3, 4].map((span) => hex(span, 16))]);
  });
});

describe('the account', () => {
  it('tells its services from documents of theirs, or from spans', async () => {
    const spans = [spanDocument({ trace: 0 })];
    const backend = await backendOf([...spans, { type: 'jaegerService', serviceName: 'mail', operationName: 'send' }]);
    expect([await backend.services(), await backend.operations('mail')]).toEqual([['mail'], ['send']]);
    await server?.stop();
    const other = await backendOf(spans);
    expect([await other.services(), await other.operations('shop'), await other.describe()]).toEqual([
      ['shop'],
      ['op'],
      { product: 'Logz.io', services: 1 },
    ]);
  });

  it('gets the token, and wants a packed answer', async () => {
    await (await backendOf([spanDocument({ trace: 0 })])).services();
    expect(server?.requests[0].headers).toMatchObject({
      'x-api-token': 'secret',
      'accept-encoding': expect.stringContaining('gzip'),
    });
    expect(server?.requests[0].body).toMatch(/^\{\}\n\{.*\}\n$/);
  });

  it.each([
    ['', '401'],
    ['wrong', '403'],
  ])('refuses the token %j', async (token, status) => {
    const backend = await backendOf([], { token });
    expect(await failure(backend.services())).toMatch(new RegExp(`^Unauthorized: .*${status}`));
  });

  it('may have nothing but the documented search', async () => {
    const backend = await backendOf([spanDocument({ trace: 0 })], { withoutMultiSearch: true });
    expect(idsIn(await searchPages(backend, queryIn('{ }', backTo(1)), 5))).toEqual([hex(1, 32)]);
    expect(lines().map((line) => line.replace(/\?.*/, ''))).toEqual([
      'POST /v1/elasticsearch/_msearch',
      ...Array(3).fill('POST /v1/search'),
    ]);
  });

  it('says what it does not take', async () => {
    const backend = await backendOf([]);
    server?.instead.push((response) =>
      response.writeHead(400).end('{"errorCode":"SEARCH/TOO_LONG","message":"The range is too long","requestId":"x"}'),
    );
    expect(await failure(backend.services())).toContain('answered: The range is too long.');
    server?.instead.push((response) => response.writeHead(200).end('{"errorCode":429}'));
    expect(await failure(backend.services())).toContain('answered: 429.');
  });
});
