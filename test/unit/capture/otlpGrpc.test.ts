// OTLP over gRPC: what OpenTelemetry's own exporter sends arrives, and what a client may do wrong is refused in gRPC's words.
import { type ClientHttp2Session, connect as connectHttp2, constants, type IncomingHttpHeaders } from 'node:http2';
import { connect } from 'node:net';
import { deflateSync, gzipSync } from 'node:zlib';
import { SpanKind } from '@opentelemetry/api';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-grpc';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SpanhopError } from '../../../src/base/errors';
import { otlpGrpc } from '../../../src/capture/grpc/otlpGrpc';
import { FloodGate } from '../../../src/capture/listen/floodGate';
import { Listener, type ListenerOptions } from '../../../src/capture/listen/listener';
import { anyOf } from '../../../src/capture/listen/protocol';
import { otlpHttp } from '../../../src/capture/otlp/otlpHttp';
import type { Taken, TelemetrySink } from '../../../src/capture/sink';
import { decodingBytes } from '../../../src/core/format/format';
import { StringTable } from '../../../src/core/model/strings';

const TRACES = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
const LOGS = '/opentelemetry.proto.collector.logs.v1.LogsService/Export';
const METRICS = '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export';

let listener: Listener;
let port: number;
let told: string[];
let spans: Uint8Array[];
let records: Uint8Array[];
let metrics: number;
let answer: () => Promise<Taken>;
let sessions: ClientHttp2Session[];

async function listen(options: ListenerOptions = {}): Promise<void> {
  listener = new Listener((kind, message) => told.push(`${kind}: ${message}`), options);
  const sink: TelemetrySink = {
    spans: ({ otlp }) => {
      if (otlp) spans.push(otlp);
      return answer();
    },
    records: ({ otlp }) => {
      if (otlp) records.push(otlp);
      return answer();
    },
    metrics: () => void metrics++,
    refused: () => {},
  };
  port = await listener.listen(anyOf([otlpGrpc(sink), otlpHttp(sink)]), 0);
}

beforeEach(async () => {
  told = [];
  spans = [];
  records = [];
  metrics = 0;
  sessions = [];
  answer = async () => ({ rejected: 0, message: '' });
  await listen();
});
afterEach(async () => {
  for (const session of sessions) session.destroy();
  await listener.close(0);
});

function client(): ClientHttp2Session {
  const session = connectHttp2(`http://127.0.0.1:${port}`);
  session.on('error', () => {});
  sessions.push(session);
  return session;
}

it('stops within its grace, also while a client does not read its answer', async () => {
  const stream = client().request({ ':method': 'POST', ':path': TRACES, 'content-type': 'application/grpc' });
  stream.on('error', () => {});
  const answered = new Promise((resolve) => stream.on('response', resolve));
  stream.end(Buffer.from([0, 0, 0, 0, 0]));
  await answered;
  const closed = await Promise.race([listener.close(50).then(() => true), new Promise((resolve) => setTimeout(resolve, 5_000))]);
  expect(closed).toBe(true);
});

interface Called {
  readonly status: string;
  readonly message: string;
  readonly body: Buffer;
  readonly headers: IncomingHttpHeaders;
}

interface Call {
  readonly path?: string;
  readonly headers?: Record<string, string>;
  /** The stream stays open after these bytes. */
  readonly open?: boolean;
}

function call(
  session: ClientHttp2Session,
  bytes: Uint8Array,
  { path = TRACES, headers = {}, open = false }: Call = {},
): Promise<Called> {
  return new Promise((resolve, reject) => {
    const head = { ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers', ...headers };
    const stream = session.request(head);
    const chunks: Buffer[] = [];
    let got: IncomingHttpHeaders = {};
    stream.on('response', (answered) => {
      got = { ...answered };
    });
    stream.on('trailers', (trailers) => {
      got = { ...got, ...trailers };
    });
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('error', reject);
    stream.on('end', () => {
      const { 'grpc-status': status, 'grpc-message': message = '' } = got;
      resolve({
        status: String(status),
        message: decodeURIComponent(String(message)),
        body: Buffer.concat(chunks),
        headers: got,
      });
      stream.close();
    });
    if (open) stream.write(bytes);
    else stream.end(bytes);
  });
}

function framed(message: Uint8Array, flag = 0): Buffer {
  const head = Buffer.alloc(5);
  head[0] = flag;
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

const MESSAGE = Uint8Array.of(10, 0);

describe("OpenTelemetry's exporter", () => {
  it.each(['none', 'gzip'])('sends spans, compression %s', async (compression) => {
    process.env.OTEL_EXPORTER_OTLP_COMPRESSION = compression;
    const exporter = new OTLPTraceExporter({ url: `http://127.0.0.1:${port}` });
    delete process.env.OTEL_EXPORTER_OTLP_COMPRESSION;
    const provider = new BasicTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] });
    const tracer = provider.getTracer('test');
    for (let i = 0; i < 100; i++) tracer.startSpan('GET /cart', { kind: SpanKind.SERVER }).end();
    await provider.shutdown();
    const steps = decodingBytes(spans[0], { strings: new StringTable(), name: 'it', format: 'otlp-proto' });
    let step = steps.next();
    while (!step.done) step = steps.next();
    expect([spans.length, step.value.spanCount, told]).toEqual([1, 100, []]);
    expect(listener.openBytes).toBe(0);
  });

  it('sends log records', async () => {
    const exporter = new OTLPLogExporter({ url: `http://localhost:${port}` });
    const provider = new LoggerProvider({ processors: [new BatchLogRecordProcessor({ exporter })] });
    provider.getLogger('test').emit({ body: 'cart is empty' });
    await provider.shutdown();
    expect([records.length, Buffer.from(records[0]).includes('cart is empty')]).toEqual([1, true]);
  });
});

describe('a call', () => {
  it.each([
    [TRACES, () => spans.length],
    [LOGS, () => records.length],
    [METRICS, () => metrics],
  ])('of %s is taken, several at a time over one connection', async (path, count) => {
    const session = client();
    const answers = await Promise.all(Array.from({ length: 20 }, () => call(session, framed(MESSAGE), { path })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set(['0']));
    expect(answers[0].body).toEqual(Buffer.alloc(5));
    expect(count()).toBe(20);
  });

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
  ])('compressed by %s is read', async (encoding, compress) => {
    const message = new TextEncoder().encode('spans '.repeat(1_000));
    const headers = { 'grpc-encoding': encoding };
    expect((await call(client(), framed(compress(message), 1), { headers })).status).toBe('0');
    // The header names what may be used, the message says whether it is.
    expect((await call(client(), framed(message), { headers })).status).toBe('0');
    expect(spans.map(({ length }) => length)).toEqual([6_000, 6_000]);
    expect(listener.openBytes).toBe(0);
  });

  it.each<[string, Uint8Array, Record<string, string>, string, RegExp]>([
    ['without a message', Buffer.alloc(0), {}, '3', /no message/],
    ['that ends in its message', framed(MESSAGE).subarray(0, 6), {}, '3', /ends early/],
    ['with two messages', Buffer.concat([framed(MESSAGE), framed(MESSAGE)]), {}, '3', /more than one/],
    ['with a flag that there is not', framed(MESSAGE, 7), {}, '3', /begins with 7/],
    ['compressed in a way that it does not name', framed(MESSAGE, 1), {}, '3', /no grpc-encoding/],
    ['that is no gzip', framed(MESSAGE, 1), { 'grpc-encoding': 'gzip' }, '3', /not valid gzip/],
    ['in an unknown compression', framed(MESSAGE, 1), { 'grpc-encoding': 'snappy' }, '12', /"snappy" is not supported/],
    ['in JSON', framed(MESSAGE), { 'content-type': 'application/grpc+json' }, '12', /application\/grpc\+json/],
  ])('%s is refused and not sent again', async (_name, bytes, headers, status, message) => {
    const answered = await call(client(), bytes, { headers });
    expect([answered.status, answered.message]).toEqual([status, expect.stringMatching(message)]);
    expect([spans, told.length, listener.openBytes]).toEqual([[], 1, 0]);
    if (status === '12') expect(answered.headers['grpc-accept-encoding']).toBe('identity,deflate,gzip');
  });

  it('of an unknown method is told so in gRPC', async () => {
    const session = client();
    for (const path of [TRACES.replace('Export', 'Stream'), '/grpc.health.v1.Health/Check', '/']) {
      expect((await call(session, framed(MESSAGE), { path })).status).toBe('12');
    }
    expect(spans).toEqual([]);
  });

  it('is told what is not kept of it, and not to send that again', async () => {
    answer = async () => ({ rejected: 3, message: '3 spans cannot be read: 100 %, né?' });
    const { status, body } = await call(client(), framed(MESSAGE));
    // ExportTraceServiceResponse { partial_success { rejected_spans: 3, error_message } } in its frame
    expect([status, body[0], body.readUInt32BE(1), [...body.subarray(5, 6)]]).toEqual(['0', 0, body.length - 5, [10]]);
    expect(body.toString()).toContain('3 spans cannot be read');
  });

  it.each([
    [new SpanhopError('BadData', 'It is 100 % damaged.\nÉ'), '3', undefined],
    [new SpanhopError('TooLarge', 'It is too much.'), '8', undefined],
    [new Error('The disk is full.'), '14', expect.stringMatching(/^CA4a/)],
  ])('that fails by %s says whether to come again', async (error, status, details) => {
    answer = () => Promise.reject(error);
    const answered = await call(client(), framed(MESSAGE));
    expect([answered.status, answered.message, answered.headers['grpc-status-details-bin']]).toEqual([
      status,
      error.message,
      details,
    ]);
  });

  it('of more than may be is refused, sent or inflated', async () => {
    await listener.close(0);
    await listen({ maxBodyBytes: 1 << 20 });
    const large = new Uint8Array(2 << 20);
    const session = client();
    expect((await call(session, framed(large))).status).toBe('8');
    expect((await call(session, framed(gzipSync(large), 1), { headers: { 'grpc-encoding': 'gzip' } })).status).toBe('8');
    expect((await call(session, framed(MESSAGE))).status).toBe('0');
    expect([spans.length, listener.openBytes]).toEqual([1, 0]);
  });

  it('whose message does not come ends when its client’s patience does, or ours', async () => {
    await listener.close(0);
    await listen({ requestTimeoutMs: 300 });
    const session = client();
    const part = framed(MESSAGE).subarray(0, 6);
    const started = performance.now();
    expect((await call(session, part, { open: true, headers: { 'grpc-timeout': '20m' } })).status).toBe('4');
    expect(performance.now() - started).toBeLessThan(250);
    expect((await call(session, part, { open: true, headers: { 'grpc-timeout': '100S' } })).status).toBe('4');
    expect((await call(session, part, { open: true, headers: { 'grpc-timeout': 'soon' } })).status).toBe('4');
    expect((await call(session, framed(MESSAGE))).status).toBe('0');
    expect(listener.openBytes).toBe(0);
  });
});

it('lets what is under way end when it stops, and takes nothing new over the same connection', async () => {
  const session = client();
  let safe = (): void => {};
  const reached = new Promise<void>((resolve) => {
    answer = () =>
      new Promise((settle) => {
        safe = () => settle({ rejected: 0, message: '' });
        resolve();
      });
  });
  const under = call(session, framed(MESSAGE));
  await reached;
  const gone = new Promise<number>((resolve) => session.once('goaway', resolve));
  const closed = listener.close(600_000);
  expect(await gone).toBe(constants.NGHTTP2_NO_ERROR);
  safe();
  expect((await under).status).toBe('0');
  await closed;
});

describe('a connection that floods', () => {
  /** A client of HTTP/2 by hand, which says it without reading; resolves when it is cut off. */
  function flood(frame: Buffer, more: Buffer = Buffer.alloc(0)): Promise<void> {
    return new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => {});
      socket.on('close', () => resolve());
      socket.resume();
      socket.write(
        Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]), more]),
      );
      const piece = Buffer.concat(Array.from({ length: 1_000 }, () => frame));
      const write = (): void => {
        if (!socket.destroyed) socket.write(piece, () => setImmediate(write));
      };
      write();
    });
  }

  it.each([
    ['PING', Buffer.from([0, 0, 8, 6, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8])],
    ['SETTINGS', Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0])],
  ])('with %s is ended, and others go on', async (_name, frame) => {
    const session = client();
    expect((await call(session, framed(MESSAGE))).status).toBe('0');
    await flood(frame);
    expect((await call(session, framed(MESSAGE))).status).toBe('0');
  });

  it('with calls that it resets at once is ended, and leaves nothing behind', async () => {
    const session = client();
    const other = client();
    const closed = new Promise((resolve) => session.once('close', resolve));
    let count = 0;
    const again = (): void => {
      for (let i = 0; i < 50 && !session.destroyed && !session.closed; i++, count++) {
        const stream = session.request({ ':method': 'POST', ':path': TRACES, 'content-type': 'application/grpc' });
        stream.on('error', () => {});
        stream.write(framed(MESSAGE).subarray(0, 6));
        stream.close(constants.NGHTTP2_CANCEL);
      }
      if (!session.destroyed && count < 20_000) setImmediate(again);
    };
    session.once('connect', again);
    await closed;
    expect(count).toBeLessThan(20_000);
    expect((await call(other, framed(MESSAGE))).status).toBe('0');
    expect(listener.openBytes).toBe(0);
  });
});

it('counts what floods by the time that passes', () => {
  let now = 0;
  const gate = new FloodGate(() => now);
  const passed = (times: number): number => Array.from({ length: times }, () => gate.passes()).filter(Boolean).length;
  expect(passed(1_500)).toBe(1_000);
  now += 10_000;
  expect(passed(1)).toBe(1);
  for (let i = 0; i < 10_000; i++) {
    now += 10;
    expect(gate.passes()).toBe(true);
  }
});
