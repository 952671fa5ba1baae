// What console exporters of several versions print, as people paste it, wherever it is cut.

import { describe, expect, it } from 'vitest';
import { FillingDecoder, StreamDecoder } from '../../../src/core/format/format';
import { StringTable } from '../../../src/core/model/strings';
import { decode, messages, spansOf } from './spans';

const encoder = new TextEncoder();
const T = '0af7651916cd43dd8448eb211c80319c';
const S = 'b7ad6b7169203331';
const P = '00f067aa0ba902b7';

/** The same in pieces of any length, and in a buffer that is being filled. */
function sameInPieces(text: string): void {
  const bytes = encoder.encode(text);
  const whole = decode(bytes);
  for (let size = 1; size < bytes.length; size += 1 + (size >> 2)) {
    const stream = new StreamDecoder({ strings: new StringTable(), name: 'input' });
    const batches = [];
    for (let at = 0; at < bytes.length; at += size) batches.push(...stream.push(bytes.slice(at, at + size)));
    const end = stream.end();
    expect(spansOf([...batches, ...end.batches]), `pieces of ${size}`).toEqual(whole.spans);
    expect(end.defects).toEqual(whole.defects);
    const filling = new FillingDecoder(bytes, { strings: new StringTable(), name: 'input' });
    for (let at = size; at < bytes.length; at += size) filling.advance(at);
    expect(spansOf(filling.end(bytes.length).batches), `filled by ${size}`).toEqual(whole.spans);
  }
}

const python = (name: string, more = ''): string => `{
    "name": "${name}",
    "context": {
        "trace_id": "0x${T}",
        "span_id": "0x${S}",
        "trace_state": "[]"
    },
    "kind": "SpanKind.CONSUMER",
    "parent_id": "0x${P}",
    "start_time": "2025-03-04T09:30:00.120500Z",
    "end_time": "2025-03-04T09:30:00.180750Z",
    "status": {
        "status_code": "OK"
    },
    "attributes": {${more}},
    "events": [],
    "links": [],
    "resource": {
        "attributes": { "service.name": "py" },
        "schema_url": ""
    }
}`;

const js = (body: string): string => `{
  resource: {
    attributes: {
      'service.name': 'coupon',
      'telemetry.distro.version': 'v1.0.76'
    }
  },
  instrumentationScope: { name: '@opentelemetry/instrumentation-net', version: '0.38.0', schemaUrl: undefined },
  traceId: '${T}',
${body}
}`;

/** What must come of each; `first` of its first span. */
const cases: readonly { what: string; text: string; format: string; spans: number; first: object; defects?: number }[] = [
  {
    what: 'Python 1.2: the parent without 0x, the resource as its attributes',
    text: python('old').replace(`"0x${P}"`, `"${P}"`).replace('"attributes": { "service.name": "py" },', '"service.name": "py",'),
    format: 'python-console',
    spans: 1,
    first: { parentSpanId: P, service: 'py', status: 1, kind: 5, durationNs: 60_250_000 },
  },
  {
    what: 'Python, with times as Go prints them',
    text: python('go')
      .replace('2025-03-04T09:30:00.120500Z', '2025-03-04 10:30:00.1205 +0100 CET')
      .replace(/"2025[^"]*750Z"/, '"2025-03-04 09:30:00.18075 +0000 UTC"'),
    format: 'python-console',
    spans: 1,
    first: { startNs: 1741080600120500000n, durationNs: 60_250_000 },
  },
  {
    what: 'JavaScript, of which a person left out some',
    text: js(`  name: 'short',
  id: '${S}',
  kind: 1,
  timestamp: 1741080600120500,
  duration: 60250,
  attributes: {
    'a': 1,
    // ... many more ...
    'b': 2,
    ...
  },
  // and so on
  status: { code: 0 },
  events: []`),
    format: 'js-console',
    spans: 1,
    first: { name: 'short', service: 'coupon', attributes: { a: 1, b: 2 } },
  },
  {
    what: 'Python: values that only its JSON has',
    text: python('odd', '"nan": NaN, "inf": -Infinity, "big": 9223372036854775807, "list": [1, 2.5, "x"], "__proto__": "p"'),
    format: 'python-console',
    spans: 1,
    first: { attributes: { nan: Number.NaN, inf: Number.NEGATIVE_INFINITY, big: 9223372036854775807n, list: [1, 2.5, 'x'] } },
  },
  {
    what: 'Python, one a line, after a print without a line end',
    text: `Hello world!${JSON.stringify(JSON.parse(python('a')))}\ndone ${JSON.stringify(JSON.parse(python('b')))}\n`,
    format: 'python-console',
    spans: 2,
    first: { name: 'a' },
  },
  {
    what: 'Python in docker compose, with another service between',
    text: python('in compose')
      .split('\n')
      .flatMap((line, i) => [`worker-1  | ${line}`, ...(i % 5 === 2 ? ['db-1      | {"msg": "checkpoint"} {'] : [])])
      .join('\n'),
    format: 'python-console',
    spans: 1,
    first: { name: 'in compose', service: 'py' },
  },
  {
    what: 'Python in Docker’s log files',
    text: python('in docker')
      .split('\n')
      .map((line) => JSON.stringify({ log: `${line}\n`, stream: 'stdout', time: '2025-03-04T09:30:00.1Z' }))
      .join('\n'),
    format: 'python-console',
    spans: 1,
    first: { name: 'in docker' },
  },
  {
    what: 'Python, the second of three cut',
    text: `${python('a')}\n${python('b').slice(0, 300)}\n${python('c')}\n`,
    format: 'python-console',
    spans: 2,
    first: { name: 'a' },
    defects: 1,
  },
  {
    what: 'JavaScript with a duration in fractions, and no parent',
    text: js(`  parentId: undefined,
  traceState: undefined,
  name: 'request handler - /apply-coupon',
  id: '${S}',
  kind: 0,
  timestamp: 1720132143829000,
  duration: 15.166,
  attributes: { 'express.type': 'request_handler' },
  status: { code: 0 },
  events: [],
  links: []`),
    format: 'js-console',
    spans: 1,
    first: { parentSpanId: '', kind: 1, startNs: 1720132143829000000n, durationNs: 15_166, scope: { version: '0.38.0' } },
  },
  {
    what: 'JavaScript SDK 2: the parent in its context, links, an exception over several lines',
    text: js(`  parentSpanContext: { traceId: '${T}', spanId: '${P}', traceFlags: 1, isRemote: true, traceState: undefined },
  traceState: undefined,
  name: 'GET',
  id: '${S}',
  kind: 2,
  timestamp: 1720132143829000,
  duration: 20,
  attributes: {},
  status: { code: 2, message: "can't connect" },
  events: [
    {
      name: 'exception',
      attributes: {
        'exception.stacktrace': 'Error: ECONNREFUSED\\n' +
          '    at TCPConnectWrap.afterConnect (node:net:1555:16)'
      },
      time: [ 1720132143, 829000000 ],
      droppedAttributesCount: 0
    }
  ],
  links: [ { context: { traceId: '${T}', spanId: '${P}', traceFlags: 1, traceState: TraceStateImpl { _internalState: Map(1) { 'a' => 'b' } } }, attributes: { n: 1 } } ]`),
    format: 'js-console',
    spans: 1,
    first: {
      parentSpanId: P,
      kind: 3,
      status: 2,
      statusMessage: "can't connect",
      events: [
        {
          name: 'exception',
          attributes: { 'exception.stacktrace': 'Error: ECONNREFUSED\n    at TCPConnectWrap.afterConnect (node:net:1555:16)' },
        },
      ],
      links: [{ spanId: P, attributes: { n: 1 } }],
    },
  },
  {
    what: 'JavaScript of 2022: no resource',
    text: `{
  traceId: '${T}',
  parentId: '${P}',
  name: 'sLinks',
  id: '${S}',
  kind: 4,
  timestamp: 1650492644954686,
  duration: 7,
  attributes: {},
  links: [ { context: [Object], attributes: [Object] } ],
  status: { code: 0 },
  events: []
}`,
    format: 'js-console',
    spans: 1,
    first: { parentSpanId: P, kind: 5, durationNs: 7000 },
  },
  {
    what: 'JavaScript behind a log’s prefix and in colours',
    text: `\u001b[32minfo\u001b[39m: span \u001b[2m{\n  traceId: \u001b[32m'${T}'\u001b[39m,\n  parentId: \u001b[90mundefined\u001b[39m,\n  name: \u001b[32m'in colours'\u001b[39m,\n  id: \u001b[32m'${S}'\u001b[39m,\n  kind: \u001b[33m1\u001b[39m,\n  timestamp: \u001b[33m1650492644954686\u001b[39m,\n  duration: \u001b[33m7\u001b[39m,\n  attributes: {},\n  status: { code: \u001b[33m0\u001b[39m }\n}\n`,
    format: 'js-console',
    spans: 1,
    first: { name: 'in colours', kind: 2, durationNs: 7000 },
  },
  {
    what: 'the JavaScript SDK’s own fields',
    text: `${JSON.stringify({ _spanContext: { traceId: T, spanId: S, traceFlags: 1 }, parentSpanId: P, kind: 3, name: 'raw', startTime: [1775000000, 5], endTime: [1775000001, 4], _ended: true, status: { code: 1 }, attributes: { a: 1 }, events: [], links: [], resource: { _rawAttributes: [['service.name', 'raw-svc']] } })}\n`,
    format: 'js-spans',
    spans: 1,
    first: { traceId: T, kind: 4, startNs: 1775000000000000005n, durationNs: 999_999_999, service: 'raw-svc', status: 1 },
  },
  {
    what: 'Go before version 1: parent, status and events of their own names, one a line',
    text: `${JSON.stringify({ SpanContext: { TraceID: T, SpanID: S, TraceFlags: 1 }, ParentSpanID: P, SpanKind: 5, Name: 'old', StartTime: '2020-09-01T10:00:00.5Z', EndTime: '2020-09-01T10:00:01Z', Attributes: [{ Key: 'k', Value: { Type: 'FLOAT64', Value: 1.5 } }], MessageEvents: [{ Name: 'e', Attributes: null, Time: '2020-09-01T10:00:00.6Z' }], StatusCode: 'Error', StatusMessage: 'bad', Resource: [{ Key: 'service.name', Value: { Type: 'STRING', Value: 'old-go' } }] })}\n`,
    format: 'go-stdout',
    spans: 1,
    first: {
      parentSpanId: P,
      kind: 5,
      status: 2,
      statusMessage: 'bad',
      service: 'old-go',
      attributes: { k: 1.5 },
      durationNs: 5e8,
    },
  },
  {
    what: 'Go without times',
    text: `{"Name":"t","SpanContext":{"TraceID":"${T}","SpanID":"${S}"},"Parent":{"TraceID":"${'0'.repeat(32)}","SpanID":"${'0'.repeat(16)}"},"SpanKind":1,"StartTime":"0001-01-01T00:00:00Z","EndTime":"0001-01-01T00:00:00Z","Attributes":[{"Key":"l","Value":{"Type":"STRINGSLICE","Value":["a","b"]}}]}`,
    format: 'go-stdout',
    spans: 1,
    first: { parentSpanId: '', startNs: 0n, attributes: { l: ['a', 'b'] } },
  },
  {
    what: 'Java’s lines, a comma and an equals sign in values, a name with an apostrophe',
    text: `2023-04-24 17:33:54 INFO io.opentelemetry.exporter.logging.LoggingSpanExporter - 'it's /rolldice' : ${T} ${S} SERVER [tracer: io.opentelemetry.tomcat-10.0:1.25.0-alpha] AttributesMap{data={user_agent.original=curl/7.87.0, url.query=a=1, b, http.status_code=200}, capacity=128, totalAddedValues=3}\n`,
    format: 'java-log',
    spans: 1,
    first: {
      name: "it's /rolldice",
      kind: 2,
      scope: { name: 'io.opentelemetry.tomcat-10.0', version: '1.25.0-alpha' },
      attributes: { 'user_agent.original': 'curl/7.87.0', 'url.query': 'a=1, b', 'http.status_code': '200' },
    },
  },
  {
    what: 'Java’s lines without a version or attributes',
    text: `INFO: 'parent' : ${T} ${S} INTERNAL [tracer: demo:] {}\nINFO: 'x' : ${T} ${P} CLIENT [tracer: demo:1] {a="b", n=1}\n`,
    format: 'java-log',
    spans: 2,
    first: { name: 'parent', kind: 1, scope: { name: 'demo', version: '' } },
  },
  {
    what: 'Java’s OTLP between JSON logs',
    text: `{"level":"info","traceId":"${T}","spanId":"${S}","msg":"start"}\n{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"j"}}]},"scopeSpans":[{"scope":{"name":"demo"},"spans":[{"traceId":"${T}","spanId":"${S}","name":"GET","kind":2,"startTimeUnixNano":"1","endTimeUnixNano":"3"}]}]}\n`,
    format: 'otlp-jsonl',
    spans: 1,
    first: { name: 'GET', service: 'j', durationNs: 2 },
  },
  {
    what: 'three kinds in one file',
    text: `[${python('a')}]\n${JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [{ traceId: T, spanId: S, name: 'b' }] }] }] })}\n{"Name":"c","SpanContext":{"TraceID":"${T}","SpanID":"${S}"}}\n`,
    format: 'mixed',
    spans: 3,
    first: { name: 'a' },
  },
  {
    what: 'a log whose other lines have brackets of all sorts',
    text: `INFO config {"a": 1, ...}\nWARN {x: 1 y}\nmap[a:{1 2}] {{template}} if (a) { b(); }\n${JSON.stringify(JSON.parse(python('a')))}\nERROR {"a": "cut`,
    format: 'python-console',
    spans: 1,
    first: { name: 'a' },
  },
  {
    what: 'a log in which a line with a span is cut',
    text: `INFO span ${JSON.stringify(JSON.parse(python('a')))}\nINFO span ${JSON.stringify(JSON.parse(python('b'))).slice(0, 200)}\nINFO span ${JSON.stringify(JSON.parse(python('c')))}\n`,
    format: 'python-console',
    spans: 2,
    first: { name: 'a' },
    defects: 1,
  },
  {
    what: 'PHP, pretty',
    text: `{
    "name": "root",
    "context": { "trace_id": "${T}", "span_id": "${S}", "trace_state": "", "trace_flags": 1 },
    "resource": { "service.name": "php-svc", "process.pid": 12 },
    "parent_span_id": "",
    "kind": "KIND_SERVER",
    "start": 1690000000000000001,
    "end": 1690000000500000001,
    "attributes": [],
    "status": { "code": "Error", "description": "boom" },
    "events": [ { "name": "e", "timestamp": 1690000000100000000, "attributes": { "a": 1 } } ],
    "links": [],
    "schema_url": "https:\\/\\/opentelemetry.io\\/schemas\\/1.25.0"
}`,
    format: 'php-console',
    spans: 1,
    first: { parentSpanId: '', kind: 2, startNs: 1690000000000000001n, status: 2, statusMessage: 'boom', service: 'php-svc' },
  },
];

describe('console exporters', () => {
  it.each(cases)('$what', ({ text, format, spans, first, defects = 0 }) => {
    const result = decode(text);
    expect(messages(result)).toHaveLength(defects);
    expect(result.spans).toHaveLength(spans);
    expect(result.format).toBe(format);
    expect(result.spans[0]).toMatchObject(first);
    sameInPieces(text);
  });
});

describe('behind what is looked at first', () => {
  const otlp = `{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"${T}","spanId":"${S}","name":"b"}]}]}]}\n`;
  const log = 'INFO starting up the whole program\n';

  it('a log has its first span', () => {
    const { format, spans, defects } = decode(log.repeat(3000) + python('late'));
    expect({ format, names: spans.map(({ name }) => name), defects }).toEqual({
      format: 'python-console',
      names: ['late'],
      defects: [],
    });
    const stream = new StreamDecoder({ strings: new StringTable() });
    const batches = [...stream.push(encoder.encode(log.repeat(3000))), ...stream.push(encoder.encode(python('late')))];
    expect(spansOf([...batches, ...stream.end().batches])).toHaveLength(1);
  });

  it('a log without a span is no trace data', () => {
    expect(() => decode(log.repeat(3000))).toThrow(
      'input is text that begins with "INFO starting up the whole program", no trace data',
    );
  });

  it('spans of another format are told', () => {
    const result = decode(otlp.repeat(800) + JSON.stringify(JSON.parse(python('late'))));
    expect(result.spanCount).toBe(800);
    expect(messages(result)).toEqual([
      'input has 1 span of another format behind those that were read, left out. Open them in a file of their own.',
    ]);
    const logs = `{"level":"info","timestamp":1,"traceId":"${T}","message":"x"}\n`;
    expect(messages(decode(otlp.repeat(800) + logs))).toEqual([]);
  });
});

it('finds parents by ids that are no hex', () => {
  const [root, child] = decode(
    [python('root').replace(`0x${S}`, 'span-one').replace(`0x${P}`, ''), python('child').replace(`0x${P}`, 'span-one')].join(
      '\n',
    ),
  ).spans;
  expect(root.spanId).toMatch(/^[0-9a-f]{16}$/);
  expect(child.parentSpanId).toBe(root.spanId);
});

it('reads spans of Jaeger’s that were cut out of a trace', () => {
  const span = (id: string): string =>
    `{ "traceID": "${T}", "spanID": "${id}", "operationName": "${id}", "references": [], "startTime": 1666977689650841, "duration": 5, "tags": [], "logs": [], "processID": "p1", "warnings": null }`;
  expect(decode(span(S)).spans).toMatchObject([{ name: S, durationNs: 5000 }]);
  const cut = decode(`      "processID": "p4"\n    },\n    ${span(S)},\n    ${span(P)},\n    { "traceID": "${T}",\n`);
  expect(cut.spans.map(({ name }) => name)).toEqual([S, P]);
  expect(messages(cut).join(' ')).toContain('process');
});
