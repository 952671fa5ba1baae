// Jaeger's JSON where it differs from what today's servers answer: older translators, OpenTracing, exports.

import { describe, expect, it } from 'vitest';
import { decode, messages } from './spans';

const span = (more: string): string =>
  `{"traceID":"1f","spanID":"a","operationName":"op","startTime":1000000,"duration":5,"processID":"p1"${more}}`;
const trace = (spans: string): string =>
  `{"traceID":"1f","spans":[${spans}],"processes":{"p1":{"serviceName":"shop","tags":[{"key":"host","type":"string","value":"h"}]}},"warnings":null}`;

describe('Jaeger JSON', () => {
  it.each([
    ['an envelope', `{"data":[${trace(span(''))}],"errors":null}`],
    ['one trace', trace(span(''))],
    ['a list of traces', `[${trace(span(''))}]`],
    [
      'processes first',
      `{"data":[{"processes":{"p1":{"tags":[{"key":"host","type":"string","value":"h"}],"serviceName":"shop"}},"spans":[${span('')}],"traceID":"1f"}]}`,
    ],
  ])('in %s', (_, text) => {
    const result = decode(text);
    expect(result.format).toBe('jaeger');
    expect(result.defects).toEqual([]);
    expect(result.spans).toMatchObject([
      {
        traceId: '0000000000000000000000000000001f',
        spanId: '000000000000000a',
        service: 'shop',
        resource: { 'service.name': 'shop', host: 'h' },
        startNs: 1_000_000_000n,
        durationNs: 5000,
        running: false,
      },
    ]);
  });

  it('takes the process of its own trace', () => {
    const other = trace(span('')).replace('"shop"', '"billing"').replaceAll('"1f"', '"2f"');
    expect(decode(`{"data":[${trace(span(''))},${other}]}`).spans.map(({ service }) => service)).toEqual(['shop', 'billing']);
  });

  it('turns tags back into fields', () => {
    const tags = [
      ['span.kind', 'producer'],
      ['otel.status_code', 'ERROR'],
      ['otel.status_description', 'no stock'],
      ['otel.library.name', 'lib'],
      ['otel.library.version', '1.0'],
      ['w3c.tracestate', 'a=1'],
    ].map(([key, value]) => `{"key":"${key}","type":"string","value":"${value}"}`);
    const [read] = decode(
      trace(
        span(
          `,"tags":[${tags},{"key":"error","type":"bool","value":true},{"key":"n","type":"int64","value":"9007199254740993"}]`,
        ),
      ),
    ).spans;
    expect(read).toMatchObject({
      kind: 4,
      status: 2,
      statusMessage: 'no stock',
      traceState: 'a=1',
      scope: { name: 'lib', version: '1.0' },
      attributes: { n: 9007199254740993n },
    });
    expect(Object.keys(read.attributes)).toEqual(['n']);
  });

  it.each([
    ['{"key":"error","type":"bool","value":true}', 2, { error: true }],
    ['{"key":"error","type":"string","value":"true"}', 2, { error: 'true' }],
    ['{"key":"error","type":"bool","value":false}', 0, { error: false }],
    ['{"key":"error","value":"false"}', 0, { error: 'false' }],
    ['{"key":"span.kind","type":"string","value":"odd"}', 0, { 'span.kind': 'odd' }],
    [
      '{"key":"a","value":1.5},{"key":"b","value":2},{"key":"c","value":null},{"key":"d","value":{"e":[1]}},{"key":"f","type":"bool","value":"true"}',
      0,
      { a: 1.5, b: 2, c: undefined, d: { e: [1] }, f: true },
    ],
  ])('keeps what OpenTelemetry did not write: %s', (tags, status, attributes) => {
    const [read] = decode(trace(span(`,"tags":[${tags}]`))).spans;
    expect(read.status).toBe(status);
    expect(JSON.parse(JSON.stringify(read.attributes))).toEqual(JSON.parse(JSON.stringify(attributes)));
  });

  it('makes events of logs, by either name, and keeps fields of old ones', () => {
    const field = (key: string, value: string): string => `{"key":"${key}","type":"string","value":"${value}"}`;
    const logs = [
      `{"timestamp":1000001,"fields":[${field('event', 'exception')},${field('exception.type', 'E')}]}`,
      `{"timestamp":1000002,"fields":[${field('message', 'older')},${field('k', 'v')}]}`,
      `{"timestamp":1000003,"fields":[${field('level', 'info')},${field('message', 'text')}]}`,
      `{"timestamp":1000004,"fields":[${field('level', 'error')},${field('event', 'error')}]}`,
    ];
    const [read] = decode(trace(span(`,"logs":[${logs}],"tags":[{"key":"after","value":1}]`))).spans;
    expect(read.events).toEqual([
      { name: 'exception', timeNs: 1_000_001_000n, attributes: { 'exception.type': 'E' } },
      { name: 'older', timeNs: 1_000_002_000n, attributes: { k: 'v' } },
      { name: '', timeNs: 1_000_003_000n, attributes: { level: 'info', message: 'text' } },
      { name: 'error', timeNs: 1_000_004_000n, attributes: { level: 'error' } },
    ]);
    expect(read.attributes).toEqual({ after: 1 });
  });

  it.each([
    ['the first CHILD_OF of the same trace', 'F 1f 1, C 99 2, C 1f 3, C 1f 4', '', '3', '1f 1, 99 2, 1f 4'],
    ['without one the first FOLLOWS_FROM of the same trace', 'F 99 1, F 1f 2, F 1f 3', '', '2', '99 1, 1f 3'],
    ['a FOLLOWS_FROM where the CHILD_OF is of another trace', 'C 99 1, F 1f 2', '', '2', '99 1'],
    ['a reference that names no trace', 'C 99 1, F - 2, C - 3', '', '3', '99 1, 1f 2'],
    ['what stands beside the references before a FOLLOWS_FROM', 'F 1f 1', '9', '9', '1f 1'],
    ['nothing of other traces', 'C 99 1, F 98 2', '', '', '99 1, 98 2'],
  ])('takes as parent %s, and the rest as links', (_, references, beside, parent, links) => {
    const list = references.split(', ').map((reference) => {
      const [type, traceId, spanId] = reference.split(' ');
      const trace = traceId === '-' ? '' : `"traceID":"${traceId}",`;
      return `{"refType":"${type === 'C' ? 'CHILD_OF' : 'FOLLOWS_FROM'}",${trace}"spanID":"${spanId}"}`;
    });
    const named = beside === '' ? '' : `,"parentSpanID":"${beside}"`;
    const result = decode(trace(span(`,"references":[${list}]${named}`)));
    const [read] = result.spans;
    expect(read.parentSpanId.slice(-1)).toBe(parent);
    expect(read.links.map(({ traceId, spanId }) => `${traceId.slice(-2)} ${spanId.slice(-1)}`).join(', ')).toBe(links);
    expect(result.defects).toEqual([]);
  });

  it('shows what Jaeger says', () => {
    const result = decode(
      `{"data":[${trace(span(',"warnings":["clock skew"]')).replace('"warnings":null}', '"warnings":["late spans"]}')}],"errors":[{"code":404,"msg":"trace not found","traceID":"2f"}]}`,
    );
    expect(result.spans[0].attributes).toEqual({ '@jaeger@warnings': ['clock skew'] });
    expect(messages(result)).toEqual(['Jaeger says of input: late spans', 'Jaeger could not give all of input: trace not found']);
  });

  it('counts a span without a duration as running', () => {
    expect(decode(trace(span('').replace('"duration":5,', ''))).spans[0]).toMatchObject({ running: true, durationNs: 0 });
  });
});
