// Damaged requests over gRPC and from Zipkin's senders, at the running engine: each is answered, none is taken for more than it is, and what was sent
// before and after is there.
import { mkdtempSync, rmSync } from 'node:fs';
import { type ClientHttp2Session, connect } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGzip, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { finish } from '../../../src/base/steps';
import { decodingBytes } from '../../../src/core/format/format';
import { StringTable } from '../../../src/core/model/strings';
import { encodeBatches } from '../../../src/engine/store/encodeSpans';
import { InProcessEngine } from '../../support/inProcessEngine';
import { requestBytes } from '../../support/otlp';
import { listOfSpans } from '../../support/zipkinProto';

let folder: string;
let engine: InProcessEngine;
let port: number;
let session: ClientHttp2Session;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'spanhop-hostile-'));
  engine = new InProcessEngine();
  await engine.call('configure', { redactKeys: [], redactPatterns: [], captureMemoryBytes: 1 << 28, captureLogBytes: 1 << 28 });
  await engine.call('openCaptures', { directory: folder });
  ({ httpPort: port = 0 } = await engine.call('startCapture', { wellKnownPort: false }));
  session = connect(`http://127.0.0.1:${port}`);
});
afterEach(async () => {
  session.destroy();
  await engine.call('stopCapture', {});
  rmSync(folder, { recursive: true, force: true });
});

function framed(message: Uint8Array, flag = 0): Buffer {
  const head = Buffer.alloc(5);
  head[0] = flag;
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

/** The status of a call. */
function call(body: Uint8Array | NodeJS.ReadableStream, headers: Record<string, string> = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const path = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
    const stream = session.request({
      ':method': 'POST',
      ':path': path,
      'content-type': 'application/grpc',
      te: 'trailers',
      ...headers,
    });
    const told = (got: NodeJS.Dict<unknown>): void => {
      if (got['grpc-status'] !== undefined) resolve(String(got['grpc-status']));
    };
    stream.on('response', told);
    stream.on('trailers', told);
    stream.on('error', reject);
    stream.resume();
    if (body instanceof Uint8Array) stream.end(body);
    else body.pipe(stream);
  });
}

/** A request of two spans with attributes, events and a status. */
function proto(): Uint8Array {
  const spans = requestBytes([
    { traceId: 'a1', spanId: '1', name: 'GET /cart', attributes: { 'http.route': '/cart', n: 300 }, error: true },
    { traceId: 'a1', spanId: '2', parent: '1', name: 'SELECT', events: [{ name: 'row', attributes: { a: 'b' } }] },
  ]);
  const { batches } = finish(decodingBytes(spans, { strings: new StringTable(), name: 'it' }));
  return Buffer.concat(encodeBatches(batches, 1 << 20));
}

const settled = new Set(['0', '3']);

it('survives another value in each byte of a call, and an end at each', async () => {
  const good = framed(proto());
  expect(await call(good)).toBe('0');
  for (let at = 0; at < good.length; at++) {
    const damaged = [0, 0xff, good[at] ^ 0x10].map((value) => {
      const bytes = Buffer.from(good);
      bytes[at] = value;
      return bytes;
    });
    for (const status of await Promise.all([...damaged, good.subarray(0, at)].map((bytes) => call(bytes))))
      expect(settled.has(status), `byte ${at}: status ${status}`).toBe(true);
  }
  expect(await call(good)).toBe('0');
  const { counts } = await engine.call('captureState', {});
  expect(counts.spans).toBeGreaterThanOrEqual(4);
  expect(counts.rejected).toBeGreaterThan(0);
});

it('survives the same from a sender of Zipkin', async () => {
  const span = {
    traceId: '1f',
    id: 'a',
    name: 'get',
    timestamp: 1_000_000,
    duration: 5,
    tags: { a: 'b' },
    localEndpoint: { serviceName: 'x' },
  };
  const good = listOfSpans([span, { ...span, id: 'b', parentId: 'a' }]);
  const post = async (body: Uint8Array): Promise<number> => {
    const headers = { 'content-type': 'application/x-protobuf' };
    const answer = await fetch(`http://127.0.0.1:${port}/api/v2/spans`, { method: 'POST', body: Buffer.from(body), headers });
    await answer.arrayBuffer();
    return answer.status;
  };
  expect(await post(good)).toBe(202);
  for (let at = 0; at < good.length; at++) {
    const bytes = good.slice();
    bytes[at] ^= 0x10;
    for (const status of await Promise.all([bytes, good.subarray(0, at)].map(post)))
      expect([202, 400], `byte ${at}: status ${status}`).toContain(status);
  }
  expect(await post(good)).toBe(202);
});

it('is not filled by a call that inflates without end', async () => {
  // 300 MB of zeros in 300 kB. Of ten thousand times that, no more would come out before it is refused.
  const gzip = createGzip();
  const chunks: Buffer[] = [];
  gzip.on('data', (chunk: Buffer) => chunks.push(chunk));
  const zeros = Buffer.alloc(1 << 20);
  for (let i = 0; i < 300; i++) if (!gzip.write(zeros)) await new Promise((resolve) => gzip.once('drain', resolve));
  await new Promise<void>((resolve) => gzip.end(resolve));
  const before = process.memoryUsage.rss();
  expect(await call(framed(Buffer.concat(chunks), 1), { 'grpc-encoding': 'gzip' })).toBe('8');
  expect(process.memoryUsage.rss() - before).toBeLessThan(400 << 20);
  expect(await call(framed(gzipSync(proto()), 1), { 'grpc-encoding': 'gzip' })).toBe('0');
});
