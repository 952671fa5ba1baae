// The recordings of the sample hold what expected.json says, and still fit the sample's sources: when a source has changed,
// `node test/support/recordSample.mjs` makes them anew.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { attribute, decodeRequest, type JsonRequest, type SpanInContext, spansOf } from '../../support/otlpReceiver.mjs';

interface Recorded {
  readonly spans: number;
  readonly traces: readonly { traceId: string; name: string; spans: number; errors: number; links: number; services: string[] }[];
  readonly failing: readonly { spanId: string; span: string; exception: string; file: string; line: number; message: string }[];
}

const pathOf = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const jsonOf = <T>(name: string): T => JSON.parse(readFileSync(pathOf(name), 'utf8'));

const expected = jsonOf<Recorded>('fixtures/sample/expected.json');
const fromJson = spansOf([jsonOf<JsonRequest>('fixtures/sample/shop.otlp.json')]);
const fromProtobuf = spansOf(requestsOf(readFileSync(pathOf('fixtures/sample/shop.otlp.pb'))));

describe('the recordings of the sample', () => {
  it('hold the same spans in both encodings', () => {
    expect(byId(fromProtobuf)).toEqual(byId(fromJson));
    expect(fromJson.length).toBe(expected.spans);
  });

  it('hold the traces that are expected', () => {
    expect(new Set(fromJson.map(({ traceId }) => traceId)).size).toBe(expected.traces.length);
    for (const trace of expected.traces) {
      const spans = fromJson.filter(({ traceId }) => traceId === trace.traceId);
      expect(spans.length).toBe(trace.spans);
      expect(spans.filter(({ parentSpanId }) => !parentSpanId).map(({ name }) => name)).toEqual([trace.name]);
      expect(spans.filter(({ status }) => status?.code === 2).length).toBe(trace.errors);
      expect(spans.flatMap(({ links }) => links ?? []).length).toBe(trace.links);
      expect([...new Set(spans.map(({ service }) => service))].sort()).toEqual(trace.services);
    }
  });

  it('fail at lines that still throw', () => {
    expect(expected.failing.map(({ exception }) => exception)).toEqual(['GatewayTimeout', 'TypeError']);
    for (const { spanId, span, exception, file, line, message } of expected.failing) {
      const found = fromJson.find((candidate) => candidate.spanId === spanId);
      expect(found?.name).toBe(span);
      expect(found?.events?.map((event) => attribute(event.attributes, 'exception.message'))).toEqual([message]);
      const source = readFileSync(pathOf(`sample/${file}`), 'utf8').split('\n')[line - 1];
      expect(source).toContain(exception === 'GatewayTimeout' ? 'throw new GatewayTimeout(' : 'voucher.percent');
    }
  });

  it('name lines of the sources that are what they say', () => {
    const queries = fromJson.filter(({ name }) => name.startsWith('SELECT '));
    for (const query of queries) {
      const file = String(attribute(query.attributes, 'code.file.path')).replace('/srv/shop/', 'sample/');
      const line = Number(attribute(query.attributes, 'code.line.number'));
      expect(readFileSync(pathOf(file), 'utf8').split('\n')[line - 1]).toContain('this.read');
    }
    expect(queries.length).toBeGreaterThan(100);
  });
});

describe('the trace to try', () => {
  const text = readFileSync(pathOf('../media/sample/checkout.otlp.json'), 'utf8');
  const spans = spansOf([JSON.parse(text)]);

  it('is the failing checkout, whole, with its links inside', () => {
    expect(byId(spans)).toEqual(byId(fromJson.filter(({ traceId }) => traceId === expected.traces[2].traceId)));
    const ids = new Set(spans.map(({ spanId }) => spanId));
    const referred = spans.flatMap(({ parentSpanId, links }) => [parentSpanId, ...(links ?? []).map(({ spanId }) => spanId)]);
    expect(referred.filter((id) => id && !ids.has(id))).toEqual([]);
  });

  it('is small and names no folder but /srv/shop', () => {
    expect(text.length).toBeLessThan(200_000);
    const folders = [...text.matchAll(/"(\/[^"]*\/)[^"/]*\.[jt]s"/g)].map(([, folder]) => folder);
    expect(folders.length).toBeGreaterThan(0);
    expect(folders.filter((folder) => !folder.startsWith('/srv/shop/'))).toEqual([]);
  });
});

/** Each message of a file in the Collector's format: four bytes of length, big endian, then as many bytes. */
function requestsOf(file: Buffer): JsonRequest[] {
  const requests: JsonRequest[] = [];
  for (let offset = 0; offset < file.length; ) {
    const end = offset + 4 + file.readUInt32BE(offset);
    requests.push(decodeRequest(file.subarray(offset + 4, end)));
    offset = end;
  }
  return requests;
}

function byId(spans: readonly SpanInContext[]): SpanInContext[] {
  return [...spans].sort((one, other) => one.spanId.localeCompare(other.spanId));
}
