import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { decode } from './spans';

const text = readFileSync(join(__dirname, '../../fixtures/formats/ruby-console.txt'), 'utf8');

it('reads structs on many lines and on one, their ids from bytes', () => {
  const { format, spans, defects } = decode(text);
  expect(format).toBe('ruby-console');
  expect(defects).toEqual([]);
  expect(spans).toHaveLength(2);
  expect(spans[0]).toMatchObject({
    traceId: 'f3dc08389168b0dfde6e2a43489b6c66',
    spanId: 'a7f09b23085be449',
    parentSpanId: '',
    name: 'ferry "Aurora"',
    kind: 2,
    startNs: 1735900000123456789n,
    durationNs: 250_000_000,
    status: 2,
    statusMessage: 'late >\nby 5',
    service: 'ferries',
    scope: { name: 'OpenTelemetry::Instrumentation::Rack', version: '0.24.0' },
    attributes: { 'http.route': '/ferries/:id', seats: 120, load: 0.5, full: false, ports: ['Ærø', 'Fynshav'] },
    links: [{ traceId: '4142434445464748494a4b4c4d4e4f50', spanId: '6162636465666768' }],
  });
  expect(spans[0].events[0]).toMatchObject({ name: 'exception', timeNs: 1735900000300000000n });
  expect(spans[0].events[0].attributes['exception.stacktrace']).toContain('\n\tfrom ferry.rb:3');
  expect(spans[1]).toMatchObject({
    name: 'load',
    kind: 3,
    status: 0,
    parentSpanId: 'a7f09b23085be449',
    spanId: '3132333435363738',
  });
});

it('leaves out what has no end, and reads what comes behind it', () => {
  const cut = text.replace(/ trace_flags=.*\n tracestate=.*\n parent_span_is_remote=false>\n/, '');
  expect(decode(cut).spans.map(({ name }) => name)).toEqual(['load']);
});
