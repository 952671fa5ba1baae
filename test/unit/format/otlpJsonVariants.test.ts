// OTLP/JSON as writers other than the SDKs' give it: each case is one way of writing the same two spans, or one member of them.

import { describe, expect, it } from 'vitest';
import { decodeLogs } from '../../../src/core/format/otlp/otlpLogs';
import type { AttributeValue } from '../../../src/core/model/attributeValue';
import { decode } from './spans';

const TRACE = 'db8bc8ebec75f83ef12f225d9a95fec5';
const SPAN = 'a3071aecc53318a9';
const START = 1697700000123456789n;

/** One span with these members besides its own. */
function spanWith(members: object): ReturnType<typeof decode> {
  const span = { traceId: TRACE, spanId: SPAN, name: 'x', startTimeUnixNano: '1', endTimeUnixNano: '2', ...members };
  return decode(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }));
}

/** What an attribute with that value is read as. */
function readOf(value: unknown): AttributeValue {
  const { spans, defects } = spanWith({ attributes: [{ key: 'a', value }] });
  expect(defects).toEqual([]);
  expect(Object.keys(spans[0].attributes)).toEqual(['a']);
  return spans[0].attributes.a;
}

const base64 = (hex: string): string => Buffer.from(hex, 'hex').toString('base64');
const base64OfText = (text: string): string => Buffer.from(text).toString('base64');
const bytes = (hex: string): number[] => [...Buffer.from(hex, 'hex')];
const dashed = `${TRACE.slice(0, 8)}-${TRACE.slice(8, 12)}-${TRACE.slice(12, 16)}-${TRACE.slice(16, 20)}-${TRACE.slice(20)}`;

describe('a time of 64 bits', () => {
  it.each<[string, unknown]>([
    ['a string', '1697700000123456789'],
    ['halves, the lower one negative', { low: -1031140075, high: 395276583 }],
    ['halves of protobuf.js', { low: -1031140075, high: 395276583, unsigned: true }],
    ['halves without a sign', { high: 395276583, low: 3263827221 }],
    ['seconds and nanoseconds', { seconds: 1697700000, nanos: 123456789 }],
    ['seconds as a string', { seconds: '1697700000', nanos: 123456789 }],
    ['seconds as halves', { seconds: { low: 1697700000, high: 0, unsigned: false }, nanos: 123456789 }],
    ['seconds and nanoseconds in a list', [1697700000, 123456789]],
    ['a date', '2023-10-19T07:20:00.123456789Z'],
    ['a date with a zone', '2023-10-19T09:20:00.123456789+02:00'],
    ['a BigInt of JavaScript as text', '1697700000123456789n'],
    ['a Long of MongoDB', { $numberLong: '1697700000123456789' }],
  ])('%s', (_, time) => {
    const { spans, defects } = spanWith({ startTimeUnixNano: time, endTimeUnixNano: null });
    expect(spans[0].startNs).toBe(START);
    expect(defects).toEqual([]);
  });

  it.each(['1.6977e18', 1.6977e18, '1697700000000000000.0'])('%s', (time) => {
    expect(spanWith({ startTimeUnixNano: time }).spans[0].startNs).toBe(1697700000000000000n);
  });

  it.each([{ low: 'x' }, { seconds: 1e30 }, [1, 2, 3], 'soon', { high: -1, low: 0, more: {} }, [[]], true])(
    '%j is told',
    (time) => {
      const { spans, defects } = spanWith({ startTimeUnixNano: time });
      expect(spans.length).toBe(1);
      expect(defects.map(({ kind }) => kind)).toEqual(['capped']);
    },
  );

  it('of an event', () => {
    const { spans } = spanWith({ events: [{ name: 'e', timeUnixNano: { low: -1031140075, high: 395276583 } }] });
    expect(spans[0].events[0].timeNs).toBe(START);
  });
});

describe('an id', () => {
  it.each<[string, unknown, unknown]>([
    ['hex', TRACE, SPAN],
    ['upper case', TRACE.toUpperCase(), SPAN.toUpperCase()],
    ['with 0x', `0x${TRACE}`, `0x${SPAN}`],
    ['with dashes', dashed, SPAN],
    ['base64', base64(TRACE), base64(SPAN)],
    ['base64 without padding', base64(TRACE).slice(0, -2), base64(SPAN).slice(0, -1)],
    ['base64 of hex', base64OfText(TRACE), base64OfText(SPAN)],
    ['base64 of hex without padding', base64OfText(TRACE).slice(0, -1), base64OfText(SPAN).slice(0, -2)],
    ['base64 of hex in capitals', base64OfText(TRACE.toUpperCase()), base64OfText(SPAN.toUpperCase())],
    ['bytes', bytes(TRACE), bytes(SPAN)],
    ['bytes as Node writes a Buffer', { type: 'Buffer', data: bytes(TRACE) }, { type: 'Buffer', data: bytes(SPAN) }],
    ['bytes as JavaScript writes a Uint8Array', { ...bytes(TRACE) }, { ...bytes(SPAN) }],
    ['signed bytes', [...Int8Array.from(bytes(TRACE))], [...Int8Array.from(bytes(SPAN))]],
  ])('%s', (_, traceId, spanId) => {
    const { spans, defects } = spanWith({ traceId, spanId, parentSpanId: spanId, links: [{ traceId, spanId }] });
    expect(spans[0]).toMatchObject({ traceId: TRACE, spanId: SPAN, parentSpanId: SPAN });
    expect(spans[0].links).toEqual([{ traceId: TRACE, spanId: SPAN, attributes: {} }]);
    expect(defects).toEqual([]);
  });

  it.each<[string, unknown, unknown]>([
    ['empty', '', ''],
    ['zeros', '0'.repeat(32), '0'.repeat(16)],
    ['base64 of zeros', base64('0'.repeat(32)), base64('0'.repeat(16))],
    ['null', null, null],
    ['no bytes', [], []],
    ['numbers that are no bytes', [1, 2, 300], [1.5]],
    ['nested without end', [[[[]]]], { a: {} }],
    ['text', 'a trace', 'a span'],
  ])('that is %s is told', (_, traceId, spanId) => {
    const { spans, defects } = spanWith({ traceId, spanId });
    expect(spans[0]).toMatchObject({ traceId: '0'.repeat(32), spanId: '0'.repeat(16) });
    expect(defects.map(({ message }) => message)).toEqual([
      'input has 1 span without a valid trace id, kept under the id 0.',
      'input has 1 span without a valid span id, kept under the id 0.',
    ]);
  });

  it('of no parent is empty, zeros, null or no bytes', () => {
    for (const parentSpanId of ['', '0000000000000000', 'AAAAAAAAAAA=', null, [], {}]) {
      const { spans, defects } = spanWith({ parentSpanId });
      expect(spans[0].parentSpanId).toBe('');
      expect(defects).toEqual([]);
    }
  });
});

describe('a value', () => {
  const noOthers = {
    stringValue: null,
    boolValue: null,
    intValue: null,
    doubleValue: null,
    arrayValue: null,
    kvlistValue: null,
    bytesValue: null,
  };

  it.each<[string, unknown, AttributeValue]>([
    ['one alternative, the others null', { ...noOthers, intValue: '7' }, 7],
    ['one alternative before nulls', { stringValue: 'kept', doubleValue: null }, 'kept'],
    ['a list before nulls', { arrayValue: { values: [{ stringValue: 'a' }] }, kvlistValue: null, bytesValue: null }, ['a']],
    ['all null', noOthers, undefined],
    ['null', null, undefined],
    ['nothing', {}, undefined],
    ['halves', { intValue: { low: -1, high: -1, unsigned: false } }, -1],
    ['halves of a number that a double does not hold', { intValue: { low: -1, high: 0x7fffffff } }, 9223372036854775807n],
    ['an integer with an exponent', { intValue: 1e3 }, 1000],
    ['a name of protobuf', { string_value: 'x' }, 'x'],
    ["a string of Go's structs", { Value: { StringValue: 'x' } }, 'x'],
    ["an integer of Go's structs", { Value: { IntValue: 9007199254740992 } }, 9007199254740992n],
    ["false of Go's structs", { Value: { BoolValue: false } }, false],
    ["a double of Go's structs", { Value: { DoubleValue: 0.5 } }, 0.5],
    ["bytes of Go's structs", { Value: { BytesValue: 'AAH/' } }, Uint8Array.of(0, 1, 255)],
    [
      "a list of Go's structs",
      { Value: { ArrayValue: { values: [{ Value: { IntValue: 1 } }, { Value: { StringValue: 'b' } }] } } },
      [1, 'b'],
    ],
    [
      "a map of Go's structs",
      { Value: { KvlistValue: { values: [{ key: 'k', value: { Value: { ArrayValue: { values: [] } } } }] } } },
      { k: [] },
    ],
    ["nothing of Go's structs", { Value: null }, undefined],
    ['bytes as a list', { bytesValue: [0, 1, 255] }, Uint8Array.of(0, 1, 255)],
    ['halves in a list', { arrayValue: { values: [{ intValue: { low: 5, high: 0 } }, { intValue: null }] } }, [5, undefined]],
    ['a string without its type', 'plain', 'plain'],
    ['a number without its type', 3, 3],
    ['true without its type', true, true],
    ['a list without its type', ['a', 1], ['a', 1]],
    ['values of a list without the list', { arrayValue: [{ stringValue: 'a' }] }, ['a']],
  ])('%s', (_, value, read) => {
    const found = readOf(value);
    if (typeof read === 'object' && !Array.isArray(read) && !(read instanceof Uint8Array))
      expect({ ...Object(found) }).toEqual(read);
    else expect(found).toEqual(read);
  });

  it('nested in itself without end is left out', () => {
    const text = `${'{"Value":'.repeat(20_000)}{"StringValue":"deep"}${'}'.repeat(20_000)}`;
    const { spans } = decode(
      `{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"${TRACE}","spanId":"${SPAN}","attributes":[{"key":"a","value":${text}},{"key":"b","value":{"intValue":1}}]}]}]}]}`,
    );
    expect(spans[0].attributes.b).toBe(1);
  });
});

describe('an enum', () => {
  it.each<[unknown, number]>([
    [2, 2],
    ['2', 2],
    ['SPAN_KIND_SERVER', 2],
    ['SERVER', 2],
    ['Server', 2],
    ['server', 2],
    ['SpanKind.SERVER', 2],
    [null, 0],
    ['', 0],
  ])('kind %j', (kind, read) => {
    const { spans, defects } = spanWith({ kind });
    expect(spans[0].kind).toBe(read);
    expect(defects).toEqual([]);
  });

  it.each<[unknown, number]>([
    [{ code: 2 }, 2],
    [{ code: 'STATUS_CODE_ERROR' }, 2],
    [{ code: 'ERROR' }, 2],
    [{ code: 'Error' }, 2],
    [{ code: 'StatusCode.OK' }, 1],
    [{ code: 'Unset' }, 0],
    [{ code: null, message: null }, 0],
    [null, 0],
    [{}, 0],
  ])('status %j', (status, read) => {
    const { spans, defects } = spanWith({ status });
    expect(spans[0].status).toBe(read);
    expect(defects).toEqual([]);
  });
});

describe('a log record', () => {
  it.each<[string, object]>([
    [
      'in snake_case, with halves and an id in base64 of hex',
      {
        resource_logs: [
          {
            resource: { attributes: [{ key: 'service.name', value: { Value: { StringValue: 'shop' } } }] },
            scope_logs: [
              {
                log_records: [
                  {
                    time_unix_nano: { low: -1031140075, high: 395276583 },
                    severity_number: 9,
                    trace_id: base64OfText(TRACE),
                    span_id: base64OfText(SPAN),
                    body: { Value: { StringValue: 'x' } },
                  },
                ],
              },
            ],
          },
        ],
      },
    ],
    [
      'with nulls, bytes for ids and a date',
      {
        resourceSpans: null,
        resourceLogs: [
          {
            resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop', intValue: null } }] },
            scopeLogs: [
              {
                scope: null,
                logRecords: [
                  {
                    timeUnixNano: '2023-10-19T07:20:00.123456789Z',
                    severityNumber: 'SEVERITY_NUMBER_INFO',
                    traceId: bytes(TRACE),
                    spanId: bytes(SPAN),
                    body: { intValue: null, stringValue: 'x' },
                    attributes: null,
                  },
                ],
              },
            ],
          },
        ],
      },
    ],
  ])('%s', (_, request) => {
    const { records } = decodeLogs(new TextEncoder().encode(JSON.stringify(request)), 'json');
    expect(records.map((record) => ({ ...record, attributes: {} }))).toEqual([
      {
        traceId: TRACE,
        spanId: SPAN,
        timeUnixNano: START,
        severityNumber: 9,
        severityText: '',
        eventName: '',
        body: 'x',
        attributes: {},
        service: 'shop',
        scope: '',
      },
    ]);
  });
});

it('is called OTLP’s with ids in base64 as well', () => {
  const span = { traceId: 'W47/95gDgQPSabYzgT/HAA==', spanId: '7uGbfsPBsQA=', name: 'a', startTimeUnixNano: '1' };
  expect(decode(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }))).toMatchObject({
    format: 'otlp-json',
    spans: [{ traceId: '5b8efff798038103d269b633813fc700' }],
  });
});
