// Google Cloud Trace in both versions, in all the wrappings that people save it in.

import { describe, expect, it } from 'vitest';
import { decode, messages } from './spans';

const TRACE = '2499d13df7b35ae93dfa3d6ddc01da74';
const v2 = (id: string, more: object = {}): Record<string, unknown> => ({
  name: `projects/demo/traces/${TRACE}/spans/${id}`,
  spanId: id,
  displayName: { value: '/hello', truncatedByteCount: 0 },
  startTime: '2024-03-01T10:00:00.000001Z',
  endTime: '2024-03-01T10:00:00.250Z',
  attributes: { attributeMap: { 'g.co/gae/app/module': { stringValue: { value: 'web' } } } },
  sameProcessAsParentSpan: true,
  childSpanCount: 1,
  spanKind: 'SERVER',
  ...more,
});
const v1 = (id: string, more: object = {}): Record<string, unknown> => ({
  spanId: id,
  kind: 'RPC_SERVER',
  name: '/checkout',
  startTime: '2024-03-01T10:00:00.000001Z',
  endTime: '2024-03-01T10:00:00.250Z',
  ...more,
});
const text = (value: unknown): string => JSON.stringify(value, undefined, 1);

describe('Cloud Trace', () => {
  it.each([
    ['one span', text(v2('84f9e8929bb1cd5b'))],
    ['a list of spans', text([v2('84f9e8929bb1cd5b')])],
    ['a request of batchWrite', text({ name: 'projects/demo', spans: [v2('84f9e8929bb1cd5b')] })],
    ['spans a line', JSON.stringify(v2('84f9e8929bb1cd5b'))],
  ])('version 2: %s', (_, input) => {
    const result = decode(input);
    expect([result.format, messages(result)]).toEqual(['cloud-trace', []]);
    expect(result.spans).toMatchObject([
      {
        traceId: TRACE,
        spanId: '84f9e8929bb1cd5b',
        name: '/hello',
        kind: 2,
        startNs: 1_709_287_200_000_001_000n,
        durationNs: 249_999_000,
        service: 'web',
      },
    ]);
  });

  it('version 2 with all that a span may have', () => {
    const [span] = decode(
      text(
        v2('84f9e8929bb1cd5b', {
          parentSpanId: 'a514c25ace3f0a5a',
          attributes: {
            attributeMap: {
              '/http/status_code': { intValue: '9007199254740993' },
              ok: { boolValue: true },
              none: { stringValue: {} },
              'otel.scope.name': { stringValue: { value: 'http' } },
            },
          },
          timeEvents: {
            timeEvent: [
              {
                time: '2024-03-01T10:00:00.1Z',
                annotation: { description: { value: 'retry' }, attributes: { attributeMap: { n: { intValue: '2' } } } },
              },
              { time: '2024-03-01T10:00:00.2Z', messageEvent: { type: 'SENT', id: '1', uncompressedSizeBytes: '12' } },
            ],
          },
          links: { link: [{ traceId: TRACE.replace('2499', '0000'), spanId: '1111111111111111', type: 'PARENT_LINKED_SPAN' }] },
          status: { code: 2, message: 'boom' },
        }),
      ),
    ).spans;
    expect(span).toMatchObject({
      parentSpanId: 'a514c25ace3f0a5a',
      status: 2,
      statusMessage: 'boom',
      scope: { name: 'http' },
      attributes: { 'http.response.status_code': 9_007_199_254_740_993n, ok: true, none: '' },
      events: [
        { name: 'retry', timeNs: 1_709_287_200_100_000_000n, attributes: { n: 2 } },
        { name: 'message SENT', attributes: { uncompressedSizeBytes: '12' } },
      ],
      links: [{ traceId: `0000${TRACE.slice(4)}`, spanId: '1111111111111111' }],
    });
  });

  it.each([
    ['one trace', text({ projectId: 'demo', traceId: TRACE, spans: [v1('14476845006702398725')] })],
    [
      'a list of an answer',
      text({ traces: [{ projectId: 'demo', traceId: TRACE, spans: [v1('14476845006702398725')] }], nextPageToken: '' }),
    ],
    [
      'ids as numbers',
      `{"projectId":"demo","traceId":"${TRACE}","spans":[${text(v1('0')).replace('"0"', '14476845006702398725')}]}`,
    ],
    ['a list of traces', text([{ traceId: TRACE, projectId: 'demo', spans: [v1('14476845006702398725')] }])],
  ])('version 1: %s', (_, input) => {
    const result = decode(input);
    expect([result.format, messages(result)]).toEqual(['cloud-trace', []]);
    expect(result.spans).toMatchObject([{ traceId: TRACE, spanId: 'c8e815d4fce24d05', name: '/checkout', kind: 2 }]);
  });

  describe('labels of version 1', () => {
    const read = (labels: object) => decode(text({ projectId: 'demo', traceId: TRACE, spans: [v1('1', { labels })] })).spans[0];

    it("become OpenTelemetry's attributes, numbers where those are numbers", () => {
      expect(
        read({
          '/http/method': 'GET',
          'http.request.method': 'get',
          '/http/status_code': '404',
          '/http/response/size': '12',
          'server.port': '8080',
          'code.line.number': '7',
          'messaging.kafka.offset': '9007199254740993',
          tenant: '7',
          'rpc.grpc.status_code': 'x',
        }),
      ).toMatchObject({
        status: 0,
        attributes: {
          'http.request.method': 'get',
          '/http/method': 'GET',
          'http.response.status_code': 404,
          'http.response.body.size': 12,
          'server.port': 8080,
          'code.line.number': 7,
          'messaging.kafka.offset': 9_007_199_254_740_993n,
          tenant: '7',
          'rpc.grpc.status_code': 'x',
        },
      });
    });

    it.each([
      [
        { 'service.name': 'cart', 'service.version': '2' },
        { 'service.name': 'cart', 'service.version': '2' },
      ],
      [
        { 'g.co/gae/app/module': 'web', 'g.co/gae/app/version': 'v1' },
        { 'service.name': 'web', 'service.version': 'v1' },
      ],
      [
        { 'g.co/r/generic_task/job': 'job', 'g.co/r/generic_task/task_id': 't' },
        { 'service.name': 'job', 'service.instance.id': 't' },
      ],
      [{ 'g.co/r/cloud_run_revision/service_name': 'run' }, { 'service.name': 'run' }],
      [
        { 'g.co/r/k8s_container/pod_name': 'p', 'g.co/r/k8s_container/namespace_name': 'n', 'service.name': 's' },
        { 'k8s.pod.name': 'p', 'k8s.namespace.name': 'n', 'service.name': 's' },
      ],
    ])('%j tell the resource', (labels, resource) => {
      const span = read(labels);
      expect(span.resource).toMatchObject(resource);
      expect(span.service).toBe(Reflect.get(resource, 'service.name') ?? '');
      expect(Object.keys(span.attributes)).toEqual([]);
    });

    it('tell an exception, with the stack of the older agents or one that was printed', () => {
      const stack = JSON.stringify({
        stack_frame: [
          { method_name: 'save', file_name: '/srv/a.js', line_number: '3', column_number: '9' },
          { method_name: 'main', class_name: 'App', file_name: '/srv/b.js', line_number: 4 },
        ],
      });
      const labels = { '/error/name': 'TypeError', '/error/message': 'no', '/stacktrace': stack };
      expect(read(labels)).toMatchObject({
        status: 2,
        statusMessage: 'no',
        events: [
          {
            name: 'exception',
            attributes: {
              'exception.type': 'TypeError',
              'exception.stacktrace': 'TypeError: no\n    at save (/srv/a.js:3:9)\n    at App.main (/srv/b.js:4)',
            },
          },
        ],
      });
      expect(read({ ...labels, '/stacktrace': 'at x' }).events[0].attributes['exception.stacktrace']).toBe('TypeError: no\nat x');
    });

    it('have the stack of what began a span where it did not fail', () => {
      expect(read({ '/stacktrace': '{"stack_frame":[{"method_name":"f","file_name":"a.js","line_number":1}]}' })).toMatchObject({
        status: 0,
        events: [],
        attributes: { 'code.stacktrace': '    at f (a.js:1)' },
      });
    });
  });

  it('takes what is no number and no text for none', () => {
    const odd = v1('1', { parentSpanId: {}, labels: { '/http/status_code': {}, '/error/name': [] }, name: {} });
    const result = decode(text({ projectId: 'demo', traceId: TRACE, spans: [odd, v1('2', { spanId: { toString: 1 } })] }));
    expect(result.spans[0]).toMatchObject({ spanId: '0000000000000001', parentSpanId: '', name: '' });
  });

  it('version 1 without spans is refused with what to do', () => {
    expect(() => decode(text({ traces: [{ projectId: 'demo', traceId: TRACE }] }))).toThrow('view=COMPLETE');
  });
});
