// Zipkin's protobuf: the same spans as its JSON, whole, in pieces, and damaged anywhere.

import { describe, expect, it } from 'vitest';
import { decodeBytes, StreamDecoder } from '../../../src/core/format/format';
import { StringTable } from '../../../src/core/model/strings';
import { listOf, listOfSpans, zipkinSpan } from '../../support/zipkinProto';
import { decode, spansOf } from './spans';

const JSON_SPANS = [
  {
    traceId: '5af7183fb1d4cf5f463ac35c9f6413ad',
    parentId: '6b221d5bc9e6496c',
    id: '352bff9a74ca9ad2',
    kind: 'CLIENT',
    name: 'get /api',
    timestamp: 1_556_604_172_355_737,
    duration: 1431,
    localEndpoint: { serviceName: 'backend', ipv4: '192.168.99.1', port: 3306 },
    remoteEndpoint: { serviceName: 'db', ipv6: '2001:db8::c001', port: 58_648 },
    annotations: [
      { timestamp: 1_556_604_172_355_800, value: 'ws' },
      { timestamp: 1_556_604_172_355_900, value: '"cache \\"miss\\"": {"key":"k","n":2}' },
    ],
    tags: { 'http.method': 'GET', 'http.path': '/api/né', 'otel.status_code': 'ERROR', error: 'boom', 'otel.scope.name': 'lib' },
    debug: true,
  },
  { traceId: 'bd7a974555f6b982', id: 'bd7a974555f6b982', kind: 'SERVER', timestamp: 1_000_000, duration: 5, shared: true },
  { traceId: 'bd7a974555f6b982', parentId: 'bd7a974555f6b982', id: '1', kind: 'CONSUMER', name: 'poll' },
  {
    traceId: 'bd7a974555f6b982',
    id: '2',
    name: 'a',
    annotations: [{ timestamp: 7, value: 'x' }],
    localEndpoint: { ipv6: '::1' },
  },
];
const bytes = listOfSpans(JSON_SPANS);

const plain = (input: Uint8Array): unknown => {
  const strings = new StringTable();
  const { format, batches, defects } = decodeBytes(input, { strings });
  return { format, spans: spansOf(batches), defects };
};

describe("Zipkin's protobuf", () => {
  it('has the spans that its JSON has', () => {
    const { spans, format, defects } = decode(JSON.stringify(JSON_SPANS));
    expect([format, spans.length, defects]).toEqual(['zipkin', 4, []]);
    expect(plain(bytes)).toEqual({ format: 'zipkin-proto', spans, defects: [] });
  });

  it('may come in pieces of any length', () => {
    const whole = plain(bytes);
    for (const size of [1, 7, 64, 1_000]) {
      const decoder = new StreamDecoder({ strings: new StringTable(), format: 'zipkin-proto' });
      const batches = [];
      for (let at = 0; at < bytes.length; at += size) batches.push(...decoder.push(bytes.slice(at, at + size)));
      const end = decoder.end();
      batches.push(...end.batches);
      expect({ format: 'zipkin-proto', spans: spansOf(batches), defects: end.defects }).toEqual(whole);
    }
  });

  it('keeps the spans before and after one that is damaged, and says so', () => {
    const spans = JSON_SPANS.map(zipkinSpan);
    const broken = spans[1].slice();
    // The length of the first id.
    broken[1] = 0x7f;
    const { spanCount, leftOut, defects } = decodeBytes(listOf([spans[0], broken, spans[2]]), { strings: new StringTable() });
    expect([spanCount, leftOut, defects[0].message]).toEqual([2, 1, expect.stringContaining('2 spans kept')]);
  });

  it('ends early anywhere without harm', () => {
    for (let length = 0; length < bytes.length; length++) {
      const { spanCount, batches } = decodeBytes(bytes.subarray(0, length), {
        strings: new StringTable(),
        format: 'zipkin-proto',
      });
      expect(batches.reduce((sum, batch) => sum + batch.count, 0)).toBe(spanCount);
      expect(spanCount).toBeLessThan(4);
    }
  });

  it('survives another value in each byte', () => {
    for (let at = 0; at < bytes.length; at++) {
      for (const value of [0, 0x7f, 0x80, 0xff, bytes[at] ^ 1, bytes[at] ^ 7]) {
        const damaged = bytes.slice();
        damaged[at] = value;
        const { batches } = decodeBytes(damaged, { strings: new StringTable(), format: 'zipkin-proto' });
        spansOf(batches);
      }
    }
  });

  it('is not taken for OTLP, nor OTLP for it', () => {
    expect(decode('[]').format).toBe('zipkin');
    for (const span of JSON_SPANS) expect(plain(listOfSpans([span]))).toMatchObject({ format: 'zipkin-proto' });
    const text = (field: number, value: string): number[] => [field * 8 + 2, value.length, ...Buffer.from(value)];
    const inside = (field: number, value: number[]): number[] => [field * 8 + 2, value.length, ...value];
    // ResourceSpans { resource of 16 bytes, scope_spans of 8, schema_url of 8 }
    const resource = inside(
      1,
      inside(1, [...text(1, 'key'), ...inside(2, text(1, 'val'))])
        .concat([0x10, 0x01])
        .slice(0, 16),
    );
    const otlp = inside(1, [...resource, ...inside(2, text(3, 'abcdef')), ...text(3, 'abcdefgh')]);
    expect(plain(Uint8Array.from(otlp))).toMatchObject({ format: 'otlp-proto' });
  });
});
