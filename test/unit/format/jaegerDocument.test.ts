// Jaeger's documents of Elasticsearch and OpenSearch, in all the wrappings that people save them in; and its model as protobuf's JSON.

import { describe, expect, it } from 'vitest';
import { decode, messages } from './spans';

const TRACE = 'fa3fb6e0dccc657b57251c97db271b05';
const source = (id: string, more = ''): string =>
  `{"traceID":"${TRACE}","spanID":"${id}","flags":1,"operationName":"op ${id}","startTime":1643300930225336,"startTimeMillis":1643300930225,"duration":10136,"process":{"serviceName":"mail","tags":[],"tag":{"host@name":"a"}}${more}}`;
const hit = (id: string): string =>
  `{"_index":"jaeger-span-2022-01-27","_type":"_doc","_id":"x${id}","_score":null,"_source":${source(id)}}`;
const answer = (...ids: string[]): string =>
  `{"took":3,"timed_out":false,"_shards":{"total":5,"successful":5,"failed":0},"hits":{"total":{"value":2,"relation":"eq"},"max_score":null,"hits":[${ids.map(hit)}]}}`;

describe("Jaeger's documents", () => {
  it.each([
    ['one a line', `${source('1')}\n${source('2')}\n`],
    ['as elasticdump writes them', `${hit('1')}\n${hit('2')}\n`],
    [
      'as a request of the bulk interface',
      `{"index":{"_index":"jaeger-span-2022-01-27"}}\n${source('1')}\n{"index":{}}\n${source('2')}\n`,
    ],
    ['as a list of hits', `[${hit('1')},\n  ${hit('2')}]`],
    ['as the answer of a search', answer('1', '2')],
    ['as the answer of several searches', `{"took":5,"responses":[${answer('1')},${answer('2')}]}`],
    ['among services of the same index', `{"_source":{"serviceName":"mail","operationName":"op"}}\n${hit('1')}\n${hit('2')}`],
  ])('%s', (_, text) => {
    const result = decode(text);
    expect([result.format, messages(result)]).toEqual(['jaeger-documents', []]);
    expect(result.spans).toMatchObject([
      { traceId: TRACE, name: 'op 1', startNs: 1_643_300_930_225_336_000n, durationNs: 10_136_000, service: 'mail' },
      { name: 'op 2', resource: { 'host.name': 'a' } },
    ]);
  });

  it('has numbers, references and logs in the forms that they may have', () => {
    const [span] = decode(
      source(
        '1',
        `,"references":null,"parentSpanID":"7","tags":[{"key":"big","type":"int64","value":"9223372036854775807"},{"key":"x","type":"float64","value":"0.5"},{"key":"b","type":"bool","value":"true"}],"tag":{"http@status_code":503,"error":true,"span@kind":"server"},"logs":[{"timestamp":1643300930225400,"fields":[{"key":"event","type":"string","value":"retry"}]}],"@timestamp":"2022-01-27T16:28:50.225Z"`,
      ),
    ).spans;
    expect(span).toMatchObject({
      parentSpanId: '0000000000000007',
      kind: 2,
      status: 2,
      attributes: { big: 9_223_372_036_854_775_807n, x: 0.5, b: true, 'http.status_code': 503 },
      events: [{ name: 'retry', timeNs: 1_643_300_930_225_400_000n }],
    });
  });

  it('has bytes as hexadecimal digits, the status as `error`, and the warnings of Jaeger as a text', () => {
    const tags = [
      { key: 'hash', type: 'binary', value: '00017f80FF' },
      { key: 'none', type: 'binary', value: '' },
      { key: 'odd', type: 'binary', value: 'AAF/gP8=' },
      { key: 'error', type: 'bool', value: true },
      { key: '@jaeger@warnings', type: 'string', value: '["clock is off"]' },
    ];
    const [span] = decode(source('1', `,"tags":${JSON.stringify(tags)}`)).spans;
    expect([span.status, span.attributes]).toEqual([
      2,
      {
        hash: new Uint8Array([0, 1, 127, 128, 255]),
        none: new Uint8Array(0),
        odd: new Uint8Array([0, 1, 127, 128, 255]),
        '@jaeger@warnings': ['clock is off'],
      },
    ]);
  });

  it('has tags under the names that Logz.io gives them', () => {
    const [span] = decode(
      source(
        '1',
        ',"type":"jaegerSpan","JaegerTags":[{"key":"http.route","type":"string","value":"/"}],"JaegerTag":{"http@status_code":503,"span@kind":"server"}',
      ),
    ).spans;
    expect(span).toMatchObject({ kind: 2, attributes: { 'http.route': '/', 'http.status_code': 503 } });
    expect(Object.keys(span.attributes)).toEqual(['http.route', 'http.status_code']);
  });

  it('begins at its milliseconds where it has no microseconds', () => {
    const [span] = decode(source('1').replace('"startTime":1643300930225336,', '')).spans;
    expect(span).toMatchObject({ startNs: 1_643_300_930_225_000_000n, undated: false, service: 'mail' });
  });

  it('are not documents of others, nor the JSON of the UI', () => {
    expect(() => decode('{"took":3,"timed_out":false,"hits":{"hits":[{"_source":{"message":"GET /"}}]}}')).toThrow(
      'Elasticsearch',
    );
    const ui = `{"traceID":"${TRACE}","spans":[{"traceID":"${TRACE}","spanID":"1","operationName":"x","startTime":1,"duration":1,"processID":"p1"}],"processes":{"p1":{"serviceName":"s"}}}`;
    expect(decode(ui)).toMatchObject({ format: 'jaeger', spans: [{ service: 's' }] });
  });
});

describe("Jaeger's model", () => {
  const span = (more = ''): string =>
    `{"traceId":"AAAAAAAAAAAAAAAAAAAAEQ==","spanId":"AAAAAAAAAAM=","operationName":"read"${more},"process":{"serviceName":"store"}}`;
  const times = ',"startTime":"2017-01-26T16:46:31.639875Z","duration":"5ms"';

  it.each([
    ['a span', span(times)],
    ['spans of a trace, as its tests have them', `{"spans":[${span(times)}],"processMap":[]}`],
    [
      'what grpcurl prints of a stream',
      `{\n  "spans": [\n    ${span(times)}\n  ]\n}\n{\n  "spans": [\n    ${span(times).replace('AAM=', 'AAQ=')}\n  ]\n}\n`,
    ],
    ['what a gateway wraps', `{"result":{"spans":[${span(times)}]}}`],
  ])('%s', (_, text) => {
    const { format, spans, defects } = decode(text);
    expect([format, defects]).toEqual(['jaeger-model', []]);
    expect(spans[0]).toMatchObject({
      traceId: '00000000000000000000000000000011',
      spanId: '0000000000000003',
      startNs: 1_485_449_191_639_875_000n,
      durationNs: 5_000_000,
      service: 'store',
    });
  });

  it.each([
    ['1.000000001s', 1_000_000_001],
    ['100000ns', 100_000],
    ['1m2.5s', 62_500_000_000],
    ['0s', 0],
  ])('a duration of %s', (duration, ns) => {
    expect(decode(span(times.replace('5ms', duration))).spans[0].durationNs).toBe(ns);
  });
});
