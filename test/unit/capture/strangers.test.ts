// What reaches the port and is no request as it should be: another protocol, another path, another host. Each is answered in words and told.
import { request as httpRequest } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import * as zlib from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { otlpGrpc } from '../../../src/capture/grpc/otlpGrpc';
import { spokenIn } from '../../../src/capture/listen/firstBytes';
import { Listener, type ListenerOptions } from '../../../src/capture/listen/listener';
import { anyOf } from '../../../src/capture/listen/protocol';
import { otlpHttp } from '../../../src/capture/otlp/otlpHttp';
import type { TelemetrySink } from '../../../src/capture/sink';
import { zipkinHttp } from '../../../src/capture/zipkin/zipkinHttp';

const PROTOBUF = 'application/x-protobuf';
const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

let listener: Listener;
let port: number;
let told: string[];
let taken: string[];
let held: 'nothing' | 'logs' | 'metrics' | undefined;

async function listen(options: ListenerOptions = {}): Promise<void> {
  told = [];
  taken = [];
  held = undefined;
  listener = new Listener((kind, message) => told.push(`${kind}: ${message}`), options);
  const take = async (what: string): Promise<{ rejected: number; message: string; held?: typeof held }> => {
    taken.push(what);
    return { rejected: 0, message: '', ...(held ? { held } : {}) };
  };
  const sink: TelemetrySink = {
    spans: ({ otlp }) => take(`spans ${otlp?.length ?? 'json'}`),
    records: ({ otlp }) => take(`records ${otlp?.length ?? 'json'}`),
    metrics: () => void taken.push('metrics'),
    refused: () => {},
  };
  port = await listener.listen(anyOf([otlpGrpc(sink), zipkinHttp(sink), otlpHttp(sink)]), 0);
}
beforeEach(() => listen());
afterEach(() => listener.close(0));

/** All that is answered to these bytes, sent in pieces, until the connection ends. */
function say(...pieces: (string | Buffer)[]): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(port, '127.0.0.1', async () => {
      socket.setNoDelay(true);
      for (const piece of pieces) {
        await new Promise<void>((sent) => socket.write(typeof piece === 'string' ? bytes(piece) : piece, () => sent()));
        await new Promise((turn) => setImmediate(turn));
      }
    });
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
    });
    socket.on('close', () => resolve(text));
  });
}

function post(path: string, headers: Record<string, string> = {}, body: Uint8Array | string = 'x', method = 'POST') {
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const all = { 'content-type': PROTOBUF, ...headers };
    const sent = httpRequest({ port, host: '127.0.0.1', method, path, headers: all }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += String(chunk);
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sent.on('error', reject);
    sent.end(method === 'GET' ? undefined : body);
  });
}

/** A call as gRPC makes it. */
function call(headers: Record<string, string> = {}): Promise<NodeJS.Dict<string | string[]>> {
  return new Promise((resolve, reject) => {
    const session = connectHttp2(`http://127.0.0.1:${port}`);
    session.on('error', reject);
    const path = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
    const stream = session.request({
      ':method': 'POST',
      ':path': path,
      'content-type': 'application/grpc',
      te: 'trailers',
      ...headers,
    });
    stream.on('response', (answer) => {
      session.close();
      const pick = (name: string): [string, string] => [name, String(answer[name])];
      resolve(Object.fromEntries([':status', 'content-type', 'grpc-status', 'grpc-message'].map(pick)));
    });
    stream.on('error', reject);
    stream.on('data', () => {});
    stream.end(Buffer.from([0, 0, 0, 0, 2, 10, 0]));
  });
}

it.each([
  ['', undefined],
  ['P', undefined],
  ['PR', undefined],
  ['PRI', 'http2'],
  ['PRI * HTTP/2.0\r\n', 'http2'],
  ['PRO', 'http1'],
  ['POST', 'http1'],
  ['G', 'http1'],
  ['\x16', 'tls'],
  ['\x16\x03\x01', 'tls'],
  ['\0', 'http1'],
] as const)('%j speaks %s', (text, spoken) => expect(spokenIn(bytes(text))).toBe(spoken));

describe('a gRPC client', () => {
  it('is taken, and answered in gRPC', async () => {
    expect(await call()).toMatchObject({ ':status': '200', 'content-type': 'application/grpc' });
    expect([taken, told]).toEqual([['spans 2'], []]);
  });

  it('is told in gRPC when it calls what is not here', async () => {
    const answer = await call({ ':path': '/jaeger.api_v2.CollectorService/PostSpans' });
    expect(answer).toMatchObject({ 'content-type': 'application/grpc', 'grpc-status': '12' });
    expect(answer['grpc-message']).toContain('it called /jaeger.api_v2.CollectorService/PostSpans, which is nothing of OTLP');
    expect(told).toEqual([expect.stringMatching(/^path: it called \/jaeger/)]);
  });

  it('behind something that speaks HTTP/1.1 is told so', async () => {
    const { status, text } = await post('/opentelemetry.proto.collector.trace.v1.TraceService/Export', {
      'content-type': 'application/grpc',
    });
    expect([status, text]).toEqual([400, expect.stringContaining('a call of gRPC that came over HTTP/1.1')]);
    expect([taken, told]).toEqual([[], [expect.stringMatching(/^grpc: /)]]);
  });

  it('from another machine is refused in gRPC', async () => {
    const answer = await call({ ':authority': 'evil.example' });
    expect(answer).toMatchObject({ ':status': '403', 'grpc-status': '7' });
    expect(answer['grpc-message']).toContain('the host "evil.example"');
    expect((await call({ origin: 'https://evil.example' }))['grpc-status']).toBe('7');
    expect(told).toEqual([expect.stringMatching(/^foreign: /), expect.stringMatching(/^foreign: /)]);
    expect(taken).toEqual([]);
  });

  it('that sends OTLP over HTTP/2 is taken', async () => {
    expect((await call({ ':path': '/v1/traces', 'content-type': PROTOBUF }))[':status']).toBe('200');
    expect(taken).toEqual(['spans 7']);
  });

  it('whose first bytes drip is heard, and does not hold up the end', async () => {
    const socket = connect(port, '127.0.0.1');
    socket.resume();
    for (const letter of 'PRI * HTTP/2.0') socket.write(letter);
    expect((await post('/v1/traces')).status).toBe(200);
    await listener.close(50);
    await new Promise((resolve) => (socket.destroyed ? resolve(0) : socket.on('error', resolve).on('close', resolve)));
  });
});

it('is not kept from others by prefaces and first letters in a loop', async () => {
  await listener.close(0);
  await listen({ maxConnections: 20 });
  const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
  const sockets = Array.from({ length: 200 }, (_, i) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(['P', 'PRI', preface, `${preface}\0\0\0\x04\0\0\0\0\0`][i % 4]));
    socket.on('error', () => {});
    return socket.resume();
  });
  await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('connect', resolve).once('close', resolve))));
  for (let i = 0; i < 5; i++) expect((await post('/v1/traces', { connection: 'close' })).status).toBe(200);
  expect((await call())[':status']).toBe('200');
  for (const socket of sockets) socket.destroy();
  expect(told).toEqual([]);
});

describe('a TLS client', () => {
  it('reports that this is no TLS, and is told what to set', async () => {
    const failed = new Promise<Error>((resolve) => connectTls({ port, host: '127.0.0.1' }).on('error', resolve));
    expect((await failed).message).toMatch(/wrong version number|http request|packet length/i);
    expect(told).toEqual([expect.stringMatching(/^tls: .* http:\/\//)]);
  });

  it('gets plain HTTP, which says why', async () => {
    expect(await say('\x16\x03\x01\x02\0\x01')).toMatch(
      /^HTTP\/1\.1 400 .*\r\n[\s\S]*begin OTEL_EXPORTER_OTLP_ENDPOINT with http/i,
    );
  });
});

it('answers what is no HTTP, and headers without end, with a sentence', async () => {
  expect(await say('garbage of a program\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 [\s\S]*no HTTP that can be read/);
  expect(await say(`POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nX: ${'y'.repeat(40_000)}\r\n\r\n`)).toMatch(
    /^HTTP\/1\.1 431 /,
  );
  expect(told.map((line) => line.split(':')[0])).toEqual(['http', 'http']);
});

it('lets go of who says nothing, or a part of the first word', async () => {
  await listener.close(0);
  await listen({ requestTimeoutMs: 100 });
  expect(await Promise.all([say(), say('P'), say('PR')])).toEqual(['', '', '']);
  expect((await post('/v1/traces')).status).toBe(200);
});

it('passes over an offer to change to HTTP/2, as Java’s client makes one, and answers in HTTP/1.1', async () => {
  const offer = {
    connection: 'Upgrade, HTTP2-Settings',
    upgrade: 'h2c',
    'http2-settings': 'AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA',
  };
  expect((await post('/v1/traces', offer, 'abc')).status).toBe(200);
  expect((await post('/v1/traces', {}, 'ab')).status).toBe(200);
  expect([taken, told]).toEqual([['spans 3', 'spans 2'], []]);
});

it('hears a request whose bytes come one by one', async () => {
  const text = `POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${PROTOBUF}\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc`;
  expect(await say(...text)).toMatch(/^HTTP\/1\.1 200 /);
  expect(taken).toEqual(['spans 3']);
});

it('takes HTTP/1.0, which knows no hosts; and of 1.1 only what names one', async () => {
  const rest = `Content-Type: ${PROTOBUF}\r\nContent-Length: 3\r\n\r\nabc`;
  expect(await say(`POST /v1/traces HTTP/1.0\r\n${rest}`)).toMatch(/^HTTP\/1\.1 200 /);
  expect(await say(`POST /v1/traces HTTP/1.0\r\nHost: evil.example\r\n${rest}`)).toMatch(/^HTTP\/1\.1 403 /);
  expect(await say(`POST /v1/traces HTTP/1.1\r\nConnection: close\r\n${rest}`)).toMatch(/^HTTP\/1\.1 403 [\s\S]*names no host/);
  expect(await say(`POST http://evil.example/v1/traces HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${rest}`)).toMatch(
    / 403 /,
  );
  expect(taken).toEqual(['spans 3']);
});

describe('a path', () => {
  it.each([
    '/v1/traces',
    '/v1/traces/',
    '/v1/traces?token=x',
    '/v1/traces/v1/traces',
    '/otlp/v1/traces',
    '//v1//traces//',
    '/api/default/v1/traces#x',
    '/',
    '/?x',
    '/api/traces',
  ])('%s leads to spans', async (path) => {
    expect((await post(path)).status).toBe(200);
    expect([taken, told]).toEqual([['spans 1'], []]);
  });

  it.each([
    ['/proxy/v1/logs', 'records 1'],
    ['/v1/metrics/v1/metrics', 'metrics'],
  ])('%s leads to %s', async (path, what) => {
    expect((await post(path)).status).toBe(200);
    expect(taken).toEqual([what]);
  });

  it.each(['/v1/trace', '/v1/traces/x', '/v1development/profiles', '/__proto__', '/xv1/traces'])(
    '%s is told with the ones to use',
    async (path) => {
      expect(await post(path)).toEqual({ status: 404, text: 'Send OTLP to /v1/traces, /v1/logs or /v1/metrics.\n' });
      expect(told).toEqual([`path: it went to ${path}. Send OTLP to /v1/traces, /v1/logs or /v1/metrics.`]);
    },
  );

  it('is told short, and not when somebody looks with a browser', async () => {
    expect((await post(`/${'x'.repeat(5_000)}`)).status).toBe(404);
    expect(told[0].length).toBeLessThan(220);
    told.length = 0;
    const { status, text } = await post('/', {}, '', 'GET');
    expect([status, text]).toEqual([405, 'Use POST. Send OTLP to /v1/traces, /v1/logs or /v1/metrics.\n']);
    expect((await post('/favicon.ico', {}, '', 'GET')).status).toBe(404);
    expect(told).toEqual([]);
    expect((await post('/v1/traces', {}, 'x', 'PUT')).status).toBe(405);
    expect(told).toEqual(['path: it came by PUT. Use POST.']);
  });
});

it('puts what came to the path of another signal where it belongs', async () => {
  held = 'logs';
  await post('/v1/traces');
  held = 'metrics';
  await post('/');
  held = 'nothing';
  await post('/v1/logs');
  expect(taken).toEqual(['spans 1', 'records 1', 'spans 1', 'metrics', 'records 1', 'spans 1']);
});

it('names the host or the page that is refused, and what to use', async () => {
  expect((await post('/v1/traces', { host: 'my-laptop:4318' })).text).toContain('asked for the host "my-laptop:4318"');
  expect((await post('/v1/traces', { origin: 'https://shop.example' })).text).toContain('a page of https://shop.example');
  expect(told).toEqual([
    expect.stringMatching(/^foreign: .*"my-laptop:4318".* Use 127\.0\.0\.1 or localhost in OTEL_EXPORTER_OTLP_ENDPOINT/),
    expect.stringMatching(/^foreign: .*shop\.example.* http:\/\/localhost/),
  ]);
});

const zstdCompress: unknown = Reflect.get(zlib, 'zstdCompressSync');

describe('a compressed body', () => {
  const text = Buffer.from('spans '.repeat(1_000));

  it.each([
    ['gzip', zlib.gzipSync(text)],
    ['X-GZIP', zlib.gzipSync(text)],
    ['deflate', zlib.deflateSync(text)],
    ['deflate', zlib.deflateRawSync(text)],
    ...(typeof zstdCompress === 'function' ? [['zstd', Buffer.from(zstdCompress(text))] as const] : []),
  ] as const)('in %s is read', async (encoding, body) => {
    expect((await post('/v1/traces', { 'content-encoding': encoding }, body)).status).toBe(200);
    expect(taken).toEqual([`spans ${text.length}`]);
    expect(listener.openBytes).toBe(0);
  });

  it.skipIf(typeof zstdCompress !== 'function')('in several frames of zstd is read to its end, and not without end', async () => {
    const frame = (bytes: Uint8Array): Buffer =>
      typeof zstdCompress === 'function' ? Buffer.from(zstdCompress(bytes)) : Buffer.alloc(0);
    const send = (...parts: Buffer[]) => post('/v1/traces', { 'content-encoding': 'zstd' }, Buffer.concat(parts));
    const skipped = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 1, 1]);
    expect((await send(skipped, frame(text), frame(text), frame(Buffer.alloc(0)), frame(text))).status).toBe(200);
    expect(taken).toEqual([`spans ${3 * text.length}`]);
    expect((await send(frame(text), Buffer.from('garbage'))).status).toBe(400);
    expect((await send(...Array.from({ length: 3_000 }, () => frame(Buffer.alloc(0))))).status).toBe(400);
    expect((await send(...Array.from({ length: 100 }, () => frame(new Uint8Array(1 << 20))))).status).toBe(413);
    expect(listener.openBytes).toBe(0);
  });

  it('that is compressed and empty is none', async () => {
    expect((await post('/v1/traces', { 'content-encoding': 'gzip' }, '')).status).toBe(400);
  });

  it.each(['deflate', 'gzip'])('that is no %s is told by the name', async (encoding) => {
    expect((await post('/v1/traces', { 'content-encoding': encoding }, 'garbage')).status).toBe(400);
    expect(told).toEqual([`unreadable: The body is not valid ${encoding}.`]);
  });

  it('in deflate is bounded as gzip is', async () => {
    const bomb = zlib.deflateSync(new Uint8Array(64 << 20));
    expect((await post('/v1/traces', { 'content-encoding': 'deflate' }, bomb)).status).toBe(413);
    expect([taken, listener.openBytes]).toEqual([[], 0]);
  });
});
