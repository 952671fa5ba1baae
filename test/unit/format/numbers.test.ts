// Numbers that JSON and protobuf can say and no field can hold. Each is taken as the nearest that is possible and told; none hangs, throws,
// or costs the records beside it, and what was kept can be written and read again.

import { describe, expect, it } from 'vitest';
import { decodeBytes, encodeOtlpProto } from '../../../src/core/format/format';
import { decodeLogs } from '../../../src/core/format/otlp/otlpLogs';
import { ProtoWriter } from '../../../src/core/format/proto/writer';
import type { TraceFormat } from '../../../src/core/format/sink/layout';
import type { SpanBatch } from '../../../src/core/model/batch';
import { StringTable } from '../../../src/core/model/strings';
import { encodeOtlpJson } from '../../support/atOnce';
import { decode, messages } from './spans';

const IDS = '"traceId":"11111111111111111111111111111111","spanId":"2222222222222222"';
const TIMES = '"startTimeUnixNano":"1700000000000000000","endTimeUnixNano":"1700000000000001000"';
const OUT_OF_RANGE = 'input has 1 span with a number that is none or out of range, taken as the nearest that is possible.';

const otlp = (...spans: string[]) =>
  `{"resourceSpans":[{"scopeSpans":[{"spans":[${spans.map((members) => `{${IDS},"name":"n",${members}}`).join(',')}]}]}]}`;
const jaeger = (members: string, processes = '"processes":{"p1":{"serviceName":"shop"}}') =>
  `{"data":[{"traceID":"1","spans":[{"traceID":"1","spanID":"2","operationName":"x","processID":"p1",${members}}],${processes}}]}`;
const zipkin = (members: string) => `[{"traceId":"1","id":"2","name":"x",${members}}]`;

const rows = (batch: SpanBatch) => ({ batch, rows: Array.from({ length: batch.count }, (_, row) => row) });

/** All spans again, after they were written as protobuf and as JSON. */
function again(input: string, format: TraceFormat) {
  const { batches } = decodeBytes(new TextEncoder().encode(input), { strings: new StringTable(), format });
  const selections = batches.map(rows);
  return { proto: decode(encodeOtlpProto(selections), 'otlp-proto'), json: decode(encodeOtlpJson(selections), 'otlp-json') };
}

const COUNTS: [string, number][] = [
  ['1e400', 4294967295],
  ['"Infinity"', 4294967295],
  ['1e300', 4294967295],
  ['4294967296', 4294967295],
  ['18446744073709551616', 4294967295],
  ['9'.repeat(5000), 4294967295],
  ['-1', 0],
  ['-1e400', 0],
  ['"NaN"', 0],
  ['"many"', 0],
  ['{}', 0],
  ['2.5', 2],
];

describe('counts of OTLP/JSON', () => {
  it.each(COUNTS)('%s', (written, taken) => {
    const input = otlp(
      `"droppedAttributesCount":${written},"droppedEventsCount":${written},"droppedLinksCount":${written},` +
        `"events":[{"name":"e","droppedAttributesCount":${written}}],"links":[{"droppedAttributesCount":${written},"flags":${written}}]`,
    );
    const { batches, defects } = decode(input);
    const { rare } = batches[0];
    expect(rare?.dropped.get(0) ?? { attributes: 0, events: 0, links: 0 }).toEqual({
      attributes: taken,
      events: taken,
      links: taken,
    });
    expect(rare?.eventDropped.get(0)).toBe(taken);
    expect(rare?.links.get(0)).toEqual({ traceState: 0, flags: taken, dropped: taken });
    expect(defects).toEqual([{ kind: 'capped', count: 1, message: OUT_OF_RANGE, spanIds: ['2222222222222222'] }]);
    const { proto, json } = again(input, 'otlp-json');
    for (const copy of [proto, json]) {
      expect(copy.defects).toEqual([]);
      expect(copy.batches[0].rare?.eventDropped.get(0) ?? 0).toBe(taken);
      expect(copy.batches[0].rare?.links.get(0)?.flags ?? 0).toBe(taken);
    }
  });

  it('takes null, and the largest that is possible, without a word', () => {
    const { defects, batches } = decode(otlp('"droppedAttributesCount":null,"flags":null'), 'otlp-json');
    expect(defects).toEqual([]);
    expect(batches[0].rare).toBeUndefined();
    expect(decode(otlp('"droppedAttributesCount":4294967295,"flags":"257"')).defects).toEqual([]);
  });

  it('keeps the spans beside', () => {
    const { spans } = decode(otlp('"droppedAttributesCount":1e400', TIMES, '"flags":-1'));
    expect(spans.length).toBe(3);
    expect(spans[2].flags).toBe(0);
  });
});

describe('times', () => {
  it.each([
    ['1e400', 2n ** 64n - 1n, true],
    ['"18446744073709551616"', 2n ** 64n - 1n, true],
    ['"99999999999999999999"', 2n ** 64n - 1n, true],
    ['"18446744073709551615"', 2n ** 64n - 1n, false],
    ['-1', 0n, true],
    ['"soon"', 0n, true],
    ['null', 0n, false],
    ['1.7e18', 1_700_000_000_000_000_000n, false],
  ])('of OTLP/JSON: %s', (written, taken, told) => {
    const { spans, defects } = decode(otlp(`"startTimeUnixNano":${written},"endTimeUnixNano":"1"`));
    expect(spans[0].startNs).toBe(taken);
    expect(defects.map((defect) => defect.message)).toEqual(told ? [OUT_OF_RANGE] : []);
    const { proto, json } = again(otlp(`"startTimeUnixNano":${written},"endTimeUnixNano":"1"`), 'otlp-json');
    expect(proto.spans).toEqual(json.spans);
    expect(proto.spans[0].startNs).toBe(taken);
    expect(proto.spans[0].running).toBe(false);
  });

  it.each([
    ['1e400', 2n ** 63n - 1n],
    ['18446744073709551615', 2n ** 63n - 1n],
    ['9223372036854776', 2n ** 63n - 1n],
    ['-5', 0n],
  ])('of Jaeger and Zipkin, in microseconds: %s', (written, taken) => {
    for (const result of [decode(jaeger(`"startTime":${written}`)), decode(zipkin(`"timestamp":${written}`))]) {
      expect(result.spans[0].startNs).toBe(taken);
      expect(messages(result)).toEqual([OUT_OF_RANGE]);
    }
  });

  it.each([
    ['1e400', 2 ** 63, true],
    ['-1e400', -(2 ** 63), true],
    ['"NaN"', 0, true],
    ['-7', -7000, false],
    ['18446744073709551615', -1000, false],
    ['1.2345', 1235, false],
  ])('durations of Jaeger and Zipkin are whole nanoseconds: %s', (written, taken, told) => {
    for (const result of [decode(jaeger(`"duration":${written}`)), decode(zipkin(`"duration":${written}`))]) {
      expect(result.spans[0].durationNs).toBe(taken);
      expect(messages(result)).toEqual(told ? [OUT_OF_RANGE] : []);
    }
  });

  it('of events', () => {
    const { spans, defects } = decode(otlp('"events":[{"name":"e","timeUnixNano":1e400}]'));
    expect(spans[0].events[0].timeNs).toBe(2n ** 64n - 1n);
    expect(defects.length).toBe(1);
  });
});

describe('other numbers', () => {
  it.each(['99', '-1', '"SPAN_KIND_NEW"', '1e400', '{}'])('kind and status %s', (written) => {
    const result = decode(otlp(`"kind":${written},"status":{"code":${written}}`));
    expect(result.spans[0]).toMatchObject({ kind: 0, status: 0 });
    expect(messages(result)).toEqual(['input has 1 span with an unknown kind or status, shown without it.']);
  });

  it.each([
    ['1e400', 65535],
    ['70000', 65535],
    ['-3', undefined],
    ['"http"', undefined],
  ])('port %s of Zipkin', (written, taken) => {
    const result = decode(zipkin(`"remoteEndpoint":{"port":${written}}`));
    expect(result.spans[0].attributes['network.peer.port']).toBe(taken);
    expect(messages(result)).toEqual([OUT_OF_RANGE]);
  });

  it('an integer that is no int64 is a double, in every format', () => {
    const input = otlp('"attributes":[{"key":"k","value":{"intValue":"99999999999999999999"}}]');
    expect(decode(input).spans[0].attributes.k).toBe(1e20);
    const { proto, json } = again(input, 'otlp-json');
    expect(proto.spans[0].attributes.k).toBe(1e20);
    expect(json.spans[0].attributes.k).toBe(1e20);
  });

  it('an integer at the ends of int64 stays exact', () => {
    for (const text of ['9223372036854775807', '-9223372036854775808']) {
      const input = otlp(`"attributes":[{"key":"k","value":{"intValue":"${text}"}}]`);
      const { proto, json } = again(input, 'otlp-json');
      for (const copy of [decode(input), proto, json]) expect(copy.spans[0].attributes.k).toBe(BigInt(text));
    }
  });

  it('members of a value that are null leave the one that is given', () => {
    const value = '{"stringValue":"shop","boolValue":null,"intValue":null,"doubleValue":null,"arrayValue":null}';
    const list = `{"arrayValue":{"values":[${value}]}}`;
    const { spans } = decode(otlp(`"attributes":[{"key":"a","value":${value}},{"key":"b","value":${list}}]`));
    expect(spans[0].attributes).toEqual({ a: 'shop', b: ['shop'] });
  });

  it('counts and kinds of protobuf', () => {
    const writer = new ProtoWriter();
    const open = [writer.open(10, 3), writer.open(18, 3), writer.open(18, 3)];
    writer.bytes(10, new Uint8Array(16).fill(1));
    writer.bytes(18, new Uint8Array(8).fill(2));
    writer.varint(6 << 3);
    writer.varint(77);
    writer.varint(10 << 3);
    writer.int64(-1n);
    for (const start of open.reverse()) writer.close(start, 3);
    const { batches, defects, spans } = decode(writer.finish());
    expect(spans[0].kind).toBe(0);
    expect(batches[0].rare?.dropped.get(0)?.attributes).toBe(4294967295);
    expect(defects.map(({ kind, count }) => `${kind} ${count}`)).toEqual(['capped 1', 'capped 1']);
  });
});

describe('log records', () => {
  const logs = (...members: string[]) =>
    new TextEncoder().encode(
      `{"resourceLogs":[{"scopeLogs":[{"logRecords":[${members.map((each) => `{"traceId":"${'a'.repeat(32)}",${each}}`).join(',')}]}]}]}`,
    );

  it.each(['1e400', '-1', '"99999999999999999999"', '"soon"'])('a time of %s does not cost its batch', (written) => {
    const { records, outOfRange } = decodeLogs(logs('"timeUnixNano":"5"', `"timeUnixNano":${written}`), 'json');
    expect(records.length).toBe(2);
    expect(records[0].timeUnixNano).toBe(5n);
    expect(records[1].timeUnixNano <= 2n ** 64n - 1n).toBe(true);
    expect(outOfRange).toBe(1);
  });

  it.each(['1e400', '25', '-1', '2.5', '"LOUD"'])('a severity of %s is unknown, and counted', (written) => {
    const { records, outOfRange } = decodeLogs(logs(`"severityNumber":${written}`), 'json');
    expect(records[0].severityNumber).toBe(0);
    expect(outOfRange).toBe(1);
  });
});

describe('lines', () => {
  it('go on behind one that is no object, also where it is the second', () => {
    const line = otlp(TIMES);
    const result = decode(`${line}\nnull\n"starting"\n[]\n${line}\n`);
    expect(result.spans.length).toBe(2);
    expect(result.format).toBe('otlp-jsonl');
    expect(messages(result)).toEqual([expect.stringMatching(/^2 lines of input are not readable \(lines 2, 3\)/)]);
  });
});

describe('what a span names and is not there', () => {
  it('spans without a process have no service, and none of another span', () => {
    const all = decode('{"data":[{"traceID":"1","spans":[{"traceID":"1","spanID":"2","operationName":"x"}]}]}');
    expect(all.spans[0].service).toBe('');
    expect(messages(all)).toEqual(['input has 1 span without a process, so that their service is not known.']);
    const some = decode(
      '{"data":[{"traceID":"1","spans":[{"traceID":"1","spanID":"2","processID":"p1"},{"traceID":"1","spanID":"3"},' +
        '{"traceID":"1","spanID":"4","processID":"p9"}],"processes":{"p1":{"serviceName":"shop"}}}]}',
    );
    expect(some.spans.map(({ service }) => service)).toEqual(['shop', '', '']);
    expect(messages(some)).toEqual([
      'input has 1 span without a process, so that their service is not known.',
      'input has 1 span of a process that is not there, so that their service is not known.',
    ]);
  });

  it('a parent without a valid id is told', () => {
    const inputs = [
      otlp('"parentSpanId":"../../admin"'),
      jaeger('"parentSpanID":"<b>"'),
      zipkin('"parentId":"not-an-id-at-all"'),
    ];
    for (const input of inputs) {
      const result = decode(input);
      expect(result.spans[0].parentSpanId).toBe('');
      expect(messages(result)).toEqual(['input has 1 span whose parent has no valid id, shown without a parent.']);
    }
    expect(decode(otlp('"parentSpanId":""')).defects).toEqual([]);
    expect(decode(otlp('"parentSpanId":"0000000000000000"')).defects).toEqual([]);
  });

  it('a link to no valid id is told; a reference of Jaeger without a trace is within its own', () => {
    expect(messages(decode(otlp('"links":[{"traceId":"x","spanId":"y"}]')))).toEqual([
      'input has 1 span with a link to something that has no valid id.',
    ]);
    expect(decode(jaeger('"references":[{"refType":"CHILD_OF","spanID":"7"}]')).spans[0].parentSpanId).toBe('0000000000000007');
  });
});

describe('writing protobuf', () => {
  it.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, 1e300])('refuses the number %s', (value) => {
    const writer = new ProtoWriter();
    expect(() => writer.varint(value)).toThrow(/cannot be written/);
    expect(writer.finish().length).toBe(0);
  });

  it('refuses what is no int64, fixed64 or fixed32', () => {
    const writer = new ProtoWriter();
    expect(() => writer.int64(2n ** 63n)).toThrow(/cannot be written/);
    expect(() => writer.int64(-(2n ** 63n) - 1n)).toThrow(/cannot be written/);
    expect(() => writer.fixed64(-1, 0)).toThrow(/cannot be written/);
    expect(() => writer.fixed64(0, 2 ** 32)).toThrow(/cannot be written/);
    expect(() => writer.fixed32(Number.NaN)).toThrow(/cannot be written/);
    writer.int64(-(2n ** 63n));
    writer.varint(Number.MAX_SAFE_INTEGER);
    expect(writer.finish().length).toBe(18);
  });
});
