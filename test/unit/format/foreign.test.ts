// What is no trace data, though people take it for that: the sentence that they read, and that nothing which is trace data gets one.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { beginningOf } from '../../../src/core/format/beginning';
import { foreignText } from '../../../src/core/format/foreign';
import { sharedData, sharedPath } from '../../support/sharedData';
import { decode } from './spans';

const frameFields = [
  { name: 'traceID', type: 'string', typeInfo: { frame: 'string' }, config: {}, values: ['3578'], entities: {} },
  { name: 'spanID', type: 'string', values: ['1'] },
  { name: 'operationName', type: 'string', values: ['GET /'] },
];
const search = {
  traceID: '2f3e',
  rootServiceName: 'shop',
  rootTraceName: 'pay',
  startTimeUnixNano: '1',
  durationMs: 557,
  spanSets: [{ spans: [{ spanID: '5' }], matched: 1 }],
};

const cases: readonly (readonly [string, unknown, string])[] = [
  [
    'a frame as the inspector shows it',
    [{ name: 'Trace', refId: 'A', meta: { preferredVisualisationType: 'trace' }, fields: frameFields }],
    'Grafana',
  ],
  ['a panel of Grafana', { state: 'Done', series: [{ refId: 'A', fields: frameFields }], annotations: [] }, 'Grafana'],
  ['a frame with its schema', [{ schema: { refId: 'A', fields: frameFields }, data: { values: [] } }], 'Grafana'],
  ['a search of Tempo', { traces: [search], metrics: { inspectedTraces: 1 } }, 'Tempo'],
  ['a search of Tempo, its figures first', { metrics: { totalBlocks: 13 }, traces: [search] }, 'Tempo'],
  ['a search of Tempo that found nothing', { traces: [], metrics: { totalBlocks: 13 } }, 'Tempo'],
  ['tags of Tempo', { scopes: [{ name: 'resource', tags: ['service.name'] }] }, 'tags of Tempo'],
  ['services of Jaeger', { data: ['a', 'b'], total: 2, limit: 0, offset: 0, errors: null }, '/api/traces'],
  ['operations of Jaeger', { data: [{ name: 'GET /', spanKind: 'server' }] }, 'operations'],
  ['dependencies of Jaeger', { data: [{ parent: 'a', child: 'b', callCount: 3 }] }, 'dependencies'],
  ['dependencies of Zipkin', [{ parent: 'a', child: 'b', callCount: 3 }], 'Zipkin'],
  ['services of Zipkin', ['a', 'b'], '/api/v2/trace/'],
  ['summaries of X-Ray', { TraceSummaries: [], ApproximateTime: '2024' }, 'batch-get-traces'],
  ['a HAR', { log: { version: '1.2', creator: { name: 'WebInspector' }, pages: [], entries: [] } }, 'HAR'],
  ['a HAR, its entries first', { log: { entries: [{ request: {} }], version: '1.2' } }, 'HAR'],
  ['trace events of a browser', { metadata: { modifications: { hidden: [] } }, traceEvents: [{ ph: 'M' }] }, 'Perfetto'],
  ['trace events of PyTorch', { schemaVersion: 1, deviceProperties: [{ id: 0 }], traceEvents: [{ ph: 'X', ts: 1 }] }, 'Perfetto'],
  ['trace events in a list', [{ args: { data: [1] }, cat: 'a', name: 'x', ph: 'X', pid: 1, ts: 2 }], 'Perfetto'],
  ['a heap snapshot', { snapshot: { meta: { node_fields: ['type'] }, node_count: 3 }, nodes: [1, 2] }, 'heap snapshot'],
  [
    'a CPU profile',
    { nodes: [{ id: 1, callFrame: { functionName: '(root)' } }], startTime: 1, endTime: 2, samples: [1] },
    '.cpuprofile',
  ],
  ['a heap profile', { head: { callFrame: { functionName: '(root)' }, selfSize: 0, children: [] } }, '.heapprofile'],
  ['a profile of speedscope', { $schema: 'https://www.speedscope.app/file-format-schema.json', profiles: [] }, 'speedscope'],
  ['a report of Lighthouse', { environment: { a: [1] }, lighthouseVersion: '12.0.0' }, 'Lighthouse'],
  ['a source map', { version: 3, file: 'a.js', sources: ['a.ts'], names: [], mappings: 'AAAA' }, 'source map'],
  ['events of Honeycomb', [{ 'trace.trace_id': 'a', 'trace.span_id': 'b', name: 'x', duration_ms: 1 }], 'Honeycomb'],
  ['an event of Sentry', { event_id: 'a', contexts: { trace: { trace_id: 'a', span_id: 'b' } }, spans: [] }, 'Sentry'],
  [
    'an index of Elastic APM',
    { took: 3, hits: { hits: [{ _source: { processor: { event: 'transaction' }, trace: { id: 'a' } } }] } },
    'Elastic APM',
  ],
  ['what agents of Elastic send', { metadata: { service: { name: 'a', agent: { name: 'java' } } } }, 'Elastic APM'],
  [
    'an answer of Elasticsearch',
    { took: 3, timed_out: false, hits: { hits: [{ _source: { message: 'GET /' } }] } },
    'jaeger-span',
  ],
  [
    'a log record of Go',
    { Timestamp: '2026-01-01T00:00:00Z', Severity: 9, Body: { Type: 'String', Value: 'a' }, TraceID: 'a' },
    'log record',
  ],
  ['metrics of Go', { Resource: [], ScopeMetrics: [{ Scope: { Name: 'a' } }] }, 'metric'],
  ['summaries of Jaeger', { summaries: [{ traceId: '1', spanCount: 2, rootServiceName: 'a' }] }, '/api/v3/traces/'],
  ['services of Jaeger 2', { services: ['a', 'b'] }, 'services'],
  ['operations of Jaeger 2', { operations: [{ name: 'GET /', spanKind: 'server' }] }, 'operations'],
  [
    'what SkyWalking traces of itself',
    { data: { execExpression: { results: [], debuggingTrace: { traceId: 'a', spans: [{ traceID: null, spanId: 0 }] } } } },
    'queryTrace',
  ],
  ['an answer of Prometheus', { status: 'success', data: { resultType: 'vector', result: [] } }, 'Prometheus'],
  ['a dashboard', { annotations: { list: [] }, panels: [{ type: 'traces' }], schemaVersion: 39 }, 'dashboard of Grafana'],
  ['a package.json', { name: 'shop', version: '1.0.0', scripts: { start: 'node .' } }, 'package.json'],
];

describe('what is no trace data', () => {
  it.each(cases)('%s', (_, value, said) => {
    expect(() => decode(JSON.stringify(value))).toThrow(said);
    expect(() => decode(JSON.stringify(value, undefined, 2))).toThrow(said);
  });

  it.each(cases)('%s, longer than what is looked at', (_, value, said) => {
    const long = JSON.stringify(value).replace(/[\]}]+$/, `,"more":"${'x'.repeat(70_000)}"`);
    expect(foreignText(long.slice(0, 1 << 16))).toContain(said);
  });

  it.each([
    ['# HELP up Whether it is up.\n# TYPE up gauge\nup 1\n', 'Prometheus'],
    ['"traceID","spanID","operationName"\n"35","1","GET /"\n', 'CSV'],
    ['a;b;c\n1;2;3\n', 'CSV'],
    [
      'iex> x\n*SPANS FOR DEBUG*\n{span,17731,5706,[],\n      1373,<<"a">>,internal,-5764,-5763,[],[],[],undefined,1,false,undefined}\n',
      'otlp',
    ],
    ['2025-02-03T08:15:04Z\tinfo\tTraces\t{"resource spans": 1, "spans": 2}\n', 'detailed'],
    [' Name: a\nSpan ID: 13\nParent ID: 0\nTrace ID: 15\n', 'JSON'],
    ['$ curl http://localhost:3200/api/search\n{"traces":[{"traceID":"1","rootServiceName":"a"}]}\n', 'search results'],
    ['Span(name="a", context=SpanContext(trace_id=0x1, span_id=0x2))\n', 'does not know'],
    ['{"some":{"traceId":"1"}}', 'does not know'],
    ["[main] INFO 'x' :\n0af7651916cd43dd8448eb211c80319c b7ad6b7169203331 SERVER [tracer:\n", 'does not know'],
    ['[main] INFO no list\n[main] INFO trace_id=1\n', 'is text'],
    ['{"traces":[{"traceID":"1","rootServiceName":"a"},\n...\n]}', 'search results'],
    ['\u001b[31mnothing\u001b[0m here', 'begins with'],
    ['<!doctype html><html><title>Sign in</title>', 'login page'],
  ])('text: %j', (text, said) => expect(() => decode(text)).toThrow(said));

  it.each([
    ['a ZIP archive', [0x50, 0x4b, 3, 4, ...Array(22).fill(0), 5, 0, 0, 0, ...Buffer.from('a.txt')], 'ZIP archive. Unpack'],
    [
      'a trace of Playwright',
      [0x50, 0x4b, 3, 4, ...Array(22).fill(0), 13, 0, 0, 0, ...Buffer.from('0-trace.trace')],
      'show-trace',
    ],
    ['a profile of pprof', [0x0a, 4, 8, 1, 0x10, 2, 0x0a, 4, 8, 3, 0x10, 4], 'pprof'],
    ['a tar archive', [...Buffer.from('a.json'), ...Array(251).fill(0), ...Buffer.from('ustar')], 'tar archive'],
    ['messages that are compressed one by one', [0, 0, 1, 9, 0x28, 0xb5, 0x2f, 0xfd, 0x24, 0], 'file exporter'],
    ['a database', [...Buffer.from('SQLite format 3\0')], 'SQLite'],
    ['a Parquet file', [...Buffer.from('PAR1'), 0, 1], 'Parquet'],
  ])('%s', (_, bytes, said) => expect(() => decode(Uint8Array.from(bytes))).toThrow(said));

  it.skipIf(sharedData === undefined)('is nothing that is read', () => {
    const expected: Record<string, { error: string | null }> = JSON.parse(
      readFileSync(sharedPath('reports', 'expected.json'), 'utf8'),
    );
    for (const [file, { error }] of Object.entries(expected))
      expect([file, foreignText(readFileSync(sharedPath('reports', file), 'utf8').trimStart()) !== undefined]).toEqual([
        file,
        error !== null,
      ]);
  });

  it('takes no longer for text that is made to', () => {
    for (const text of [
      `{${'"a":['.repeat(13_000)}`,
      '['.repeat(1 << 16),
      `{"a":"${'\\"'.repeat(32_000)}`,
      'a,'.repeat(32_000),
      '"a",'.repeat(16_000),
    ])
      expect(typeof foreignText(text)).toMatch(/undefined|string/);
  });
});

// Members of this name are Jaeger's, Zipkin's and Tempo's as well: without a span in it that was a guess.
it.each(['{"a":{"spanID":null}}', '{"trace":{"id":"1"},"batches":1}'])('calls %s no format', (text) =>
  expect(() => decode(text)).toThrow(/JSON object/),
);

it.each([
  '[]',
  '[[]]',
  '{}',
  '{"resourceSpans":[]}',
  '{"data":[],"total":0}',
  '{"data":null,"errors":[]}',
  '{"trace":{}}',
  '{"batches":[]}',
])('takes %s for what found nothing', (text) => expect(decode(text).spanCount).toBe(0));

it.each([
  ['{"a":[1,{"b":"x', { a: [1, {}] }],
  ['{"a":1,"b":2', { a: 1 }],
  ['[{"a":"}]\\"",', [{ a: '}]"' }]],
  ['{"a":1}\n{"b":2}', { a: 1 }],
  ['[', []],
  ['text', undefined],
  ['{a:1}', undefined],
])('reads what is there of %j', (text, value) => expect(beginningOf(text)).toEqual(value));
