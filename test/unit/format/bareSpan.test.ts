// Spans taken out of a request: one, a list, a line each, with attributes as an object; MLflow's traces. Told apart from other systems' spans.

import { describe, expect, it } from 'vitest';
import { decode } from './spans';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const root = {
  traceId: TRACE,
  spanId: '00f067aa0ba902b7',
  parentSpanId: null,
  name: 'GET /users',
  kind: 'SERVER',
  startTimeUnixNano: '1678886400000000000',
  endTimeUnixNano: '1678886400150000000',
  attributes: { 'http.method': 'GET', 'http.status_code': 200, cached: false, tags: ['a'], peer: { ip: '::1' }, none: null },
  status: { code: 'OK' },
};
const child = {
  trace_id: TRACE,
  span_id: '74755584d576b4d9',
  parent_span_id: '00f067aa0ba902b7',
  name: 'SELECT',
  kind: 'SPAN_KIND_CLIENT',
  start_time_unix_nano: 1678886400050000000,
  end_time_unix_nano: 1678886400100000000,
  attributes: [{ key: 'db.rows', value: { intValue: '3' } }],
  resource: { attributes: { 'service.name': 'users-db' } },
  status: { code: 'STATUS_CODE_ERROR', message: 'gone' },
};

describe('spans without the groups of a request', () => {
  it.each<[string, string]>([
    ['in a list', JSON.stringify([root, child])],
    ['a line each', `${JSON.stringify(root)}\n${JSON.stringify(child)}\n`],
    ['below spans', JSON.stringify({ spans: [root, child] }, undefined, 2)],
    ['below data', JSON.stringify({ info: { trace_id: TRACE, state: 'OK' }, data: { spans: [root, child] } })],
  ])('%s', (_, text) => {
    const { spans, defects, format } = decode(text);
    expect(defects).toEqual([]);
    expect(format).toBe('otlp-json');
    expect(spans).toMatchObject([
      { traceId: TRACE, spanId: root.spanId, parentSpanId: '', kind: 2, durationNs: 150e6, status: 1, service: '' },
      {
        traceId: TRACE,
        parentSpanId: root.spanId,
        kind: 3,
        durationNs: 50e6,
        status: 2,
        statusMessage: 'gone',
        service: 'users-db',
      },
    ]);
    const { peer, ...attributes } = spans[0].attributes;
    expect(attributes).toEqual({ 'http.method': 'GET', 'http.status_code': 200, cached: false, tags: ['a'], none: undefined });
    expect({ ...Object(peer) }).toEqual({ ip: '::1' });
    expect(spans[1].attributes).toEqual({ 'db.rows': 3 });
  });

  it("of MLflow have ids in base64, or with tr- before the trace's", () => {
    const base64 = (hex: string): string => Buffer.from(hex, 'hex').toString('base64');
    for (const trace_id of [base64(TRACE), `tr-${TRACE}`]) {
      const { spans, defects } = decode(
        JSON.stringify({ info: {}, data: { spans: [{ ...child, trace_id, span_id: base64(root.spanId) }] } }),
      );
      expect(defects).toEqual([]);
      expect(spans).toMatchObject([{ traceId: TRACE, spanId: root.spanId }]);
    }
  });

  it('keep the name of a service that stands beside them', () => {
    const { spans } = decode(JSON.stringify([{ ...root, service_name: 'users' }]));
    expect(spans[0].service).toBe('users');
  });
});

it('takes attributes as an object in a whole request too, in its own types', () => {
  const attributes = { text: 'a\\"b', n: 7, typed: { intValue: '8' }, nothing: {}, empty: null };
  const { spans, defects } = decode(
    JSON.stringify({
      resourceSpans: [
        {
          resource: { attributes: { 'service.name': 'shop' } },
          scopeSpans: [{ spans: [{ ...root, attributes, events: [{ name: 'e', timeUnixNano: '1', attributes }] }] }],
        },
      ],
    }),
  );
  expect(defects).toEqual([]);
  expect(spans[0].service).toBe('shop');
  const read = { text: 'a\\"b', n: 7, typed: 8, nothing: Object.create(null), empty: undefined };
  expect(spans[0].attributes).toEqual(read);
  expect(spans[0].events[0].attributes).toEqual(read);
});

it('takes nothing out of a request that goes on beyond the beginning of the input', () => {
  const many = Array.from({ length: 600 }, (_, i) => ({ ...root, spanId: (i + 1).toString(16).padStart(16, '0') }));
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] };
  const { spans } = decode(JSON.stringify({ result: { resourceSpans: [{ resource, scopeSpans: [{ spans: many }] }] } }));
  expect(spans).toHaveLength(600);
  expect(new Set(spans.map(({ service }) => service))).toEqual(new Set(['shop']));
});
