// Zipkin's JSON beyond what the recorded answers show.

import { describe, expect, it } from 'vitest';
import { decode, type PlainSpan } from './spans';

const span = (more: string): string => `{"traceId":"1f","id":"a","name":"op","timestamp":1000000,"duration":5${more}}`;
const one = (more: string): PlainSpan => decode(`[${span(more)}]`, 'zipkin').spans[0];

describe('Zipkin JSON', () => {
  it.each([
    ['a list', `[${span(',"localEndpoint":{}')}]`],
    ['a list of lists', `[[${span('')}],[]]`],
    ['no endpoints, ids first', `[${span('')}]`],
  ])('in %s', (_, text) => {
    const result = decode(text);
    expect(result.format).toBe('zipkin');
    expect(result.spans).toMatchObject([
      {
        traceId: '0000000000000000000000000000001f',
        spanId: '000000000000000a',
        kind: 1,
        startNs: 1_000_000_000n,
        durationNs: 5000,
        service: '',
      },
    ]);
  });

  it('takes an empty list for an answer without spans', () => {
    expect(decode('[]')).toMatchObject({ format: 'zipkin', spanCount: 0, defects: [] });
  });

  it.each([
    ['"error":"boom"', { status: 2, statusMessage: '', attributes: { error: 'boom' } }],
    ['"error":""', { status: 2, statusMessage: '', attributes: { error: '' } }],
    ['"error":"boom","otel.status_code":"ERROR"', { status: 2, statusMessage: 'boom', attributes: {} }],
    ['"otel.status_code":"OK","otel.library.name":"lib"', { status: 1, scope: { name: 'lib' }, attributes: {} }],
    ['"a":"x","n":3,"deep":{"b":[true]}', { attributes: { a: 'x', n: 3, deep: { b: [true] } } }],
  ])('tags %s', (tags, wanted) => {
    const read = one(`,"tags":{${tags}}`);
    expect({ ...read, attributes: JSON.parse(JSON.stringify(read.attributes)) }).toMatchObject(wanted);
    expect(Object.keys(read.attributes)).toEqual(Object.keys(wanted.attributes));
  });

  it('turns annotations of OpenTelemetry back into events, and keeps others by name', () => {
    const values = [
      String.raw`"\"cache \"miss\"\": {\"key\":\"k\",\"n\":2,\"list\":[1]}"`,
      '"ws"',
      String.raw`"\"quoted\" only"`,
      String.raw`"\"x\": {broken}"`,
    ];
    const read = one(`,"annotations":[${values.map((value, i) => `{"timestamp":${1_000_000 + i},"value":${value}}`)}]`);
    expect(read.events.map(({ name, attributes }) => ({ name, attributes }))).toEqual([
      { name: 'cache "miss"', attributes: { key: 'k', n: 2, list: '[1]' } },
      { name: 'ws', attributes: {} },
      { name: '"quoted" only', attributes: {} },
      { name: '"x": {broken}', attributes: {} },
    ]);
  });

  it('names the other side of a call, unless tags do', () => {
    const remote = '"remoteEndpoint":{"serviceName":"db","ipv6":"::1","port":5432}';
    expect(one(`,${remote}`).attributes).toEqual({
      'peer.service': 'db',
      'network.peer.address': '::1',
      'network.peer.port': 5432,
    });
    expect(
      one(`,${remote},"annotations":[{"timestamp":1,"value":"a"}],"tags":{"peer.service":"primary"},"debug":true`).attributes,
    ).toEqual({
      'peer.service': 'primary',
      'network.peer.address': '::1',
      'network.peer.port': 5432,
      debug: true,
    });
  });

  it('keeps spans whose times were not reported', () => {
    const [bare, annotated, unfinished, long] = decode(
      '[{"traceId":"1f","id":"1"},{"traceId":"1f","id":"2","annotations":[{"timestamp":9,"value":"b"},{"timestamp":7,"value":"a"}]},{"traceId":"1f","id":"3","timestamp":5},{"traceId":"1f","id":"4","duration":900}]',
    ).spans;
    expect(bare).toMatchObject({ startNs: 0n, undated: true, running: true, name: '' });
    expect(annotated).toMatchObject({ startNs: 7000n, undated: false, running: true });
    expect(unfinished).toMatchObject({ startNs: 5000n, undated: false, running: true });
    expect(long).toMatchObject({ startNs: 0n, undated: true, running: false, durationNs: 900_000 });
  });
});
