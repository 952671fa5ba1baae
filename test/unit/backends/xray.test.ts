// The X-Ray backend through the real AWS SDK, against a server made of X-Ray's published definition.

import { afterEach, describe, expect, it, vi } from 'vitest';
import type { BackendSettings } from '../../../src/backends/common/backend';
import { HttpTransport } from '../../../src/backends/common/httpTransport';
import { XRayBackend } from '../../../src/backends/xray/xray';
import { parseQuery } from '../../../src/core/query/parse';
import { backendContext, firstPage } from '../../support/backend';
import { decodedSpans } from '../../support/plainSpans';
import { searched } from '../../support/search';
import type { Segment } from '../../support/xrayFilter';
import { XRayServer } from '../../support/xrayServer';

const nowMs = Date.UTC(2026, 10, 20, 12);
const nowSeconds = nowMs / 1000;
let server: XRayServer;

const xrayTrace = (number: number, agoSeconds = 600): string =>
  `1-${(nowSeconds - agoSeconds - number).toString(16)}-${number.toString(16).padStart(24, '0')}`;
const hex = (id: string): string => id.slice(2).replace('-', '');
const segment = (number: number, more: object = {}): Segment => ({
  trace_id: xrayTrace(number),
  id: number.toString(16).padStart(16, '0'),
  name: number % 2 === 0 ? 'cart' : 'shop',
  start_time: nowSeconds - 600 - number,
  end_time: nowSeconds - 600 - number + 0.25,
  ...more,
});
const backend = (options: BackendSettings['options'] = {}, given: Parameters<typeof backendContext>[1] = {}): XRayBackend =>
  new XRayBackend(
    backendContext(
      { name: 'prod', type: 'xray', url: server.url, options: { region: 'eu-central-1', ...options } },
      { nowMs: () => nowMs, ...given },
    ),
  );

async function serve(segments: readonly Segment[]): Promise<XRayServer> {
  server = await new XRayServer().start();
  server.segments = [...segments];
  return server;
}
afterEach(() => {
  vi.useRealTimers();
  return server?.stop();
});

describe('a search of X-Ray', () => {
  it('lists what summaries tell, a page at a time, and asks the server once for several', async () => {
    await serve(Array.from({ length: 25 }, (_, i) => segment(i + 1)));
    const one = backend();
    const first = await firstPage(one.find(parseQuery('{}'), { pageSize: 10 }));
    expect(first).toMatchObject({ isWhole: false, leftOut: 0 });
    expect(first.traces.map(({ traceId }) => traceId)).toEqual(Array.from({ length: 10 }, (_, i) => hex(xrayTrace(i + 1))));
    expect(first.traces[0]).toMatchObject({ rootService: 'shop', durationNs: 250_000_000, services: ['shop'] });
    const second = await firstPage(one.find(parseQuery('{}'), { pageSize: 10, cursor: first.cursor }));
    const third = await firstPage(one.find(parseQuery('{}'), { pageSize: 10, cursor: second.cursor }));
    expect([second.traces.length, third.traces.length, third.cursor]).toEqual([10, 5, undefined]);
    expect(server.asked('/TraceSummaries')).toHaveLength(1);
  });

  it('goes through pages without a trace', async () => {
    await serve(Array.from({ length: 7 }, (_, i) => segment(i + 1)));
    server.pageSize = 3;
    server.emptyPages = 2;
    const { traceIds, pages } = await searched(backend(), '{}');
    expect(traceIds).toHaveLength(7);
    expect(pages.map(({ traces }) => traces.length)).toEqual([0, 0, 3, 0, 0, 3, 0, 0, 1]);
  });

  it('asks for six hours at a time, the newest first, and for what reaches into the range', async () => {
    const hours = [1, 5, 8, 13, 20];
    await serve(
      hours.map((ago, i) => ({
        ...segment(i + 1),
        trace_id: xrayTrace(i + 1, ago * 3600),
        start_time: nowSeconds - ago * 3600,
        end_time: nowSeconds - ago * 3600 + 1,
      })),
    );
    server.segments.push({
      ...segment(9),
      start_time: nowSeconds - 24 * 3600 - 300,
      end_time: nowSeconds - 24 * 3600 + 5,
    });
    const query = {
      ...parseQuery('{}'),
      startUnixNano: BigInt(nowMs - 24 * 3_600_000) * 1_000_000n,
      endUnixNano: BigInt(nowMs) * 1_000_000n,
    };
    const { traceIds } = await searched(backend(), query);
    expect(traceIds).toEqual([...hours.map((ago, i) => hex(xrayTrace(i + 1, ago * 3600))), hex(xrayTrace(9))]);
    const windows = server
      .asked('/TraceSummaries')
      .map(({ StartTime, EndTime }) => [Number(StartTime) - nowSeconds, Number(EndTime) - nowSeconds]);
    expect(windows.map((window) => window.map((seconds) => seconds / 3600))).toEqual([
      [-6, 0],
      [-12, -6],
      [-18, -12],
      [-24, -18],
      [-24 - 1 / 6, -24],
    ]);
  });

  const found: [query: string, filter: string | undefined, numbers: number[]][] = [
    ['{ resource.service.name = "cart" }', 'service("cart")', [2, 4, 6]],
    ['{ .service.name = "cart" && duration > 1s }', 'service("cart") AND duration >= 0.999', [4]],
    ['{ traceDuration < 300ms }', 'duration <= 0.301', [1, 2, 3, 5, 6]],
    ['{ status = error }', '(service() { fault } OR service() { error } OR service() { throttle })', [3, 5]],
    ['{ span.http.response.status_code >= 500 }', 'service() { http.status >= 500 }', [3]],
    ['{ span.url.full =~ "https://x/.*" }', 'service() { http.url BEGINSWITH "https://x/" }', [3]],
    [
      '{ span.http.request.method = "GET" || span.http.request.method = "PUT" }',
      '(service() { http.method = "GET" } OR service() { http.method = "PUT" })',
      [3],
    ],
    ['{ span.tenant = "acme" }', 'annotation.tenant = "acme"', [1, 2]],
    ['{ span.tenant != nil && span.count > 1 }', 'annotation.tenant AND annotation.count > 1', [2]],
    ['{ span.cold = true }', 'annotation.cold = true', [6]],
    ['{ span.enduser.id = "ann" }', 'user = "ann"', [6]],
    ['{ span.http.route = "/a" }', undefined, [1]],
    ['{ name = "inner" }', undefined, [4]],
    ['{ span.tenant = "a\\"b" }', undefined, []],
  ];
  it.each(found)('finds %s', async (query, filter, numbers) => {
    await serve([
      segment(1, { annotations: { tenant: 'acme', count: 1 }, metadata: { default: { 'http.route': '/a' } } }),
      segment(2, { annotations: { tenant: 'acme', count: 2 } }),
      segment(3, { http: { request: { method: 'GET', url: 'https://x/y' }, response: { status: 503 } }, fault: true }),
      segment(4, {
        end_time: nowSeconds - 600 - 4 + 2,
        subsegments: [{ id: 'f'.repeat(16), name: 'inner', start_time: nowSeconds - 604, end_time: nowSeconds - 603 }],
      }),
      segment(5, { error: true, throttle: true }),
      segment(6, { user: 'ann', annotations: { cold: true, tenant: 'other' } }),
    ]);
    const { traceIds, pages } = await searched(backend(), query);
    expect([...traceIds].sort()).toEqual(numbers.map((number) => hex(xrayTrace(number))).sort());
    expect(server.asked('/TraceSummaries').at(-1)?.FilterExpression).toBe(filter);
    const { partial } = pages[0];
    const isIndexed = filter !== undefined && !/^(?:service\(".*"\)|duration|AND|[\d.<>= ])+$/.test(filter);
    expect(partial ?? '').toMatch(isIndexed ? /^X-Ray's index was searched.*set "scan"/ : /^$/);
  });

  it('looks into every trace where the index does not hold what is asked for, if that is set', async () => {
    await serve([
      segment(1, {
        subsegments: [{ id: 'f'.repeat(16), name: 'x', fault: true, start_time: nowSeconds - 600, end_time: nowSeconds - 600 }],
      }),
      segment(2),
    ]);
    expect((await searched(backend(), '{ status = error }')).traceIds).toEqual([]);
    const { traceIds, pages } = await searched(backend({ scan: true }), '{ status = error }');
    expect(traceIds).toEqual([hex(xrayTrace(1))]);
    expect(pages[0]).toMatchObject({ examined: 2, partial: undefined, pushDown: { superset: [] } });
  });

  it('searches without a filter that is refused, and says what it did', async () => {
    await serve([segment(1), segment(2)]);
    server.filters = false;
    const one = backend();
    const { traceIds, pages } = await searched(one, '{ resource.service.name = "cart" }');
    expect(traceIds).toEqual([hex(xrayTrace(2))]);
    expect(pages[0]).toMatchObject({
      examined: 2,
      pushDown: { exact: [], superset: [], here: [{ text: 'resource.service.name = "cart"' }] },
    });
    await searched(one, '{ resource.service.name = "cart" }');
    expect(server.asked('/TraceSummaries').map(({ FilterExpression }) => FilterExpression)).toEqual([
      'service("cart")',
      undefined,
      undefined,
    ]);
  });

  it('reads whole traces by fives, page by page, and asks once more for those that were not processed', async () => {
    const segments = Array.from({ length: 12 }, (_, i) => [
      segment(i + 1, { name: 'shop' }),
      {
        ...segment(i + 1),
        id: `a${'0'.repeat(14)}${(i + 1).toString(16)}`,
        parent_id: (i + 1).toString(16).padStart(16, '0'),
        name: 'cart',
      },
    ]).flat();
    await serve(segments);
    server.unprocessed = new Set([xrayTrace(3), xrayTrace(9)]);
    server.cut = new Set([xrayTrace(4)]);
    const { traceIds, pages } = await searched(backend(), '{ name = "cart" }');
    expect(traceIds).toHaveLength(12);
    expect(pages[0].partial).toBe('X-Ray holds one trace only in part: what a trace may be long was exceeded.');
    for (const { TraceIds } of server.asked('/Traces')) expect(TraceIds).toSatisfy((ids: unknown[]) => ids.length <= 5);
  });

  it.each(['nonsense', '[]', '["a"]', '[1,2,-3]', 'null'])('begins anew where a cursor is none: %s', async (cursor) => {
    await serve([segment(1)]);
    expect((await firstPage(backend().find(parseQuery('{}'), { pageSize: 5, cursor }))).traces).toHaveLength(1);
  });
});

describe('a trace of X-Ray', () => {
  it('comes whole by its id, over two pages', async () => {
    // A part that came alone is on the page behind its segment's.
    const late = { ...segment(1), type: 'subsegment', name: 'late', id: 'b'.repeat(16), parent_id: '1'.padStart(16, '0') };
    await serve([segment(1), late]);
    const { bodies, partial } = await backend().get(hex(xrayTrace(1)));
    expect(partial).toBeUndefined();
    expect(bodies.flatMap((body) => decodedSpans(body))).toMatchObject([
      { resource: { 'service.name': { stringValue: 'shop' } } },
      { name: 'late', resource: { 'service.name': { stringValue: 'shop' } } },
    ]);
    expect(server.asked('/Traces')[0].TraceIds).toEqual([xrayTrace(1)]);
  });

  it('that is not there is said to be so', async () => {
    await serve([]);
    await expect(backend().get('5'.repeat(32))).rejects.toMatchObject({
      kind: 'NotFound',
      message: `AWS X-Ray ("prod") has no trace ${'5'.repeat(32)}. It may have expired, or be of another region or account.`,
    });
  });
});

describe('services, attributes and calls of X-Ray', () => {
  const system = (): Segment[] => [
    segment(1, { annotations: { tenant: 'acme', n: 1, cold: true } }),
    { ...segment(2), trace_id: xrayTrace(1), parent_id: '1'.padStart(16, '0'), fault: true },
    {
      ...segment(4),
      trace_id: xrayTrace(1),
      parent_id: '1'.padStart(16, '0'),
      subsegments: [{ id: 'c'.repeat(16), name: 'query', start_time: nowSeconds - 604 }],
    },
  ];

  it('are those of its graph and its summaries', async () => {
    await serve(system());
    const one = backend();
    expect(await one.describe()).toEqual({ product: 'AWS X-Ray in eu-central-1', services: 2 });
    expect(await one.services()).toEqual(['cart', 'shop']);
    expect(await one.operations('cart')).toEqual(['cart', 'query']);
    expect(await one.operations('nobody')).toEqual([]);
    expect(await one.tags()).toEqual(expect.arrayContaining(['resource.service.name', 'span.cold', 'span.n', 'span.tenant']));
    expect(await one.tagValues('span.tenant')).toEqual(['acme']);
    expect(await one.tagValues('span.n')).toEqual([1]);
    expect(await one.tagValues('span.cold')).toEqual([true]);
    expect(await one.tagValues('resource.service.name')).toEqual(['cart', 'shop']);
  });

  it('are put together over windows of six hours', async () => {
    await serve(system());
    const early = system().map((one) => ({ ...one, start_time: nowSeconds - 30_000 }));
    server.segments.push(...early.map((one) => ({ ...one, trace_id: xrayTrace(7) })));
    expect(await backend().dependencies({ startMs: nowMs - 12 * 3_600_000, endMs: nowMs })).toEqual([
      { parent: 'shop', child: 'cart', calls: 4, errors: 2 },
    ]);
    expect(server.asked('/ServiceGraph')).toHaveLength(2);
  });
});

describe('Transaction Search', () => {
  it('has traces retrieved, and says that its lists are of the index', async () => {
    await serve(Array.from({ length: 7 }, (_, i) => segment(i + 1)));
    server.destination = 'CloudWatchLogs';
    server.looks = 2;
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const one = backend({}, { transport: new HttpTransport({ timeoutMs: 2 ** 31 - 1, maxBytes: 1 << 20 }) });
    let isOver = false;
    const work = one.get(hex(xrayTrace(2))).finally(() => {
      isOver = true;
    });
    while (!isOver) await vi.advanceTimersByTimeAsync(100);
    const { bodies } = await work;
    vi.useRealTimers();
    expect(bodies.flatMap((body) => decodedSpans(body))).toMatchObject([{ name: 'cart' }]);
    expect(server.asked('/ListRetrievedTraces')).toHaveLength(3);
    expect(server.asked('/StartTraceRetrieval')[0]).toMatchObject({
      TraceIds: [xrayTrace(2)],
      StartTime: nowSeconds - 602 - 3600,
    });
    expect(server.asked('/Traces')).toEqual([]);
    const { traceIds, pages } = await searched(one, '{ name = "cart" }');
    expect(traceIds).toHaveLength(3);
    expect(pages[0].partial).toMatch(/^Transaction Search is on/);
    expect(server.asked('/GetTraceSegmentDestination')).toHaveLength(1);
  });

  it.each(['StartTraceRetrieval', 'GetTraceSegmentDestination'])('is left aside where %s is not allowed', async (action) => {
    await serve([segment(1)]);
    server.destination = 'CloudWatchLogs';
    server.denied = [action];
    const one = backend();
    expect((await one.get(hex(xrayTrace(1)))).bodies).toHaveLength(1);
    expect((await one.get(hex(xrayTrace(1)))).bodies).toHaveLength(1);
    expect(server.asked('/GetTraceSegmentDestination')).toHaveLength(1);
    expect(server.asked('/StartTraceRetrieval').length).toBeLessThanOrEqual(1);
  });
});
