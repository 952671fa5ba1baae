// Spans as rows of tables: each table by one row, alone, in a list, and as an answer has it.

import { describe, expect, it } from 'vitest';
import { decode } from './spans';

const T = '0123456789abcdef0123456789abcdef';
const A = 'a1a2a3a4a5a6a7a8';
const B = 'b1b2b3b4b5b6b7b8';

it('New Relic: what spans have in common stands beside them', () => {
  const span = {
    id: A,
    'trace.id': T,
    timestamp: 1746600000123,
    attributes: { 'duration.ms': 250, name: 'a', 'parent.id': B, 'service.name': 's' },
  };
  const [found] = decode(JSON.stringify([{ common: { attributes: { host: 'h' } }, spans: [span] }])).spans;
  expect(found).toMatchObject({
    traceId: T,
    spanId: A,
    parentSpanId: B,
    name: 'a',
    startNs: 1746600000123000000n,
    durationNs: 250_000_000,
    service: 's',
    resource: { host: 'h' },
  });
});

it('ClickHouse: events and links in columns of lists', () => {
  const row = {
    Timestamp: '2025-05-07 06:40:00',
    TraceId: T,
    SpanId: A,
    SpanName: 'a',
    Duration: 5,
    'Events.Timestamp': ['2025-05-07 06:40:00.000000001'],
    'Events.Name': ['exception'],
    'Events.Attributes': [{ 'exception.type': 'Full' }],
    Links: { TraceId: [T], SpanId: [B], Attributes: [{ why: 'x' }] },
  };
  const [span] = decode(JSON.stringify(row)).spans;
  expect(span.events).toMatchObject([
    { name: 'exception', timeNs: 1746600000000000001n, attributes: { 'exception.type': 'Full' } },
  ]);
  expect(span.links).toMatchObject([{ traceId: T, spanId: B, attributes: { why: 'x' } }]);
});

describe('rows of a table', () => {
  const root = {
    traceId: T,
    spanId: A,
    parentSpanId: B,
    name: 'a',
    startNs: 1746600000123000000n,
    durationNs: 250_000_000,
    status: 2,
  };
  const date = '2025-05-07T06:40:00.123Z';
  it.each([
    [
      'ClickHouse, as JSONEachRow has it',
      {
        Timestamp: '2025-05-07 06:40:00.123000000',
        TraceId: T,
        SpanId: A,
        ParentSpanId: B,
        SpanName: 'a',
        SpanKind: 'SPAN_KIND_SERVER',
        ServiceName: 's',
        SpanAttributes: { k: 'v' },
        Duration: '250000000',
        StatusCode: 'STATUS_CODE_ERROR',
      },
      { service: 's', kind: 2, attributes: { k: 'v' } },
    ],
    [
      'Azure Data Explorer',
      {
        TraceID: T,
        SpanID: A,
        ParentID: B,
        SpanName: 'a',
        SpanStatus: 'STATUS_CODE_ERROR',
        StartTime: date,
        EndTime: '2025-05-07T06:40:00.373Z',
        TraceAttributes: '{"k":"v"}',
        ResourceAttributes: { 'service.name': 's' },
      },
      { service: 's', attributes: { k: 'v' } },
    ],
    [
      'OpenSearch',
      {
        traceId: T,
        spanId: A,
        parentSpanId: B,
        name: 'a',
        kind: 'SPAN_KIND_CLIENT',
        startTime: date,
        endTime: '2025-05-07T06:40:00.373Z',
        durationInNanos: 250000000,
        serviceName: 's',
        'span.attributes.http@method': 'GET',
        'resource.attributes.host@name': 'h',
        'status.code': 2,
      },
      { service: 's', kind: 3, attributes: { 'http.method': 'GET' }, resource: { 'host.name': 'h' } },
    ],
    [
      'Elasticsearch, in OpenTelemetry’s way',
      {
        '@timestamp': date,
        trace_id: T,
        span_id: A,
        parent_span_id: B,
        name: 'a',
        kind: 'Server',
        duration: 250000000,
        attributes: { k: 'v' },
        resource: { attributes: { 'service.name': 's' } },
        status: { code: 'Error' },
      },
      { service: 's', kind: 2, attributes: { k: 'v' } },
    ],
    [
      'Phoenix',
      {
        'context.trace_id': T,
        'context.span_id': A,
        parent_id: B,
        name: 'a',
        start_time: date,
        end_time: '2025-05-07T06:40:00.373Z',
        status_code: 'ERROR',
        'attributes.llm.model_name': 'm',
      },
      { attributes: { 'llm.model_name': 'm' } },
    ],
    [
      'Honeycomb',
      {
        'trace.trace_id': T,
        'trace.span_id': A,
        'trace.parent_id': B,
        name: 'a',
        Timestamp: date,
        duration_ms: 250,
        'service.name': 's',
        error: true,
        'http.route': '/',
      },
      { service: 's', attributes: { 'http.route': '/' } },
    ],
    [
      'Opik',
      {
        id: A,
        trace_id: T,
        parent_span_id: B,
        name: 'a',
        type: 'llm',
        start_time: date,
        end_time: '2025-05-07T06:40:00.373Z',
        metadata: { k: 'v' },
        error_info: { message: 'full' },
        status: 'error',
      },
      { attributes: { k: 'v' }, statusMessage: 'full' },
    ],
    [
      'Highlight',
      {
        timestamp: date,
        traceID: T,
        spanID: A,
        parentSpanID: B,
        spanName: 'a',
        duration: 250000000,
        serviceName: 's',
        startTime: 0,
        statusCode: 'Error',
        traceAttributes: { k: 'v', code: { file: { path: 'a.ts' } } },
      },
      { service: 's', attributes: { k: 'v', 'code.file.path': 'a.ts' } },
    ],
    [
      'a program of one’s own, with its duration in milliseconds',
      {
        trace_id: T,
        span_id: A,
        parent_id: B,
        span_name: 'a',
        timestamp: date,
        duration_ms: 250.000001,
        status: 'error',
        tags: { k: 'v' },
      },
      { durationNs: 250_000_001, attributes: { k: 'v' } },
    ],
    [
      'a program of one’s own, with times in milliseconds',
      {
        traceId: T,
        spanId: A,
        parentSpanId: B,
        name: 'a',
        startTime: 1746600000123,
        endTime: 1746600000373,
        status: { code: 'ERROR' },
        attributes: { k: 'v' },
      },
      { attributes: { k: 'v' } },
    ],
  ])('%s', (_, row, more) => {
    for (const text of [
      JSON.stringify(row),
      `${JSON.stringify(row)}\n`.repeat(1),
      JSON.stringify([row], undefined, 2),
      JSON.stringify({ data: [row] }),
    ]) {
      const { format, spans } = decode(text);
      expect(format).toBe('span-rows');
      expect(spans).toHaveLength(1);
      expect(spans[0]).toMatchObject({ ...root, ...more });
    }
  });
});
