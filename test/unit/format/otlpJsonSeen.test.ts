// OTLP/JSON as it stands in public reports and notes, in our own words and with made-up ids: what must come out was written down first.

import { expect, it } from 'vitest';
import { decode, type PlainSpan } from './spans';

const T = '0af7651916cd43dd8448eb211c80319c';
const S = 'b7ad6b7169203331';
const B = { trace: 'CvdlGRbNQ92ESOshHIAxnA==', span: 't61rcWkgMzE=' };
const times = { startTimeUnixNano: '1700000000000000000', endTimeUnixNano: '1700000002300000000' };
const inRequest = (span: object) => ({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });

it.each<[string, unknown, Partial<PlainSpan>, string?]>([
  [
    "a receiver's answer that has the library's spans without a list around them",
    {
      batches: [
        {
          resource: { attributes: [] },
          instrumentationLibrarySpans: {
            instrumentationLibrary: { name: 'lib' },
            spans: [{ traceId: B.trace, spanId: B.span, name: 'x', ...times }],
          },
        },
      ],
    },
    { traceId: T, spanId: S, durationNs: 2.3e9 },
  ],
  [
    'a count below zero',
    inRequest({ traceId: T, spanId: S, name: 'x', ...times, droppedAttributesCount: -1 }),
    { traceId: T, spanId: S },
    'with a number that is none or out of range',
  ],
  [
    'a control character for a name, its own id for a parent',
    inRequest({
      traceId: B.trace,
      spanId: B.span,
      parentSpanId: B.span,
      name: '\u0001',
      kind: 'SPAN_KIND_CLIENT',
      ...times,
      status: {},
    }),
    { spanId: S, parentSpanId: S, name: '\u0001', kind: 3 },
  ],
  [
    'one span of a note on conventions: snake_case, names of enums, a map, an event without a time',
    {
      name: 'chat',
      kind: 'SPAN_KIND_CLIENT',
      trace_id: T,
      span_id: S,
      parent_span_id: '00f067aa0ba902b7',
      start_time_unix_nano: 1700000000000000000,
      end_time_unix_nano: 1700000002300000000,
      status: { code: 'STATUS_CODE_OK' },
      attributes: { 'gen_ai.usage.cost_usd': 0.003084 },
      events: [{ name: 'exception', attributes: { 'exception.type': 'RateLimitError' } }],
    },
    { kind: 3, status: 1, durationNs: 2.3e9, attributes: { 'gen_ai.usage.cost_usd': 0.003084 } },
  ],
  [
    'a logger that writes its own members beside those of a request',
    { level: 'debug', msg: 'export', ...inRequest({ traceId: T, spanId: S, ...times }) },
    { traceId: T, spanId: S },
  ],
  [
    'zeros for no parent, flags beyond eight bits, a trace state',
    inRequest({ traceId: T, spanId: S, parentSpanId: '0000000000000000', traceState: 'a=b', flags: 769, ...times }),
    { parentSpanId: '', traceState: 'a=b', flags: 769 },
  ],
  [
    'times as numbers with an exponent, as programs write that multiply seconds',
    inRequest({ traceId: T, spanId: S, startTimeUnixNano: 1.7e18, endTimeUnixNano: 1.7000000023e18 }),
    { startNs: 1_700_000_000_000_000_000n, durationNs: 2.3e9 },
  ],
  [
    'ids as UUIDs in capitals',
    inRequest({ traceId: '0AF76519-16CD-43DD-8448-EB211C80319C', spanId: S.toUpperCase(), ...times }),
    { traceId: T, spanId: S },
  ],
  [
    'ids as bytes of a generated client that has no conversion',
    inRequest({ traceId: [...Buffer.from(T, 'hex')], spanId: { type: 'Buffer', data: [...Buffer.from(S, 'hex')] }, ...times }),
    { traceId: T, spanId: S },
  ],
  [
    'a status as a name, a kind as a digit in a string',
    inRequest({ traceId: T, spanId: S, kind: '3', status: 'ERROR', ...times }),
    { kind: 3, status: 2 },
  ],
])('%s', (_, document, expected, told) => {
  const { spans, defects } = decode(JSON.stringify(document));
  expect(spans).toMatchObject([expected]);
  const messages = defects.map(({ message }) => message).join(' ');
  if (told === undefined) expect(messages).toBe('');
  else expect(messages).toContain(told);
});
