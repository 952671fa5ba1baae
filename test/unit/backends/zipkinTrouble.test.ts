// What Zipkin is asked for, by query; and answers of it, or of what stands before it, that are not as they should be.

import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { HttpTransport, type TransportOptions } from '../../../src/backends/common/httpTransport';
import { ZipkinBackend } from '../../../src/backends/zipkin/zipkin';
import { cursorAfter, readCursor } from '../../../src/backends/zipkin/zipkinPaging';
import { toZipkinRequest } from '../../../src/backends/zipkin/zipkinRequest';
import { parseQuery } from '../../../src/core/query/parse';
import { backendContext } from '../../support/backend';
import { failure } from '../../support/inProcessEngine';
import { searchBackend } from '../../support/searchBackend';

const asked = (text: string, oneIndex = false) => toZipkinRequest(parseQuery(text), oneIndex, 1_000_000_000, 1000);

describe('is asked for', () => {
  it.each([
    ['{ }', [{}]],
    ['{ resource.service.name = "a" && name = "b" }', [{ serviceName: 'a', spanName: 'b' }]],
    // The server makes of it: any name.
    ['{ name = "All" }', [{}]],
    ['{ name = "" }', [{}]],
    ['{ name =~ "a.*" }', [{}]],
    // One search is for one service.
    ['{ resource.service.name = "a" && resource.service.name = "b" }', [{ serviceName: 'a' }]],
    ['{ resource.service.name = "a" || resource.service.name = "b" }', [{ serviceName: 'a' }, { serviceName: 'b' }]],
    ['{ span.a = "x" || span.a = "y" }', [{ terms: { a: 'x' } }, { terms: { a: 'y' } }]],
    // What terms are put together with, and taken apart at.
    ['{ span.a = "salt and pepper" }', [{}]],
    ['{ span.a = "this and" }', [{}]],
    ['{ span.a = " x" }', [{}]],
    ['{ span.a = "" }', [{}]],
    ['{ span."a=b" = "x" }', [{}]],
    ['{ span.a = "b=c" }', [{ terms: { a: 'b=c' } }]],
    [`{ span.a = "${'x'.repeat(300)}" }`, [{}]],
    ['{ span.a = 200 && span.b = true && span.c = 1.5 }', [{ terms: { a: '200', b: 'true' } }]],
    // They are no tags, or not only.
    ['{ span.network.peer.port = 80 && span.otel.status_code = "OK" }', [{}]],
    ['{ span.peer.service = "db" }', [{ remoteServiceName: 'db' }, { terms: { 'peer.service': 'db' } }]],
    ['{ .a = "x" }', [{}]],
    ['{ parent.span.a = "x" }', [{}]],
    ['{ duration > 5ms && duration <= 7ms }', [{ minDuration: 5000, maxDuration: 7000 }]],
    ['{ duration > 5ms && duration < 1ms }', [{ minDuration: 5000 }]],
    ['{ duration < 7ms }', [{}]],
    ['{ duration > 1ns }', [{}]],
    ['{ status = ok }', [{ terms: { 'otel.status_code': 'OK' } }]],
    ['{ status = unset }', [{}]],
    // Of a pipeline, and of a relation, what is certain of one span.
    ['{ span.a = "x" } | count() > 3', [{ terms: { a: 'x' } }]],
    ['{ span.a = "x" } >> { span.b = "y" }', [{ terms: { b: 'y' } }]],
  ])('%s', (text, searches) => {
    expect(asked(text).searches).toEqual(searches);
  });

  it('and says what of it the server does', () => {
    const parts = (text: string) => {
      const { exact, superset, here } = asked(text).pushDown;
      return [exact, superset, here].map((each) => each.map((part) => part.text));
    };
    expect(parts('{ resource.service.name = "a" && span.b = "c" }')).toEqual([
      ['resource.service.name = "a"', 'span.b = "c"'],
      [],
      [],
    ]);
    // Any two spans of the service fulfil them in its memory store.
    expect(parts('{ name = "n" && span.b = "c" && kind = server }')).toEqual([
      ['name = "n"'],
      ['span.b = "c"'],
      ['kind = server'],
    ]);
    expect(parts('{ duration >= 5ms }')).toEqual([['duration >= 5ms'], [], []]);
    expect(parts('{ duration > 5ms }')).toEqual([[], ['duration > 5ms'], []]);
    expect(parts('{ status = error }')).toEqual([[], ['status = error'], []]);
  });

  it('no more than one of its indexes has, where the storage cuts each before it puts them together', () => {
    expect(asked('{ resource.service.name = "a" && name = "n" && duration >= 5ms && span.b = "c" }', true).searches).toEqual([
      { serviceName: 'a', spanName: 'n', minDuration: 5000 },
    ]);
    expect(asked('{ span.b = "c" && span.d = "e" && resource.service.name = "a" && name = "n" }', true).searches).toEqual([
      { serviceName: 'a', terms: { b: 'c' } },
    ]);
  });
});

it('a cursor that is none begins anew, and a page never asks for what it cannot', () => {
  for (const text of ['', 'x', '-1,5', '1,0', '99999999999999999999,1', '1,2,cut,3', '{}'])
    expect(readCursor(text)).toBeUndefined();
  const page = { limit: 2, endMs: 10, startMs: 5, pageSize: 2, countIsExact: true };
  const odd = { traceId: '1', rootName: '', rootService: '', startUnixNano: 2n ** 64n - 1n, durationNs: Number.NaN };
  expect(cursorAfter([], page)).toBeUndefined();
  expect(cursorAfter([[odd, odd]], page)).toBe('10,4');
  // One that was found in the window and tells that it ended before it tells nothing.
  expect(
    cursorAfter(
      [
        [
          { ...odd, startUnixNano: 0n },
          { ...odd, startUnixNano: 7_000_000n },
        ],
      ],
      page,
    ),
  ).toBe('8,4');
});

describe('an answer that is', () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  async function zipkin(listener: RequestListener, options: Partial<TransportOptions> = {}): Promise<ZipkinBackend> {
    const listening = createServer(listener);
    server = listening;
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
    const transport = new HttpTransport({ timeoutMs: 3000, maxBytes: 1 << 20, ...options });
    return new ZipkinBackend(backendContext({ type: 'zipkin', url }, { transport }));
  }
  const asks = (backend: ZipkinBackend): Promise<string[]> =>
    Promise.all([backend.services(), backend.get('1'.padStart(32, '0')), searchBackend(backend, {})].map(failure));

  it.each([
    ['refused', 401, 'text/plain', 'no', /^Unauthorized: /],
    ['forbidden', 403, 'text/plain', 'no', /^Unauthorized: /],
    ['an error of its own', 500, 'text/*', 'Elasticsearch is down', /^BadData: "test" at \S+ answered: Elasticsearch is down\.$/],
    ['an error without a word', 500, 'text/*', '', /^BadData: "test" at \S+ answered with status 500\./],
    ['a page to sign in', 200, 'text/html', '<!doctype html><html><title>Sign in</title></html>', /a page to sign in/],
    ['a page', 200, 'text/html', '<!doctype html><html><title>Zipkin</title></html>', /a web page/],
    ['something else', 200, 'application/json', '{"data":[]}', /^BadData: .*not the JSON expected/],
    ['cut', 200, 'application/json', '[[{"traceId":"1', /^(BadData: |no failure$)/],
  ])('%s', async (_, status, type, body, words) => {
    const backend = await zipkin((_request, response) => void response.writeHead(status, { 'content-type': type }).end(body), {
      retries: 0,
    });
    for (const said of await asks(backend)) expect(said).toMatch(words);
  });

  it('that it is too busy is waited for', async () => {
    let times = 0;
    const backend = await zipkin((request, response) => {
      if (request.url?.startsWith('/health')) response.writeHead(404).end();
      else if (++times === 1) response.writeHead(429, { 'retry-after': '0' }).end('busy');
      else response.writeHead(200, { 'content-type': 'application/json' }).end('["shop"]');
    });
    expect(await backend.services()).toEqual(['shop']);
    expect(times).toBe(2);
  });

  it('without an end, or never there', async () => {
    const endless = await zipkin((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write('[[{"traceId":"');
      const more = (): void => {
        while (!response.destroyed && response.write('a'.repeat(1 << 16)));
      };
      response.on('drain', more);
      more();
    });
    for (const said of await asks(endless)) expect(said).toMatch(/^TooLarge: /);
    server?.closeAllConnections();
    server?.close();
    const hanging = await zipkin(() => {}, { timeoutMs: 200, retries: 0 });
    for (const said of await asks(hanging)) expect(said).toMatch(/^Timeout: /);
    const stop = new AbortController();
    const stopped = failure(searchBackend(hanging, { signal: stop.signal }));
    stop.abort();
    expect(await stopped).toMatch(/^Cancelled/);
  });

  it('told by a server that hides what it is stays an answer', async () => {
    // Nothing but the API is let through.
    const backend = await zipkin((request, response) => {
      if (request.url?.startsWith('/api/v2/')) response.writeHead(200, { 'content-type': 'application/json' }).end('[]');
      else response.writeHead(request.url === '/health' ? 500 : 403).end('<html>no</html>');
    });
    expect(await backend.describe()).toEqual({ version: undefined, services: 0 });
    expect((await searchBackend(backend, {})).traces).toEqual([]);
  });

  it('sent by a clock that is ahead, or with times that are none, is found', async () => {
    const span = (id: string, timestamp: unknown) => [
      { traceId: id.padStart(16, '0'), id: id.padStart(16, '0'), name: 'x', timestamp, duration: -5 },
    ];
    const ahead = (Date.now() + 30_000) * 1000;
    let end = 0;
    const backend = await zipkin((request, response) => {
      const url = new URL(`http://x${request.url}`);
      end = Math.max(end, Number(url.searchParams.get('endTs')));
      const traces = [span('1', ahead), span('2', 1e300), span('3', 'soon'), span('4', -1)];
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify(url.pathname === '/health' ? {} : traces));
    });
    const found = await searchBackend(backend, { pageSize: 10 }, 3);
    expect(found.traces.length).toBe(4);
    expect(end * 1000).toBeGreaterThan(ahead);
  });
});
