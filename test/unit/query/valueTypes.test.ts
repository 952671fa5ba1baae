// Comparing and calculating as Tempo does: types, what is missing, numbers at the ends of their ranges, and formats that have lost their types.

import { describe, expect, it } from 'vitest';
import { decodeBytes } from '../../../src/core/format/format';
import { StringTable } from '../../../src/core/model/strings';
import { spanNames } from '../../support/spanNames';
import { batchFromText } from '../../support/traceText';

const value = (of: unknown): unknown => {
  if (typeof of === 'string') return { stringValue: of };
  if (typeof of === 'bigint') return { intValue: String(of) };
  if (typeof of === 'number') return { doubleValue: Number.isFinite(of) ? of : String(of) };
  if (typeof of === 'boolean') return { boolValue: of };
  if (Array.isArray(of)) return { arrayValue: { values: of.map(value) } };
  return of;
};

/** A span a line, by name, with one attribute `v`. */
function spansWith(values: Readonly<Record<string, unknown>>) {
  const spans = Object.entries(values).map(([name, of], at) => ({
    traceId: '01'.repeat(16),
    spanId: (at + 1).toString(16).padStart(16, '0'),
    name,
    startTimeUnixNano: '1700000000000000000',
    endTimeUnixNano: '1700000000000000100',
    attributes: of === undefined ? [] : [{ key: 'v', value: value(of) }],
  }));
  const resource = {
    attributes: [
      { key: 'service.name', value: { stringValue: 'shop' } },
      { key: 'v', value: { stringValue: 'of the resource' } },
    ],
  };
  const json = JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans }] }] });
  return decodeBytes(new TextEncoder().encode(json), { strings: new StringTable() }).batches[0];
}

const typed = spansWith({
  int: 3n,
  big: 9223372036854775807n,
  bigger: 9007199254740993n,
  double: 3.5,
  nan: Number.NaN,
  infinite: Number.POSITIVE_INFINITY,
  text: '3',
  empty: '',
  yes: true,
  texts: ['a', 'b'],
  one: ['a'],
  ints: [1n, 5n],
  mixed: ['a', 1n],
  none: [],
  map: { kvlistValue: { values: [] } },
  missing: undefined,
});

describe('attributes of every type', () => {
  it.each([
    ['{ span.v = 3 }', ['int']],
    ['{ span.v = "3" }', ['text']],
    ['{ span.v = 3.5 }', ['double']],
    // Types are not mixed, with any operator.
    ['{ span.v > 2.5 && span.v < 100.5 }', ['double']],
    ['{ span.v > 4 }', ['big', 'bigger', 'ints']],
    ['{ span.v != 3 }', ['big', 'bigger', 'ints']],
    ['{ span.v != "a" }', ['text', 'empty']],
    ['{ span.v !~ "a|3" }', ['empty']],
    ['{ span.v = 9007199254740993 }', ['bigger']],
    ['{ span.v = 9007199254740992 }', []],
    ['{ span.v = maxInt }', ['big']],
    ['{ span.v >= maxInt }', ['big']],
    ['{ span.v > 1e300 }', ['infinite']],
    ['{ span.v = 1s }', []],
    ['{ span.v }', ['yes']],
    ['{ !span.v }', []],
    ['{ span.v = true || span.v = "" }', ['empty', 'yes']],
    ['{ span.v = "a" }', ['texts', 'one']],
    ['{ span.v =~ "b" }', ['texts']],
    ['{ span.v < 2 }', ['ints']],
    // What no query compares is neither there nor missing.
    ['{ span.v = nil }', ['missing']],
    ['{ span.v != nil }', ['int', 'big', 'bigger', 'double', 'nan', 'infinite', 'text', 'empty', 'yes', 'texts', 'one', 'ints']],
    // The nearest place that has the key decides, whatever its type.
    ['{ .v = "of the resource" }', ['missing']],
    ['{ resource.v = "of the resource" && span.v = 3 }', ['int']],
  ])('%s', (text, expected) => {
    expect(spanNames(text, typed)).toEqual(expected);
  });
});

describe('expressions', () => {
  it.each([
    ['{ span.v + 1 = 4 }', ['int']],
    ['{ span.v * 2 = 7 }', ['double']],
    ['{ span.v / 2 = 1 }', ['int']],
    ['{ 7 / 2 = span.v }', ['int']],
    ['{ 7 % 4 = span.v }', ['int']],
    ['{ span.v = 2 ^ 2 - 1 }', ['int']],
    ['{ -span.v = -3 }', ['int']],
    // Of 64 bits, as they are in Tempo.
    ['{ span.v + 1 = minInt }', ['big']],
    ['{ span.v / 0 > 1 }', ['double', 'infinite']],
    ['{ span.v = span.v }', ['int', 'big', 'bigger', 'double', 'infinite', 'text', 'empty', 'yes', 'one']],
    ['{ span.v != span.v }', ['nan']],
    ['{ span.v > span.w }', []],
    ['{ duration = 100 && span.v = 3 }', ['int']],
    ['{ duration * 2 > 150ns && span.v = 3 }', ['int']],
    ['{ 1 = 1 && span.v = 3 }', ['int']],
    ['{ (span.v = 3) = true }', ['int']],
  ])('%s', (text, expected) => {
    expect(spanNames(text, typed)).toEqual(expected);
  });
});

it('spans with odd times are found by what the data says', () => {
  const odd = batchFromText(`
    root      a  0..100
      none    a  5..5
      back    a  20..10
      running a  30..
  `);
  expect(spanNames('{ duration < 0ns }', odd)).toEqual(['back']);
  expect(spanNames('{ duration = 0ns }', odd)).toEqual(['none']);
  expect(spanNames('{ duration <= 100ms }', odd)).toEqual(['root', 'none', 'back']);
  expect(spanNames('{ duration > 0ns }', odd)).toEqual(['root']);
});

it('a query of ten thousand conditions runs', () => {
  const all = Array.from({ length: 10_000 }, (_, i) => `.v!=${(i % 90) + 10}`).join('&&');
  expect(spanNames(`{ ${all} }`, typed)).toEqual(['int', 'big', 'bigger', 'ints']);
});

describe('events', () => {
  const batch = batchFromText(`
    a  x  0..10  event=start@1 exception@5
    b  x  0..10  event=start@7
    c  x  0..10
  `);

  it.each([
    ['{ event:name = "start" && event:timeSinceStart < 2ms }', ['a']],
    // One and the same event.
    ['{ event:name = "start" && event:timeSinceStart > 2ms }', ['b']],
    ['{ event:timeSinceStart > 6ms || event.exception.type = "Boom" }', ['a', 'b']],
    ['{ event:name != "start" }', ['a']],
    ['{ !(event:name = "start") }', ['c']],
    ['{ event.exception.type = nil }', ['a', 'b']],
    ['{ event.exception.type != nil }', ['a']],
  ])('%s', (text, expected) => {
    expect(spanNames(text, batch)).toEqual(expected);
  });
});

describe('a format whose attributes are all text', () => {
  const json = [
    {
      traceId: 'a'.repeat(16),
      id: '1'.repeat(16),
      name: 'zip',
      timestamp: 1,
      duration: 5,
      tags: { code: '503', ratio: '0.5', ok: 'true', word: '5x' },
    },
  ];
  const [zipkin] = decodeBytes(new TextEncoder().encode(JSON.stringify(json)), { strings: new StringTable() }).batches;

  it.each([
    ['{ span.code = 503 }', true],
    ['{ span.code >= 500 && span.code < 600 }', true],
    ['{ span.code = "503" }', true],
    ['{ span.code != 503 }', false],
    ['{ span.code != 504 }', true],
    ['{ span.ratio < 1 }', true],
    ['{ span.ratio = 0.5 }', true],
    ['{ span.ok = true }', true],
    ['{ span.word > 1 }', false],
    ['{ span.word != 1 }', false],
    ['{ .code = 503 }', true],
  ])('%s', (text, isFound) => {
    expect(spanNames(text, zipkin)).toEqual(isFound ? ['zip'] : []);
  });
});
