import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { BackendSettings } from '../../../src/backends/common/backend';
import { HttpTransport } from '../../../src/backends/common/httpTransport';
import { JaegerBackend } from '../../../src/backends/jaeger/jaeger';
import { allOf, condition, everything } from '../../../src/core/query/build';
import type { Query, SpanExpression } from '../../../src/core/query/query';
import { backendContext, firstPage } from '../../support/backend';
import { failure } from '../../support/inProcessEngine';
import { type ReplayServer, startReplay } from '../../support/replayServer';
import { sharedData, sharedPath } from '../../support/sharedData';

const from = BigInt(Date.parse('2026-11-21T13:20:39.000Z')) * 1_000_000n;
const to = BigInt(Date.parse('2026-11-21T13:30:39.000Z')) * 1_000_000n;

function backend(url: string, settings: Partial<BackendSettings> = {}, timeoutMs = 5000, maxBytes = 64 << 20): JaegerBackend {
  const given = { transport: new HttpTransport({ timeoutMs, maxBytes }), nowMs: () => Number(to / 1_000_000n) };
  return new JaegerBackend(backendContext({ type: 'jaeger', url, ...settings }, given));
}

function and(...parts: SpanExpression[]): Query {
  return { stages: [{ type: 'spans', filter: allOf(parts) }], startUnixNano: from, endUnixNano: to };
}

const service = (value: string): SpanExpression =>
  condition({ scope: 'resource', name: 'service.name' }, '=', { type: 'string', value });
const operation = (value: string): SpanExpression =>
  condition({ scope: 'intrinsic', name: 'name' }, '=', { type: 'string', value });
const failed: SpanExpression = condition({ scope: 'intrinsic', name: 'status' }, '=', { type: 'status', value: 'error' });
const attribute = (name: string, value: string): SpanExpression =>
  condition({ scope: 'span', name }, '=', { type: 'string', value });

let replay: ReplayServer | undefined;
let server: Server | undefined;

afterEach(async () => {
  await replay?.stop();
  replay = undefined;
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener);
  const listening = server;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
}

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

describe.skipIf(sharedData === undefined)('a recorded Jaeger main (after 2.20)', () => {
  const folder = (): string => sharedPath('recorded', 'jaeger-main');

  it('lists services and operations', async () => {
    replay = await startReplay(folder());
    const jaeger = backend(replay.url);
    expect(await jaeger.services()).toEqual([
      'Mail Worker/EU',
      'cart',
      'catalog',
      'missing-service-name',
      'orders',
      'payment',
      'reindexer',
      'storefront',
    ]);
    expect(await jaeger.operations('storefront')).toContain('POST /checkout');
    expect(replay.unknown).toEqual([]);
  });

  it('finds by summaries, newest first, with everything pushed down', async () => {
    replay = await startReplay(folder());
    const found = await firstPage(backend(replay.url).find(and(service('storefront')), { pageSize: 100 }));
    expect(found.isWhole).toBe(false);
    expect(found.traces.length).toBeGreaterThan(30);
    const starts = found.traces.map((trace) => trace.startUnixNano);
    expect(starts).toEqual([...starts].sort((a, b) => (a < b ? 1 : -1)));
    expect(found.traces.every((trace) => trace.traceId.length === 32 && (trace.services ?? []).includes('storefront'))).toBe(
      true,
    );
  });

  it('pushes errors and attributes down as attributes', async () => {
    replay = await startReplay(folder());
    const jaeger = backend(replay.url);
    const errors = await firstPage(jaeger.find(and(service('payment'), failed), { pageSize: 1 }));
    expect(errors.traces[0]).toMatchObject({
      rootName: 'POST /checkout',
      rootService: 'storefront',
      spanCount: 7,
      errorCount: 4,
    });
    // What it finds by attribute may have it as an event's, or as another type: whole traces come, for the engine to decide.
    const orders = await firstPage(
      jaeger.find(and(service('orders'), attribute('v.string', 'text'), attribute('v.int', '42')), { pageSize: 2 }),
    );
    expect(text(orders.bodies[0])).toContain('"name":"types"');
    expect(orders.pushDown.superset.map((part) => part.text)).toEqual(['span.v.string = "text"', 'span.v.int = "42"']);
    const none = await firstPage(jaeger.find(and(service('orders'), attribute('v.string', 'other')), { pageSize: 1 }));
    expect(none.bodies).toEqual([]);
    expect(replay.unknown).toEqual([]);
  });

  it('gives a whole trace, and says when there is none', async () => {
    replay = await startReplay(folder());
    const catalogue: { traces: { name: string; traceId: string }[] } = JSON.parse(
      readFileSync(sharedPath('recorded', 'traces.json'), 'utf8'),
    );
    const checkout = catalogue.traces.find((trace) => trace.name === 'checkout-01')?.traceId ?? '';
    const jaeger = backend(replay.url);
    expect(text((await jaeger.get(checkout)).bodies[0])).toContain('resourceSpans');
    await expect(jaeger.get('deadbeefdeadbeefdeadbeefdeadbeef')).rejects.toMatchObject({ name: 'NotFound' });
  });
});

describe.skipIf(sharedData === undefined)('a recorded Jaeger 2.13', () => {
  const folder = (): string => sharedPath('recorded', 'jaeger-2.13');
  const withPage = (name: string): boolean =>
    name === 'empty-v3-summaries' || !/^(tenancy|basepath|last|early|empty|wrong)-/.test(name);

  it('notices that summaries are a web page and searches whole traces', async () => {
    replay = await startReplay(folder(), withPage);
    const found = await firstPage(backend(replay.url).find(and(service('orders'), operation('reconcile A')), { pageSize: 20 }));
    expect(text(found.bodies?.[0] ?? new Uint8Array())).toContain('resourceSpans');
    expect(found.pushDown.here).toEqual([]);
  });

  it('does not send attributes to v3, which ignores them, but to the older search', async () => {
    replay = await startReplay(folder(), withPage);
    const found = await firstPage(
      backend(replay.url).find(and(service('orders'), attribute('v.string', 'text'), attribute('v.int', '42')), { pageSize: 20 }),
    );
    expect(text(found.bodies?.[0] ?? new Uint8Array())).toContain('add16e6a0b6395a135c164b06a7057d5');
    expect(replay.requests.some((request) => request.startsWith('GET /api/v3/traces?'))).toBe(false);
  });

  it('takes an empty search, which v3 answers with 404, for an empty list', async () => {
    replay = await startReplay(folder(), withPage);
    const found = await firstPage(backend(replay.url).find(and(service('nobody')), { pageSize: 20 }));
    expect(found).toMatchObject({ traces: [], bodies: [], cursor: undefined });
  });
});

describe.skipIf(sharedData === undefined)('the archive of a recorded Jaeger', () => {
  const trace = '68f93c5e752fa3db8489e5dc516822bf';
  it.each(['jaeger-main', 'jaeger-2.13'])(
    'of %s takes a trace, says when there is none, and when there is no archive',
    async (version) => {
      replay = await startReplay(sharedPath('recorded', version), (name) => /^basepath-archive/.test(name));
      const jaeger = backend(`${replay.url}/jaeger`);
      await jaeger.archiveTrace(trace);
      expect(await failure(jaeger.archiveTrace('deadbeefdeadbeefdeadbeefdeadbeef'))).toContain('NotFound: "test" at');
      await replay.stop();
      replay = await startReplay(sharedPath('recorded', version));
      expect(await failure(backend(replay.url).archiveTrace(trace))).toMatch(/^NotSupported: .* has no archive/);
    },
  );
});

describe('a server that is not a Jaeger, or not well', () => {
  it('names a web page', async () => {
    const url = await serve((_, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!DOCTYPE html><html></html>'),
    );
    await expect(backend(url).services()).rejects.toMatchObject({
      name: 'BadData',
      message: expect.stringContaining('web page'),
    });
  });

  it('names an address where nothing listens, and asks again the next time', async () => {
    const url = await serve((_, response) => response.end('{}'));
    server?.close();
    await expect(backend(url).services()).rejects.toMatchObject({
      name: 'Unreachable',
      message: expect.stringContaining('nothing listens'),
    });
  });

  it('gives up on a server that hangs, and can be cancelled before', async () => {
    const url = await serve(() => {});
    await expect(backend(url, {}, 200).services()).rejects.toMatchObject({ name: 'Timeout' });
    const controller = new AbortController();
    const asking = new HttpTransport({ timeoutMs: 5000, maxBytes: 1000 }).request({ method: 'GET', url }, controller.signal);
    controller.abort();
    await expect(asking).rejects.toMatchObject({ name: 'Cancelled' });
  });

  it('cuts off a server that streams without end', async () => {
    const url = await serve((request, response) => {
      if (request.url?.startsWith('/api/v3/services')) return void response.end('{"services":["a"]}');
      response.writeHead(200, { 'content-type': 'application/json' });
      const chunk = `{"result":{"resourceSpans":[${' '.repeat(1 << 16)}`;
      const more = (): void => {
        while (!response.destroyed && response.write(chunk));
      };
      response.on('drain', more);
      more();
    });
    await expect(firstPage(backend(url, {}, 20_000, 4 << 20).find(and(service('a')), { pageSize: 1 }))).rejects.toMatchObject({
      name: 'TooLarge',
      message: expect.stringContaining('4 MB'),
    });
  });

  it('asks for a credential on 401 and never sends one to another origin', async () => {
    const seen: (string | undefined)[] = [];
    const other = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.end('{"services":["elsewhere"]}');
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const elsewhere = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    const url = await serve((request, response) => {
      if (request.headers.authorization !== 'Bearer secret') return void response.writeHead(401).end('no');
      response.writeHead(302, { location: `${elsewhere}/api/v3/services` }).end();
    });
    await expect(backend(url).services()).rejects.toMatchObject({ name: 'Unauthorized' });
    const transport = new HttpTransport({
      timeoutMs: 5000,
      maxBytes: 1000,
      authorize: async (): Promise<Record<string, string>> => ({ authorization: 'Bearer secret' }),
    });
    const answer = await transport.request({ method: 'GET', url, headers: { 'x-tenant': 'a' } });
    expect(text(answer.body)).toContain('elsewhere');
    expect(seen).toEqual([undefined]);
    other.closeAllConnections();
    other.close();
  });

  it('searches service by service when the storage needs one', async () => {
    const url = await serve((request, response) => {
      const asked = new URL(request.url ?? '', 'http://x');
      response.setHeader('content-type', 'application/json');
      if (asked.pathname === '/api/v3/services') return void response.end('{"services":["a","b"]}');
      const name = asked.searchParams.get('query.serviceName');
      if (asked.searchParams.get('query.startTimeMin')?.startsWith('2001')) return void response.end('{"summaries":[]}');
      if (name === null) {
        const message = 'this storage backend requires a service name to search; searching all services is not supported';
        return void response.writeHead(400).end(JSON.stringify({ error: { httpCode: 400, message } }));
      }
      response.end(
        JSON.stringify({
          summaries: [
            {
              traceId: name.repeat(32),
              rootOperationName: name,
              minStartTimeUnixNano: '1',
              maxEndTimeUnixNano: '2',
              spanCount: 1,
            },
          ],
        }),
      );
    });
    const found = await firstPage(backend(url).find(everything, { pageSize: 5 }));
    expect(found.traces.map((trace) => trace.rootName).sort()).toEqual(['a', 'b']);
  });
});
