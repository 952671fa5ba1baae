// What an Elasticsearch or OpenSearch tells beside traces, and what is said where it is empty, another one, or not well.

import { afterEach, describe, expect, it } from 'vitest';
import { ElasticsearchBackend } from '../../../src/backends/elasticsearch/elasticsearch';
import { elasticsearch } from '../../../src/backends/elasticsearch/elasticsearchDescriptor';
import { readEntry } from '../../../src/backends/kinds';
import { backendContext, firstPage } from '../../support/backend';
import { type SearchServer, type SearchServerOptions, startSearchServer } from '../../support/documentSearchServer';
import { failure } from '../../support/inProcessEngine';
import { idsIn, queryIn, searchPages } from '../../support/searchedBackend';
import { hex, noonMs, spanDocument } from '../../support/spanDocument';

const day = { startMs: noonMs - 3_600_000, endMs: noonMs + 3_600_000 };
const services = [
  { serviceName: 'shop', operationName: 'GET /' },
  { serviceName: 'shop', operationName: 'POST /' },
  { serviceName: 'cart', operationName: 'add' },
];
const tags = [
  { key: 'http.status_code', type: 'int64', value: 503 },
  { key: 'cache.hit', type: 'bool', value: true },
  { key: 'code', type: 'string', value: '007' },
  { key: 'span.kind', type: 'string', value: 'server' },
];
const spans = [
  spanDocument({
    trace: 0,
    more: { tags, logs: [{ timestamp: noonMs * 1000, fields: [{ key: 'event', type: 'string', value: 'retry' }] }] },
  }),
  spanDocument({ trace: 1, more: { tag: { 'http@route': '/x', 'user@age': 7, error: true } } }),
];

let server: SearchServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

async function backendOf(
  given: Partial<SearchServerOptions> = {},
  options: Readonly<Record<string, string | boolean>> = {},
  headers?: Readonly<Record<string, string>>,
): Promise<ElasticsearchBackend> {
  const sources = given.sources ?? { 'jaeger-span-2026-11-21': spans, 'jaeger-service-2026-11-21': services };
  server = await startSearchServer({ ...given, sources });
  const settings = { type: 'elasticsearch', url: server.url, options, headers };
  return new ElasticsearchBackend(backendContext(settings, { nowMs: () => noonMs + 60_000 }));
}

describe('the server', () => {
  it.each([
    [{ number: '7.17.28' }, 'Elasticsearch', '7.17.28'],
    [{ number: '8.19.2' }, 'Elasticsearch', '8.19.2'],
    [{ number: '9.2.1' }, 'Elasticsearch', '9.2.1'],
    [{ number: '1.3.20', distribution: 'opensearch' }, 'OpenSearch', '1.3.20'],
    [{ number: '2.19.6', distribution: 'opensearch' }, 'OpenSearch', '2.19.6'],
    [{ number: '3.3.0', distribution: 'opensearch' }, 'OpenSearch', '3.3.0'],
  ])('tells what it is: %j', async (version, product, number) => {
    expect(await (await backendOf({ version })).describe()).toEqual({ product, version: number, services: 2 });
  });

  it('need not tell it to everybody', async () => {
    const backend = await backendOf();
    server?.instead.push((response) => response.writeHead(403).end('{"error":{"type":"security_exception"},"status":403}'));
    expect(await backend.describe()).toEqual({ services: 2 });
  });

  it('takes a key in a header, and says so where there is none', async () => {
    const authorization = 'ApiKey VnVhQ2ZHY0JDZGJrUW0tZTVhT3g6dWkybHA';
    expect(await (await backendOf({ authorization }, {}, { Authorization: authorization })).services()).toEqual(['cart', 'shop']);
    await server?.stop();
    expect(await failure((await backendOf({ authorization })).describe())).toMatch(/^Unauthorized: /);
  });

  it('is recognised by its greeting', async () => {
    await backendOf();
    const text = await (await fetch(server?.url ?? '')).text();
    const response = { status: 200, headers: {}, body: new Uint8Array(0) };
    expect(elasticsearch.recognition?.isIt(response, text)).toBe(true);
    expect(elasticsearch.recognition?.isIt(response, '{"status":"UP","cluster_name":"x"}')).toBe(false);
  });
});

describe('lists', () => {
  it('are those that Jaeger keeps', async () => {
    const backend = await backendOf();
    expect(await backend.services()).toEqual(['cart', 'shop']);
    expect(await backend.operations('shop')).toEqual(['GET /', 'POST /']);
    expect(await backend.operations('nobody')).toEqual([]);
    expect(await backend.operations('x'.repeat(300))).toEqual([]);
  });

  it('are made of spans where Jaeger keeps none', async () => {
    const backend = await backendOf({ sources: { 'jaeger-span-2026-11-21': spans } });
    expect([await backend.services(), await backend.operations('shop')]).toEqual([['shop'], ['op']]);
  });

  it('of attributes have both layouts, and not what is a field of a span', async () => {
    const backend = await backendOf();
    expect(await backend.tags()).toEqual([
      'event.event',
      'resource.service.name',
      'span.cache.hit',
      'span.code',
      'span.http.route',
      'span.http.status_code',
      'span.user.age',
    ]);
  });

  it('of values have the types that the spans have', async () => {
    const backend = await backendOf();
    expect(await backend.tagValues('span.http.status_code')).toEqual([503]);
    expect(await backend.tagValues('span.cache.hit')).toEqual([true]);
    expect(await backend.tagValues('span.code')).toEqual(['007']);
    expect(await backend.tagValues('span.http.route')).toEqual(['/x']);
    expect(await backend.tagValues('span.user.age')).toEqual([7]);
    expect(await backend.tagValues('event.event')).toEqual(['retry']);
    expect(await backend.tagValues('resource.service.name')).toEqual(['cart', 'shop']);
    expect([await backend.tagValues('span.nothing'), await backend.tagValues('rootName')]).toEqual([[], []]);
  });

  it('of who calls whom add the days up', async () => {
    const link = (parent: string, child: string, callCount: number): object => ({ parent, child, callCount });
    const of = (timestamp: string, ...dependencies: object[]): { timestamp: string; dependencies: object[] } => ({
      timestamp,
      dependencies,
    });
    const sources = {
      'jaeger-span-2026-11-21': spans,
      'jaeger-dependencies-2026-11-20': [of('2026-11-20T23:59:59.999Z', link('shop', 'cart', 5), link('shop', 'mail', 1))],
      'jaeger-dependencies-2026-11-21': [of('2026-11-21T11:00:00Z', link('shop', 'cart', 7))],
    };
    const backend = await backendOf({ sources });
    const two = { startMs: noonMs - 24 * 3_600_000, endMs: noonMs };
    expect(await backend.dependencies(two)).toEqual([
      { parent: 'shop', child: 'cart', calls: 12 },
      { parent: 'shop', child: 'mail', calls: 1 },
    ]);
    expect(await backend.dependencies(day)).toEqual([{ parent: 'shop', child: 'cart', calls: 7 }]);
  });

  it('of who calls whom are not there before the job ran', async () => {
    expect(await failure((await backendOf()).dependencies(day))).toMatch(
      /^NotSupported: .*jaeger-dependencies-\*.*did not run yet\.$/,
    );
  });
});

describe('indices', () => {
  const prefixed = { 'prod-jaeger-span-000001': spans, 'prod-jaeger-service-000001': services };

  it.each([['prod'], ['prod-']])('have the prefix that Jaeger was told: %s', async (indexPrefix) => {
    const backend = await backendOf(
      { sources: { ...prefixed, 'jaeger-span-2026-11-21': [spanDocument({ trace: 7 })] } },
      { indexPrefix },
    );
    expect(idsIn(await searchPages(backend, queryIn('{ }', day), 10)).sort()).toEqual([hex(1, 32), hex(2, 32)]);
    expect(await backend.services()).toEqual(['cart', 'shop']);
  });

  it('are asked by their aliases alone where a person may ask for no more', async () => {
    const aliases = {
      'prod-jaeger-span-read': ['prod-jaeger-span-000001'],
      'prod-jaeger-service-read': ['prod-jaeger-service-000001'],
    };
    const backend = await backendOf({ sources: prefixed, aliases }, { indexPrefix: 'prod', readAliases: true });
    expect(idsIn(await searchPages(backend, queryIn('{ }', day), 10))).toHaveLength(2);
    expect(await backend.services()).toEqual(['cart', 'shop']);
    const paths = server?.requests.map(({ line }) => decodeURIComponent(line.replace(/\?.*/, ''))) ?? [];
    expect(paths.every((path) => !path.includes('*'))).toBe(true);
  });

  it('that are not there yet hold nothing, which is said', async () => {
    for (const readAliases of [false, true]) {
      const backend = await backendOf({ sources: {} }, { readAliases });
      expect([await backend.services(), await backend.operations('shop'), await backend.tags()]).toEqual([[], [], []]);
      const page = await firstPage(backend.find(queryIn('{ }', day), { pageSize: 5 }));
      expect([page.traces, page.partial]).toEqual([
        [],
        expect.stringMatching(/^No spans were stored yet in jaeger-span-\S+, or the index prefix/),
      ]);
      expect(await failure(backend.get(hex(1, 32)))).toMatch(/^NotFound: .* has no trace 0+1\. No spans were stored yet/);
      expect(await backend.describe()).toMatchObject({ services: 0 });
      await server?.stop();
    }
  });

  it("that are somebody else's are told apart", async () => {
    const backend = await backendOf({ sources: { 'jaeger-span-2026-11-21': [{ message: 'a line of a log' }] } });
    expect(await failure(backend.services())).toMatch(/^BadData: .* no field traceID\. Check the index prefix\.$/);
  });

  it('cannot be named so that another path is asked', async () => {
    const entry = (indexPrefix: string): unknown => readEntry({ name: 'a', type: 'elasticsearch', url: 'http://x', indexPrefix });
    for (const prefix of ['a/b', 'a,b', '*', 'a b', '../x', 'a?b', 'c:x']) expect(entry(prefix)).toMatch(/"indexPrefix"/);
    expect(entry('team.a_1')).toMatchObject({ options: { indexPrefix: 'team.a_1' } });
  });
});

describe('a server that is not well', () => {
  const search = async (backend: ElasticsearchBackend): Promise<(string | undefined)[]> =>
    (await searchPages(backend, queryIn('{ }', day), 10)).map(({ partial }) => partial);

  it('says which shards did not answer, and gives what the others have', async () => {
    const backend = await backendOf();
    const { search: index } = server ?? {};
    if (index) index.failing = 1;
    expect(await search(backend)).toEqual(['1 of its 1 shards did not answer: queue is full. Traces and spans may be missing.']);
    expect((await backend.get(hex(1, 32))).partial).toMatch(/^1 of its 1 shards/);
  });

  it('says that it ended a search before its time', async () => {
    const backend = await backendOf();
    if (server) server.search.timesOut = true;
    expect(await search(backend)).toEqual([expect.stringMatching(/^The server ended the search at a limit of its own/)]);
  });

  it('that lacks spans of traces which it listed is no answer', async () => {
    const backend = await backendOf();
    await backend.services();
    const pages = backend.find(queryIn('{ }', day), { pageSize: 5 })[Symbol.asyncIterator]();
    const { value: page } = await pages.next();
    if (server) server.search.failing = 1;
    expect(await failure(page?.bodies?.[Symbol.asyncIterator]().next() ?? Promise.resolve())).toMatch(
      /^Unreachable: .* did not find all spans/,
    );
  });

  it.each([
    [
      400,
      '{"error":{"root_cause":[{"type":"x","reason":"failed to create query: maxClauseCount is set to 1024"}],"type":"search_phase_execution_exception","reason":"all shards failed"},"status":400}',
      'maxClauseCount',
    ],
    [400, '{"error":"no handler found for uri [/x] and method [POST]"}', 'no handler found'],
    [413, '{"error":{"type":"content_too_long_exception","reason":"entity content is too long"}}', 'too long'],
    [500, '{"message":"Internal server error"}', 'Internal server error'],
    [200, '{"error":{"type":"x","reason":"it is not so"},"status":400}', 'it is not so'],
    [200, '[]', 'JSON expected'],
  ])('is quoted: %i %s', async (status, body, told) => {
    const backend = await backendOf();
    await backend.services();
    server?.instead.push((response) => response.writeHead(status, { 'content-type': 'application/json' }).end(body));
    expect(await failure(search(backend))).toContain(told);
  });
});
