// Few bytes that stand for many records: refused while they are read, before they take memory.
import { describe, expect, it } from 'vitest';
import { SpanhopError } from '../../../src/base/errors';
import { decodeBytes, FillingDecoder, StreamDecoder } from '../../../src/core/format/format';
import { decodeLogs } from '../../../src/core/format/otlp/otlpLogs';
import type { TraceFormat } from '../../../src/core/format/sink/layout';
import { StringTable } from '../../../src/core/model/strings';

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

function message(field: number, ...given: (Uint8Array | Uint8Array[])[]): Uint8Array {
  const parts = given.flat();
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const head = [field * 8 + 2];
  for (let rest = length; ; rest = Math.floor(rest / 128)) {
    head.push(rest > 127 ? (rest % 128) | 128 : rest);
    if (rest < 128) break;
  }
  const out = new Uint8Array(head.length + length);
  out.set(head);
  let at = head.length;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** `count` empty records in field `field`. */
const empty = (field: number, count: number): Uint8Array =>
  new Uint8Array(count * 2).map((_, i) => (i % 2 === 0 ? field * 8 + 2 : 0));
const many = 2_000_000;
const span = (...parts: Uint8Array[]): Uint8Array => message(1, message(2, message(2, ...parts)));
const list = (open: string, item: string, close: string): Uint8Array => text(`${open}${`${item},`.repeat(many)}${item}${close}`);

const inputs: readonly (readonly [string, Uint8Array, TraceFormat])[] = [
  ['empty spans', message(1, message(2, empty(2, many))), 'otlp-proto'],
  ['empty attributes of a span', span(empty(9, many)), 'otlp-proto'],
  ['empty events', span(empty(11, many)), 'otlp-proto'],
  ['empty links', span(empty(13, many)), 'otlp-proto'],
  ['empty resources', empty(1, many), 'otlp-proto'],
  ['empty scopes', message(1, empty(2, many)), 'otlp-proto'],
  ['empty spans in JSON', list('{"resourceSpans":[{"scopeSpans":[{"spans":[', '{}', ']}]}]}'), 'otlp-json'],
  ['empty attributes in JSON', list('{"resourceSpans":[{"scopeSpans":[{"spans":[{"attributes":[', '{}', ']}]}]}]}'), 'otlp-json'],
  ['empty resources in JSON', list('{"resourceSpans":[', '{}', ']}'), 'otlp-json'],
  ['empty spans of Zipkin', list('[', '{}', ']'), 'zipkin'],
  ['empty spans of Jaeger', list('{"data":[{"traceID":"1","spans":[', '{}', ']}]}'), 'jaeger'],
];

describe('an input that holds far more records than bytes', () => {
  it.each(inputs)('is refused: %s', (_name, bytes, format) => {
    const options = { name: 'a.bin', format };
    const refused =
      /^a\.bin holds [\d,]+ \w+.* in its first [\d,]+ bytes?, far more than any program writes; nothing of it is kept\.$/;
    expect(failureOf(() => decodeBytes(bytes, { ...options, strings: new StringTable() }))).toEqual({
      kind: 'TooLarge',
      message: expect.stringMatching(refused),
    });
    const filling = new FillingDecoder(bytes, { ...options, strings: new StringTable() });
    expect(failureOf(() => filling.end(bytes.length))).toMatchObject({ kind: 'TooLarge' });
    const stream = new StreamDecoder({ ...options, strings: new StringTable() });
    let largest = 0;
    const failure = failureOf(() => {
      for (let at = 0; at < bytes.length; at += 1 << 16) {
        stream.push(bytes.subarray(at, at + (1 << 16)));
        largest = Math.max(largest, stream.byteLength);
      }
      stream.end();
    });
    expect(failure).toMatchObject({ kind: 'TooLarge' });
    expect(largest).toBeLessThan(40 << 20);
  });

  it.each([
    ['empty log records are only counted', message(1, message(2, empty(2, many))), 0],
    [
      'log records that are hardly more than a trace id',
      message(
        1,
        message(
          2,
          Array(100_000).fill(message(2, Uint8Array.of(9, 1, 1, 1, 1, 1, 1, 1, 1), message(9, new Uint8Array(16).fill(7)))),
        ),
      ),
      undefined,
    ],
  ])('log records in protobuf: %s', (_name, bytes, records) => {
    const decode = (): number => decodeLogs(bytes, 'protobuf', 'others').records.length;
    if (records === undefined) expect(failureOf(decode)).toMatchObject({ kind: 'TooLarge' });
    else expect(decode()).toBe(records);
  });

  it('is refused before JSON.parse makes objects of log records', () => {
    const bytes = list('{"resourceLogs":[{"scopeLogs":[{"logRecords":[', '{}', ']}]}]}');
    expect(failureOf(() => decodeLogs(bytes, 'json', 'others'))).toMatchObject({ kind: 'TooLarge' });
  });
});

describe('what programs do write', () => {
  const id = (length: number, of: number): Uint8Array => new Uint8Array(length).fill(1 + (of % 250));
  /** The least of a span: ids, a name of one letter, times; and an event of the least. */
  const least = (i: number): Uint8Array =>
    message(
      2,
      message(1, id(16, i)),
      message(2, id(8, i)),
      message(5, text('a')),
      Uint8Array.of(0x39),
      id(8, i),
      Uint8Array.of(0x41),
      id(8, i),
      message(11, Uint8Array.of(9), id(8, i)),
    );

  it('is taken, however short its spans are and however many', () => {
    const spans = Array.from({ length: 200_000 }, (_, i) => least(i));
    const bytes = message(1, message(2, spans));
    expect(decodeBytes(bytes, { strings: new StringTable(), format: 'otlp-proto' }).spanCount).toBe(200_000);
    const stream = new StreamDecoder({ strings: new StringTable(), format: 'otlp-proto' });
    for (let at = 0; at < bytes.length; at += 1 << 16) stream.push(bytes.subarray(at, at + (1 << 16)));
    expect(stream.end().spanCount).toBe(200_000);
  });

  it('is taken when a large body begins with small records', () => {
    const first = Array.from({ length: 300 }, (_, i) => least(i));
    const large = message(
      2,
      message(1, id(16, 1)),
      message(2, id(8, 9)),
      message(9, message(1, text('k')), message(2, message(1, new Uint8Array(30 << 20).fill(97)))),
    );
    const bytes = message(1, message(2, first, large));
    expect(decodeBytes(bytes, { strings: new StringTable(), format: 'otlp-proto' }).spanCount).toBe(301);
  });

  it('is taken when it is odd but small', () => {
    const bytes = message(1, message(2, empty(2, 1_000)));
    expect(decodeBytes(bytes, { strings: new StringTable(), format: 'otlp-proto' }).spanCount).toBe(1_000);
  });

  it('is taken when texts in JSON are full of brackets', () => {
    const body = '{[,"'.repeat(200_000);
    const record = { traceId: 'a'.repeat(32), body: { stringValue: body } };
    const bytes = text(JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] }));
    expect(decodeLogs(bytes, 'json', 'others').records).toHaveLength(1);
  });
});

function failureOf(work: () => unknown): { kind: string; message: string } | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (!(error instanceof SpanhopError)) throw error;
    return { kind: error.kind, message: error.message };
  }
}
