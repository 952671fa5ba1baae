// Grafana Tempo's recorded answers, through the backend and real HTTP: what was sent comes back, and what is refused is told in words.

import { afterEach, describe, expect, it } from 'vitest';
import type { BackendSettings, FindPage } from '../../../src/backends/common/backend';
import { HttpTransport } from '../../../src/backends/common/httpTransport';
import type { Transport } from '../../../src/backends/common/transport';
import { TempoBackend } from '../../../src/backends/tempo/tempo';
import { SpanhopError } from '../../../src/base/errors';
import { parseQuery } from '../../../src/core/query/parse';
import { backendContext, firstPage } from '../../support/backend';
import { compareSpans } from '../../support/compareSpans';
import { failure } from '../../support/inProcessEngine';
import { tempoLosses } from '../../support/losses';
import { decodedSpans } from '../../support/plainSpans';
import { recordedOtlp } from '../../support/recorded';
import { bodyOf, type Exchange, exchangesOf, onlyVariant, type ReplayServer, startReplay } from '../../support/replayServer';
import { sharedData, sharedPath } from '../../support/sharedData';

const second = 1_000_000_000n;
const range = { startUnixNano: 1795267234n * second, endUnixNano: 1795267838n * second };
const folder = (): string => sharedPath('recorded', 'tempo-main');
const home = '68f93c5e752fa3db8489e5dc516822bf';
const large = '939cbb8b20d57d9b552ee53b29788862';

let replay: ReplayServer | undefined;
afterEach(async () => {
  await replay?.stop();
  replay = undefined;
});

/** @param isOld it has no second version of any endpoint, as before 2.2 */
async function start(
  use?: (name: string) => boolean,
  settings: Partial<BackendSettings> = {},
  isOld = false,
): Promise<TempoBackend> {
  replay = await startReplay(folder(), use);
  const http = new HttpTransport({ timeoutMs: 5000, maxBytes: 64 << 20, retries: 0 });
  const transport: Transport = {
    async request(request, signal) {
      if (!isOld || !new URL(request.url).pathname.startsWith('/api/v2')) return http.request(request, signal);
      return { status: 404, headers: { 'content-type': 'text/plain' }, body: new TextEncoder().encode('404 page not found\n') };
    },
  };
  const url = `${replay.url}${settings.url ?? ''}`;
  const context = backendContext({ type: 'tempo', ...settings, url }, { transport, nowMs: () => 1795267839_000 });
  return new TempoBackend(context);
}

const search = (tempo: TempoBackend, query: string, pageSize = 20): AsyncIterable<FindPage> =>
  tempo.find({ ...parseQuery(query), ...range }, { pageSize });

/** Of variants, traces were recorded as JSON only. */
const asJson = { accept: 'application/json' };
/** Lists that were not asked to be short. */
const whole = (name: string): boolean => /^(tags|values|buildinfo|echo)/.test(name) && !/limit/.test(name);

/** The query of an exchange. */
const queryOf = ({ request }: Exchange): string => new URL(`http://x${request.path}`).searchParams.get('q') ?? '';

describe.skipIf(sharedData === undefined)('a recorded Tempo', () => {
  it.each([
    ['', 38],
    ['where it is an old one', 10],
  ])('gives whole traces as they were sent %s', async (old, count) => {
    const tempo = await start((name) => /^(last-)?trace-/.test(name), {}, old !== '');
    const problems: string[] = [];
    let compared = 0;
    for (const { name, traceId, spans } of recordedOtlp()) {
      const found = await tempo.get(traceId).catch(() => undefined);
      if (!found) continue;
      compared++;
      expect(found.partial).toBeUndefined();
      problems.push(...compareSpans(spans, decodedSpans(found.bodies[0]), tempoLosses).map((one) => `${name}: ${one}`));
    }
    expect(problems).toEqual([]);
    expect(compared).toBe(count);
  });

  it('finds what the server finds, by every query that was recorded', async () => {
    const tempo = await start();
    let compared = 0;
    const otherwise: string[] = [];
    for (const exchange of exchangesOf(folder())) {
      const query = queryOf(exchange);
      if (!/^search-(?!param|invalid|metrics|all)/.test(exchange.name) || exchange.response.status !== 200) continue;
      const page = await firstPage(search(tempo, query, 100)).catch(() => undefined);
      if (!page) {
        otherwise.push(exchange.name);
        continue;
      }
      const recorded: { traceID: string }[] = JSON.parse(exchange.response.body ?? '').traces;
      const ids = recorded.map(({ traceID }) => traceID.padStart(32, '0')).sort();
      expect(page.traces.map(({ traceId }) => traceId).sort(), exchange.name).toEqual(ids);
      expect(page.isWhole).toBe(false);
      expect([...page.pushDown.superset, ...page.pushDown.here]).toEqual([]);
      compared++;
    }
    // Written in other words than ours, which mean the same.
    expect(otherwise).toEqual(['search-trace-scoped', 'search-unicode']);
    expect(compared).toBeGreaterThan(70);
  });

  it('is not asked what it refused or took for something else', () => {
    const refused = exchangesOf(folder()).filter(({ name }) => /^search-(invalid|metrics)/.test(name));
    expect(refused.length).toBeGreaterThan(8);
    // The same of every backend: the language is checked before.
    for (const exchange of refused.filter(({ name }) => name !== 'search-invalid-plain-text'))
      expect(() => parseQuery(queryOf(exchange)), exchange.name).toThrow(SpanhopError);
  });

  it('finds what has gone into blocks', async () => {
    const tempo = await start(
      (name) => /^blocks-(search|services|tags|trace)/.test(name) && !/no-window|far|outside/.test(name),
      {
        headers: asJson,
      },
    );
    const nowhere = { ...parseQuery('{ name = "reindex" }'), ...range, startUnixNano: 1795267000n * second };
    expect((await firstPage(tempo.find(nowhere, { pageSize: 20 }))).traces).toEqual([
      expect.objectContaining({ rootName: 'reindex', rootService: 'reindexer' }),
    ]);
    expect((await firstPage(search(tempo, '{ status = error }'))).traces.length).toBeGreaterThan(5);
    expect(await tempo.services()).toContain('storefront');
    expect(await tempo.tags()).toContain('span.http.route');
    const spans = recordedOtlp().find(({ name }) => name === 'attribute-types');
    expect(decodedSpans((await tempo.get(spans?.traceId ?? '')).bodies[0])).toHaveLength(spans?.spans.length ?? 0);
  });

  it('lists traces newest first, with what the answer says of each', async () => {
    const tempo = await start();
    const { traces, cursor } = await firstPage(search(tempo, '{ status = error }'));
    const starts = traces.map(({ startUnixNano }) => startUnixNano);
    expect(starts).toEqual(starts.toSorted((a, b) => (a < b ? 1 : -1)));
    expect(cursor).toBeUndefined();
    expect(traces.find(({ traceId }) => traceId === '4ad14b172cb92f6866cbcedd4c9f8dcd')).toEqual({
      traceId: '4ad14b172cb92f6866cbcedd4c9f8dcd',
      rootName: 'POST /checkout',
      rootService: 'storefront',
      startUnixNano: 1795267429000000850n,
      durationNs: 960_000_000,
      spanCount: 7,
      errorCount: 4,
      services: ['payment', 'storefront'],
      matched: { count: 4, spanIds: expect.any(Array) },
    });
  });

  it.each([
    ['{ name = "SELECT products" } | count() > 10', 40, 10],
    ['{ resource.service.name = "storefront" && status = error } | by(name)', 2, 2],
    ['{ name = "GET /wishlist" } &>> { name = "SELECT wishlist" }', 3, 3],
  ])('knows the spans that match: %s', async (query, count, ids) => {
    // Recorded with all spans of a set, which is more than is asked for.
    const { traces } = await firstPage(
      search(
        await start(
          (name) =>
            name.startsWith('search-') &&
            name !== 'search-count' &&
            name !== 'search-param-spss-1' &&
            name !== 'search-param-spss-zero',
        ),
        query,
      ),
    );
    const { matched } = traces[0];
    expect(matched?.count).toBe(count);
    expect(matched?.spanIds).toHaveLength(ids);
    const { spans } = recordedOtlp().find(({ traceId }) => traceId === traces[0].traceId) ?? { spans: [] };
    const startOf = (id: string): bigint => spans.find(({ spanId }) => spanId === id)?.start ?? 0n;
    const starts = (matched?.spanIds ?? []).map(startOf);
    expect(starts).toEqual(starts.toSorted((a, b) => (a < b ? -1 : 1)));
    for (const id of matched?.spanIds ?? []) expect(spans.map(({ spanId }) => spanId)).toContain(id);
  });

  it('does not say that all spans match where all do', async () => {
    const { traces } = await firstPage(search(await start(), '{}'));
    expect(traces.length).toBeGreaterThan(0);
    expect(traces.filter(({ matched }) => matched !== undefined)).toEqual([]);
  });

  it.each([
    // Without the zeros on its left; nothing of it lasts a millisecond.
    ['{ trace:id = "000000000000000066b4650626638880" }', { traceId: '000000000000000066b4650626638880', durationNs: 6e6 }],
    ['{ trace:id = "d4e74f943a552fd4cc4b0b7792ac0ab3" }', { rootName: 'cache hit', durationNs: 0, spanCount: 3 }],
    // Its root has no service.
    ['{ trace:id = "1cb3f12eb1f9607561c0846cae28ff84" }', { rootName: 'job', rootService: '', services: [], spanCount: 1 }],
    ['{ trace:id = "e4352ee52b0fe0c6e25bc4d69e5873f8" }', { rootName: '' }],
  ])('lists what is left out or odd in an answer: %s', async (query, expected) => {
    const { traces } = await firstPage(search(await start(), query));
    expect(traces).toEqual([expect.objectContaining(expected)]);
  });

  it('lists a trace whose root did not arrive yet without the words for it', async () => {
    const { traces } = await firstPage(search(await start(onlyVariant('early')), '{ name = "pg_sleep" }'));
    expect(traces).toEqual([expect.objectContaining({ rootName: '', rootService: '', durationNs: 4e9, services: ['catalog'] })]);
  });

  it('knows services, operations, keys and values', async () => {
    const tempo = await start(whole);
    const services = ['Mail Worker/EU', 'cart', 'catalog', 'orders', 'payment', 'reindexer', 'storefront'];
    expect(await tempo.services()).toEqual(services);
    expect(await tempo.describe()).toEqual({ version: undefined, services: 7 });
    expect(await tempo.operations('Mail Worker/EU')).toContain('process orders.placed');
    const tags = await tempo.tags();
    for (const tag of [
      'resource.service.name',
      'span.http.route',
      'event.exception.type',
      'link.role',
      'instrumentation.scope.team',
      'span."key with blank"',
    ])
      expect(tags).toContain(tag);
    expect(tags.filter((tag) => !/^(span|resource|event|link|instrumentation)\./.test(tag))).toEqual([]);
    expect(await tempo.tagValues('span.http.response.status_code')).toEqual([200, 201, 204, 500, 503]);
    expect(await tempo.tagValues('span.v.bool.true')).toEqual([true]);
    expect(await tempo.tagValues('span.code.lineno')).toEqual([51, 77, '51']);
    expect(await tempo.tagValues('span.shop.total')).toContain(119.39999999999999);
    expect(await tempo.tagValues('span.v.array.string')).toEqual(['', 'a', 'c,d']);
    expect(await tempo.tagValues('span."key with blank"')).toEqual(['v']);
    // A number that none of ours is.
    expect(await tempo.tagValues('span.v.int.max')).toEqual([]);
    expect(replay?.unknown).toEqual([]);
  });

  it('knows them by the first version of the endpoints, where there is no second', async () => {
    const tempo = await start(whole, {}, true);
    expect(await tempo.services()).toEqual(['Mail Worker/EU', 'cart', 'catalog', 'orders', 'payment', 'reindexer', 'storefront']);
    expect(await tempo.operations('cart')).toContain('GET /cart');
    expect(await tempo.tags()).toContain('.http.route');
    expect(await tempo.tagValues('.http.response.status_code')).toEqual(['200', '201', '204', '500', '503']);
    // Whether Grafana is there, which answers so where it knows no path.
    expect(replay?.unknown).toEqual(['GET /api/health']);
  });

  it('has nothing when it is empty', async () => {
    const tempo = await start(onlyVariant('empty'), { headers: asJson });
    expect(await tempo.services()).toEqual([]);
    expect(await tempo.tags()).toEqual([]);
    expect((await firstPage(search(tempo, '{}'))).traces).toEqual([]);
    expect(await failure(tempo.get(home))).toMatch(/^NotFound: "test" at \S+ has no trace 68f9/);
  });

  it.each([
    ['', 'deadbeefdeadbeefdeadbeefdeadbeef', /^NotFound: .* has no trace deadbeef/],
    ['old', 'deadbeefdeadbeefdeadbeefdeadbeef', /^NotFound: .* has no trace deadbeef/],
    ['', 'xyz', /^BadQuery: A trace id has up to 32 hexadecimal digits\.$/],
    ['', '../../ready', /^BadQuery: A trace id/],
  ])('says of %s id %s that it leads nowhere', async (old, id, words) => {
    expect(await failure((await start(undefined, {}, old !== '')).get(id))).toMatch(words);
  });

  it.each(['68F93C5E752FA3DB8489E5DC516822BF', '66b4650626638880', 'd82f91660d57ba', 'c746c8041c2eeeca17b040c59f648'])(
    'takes an id as others write it: %s',
    async (id) => {
      // Recorded as JSON, which is read as well.
      const json: Transport = {
        request: async ({ url }) => {
          const exchange = exchangesOf(folder()).find(({ request }) => request.path === new URL(url).pathname);
          return {
            status: 200,
            headers: { 'content-type': 'application/json' },
            body: exchange ? bodyOf(exchange) : new Uint8Array(),
          };
        },
      };
      const { bodies } = await new TempoBackend(backendContext({ type: 'tempo' }, { transport: json })).get(id);
      expect(decodedSpans(bodies[0])[0].traceId).toBe(id.toLowerCase().padStart(32, '0'));
    },
  );

  it('says why a trace is not whole, and of which it gives nothing', async () => {
    const { bodies, partial } = await (await start(onlyVariant('large'))).get(large);
    expect(decodedSpans(bodies[0])).toHaveLength(43);
    expect(partial).toBe(
      'Tempo gave only a part of the trace: Trace exceeds maximum size of 4000 bytes, a partial trace is returned.',
    );
    await replay?.stop();
    expect(await failure((await start(onlyVariant('large'), {}, true)).get(large))).toMatch(
      /^TooLarge: .* has the trace, and it is larger than it may give: .*trace exceeds max size \(max bytes: 4000\)\.$/,
    );
  });

  it('says that it has too much to do', async () => {
    expect(await failure(firstPage(search(await start(onlyVariant('overload')), '{}')))).toMatch(
      /^Unreachable: .* has too much to do \(job queue full\)\. Try again, or search a shorter range\.$/,
    );
  });

  it('takes a tenant and a prefix', async () => {
    const acme = await start(onlyVariant('tenancy'), { url: '/tempo', headers: asJson, options: { orgId: 'acme' } });
    expect(decodedSpans((await acme.get(home)).bodies[0])).toHaveLength(3);
    await replay?.stop();
    const globex = await start(onlyVariant('tenancy'), { url: '/tempo', headers: asJson, options: { orgId: 'globex' } });
    expect(await failure(globex.get(home))).toMatch(/^NotFound: .*belong to another tenant or backend\.$/);
    expect(await globex.services()).toContain('storefront');
    await replay?.stop();
    const nobody = await start(onlyVariant('tenancy'), { url: '/tempo' });
    expect(await failure(nobody.services())).toMatch(
      /^Unauthorized: .* was not told which one is meant\. Set its "orgId" in the settings\.$/,
    );
    await replay?.stop();
    const elsewhere = await start(onlyVariant('tenancy'));
    expect(await failure(elsewhere.describe())).toMatch(/^NotFound: .* answered: no API of Tempo is there \(status 404\)\.$/);
  });
});
