// Zipkin's version 1 beyond the report: what its writers differ in, and what is nearly it.

import { describe, expect, it } from 'vitest';
import { decode, type PlainSpan } from './spans';

const at = (value: string, timestamp: number, service = 'front'): string =>
  `{"timestamp":${timestamp},"value":"${value}","endpoint":{"serviceName":"${service}","ipv4":"192.0.2.7","port":80}}`;
const tag = (key: string, value: string, service = 'front'): string =>
  `{"key":"${key}","value":${value},"endpoint":{"serviceName":"${service}","ipv4":"192.0.2.9","port":90}}`;
const span = (annotations: readonly string[], binary: readonly string[] = [], more = ''): string =>
  `{"traceId":"1f","id":"a","name":"get","parentId":"1"${more},"annotations":[${annotations}],"binaryAnnotations":[${binary}]}`;
const read = (text: string): PlainSpan[] => {
  const { format, spans, defects } = decode(text);
  expect([format, defects]).toEqual(['zipkin-v1', []]);
  return spans;
};

describe('Zipkin version 1', () => {
  it('makes two of a span whose sides have one service', () => {
    const sides = span([at('cs', 1000), at('sr', 1100), at('cr', 1900), at('ss', 1800)], [], ',"timestamp":1000,"duration":900');
    expect(read(`[${sides}]`)).toMatchObject([
      { kind: 3, startNs: 1_000_000n, durationNs: 900_000, shared: false, service: 'front', parentSpanId: '0000000000000001' },
      { kind: 2, startNs: 1_100_000n, durationNs: 700_000, shared: true, service: 'front' },
    ]);
  });

  it('has a server alone without times of its own share the id of the client', () => {
    const [server] = read(span([at('sr', 1100), at('ss', 1800)]));
    expect(server).toMatchObject({ kind: 2, startNs: 1_100_000n, durationNs: 700_000, shared: true });
    const [root] = read(span([at('sr', 1100), at('ss', 1800)], [], ',"timestamp":1100,"duration":700'));
    expect(root.shared).toBe(false);
  });

  it.each([
    ['true', 'true'],
    ['"true"', '"true"'],
    ['"1", as .NET writes it', '"1"'],
  ])('takes an address for the other side, its value being %s', (_, value) => {
    const [client] = read(span([at('cs', 1000), at('cr', 1900)], [tag('sa', value, 'back')]));
    expect(client).toMatchObject({
      kind: 3,
      service: 'front',
      attributes: { 'peer.service': 'back', 'network.peer.address': '192.0.2.9', 'network.peer.port': 90 },
    });
    expect(client.attributes).not.toHaveProperty('sa');
  });

  it('reads times with an exponent, and spans after each other without a list', () => {
    const one = span([at('cs', 1000), at('cr', 1900)], [], ',"timestamp":1.463737111294e+15,"duration":772000');
    const spans = read(`${one}\n${one.replace('"id":"a"', '"id":"b"')}`);
    expect(spans.map(({ startNs, durationNs }) => [startNs, durationNs])).toEqual([
      [1_463_737_111_294_000_000n, 772_000_000],
      [1_463_737_111_294_000_000n, 772_000_000],
    ]);
  });

  it('reads lists of lists, with version 2 among them', () => {
    const second = '{"traceId":"1f","id":"c","name":"op","kind":"CLIENT","timestamp":5,"localEndpoint":{"serviceName":"new"}}';
    const { format, spans, defects } = decode(`[[${span([at('sr', 1), at('ss', 2)])}],[${second}]]`);
    expect([format, defects]).toEqual(['mixed', []]);
    expect(spans.map(({ service }) => service).sort()).toEqual(['front', 'new']);
  });

  it('keeps what is no core annotation as an event, and values of any type as tags', () => {
    const [local] = read(
      span(
        ['{"timestamp":1500,"value":"cache miss","endpoint":null}'],
        [tag('lc', '"store"'), tag('n', '3'), tag('deep', '{"k":"v"}'), tag('__proto__', '"x"')],
        ',"timestamp":1000,"duration":900',
      ),
    );
    expect(local).toMatchObject({ kind: 1, service: 'front', events: [{ name: 'cache miss', timeNs: 1_500_000n }] });
    expect(Object.entries(local.attributes)).toEqual([
      ['lc', 'store'],
      ['n', '3'],
      ['deep', '{"k":"v"}'],
      ['__proto__', 'x'],
    ]);
  });

  it('has numbers that no double holds', () => {
    const [local] = read(
      span([], [tag('n', '12345678901234567890123'), tag('list', '[9007199254740993]')], ',"timestamp":1463737111294000'),
    );
    expect(local.attributes).toEqual({ n: '12345678901234567890123', list: '["9007199254740993"]' });
    const [odd] = decode(`[${span([], [], ',"timestamp":12345678901234567890123')}]`).spans;
    expect(odd.name).toBe('get');
  });

  it('has a span that only began run on', () => {
    expect(read(span([at('cs', 1000)]))).toMatchObject([{ kind: 3, startNs: 1_000_000n, running: true }]);
  });

  it.each([
    ['version 2', '[{"traceId":"1f","id":"a","kind":"CLIENT","annotations":[{"timestamp":1,"value":"cs"}]}]', 'zipkin'],
    ['version 2 without kinds', '[{"traceId":"1f","id":"a","name":"x","timestamp":1,"tags":{}}]', 'zipkin'],
    [
      "what the JavaScript SDK's console exporter prints",
      '[{"traceId":"5fa8","id":"a1","parentId":"b1","name":"x","kind":1,"timestamp":1000,"duration":5,"attributes":{},"status":{"code":0},"events":[],"links":[]}]',
      'js-console',
    ],
  ])('is not %s', (_, text, format) => expect(decode(text).format).toBe(format));
});
