// Traces as products export them, each by a small file and what a person sees of it.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decode } from './spans';

const read = (file: string) => decode(readFileSync(join(__dirname, '../../fixtures/formats', file)));
const T = '0123456789abcdef0123456789abcdef';
const A = 'a1a2a3a4a5a6a7a8';
const B = 'b1b2b3b4b5b6b7b8';

describe('Datadog', () => {
  it('as tracers send it: ids of 64 bits in decimal digits, the exception in its event', () => {
    const { format, spans } = read('traces.datadog.json');
    expect(format).toBe('datadog');
    expect(spans).toHaveLength(2);
    expect(spans[0]).toMatchObject({
      traceId: '0000000000000000' + 9007199254740993123n.toString(16).padStart(16, '0'),
      spanId: '9e3779b97f4a7c15',
      parentSpanId: '',
      name: 'KioskController#sell',
      kind: 2,
      startNs: 1746600000123456789n,
      durationNs: 250_000_000,
      status: 2,
      statusMessage: 'no papers',
      service: 'kiosk',
      resource: { 'service.version': '1.4.0' },
      attributes: { 'operation.name': 'rack.request', 'http.method': 'POST', papers: 2.5 },
      links: [{ traceId: `${'0'.repeat(30)}11`, spanId: '0000000000000012', attributes: { why: 'batch' } }],
    });
    expect(spans[0].events).toMatchObject([
      { name: 'exception', attributes: { 'exception.type': 'Kiosk::SoldOut', 'exception.message': 'no papers' } },
    ]);
    expect(spans[1]).toMatchObject({ name: 'pg.query', kind: 3, parentSpanId: '9e3779b97f4a7c15', service: 'kiosk-db' });
    expect(spans[1].traceId).toBe(spans[0].traceId);
  });

  it('as its page copies a trace, and in a line of a log', () => {
    const { spans } = read('copied.datadog.json');
    expect(spans.map(({ name, parentSpanId, startNs, durationNs }) => [name, parentSpanId, startNs, durationNs])).toEqual([
      ['GET /papers', '', 1746600000250000000n, 250_000_000],
      ['SELECT 1', '0000000000000047', 1746600000300000000n, 100_000_000],
    ]);
    const line = `D, [x] DEBUG -- : Flushing trace: ${JSON.stringify([{ trace_id: 5, span_id: 6, parent_id: 0, name: 'a', resource: 'b', service: 'c', start: 1746600000123456000, duration: 9 }])}`;
    expect(decode(`${line}\n`).spans).toMatchObject([{ name: 'b', service: 'c', spanId: '0000000000000006' }]);
  });

  it('as a search finds it', () => {
    const attributes = { trace_id: '5', span_id: '6', parent_id: '0', service: 'a', resource_name: 'GET /', status: 'error' };
    const times = { start_timestamp: '2025-05-07T06:40:00.100Z', end_timestamp: '2025-05-07T06:40:00.300Z' };
    const { spans } = decode(JSON.stringify({ data: [{ id: 'x', type: 'spans', attributes: { ...attributes, ...times } }] }));
    expect(spans).toMatchObject([{ name: 'GET /', service: 'a', durationNs: 200_000_000, status: 2, parentSpanId: '' }]);
  });
});

it('Elastic APM: hits of a search, their members in members or with names in one', () => {
  const { format, spans } = read('hits.elastic-apm.json');
  expect(format).toBe('elastic-apm');
  expect(spans).toMatchObject([
    {
      traceId: T,
      spanId: A,
      parentSpanId: '',
      name: 'POST /seeds',
      kind: 2,
      startNs: 1746600000123456000n,
      durationNs: 250_000_000,
      status: 2,
      service: 'garden',
      attributes: { 'http.response.status_code': 503, bed: 'north' },
    },
    { traceId: T, spanId: B, parentSpanId: A, name: 'SELECT FROM seeds', durationNs: 1_500_000, status: 0, service: 'garden' },
  ]);
});

it('Sentry: the transaction of an envelope, its root from the context', () => {
  const { format, spans } = read('envelope.sentry.txt');
  expect(format).toBe('sentry');
  expect(spans).toMatchObject([
    {
      traceId: 'aaaabbbbccccddddeeeeffff00001111',
      spanId: '1111222233334444',
      name: '/bread',
      kind: 2,
      startNs: 1746600000125000000n,
      durationNs: 250_000_000,
      status: 2,
      statusMessage: 'internal_error',
      attributes: { 'sentry.op': 'http.server', loaves: 3 },
    },
    { name: 'SELECT flour', parentSpanId: '1111222233334444', kind: 3, durationNs: 50_000_000, status: 1 },
  ]);
});

it('Langfuse: observations, whose ids may be any text', () => {
  const { format, spans } = read('trace.langfuse.json');
  expect(format).toBe('langfuse');
  expect(spans.map(({ name, traceId, running }) => [name, traceId, running])).toEqual([
    ['ask', '3f2504e04f8911d39a0c0305e82c3301', false],
    ['generation', '3f2504e04f8911d39a0c0305e82c3301', false],
    ['cached', '3f2504e04f8911d39a0c0305e82c3301', false],
  ]);
  expect(spans[0].spanId).toMatch(/^[0-9a-f]{16}$/);
  expect(spans[1]).toMatchObject({ parentSpanId: spans[0].spanId, spanId: B, durationNs: 700_000_000, status: 2 });
  expect(spans[1]).toMatchObject({
    statusMessage: 'too long',
    service: 'oracle',
    attributes: { 'gen_ai.request.model': 'model-a' },
  });
  expect(spans[2]).toMatchObject({ parentSpanId: B, durationNs: 0 });
});

it('LangSmith: runs in a run, and those of a webhook', () => {
  const run = { run_type: 'chain', start_time: 1746600000123, end_time: 1746600000373 };
  const inner = { ...run, id: 'b', name: 'inner', run_type: 'tool' };
  const outer = { ...run, id: 'a', name: 'outer', trace_id: T, child_runs: [inner] };
  for (const document of [outer, { rule_id: 'x', runs: [outer] }]) {
    const { format, spans } = decode(JSON.stringify(document));
    expect(format).toBe('langsmith');
    expect(spans).toMatchObject([
      { traceId: T, name: 'outer', parentSpanId: '', startNs: 1746600000123000000n, durationNs: 250_000_000 },
      { traceId: T, name: 'inner', parentSpanId: spans[0].spanId },
    ]);
  }
});

it('SkyWalking: spans that are numbered in their segment, across segments', () => {
  const { format, spans } = read('trace.skywalking.json');
  expect(format).toBe('skywalking');
  expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
  expect(spans.map(({ name, service, kind, durationNs }) => [name, service, kind, durationNs])).toEqual([
    ['POST:/tickets', 'front', 2, 250_000_000],
    ['/stock', 'front', 3, 100_000_000],
    ['GET:/stock', 'stock', 2, 80_000_000],
  ]);
  const [first, second, third] = spans;
  expect([first.parentSpanId, second.parentSpanId, third.parentSpanId]).toEqual(['', first.spanId, second.spanId]);
  expect(first).toMatchObject({ status: 2, attributes: { 'http.method': 'POST' } });
  expect(first.events).toMatchObject([
    { name: 'exception', attributes: { 'exception.type': 'java.lang.Gone', 'exception.message': 'sold' } },
  ]);
});

describe('Application Insights', () => {
  it('as a query answers', () => {
    const { format, spans } = read('query.application-insights.json');
    expect(format).toBe('application-insights');
    expect(spans).toMatchObject([
      {
        traceId: T,
        spanId: A,
        parentSpanId: '',
        name: 'POST /boats',
        kind: 2,
        startNs: 1746600000123456700n,
        durationNs: 250_500_000,
        status: 2,
        service: 'quay',
        attributes: { 'http.response.status_code': 500, berth: '7' },
      },
      { spanId: B, parentSpanId: A, name: 'GET tides', kind: 3, durationNs: 10_000_000, status: 0 },
    ]);
  });

  it('as Visual Studio shows it', () => {
    const item = {
      name: 'AppDependencies',
      time: '2025-05-07T06:40:00.2Z',
      tags: { 'ai.operation.id': T, 'ai.operation.parentId': `|${T}.${A}.`, 'ai.cloud.role': 'quay' },
      data: {
        baseType: 'RemoteDependencyData',
        baseData: { id: B, name: 'GET tides', duration: '00:00:01.5000000', success: false, resultCode: '503' },
      },
    };
    const { spans } = decode(`Application Insights Telemetry: ${JSON.stringify(item)}\n`);
    expect(spans).toMatchObject([
      { traceId: T, spanId: B, parentSpanId: A, kind: 3, durationNs: 1_500_000_000, status: 2, service: 'quay' },
    ]);
  });
});

it('Swift: seconds since 2001', () => {
  const { format, spans } = read('swift-console.txt');
  expect(format).toBe('swift-console');
  expect(spans).toMatchObject([
    {
      traceId: T,
      spanId: A,
      parentSpanId: '',
      name: 'load map',
      kind: 3,
      startNs: 1746607200500000000n,
      durationNs: 250_000_000,
      attributes: { 'http.method': 'GET', tries: 2 },
    },
  ]);
});
