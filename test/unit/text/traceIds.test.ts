// Trace ids in lines as loggers, proxies and tools really write them, and what looks like one and is none.
import { describe, expect, it } from 'vitest';
import { type FoundTraceId, findTraceIds, maxLineLength } from '../../../src/core/text/traceIds';

const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
const span = '00f067aa0ba902b7';
const short = '5f84c7a11e3b9d02';
const padded = `0000000000000000${short}`;

/** `trace/span` of each sure id, `?trace` of others. */
const ids = (line: string): string[] =>
  findTraceIds(line).map(
    ({ traceId, spanId, sure }) => `${sure ? '' : '?'}${traceId}${spanId === undefined ? '' : `/${spanId}`}`,
  );
const linked = (line: string): string[] => findTraceIds(line).map(({ start, end }) => line.slice(start, end));

describe('what loggers write', () => {
  const both = `${trace}/${span}`;
  it.each([
    ['traceparent header', `traceparent: 00-${trace}-${span}-01`, both],
    ['traceparent alone', `curl -H "Traceparent:00-${trace}-${span}-00" http://localhost:3000`, both],
    ['environment', `TRACEPARENT=00-${trace}-${span}-01 make test`, both],
    ['traceparent in JSON in JSON', `{"msg":"{\\"traceparent\\":\\"00-${trace}-${span}-01\\"}"}`, both],
    [
      'pino',
      `{"level":30,"time":1700000000000,"pid":1,"trace_id":"${trace}","span_id":"${span}","trace_flags":"01","msg":"paid"}`,
      both,
    ],
    ['winston', `info: order placed {"span_id":"${span}","trace_flags":"01","trace_id":"${trace}"}`, both],
    [
      'zap, console',
      `2026-11-21T10:00:00.000Z\tINFO\tcart/store.go:31\tadded\t{"traceID": "${trace}", "spanID": "${span}"}`,
      both,
    ],
    ['slog', `time=2026-11-21T10:00:00Z level=INFO msg="item added" trace_id=${trace} span_id=${span}`, both],
    ['logrus', `level=error msg="no stock" spanID=${span} traceID=${trace}`, both],
    ['logback', `10:00:00.000 [main] INFO  c.e.Cart trace_id=${trace} span_id=${span} trace_flags=01 - added`, both],
    ['Spring Boot 2', `INFO [orders,${trace},${span}] 1 --- [nio-8080-exec-1] c.e.OrderController : placed`, both],
    ['Sleuth, 64 bits', `INFO [orders,${short},${span},true] 1 --- [main] c.e.Order : placed`, `${padded}/${span}`],
    ['Spring Boot 3', `INFO 1 --- [orders] [nio-8080-exec-1] [${trace}-${span}] c.e.OrderController : placed`, both],
    ['log4j2 JSON', `{"contextMap":{"traceId":"${trace}","spanId":"${span}"}}`, both],
    ['Elastic Common Schema', `{"@timestamp":"2026","trace.id":"${trace}","span.id":"${span}","transaction.id":"${span}"}`, both],
    ['Serilog, compact', `{"@t":"2026-11-21T10:00:00Z","@mt":"Paid {Id}","@tr":"${trace}","@sp":"${span}"}`, both],
    ['.NET scopes', `=> SpanId:${span}, TraceId:${trace}, ParentId:0000000000000000 => ConnectionId:0HMVD`, both],
    ['.NET console exporter', `LogRecord.TraceId:                 ${trace}`, trace],
    ['Collector, debug exporter', `    Trace ID       : ${trace}`, trace],
    [
      'Python logging',
      `2026 INFO [app] [app.py:12] [trace_id=${trace} span_id=${span} resource.service.name=app trace_sampled=True] - paid`,
      both,
    ],
    ['Python, otelTraceID', `{"otelTraceID": "${trace}", "otelSpanID": "${span}", "otelServiceName": "app"}`, both],
    ['Python console exporter', `        "trace_id": "0x${trace}",`, trace],
    ['Node console exporter', `  traceId: '${trace}',`, trace],
    [
      'Go stdouttrace',
      `{"Name":"x","SpanContext":{"TraceID":"${trace}","SpanID":"${span}","TraceFlags":"01"},"Parent":{"TraceID":"${'0'.repeat(32)}"}}`,
      both,
    ],
    ['Rust', `INFO request{trace_id=${trace}}: shop: added`, trace],
    ['Rust, debug', `trace_id=TraceId(${trace})`, trace],
    ['Rails', `[trace=${trace} span=${span}] Started GET "/" for 127.0.0.1`, both],
    ['Ruby hash', `{:trace_id=>"${trace}", :span_id=>"${span}"}`, both],
    ['PHP', `app.INFO: paid [] {"trace_id":"${trace}","span_id":"${span}"}`, both],
    ['nginx', `127.0.0.1 - - [21/Nov/2026] "GET / HTTP/1.1" 200 612 "-" "curl" trace_id=${trace} span_id=${span}`, both],
    ['Envoy', `[2026-11-21] "GET /" 200 - "x-b3-traceid: ${trace}" "x-b3-spanid: ${span}"`, both],
    [
      'B3 headers, 64 bits',
      `X-B3-TraceId: ${short} X-B3-ParentSpanId: 05e3ac9a4f6e3b90 X-B3-SpanId: ${span} X-B3-Sampled: 1`,
      `${padded}/${span}`,
    ],
    ['B3 in one header', `b3: ${trace}-${span}-1-05e3ac9a4f6e3b90`, both],
    ['B3 in one header, 64 bits', `b3=${short}-${span}-1`, `${padded}/${span}`],
    ['Jaeger header', `uber-trace-id: ${trace}:${span}:0:1`, both],
    ['Jaeger header, encoded', `uber-trace-id=${trace}%3A${span}%3A0%3A1`, both],
    ['Sentry header', `sentry-trace: ${trace}-${span}-1`, both],
    ['Google header', `X-Cloud-Trace-Context: ${trace}/5208512171318403364;o=1`, trace],
    [
      'Google log',
      `"logging.googleapis.com/trace":"projects/shop/traces/${trace}","logging.googleapis.com/spanId":"${span}"`,
      both,
    ],
    [
      'X-Ray header',
      `X-Amzn-Trace-Id: Root=1-5f84c7a1-e7d1852db8c4fd35d88bf49a;Parent=53995c3f42cd8ad8;Sampled=1`,
      '5f84c7a1e7d1852db8c4fd35d88bf49a/53995c3f42cd8ad8',
    ],
    [
      'X-Ray, through a load balancer',
      `Self=1-67891234-12456789abcdef012345678;Root=1-5f84c7a1-e7d1852db8c4fd35d88bf49a`,
      '5f84c7a1e7d1852db8c4fd35d88bf49a',
    ],
    [
      'X-Ray in a log of Lambda',
      `REPORT RequestId: 8f5e1f1c-1 XRAY TraceId: 1-5f84c7a1-e7d1852db8c4fd35d88bf49a SegmentId: 53995c3f42cd8ad8`,
      '5f84c7a1e7d1852db8c4fd35d88bf49a',
    ],
    ['capitals', `TRACE_ID=${trace.toUpperCase()} SPAN_ID=${span.toUpperCase()}`, both],
    ['as a UUID', `traceId=4bf92f35-77b3-4da6-a3ce-929d0e0e4736 user=1`, trace],
    ['logfmt, quoted', `traceID="${trace}" dur=12ms`, trace],
    ['a sentence', `The trace ${trace} took 3 s`, trace],
    ['Loki, derived field', `{app="shop"} trace_id: ${trace}`, trace],
    ['64 bits', `traceId=${short} spanId=${span}`, `${padded}/${span}`],
  ])('%s', (_, line, expected) => {
    expect(ids(line)).toEqual([expected]);
  });

  it.each([
    ['Jaeger', `http://localhost:16686/trace/${trace}?uiFind=${span}`, `${trace}/${span}`],
    ['Jaeger, API', `GET http://localhost:16686/api/traces/${trace}`, trace],
    ['Zipkin', `http://localhost:9411/zipkin/traces/${short}`, padded],
    [
      'Grafana, encoded',
      `http://grafana/explore?left=%7B%22queries%22%3A%5B%7B%22query%22%3A%22${trace}%22%2C%22refId%22%3A%22A%22%7D%5D%7D`,
      trace,
    ],
    ['Grafana, plain', `https://grafana.example/explore?left={"datasource":"tempo","queries":[{"query":"${trace}"}]}`, trace],
    ['a parameter', `https://apm.example/app/apm/link?x=1&traceId=${trace}&spanId=${span}`, `${trace}/${span}`],
    ['our own', `vscode://spanhop.spanhop/trace/${trace}?backend=x`, trace],
  ])('an address of %s', (_, line, expected) => {
    expect(ids(line)).toEqual([expected]);
    expect(findTraceIds(line)[0].url !== undefined).toBe(/^(?:GET )?http/.test(line) && !line.includes('{'));
  });

  it('links the id alone, and of a traceparent all of it', () => {
    expect(linked(`a trace_id="${trace}" b`)).toEqual([trace]);
    expect(linked(`a 00-${trace}-${span}-01, b`)).toEqual([`00-${trace}-${span}-01`]);
    expect(linked('x Root=1-5f84c7a1-e7d1852db8c4fd35d88bf49a;y')).toEqual(['1-5f84c7a1-e7d1852db8c4fd35d88bf49a']);
    expect(linked(`%22traceId%22%3A%22${trace}%22`)).toEqual([trace]);
  });

  it('keeps several of a line apart, each with its own span', () => {
    const other = 'aaaabbbbccccdddd1111222233334444';
    expect(ids(`trace_id=${trace} span_id=${span} links to trace_id=${other} span_id=1111111111111111`)).toEqual([
      `${trace}/${span}`,
      `${other}/1111111111111111`,
    ]);
    expect(ids(`trace_id=${trace} and trace_id=${other} span_id=1111111111111111`)).toEqual([trace, `${other}/1111111111111111`]);
  });
});

describe('what is no trace', () => {
  it.each([
    ['zeros', `traceparent: 00-${'0'.repeat(32)}-${'0'.repeat(16)}-00 trace_id=${'0'.repeat(32)}`],
    ['a zero span in a traceparent of version ff', `id=ff-${'0'.repeat(32)}-${span}-01`],
    ['a commit', 'commit 9fceb02d0ae598e95dc970b74767f19372d61af8'],
    ['SHA-256', 'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['a UUID', 'request_id=4bf92f35-77b3-4da6-a3ce-929d0e0e4736'],
    ['a UUID of a correlation', '"correlationId":"4bf92f35-77b3-4da6-a3ce-929d0e0e4736"'],
    ['colours', '#4bf92f #4bf92f35 rgba(0,0,0,.5)'],
    ['64 bits without a context', `etag: "${short}" id ${short}`],
    ['a span without its trace', `span_id=${span}`],
    ['Datadog', 'dd.trace_id=1234567890123456789 dd.span_id=1234567890123456'],
    ['Datadog, 16 digits', `dd.trace_id=${short}`],
    ['a stack trace', `stacktrace_id=${short}`],
    ['part of a word', `trace_id=${trace}x x${trace} ${trace}_1`],
    ['a longer number', `trace_id=${trace}00`],
    ['npm', '"integrity": "sha512-4bf92f3577b34da6a3ce929d0e0e4736BASE64=="'],
    ['yarn', 'resolved "https://r.example/a/-/a-1.0.0.tgz#9fceb02d0ae598e95dc970b74767f19372d61af8"'],
    ['decimal', 'card 12345678901234567890123456789012'],
  ])('%s', (_, line) => {
    expect(ids(line)).toEqual([]);
  });

  it.each([
    ['MD5', `${trace}  file.tar.gz`],
    ['Composer lock', `"content-hash": "${trace}",`],
    ['a file name', `main.${trace}.chunk.js`],
    ['minified code', `var a="${trace}",b=function(){return a}`],
    ['an etag', `ETag: "${trace}"`],
    ['a Java span exporter', `'GET /' : ${trace} ${span} SERVER [tracer: http]`],
  ])('%s is only perhaps', (_, line) => {
    const found: FoundTraceId[] = findTraceIds(line);
    expect(found.map(({ traceId, sure }) => [traceId, sure])).toEqual([[trace, false]]);
  });
});

describe('cost', () => {
  it('cuts long lines, and an id that the cut went through is none', () => {
    expect(ids(`${'x '.repeat(maxLineLength)} trace_id=${trace}`)).toEqual([]);
    const head = `${' '.repeat(maxLineLength - 26)}trace_id=`;
    expect(ids(`${head}${trace}`)).toEqual([]);
  });

  it('takes linear time on hostile lines', () => {
    const hostile = [
      'a'.repeat(maxLineLength),
      'trace_id='.repeat(1900),
      '0-'.repeat(8000),
      'trace '.repeat(2700),
      `${'"\\'.repeat(2000)}${trace} `.repeat(3),
      `trace_id${' '.repeat(40)}`.repeat(300) + trace,
      `[${'a'.repeat(40)},`.repeat(300) + trace,
      `${trace} `.repeat(400),
      `http://${'x/'.repeat(40)}${trace} `.repeat(130),
      `${trace}-span_id=span_id=${'span'.repeat(40)} `.repeat(80),
    ];
    for (const line of hostile) {
      const times = [1, 2].map((times) => {
        const text = line.slice(0, (maxLineLength / 2) * times);
        const begin = performance.now();
        for (let i = 0; i < 5; i++) findTraceIds(text);
        return performance.now() - begin;
      });
      // Twice the text in far less than the time that squares would take; generous, for machines are busy.
      expect(times[1], line.slice(0, 20)).toBeLessThan(times[0] * 8 + 50);
      expect(times[1], line.slice(0, 20)).toBeLessThan(1000);
    }
  });
});
