// What is exported reads back as what it was, from each format and in both encodings.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodeOtlpProto, type RowSelection } from '../../../src/core/format/format';
import { TracesData } from '../../bench/data/otlpProto.mjs';
import { encodeOtlpJson } from '../../support/atOnce';
import { decode, type PlainSpan } from './spans';

const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(join(__dirname, '..', '..', 'fixtures', 'formats', name)));

function allRows(result: ReturnType<typeof decode>): RowSelection[] {
  return result.batches.map((batch) => ({ batch, rows: Uint32Array.from({ length: batch.count }, (_, row) => row) }));
}

const order = (spans: readonly PlainSpan[]): PlainSpan[] =>
  [...spans].sort((a, b) => `${a.traceId}${a.spanId}${a.service}`.localeCompare(`${b.traceId}${b.spanId}${b.service}`));
/** `shared` has no place in OTLP. */
const comparable = (spans: readonly PlainSpan[]): PlainSpan[] => order(spans).map((span) => ({ ...span, shared: false }));

const files = [
  'example.otlp.json',
  'types-v3.otlp.json',
  'tickets.otlp.pb',
  'tickets.otlp.json',
  'types.tempo.pb',
  'queue-database.tempo.json',
  'ui_01.jaeger.json',
  'types.jaeger.json',
  'shared.zipkin.json',
  'skew.zipkin.json',
];

describe('export', () => {
  it.each(files)('%s as JSON', (name) => {
    const read = decode(fixture(name));
    const again = decode(encodeOtlpJson(allRows(read)));
    expect(again.format).toBe('otlp-json');
    expect(comparable(again.spans)).toEqual(comparable(read.spans));
  });

  it.each(files)('%s as protobuf', (name) => {
    const read = decode(fixture(name));
    const bytes = encodeOtlpProto(allRows(read));
    const again = decode(bytes);
    expect(again.format).toBe('otlp-proto');
    expect(comparable(again.spans)).toEqual(comparable(read.spans));
    // And another reader finds well-formed messages with as many spans.
    const other = TracesData.toObject(TracesData.decode(bytes));
    const count = other.resourceSpans.flatMap((group: { scopeSpans: { spans: unknown[] }[] }) =>
      group.scopeSpans.flatMap(({ spans }) => spans),
    );
    expect(count.length).toBe(read.spanCount);
  });

  it('keeps 3.0 a double and 3 an integer, whatever the encoding', () => {
    const any =
      '{"arrayValue":{"values":[{"doubleValue":3},{"intValue":"3"},{"intValue":9007199254740993},{"doubleValue":"NaN"}]}}';
    const text = `{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"0102030405060708","name":"n","startTimeUnixNano":"1","endTimeUnixNano":"2","attributes":[{"key":"list","value":${any}}]}]}]}]}`;
    const proto = encodeOtlpProto(allRows(decode(text)));
    const json = encodeOtlpJson(allRows(decode(proto)));
    expect(json).toContain(
      '{"arrayValue":{"values":[{"doubleValue":3},{"intValue":"3"},{"intValue":"9007199254740993"},{"doubleValue":"NaN"}]}}',
    );
  });

  it('keeps what the columns have no place for', () => {
    const text = `{"resourceSpans":[{"resource":{},"schemaUrl":"https://a","scopeSpans":[{"scope":{"name":"s"},"schemaUrl":"https://b","spans":[{"traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"0102030405060708","name":"n","startTimeUnixNano":"1","endTimeUnixNano":"2","droppedAttributesCount":1,"droppedEventsCount":2,"droppedLinksCount":3,"events":[{"timeUnixNano":"1","name":"e","droppedAttributesCount":4}],"links":[{"traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"0102030405060709","traceState":"a=1","flags":257,"droppedAttributesCount":5}]}]}]}]}`;
    const json = encodeOtlpJson(allRows(decode(encodeOtlpProto(allRows(decode(text))))));
    const [group] = JSON.parse(json).resourceSpans;
    expect(group.schemaUrl).toBe('https://a');
    expect(group.scopeSpans[0].schemaUrl).toBe('https://b');
    expect(group.scopeSpans[0].spans[0]).toMatchObject({
      droppedAttributesCount: 1,
      droppedEventsCount: 2,
      droppedLinksCount: 3,
      events: [{ name: 'e', droppedAttributesCount: 4 }],
      links: [{ traceState: 'a=1', flags: 257, droppedAttributesCount: 5 }],
    });
  });

  it('exports chosen rows only, grouped by resource and scope', () => {
    const read = decode(fixture('tickets.otlp.pb'));
    const [batch] = read.batches;
    const again = decode(encodeOtlpJson([{ batch, rows: [3, 7] }]));
    expect(comparable(again.spans)).toEqual(comparable([read.spans[3], read.spans[7]]));
  });
});
