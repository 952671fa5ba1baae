// Zipkin's senders: their paths, their formats, and the answers that they know.
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SpanhopError } from '../../../src/base/errors';
import { Listener } from '../../../src/capture/listen/listener';
import { anyOf } from '../../../src/capture/listen/protocol';
import { otlpHttp } from '../../../src/capture/otlp/otlpHttp';
import type { SpanExport, TelemetrySink } from '../../../src/capture/sink';
import { zipkinHttp } from '../../../src/capture/zipkin/zipkinHttp';
import { StringTable } from '../../../src/core/model/strings';
import { listOfSpans } from '../../support/zipkinProto';
import { spansOf } from '../format/spans';

let listener: Listener;
let port: number;
let told: string[];
let names: string[];
let failure: Error | undefined;

beforeEach(async () => {
  told = [];
  names = [];
  failure = undefined;
  listener = new Listener((kind, message) => told.push(`${kind}: ${message}`));
  const spans = async ({ decode }: SpanExport): Promise<{ rejected: number; message: string }> => {
    if (failure) throw failure;
    const steps = decode(new StringTable());
    let step = steps.next();
    while (!step.done) step = steps.next();
    names.push(...spansOf(step.value.batches).map(({ name, service, kind }) => `${name} of ${service}, ${kind}`));
    return { rejected: 0, message: '' };
  };
  const sink: TelemetrySink = {
    spans,
    records: async () => ({ rejected: 0, message: '' }),
    metrics: () => {},
    refused: () => {},
  };
  port = await listener.listen(anyOf([zipkinHttp(sink), otlpHttp(sink)]), 0);
});
afterEach(() => listener.close(0));

async function post(path: string, body: string | Uint8Array, type?: string, more: Record<string, string> = {}) {
  const headers = { ...(type === undefined ? {} : { 'content-type': type }), ...more };
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', body: Buffer.from(body), headers });
  return [answer.status, await answer.text()];
}

const span = {
  traceId: '1f',
  id: 'a',
  kind: 'SERVER',
  name: 'get',
  timestamp: 1_000_000,
  duration: 5,
  localEndpoint: { serviceName: 'cart' },
};
const v1 = {
  traceId: '1f',
  id: 'a',
  name: 'get',
  timestamp: 1_000_000,
  duration: 5,
  annotations: [
    { timestamp: 1_000_000, value: 'sr', endpoint: { serviceName: 'cart', ipv4: '127.0.0.1' } },
    { timestamp: 1_000_005, value: 'ss', endpoint: { serviceName: 'cart', ipv4: '127.0.0.1' } },
  ],
};
const PROTO = 'application/x-protobuf';
const JSON_TYPE = 'application/json';

it.each<[string, string, string | Uint8Array, string | undefined]>([
  ['JSON', '/api/v2/spans', JSON.stringify([span]), JSON_TYPE],
  ['JSON behind white space', '/api/v2/spans', `\n ${JSON.stringify([span])}`, JSON_TYPE],
  ['JSON of version 1', '/api/v1/spans', JSON.stringify([v1]), 'application/json; charset=utf-8'],
  ['JSON of version 1 at the path of version 2', '/api/v2/spans', JSON.stringify([v1]), JSON_TYPE],
  ['protobuf', '/api/v2/spans', listOfSpans([span]), PROTO],
  ['protobuf without a type', '/zipkin/api/v2/spans', listOfSpans([span]), undefined],
  ['JSON of a wrong type', '/api/v2/spans', JSON.stringify([span]), 'text/plain'],
])('takes %s', async (_name, path, body, type) => {
  expect(await post(path, body, type)).toEqual([202, '']);
  expect([names, told]).toEqual([['get of cart, 2'], []]);
});

it('takes what is compressed, and nothing for what it is', async () => {
  expect(await post('/api/v2/spans', gzipSync(listOfSpans([span])), PROTO, { 'content-encoding': 'gzip' })).toEqual([202, '']);
  expect(await post('/api/v2/spans', '[]', JSON_TYPE)).toEqual([202, '']);
  expect(await post('/api/v2/spans', '', JSON_TYPE)).toEqual([202, '']);
  expect(names).toHaveLength(1);
});

it('takes protobuf of Zipkin at the paths of OTLP as well', async () => {
  expect((await post('/v1/traces', listOfSpans([span]), PROTO))[0]).toBe(200);
  expect((await post('/', listOfSpans([span]), PROTO))[0]).toBe(200);
  expect(names).toHaveLength(2);
});

it('tells who sends Thrift what to send instead', async () => {
  const thrift = Uint8Array.of(0x0c, 0, 0, 0, 1, 0x0a, 0, 1);
  for (const type of ['application/x-thrift', undefined]) {
    expect(await post('/api/v1/spans', thrift, type)).toEqual([415, expect.stringMatching(/Thrift.*Encoding\.PROTO3/)]);
  }
  expect(told).toEqual([expect.stringMatching(/^type: it is in Thrift/), expect.stringMatching(/^type: it is in Thrift/)]);
  expect(names).toEqual([]);
});

it('refuses what cannot be read, and says when to come again', async () => {
  expect((await post('/api/v2/spans', 'garbage', JSON_TYPE))[0]).toBe(400);
  expect((await post('/api/v2/spans', '[{"traceId":', JSON_TYPE))[0]).toBe(400);
  failure = new SpanhopError('TooLarge', 'It is too much.');
  expect(await post('/api/v2/spans', '[{}]', JSON_TYPE)).toEqual([413, 'It is too much.\n']);
  failure = new Error('The disk is full.');
  expect(await post('/api/v2/spans', '[{}]', JSON_TYPE)).toEqual([503, 'The disk is full.\n']);
  expect(names).toEqual([]);
});

it('is guarded as all are', async () => {
  const page = { origin: 'https://evil.example' };
  expect((await post('/api/v2/spans', JSON.stringify([span]), JSON_TYPE, page))[0]).toBe(403);
  expect(names).toEqual([]);
});
