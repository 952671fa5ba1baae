// Reading and comparing values from columns: the comparisons that do not decode have to agree with those that do.

import { describe, expect, it } from 'vitest';
import { decodeBytes, encodeOtlpProto } from '../../../src/core/format/format';
import type { AttributeValue } from '../../../src/core/model/attributeValue';
import type { SpanBatch } from '../../../src/core/model/batch';
import { StringTable } from '../../../src/core/model/strings';
import { findAttribute, operand, readAttributes, readValue, valueEquals, valueText } from '../../../src/core/model/values';

const anys = {
  text: '{"stringValue":"checkout"}',
  empty: '{"stringValue":""}',
  quoted: String.raw`{"stringValue":"say \"hi\"\n"}`,
  backslash: String.raw`{"stringValue":"\\n"}`,
  emoji: '{"stringValue":"naïve 😀"}',
  escapedEmoji: String.raw`{"stringValue":"na\u00efve \ud83d\ude00"}`,
  yes: '{"boolValue":true}',
  int: '{"intValue":"42"}',
  negative: '{"intValue":"-7"}',
  big: '{"intValue":"9007199254740993"}',
  least: '{"intValue":"-9223372036854775808"}',
  double: '{"doubleValue":42}',
  nan: '{"doubleValue":"NaN"}',
  bytes: '{"bytesValue":"AAF/gP8="}',
  list: '{"arrayValue":{"values":[{"stringValue":"a"},{"intValue":"1"},{}]}}',
  map: '{"kvlistValue":{"values":[{"key":"__proto__","value":{"stringValue":"x"}},{"key":"n","value":{"doubleValue":1.5}}]}}',
  none: '{}',
};

function batchOf(members: Record<string, string>): SpanBatch {
  const attributes = Object.entries(members).map(([key, value]) => `{"key":"${key}","value":${value}}`);
  const text = `{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"0102030405060708","startTimeUnixNano":"1","endTimeUnixNano":"2","attributes":[${attributes}]}]}]}]}`;
  return decodeBytes(new TextEncoder().encode(text), { strings: new StringTable() }).batches[0];
}

const fromJson = batchOf(anys);
const fromProto = decodeBytes(encodeOtlpProto([{ batch: fromJson, rows: [0] }]), { strings: new StringTable() }).batches[0];
const rowOf = (batch: SpanBatch, key: string): number =>
  findAttribute(batch, batch.attributeStart[0], batch.attributeEnd[0], batch.strings.find(key));

describe.each([
  ['OTLP/JSON', fromJson],
  ['protobuf', fromProto],
])('values from %s', (_, batch) => {
  const values = readAttributes(batch, batch.attributeStart[0], batch.attributeEnd[0]);

  it('are read', () => {
    expect({ ...values, map: { ...Object(values.map) } }).toEqual({
      text: 'checkout',
      empty: '',
      quoted: 'say "hi"\n',
      backslash: '\\n',
      emoji: 'naïve 😀',
      escapedEmoji: 'naïve 😀',
      yes: true,
      int: 42,
      negative: -7,
      big: 9007199254740993n,
      least: -9223372036854775808n,
      double: 42,
      nan: Number.NaN,
      bytes: new Uint8Array([0, 1, 127, 128, 255]),
      list: ['a', 1, undefined],
      map: { ['__proto__']: 'x', n: 1.5 },
      none: undefined,
    });
    expect(Object.getPrototypeOf(values)).toBeNull();
    expect(Object.keys(Object(values.map))).toEqual(['__proto__', 'n']);
  });

  it('compare without being decoded as they do decoded', () => {
    const operands: (string | number | bigint | boolean)[] = [
      'checkout',
      '',
      'say "hi"\n',
      '\\n',
      '\n',
      'naïve 😀',
      'check',
      'checkouts',
      'true',
      '42',
      true,
      false,
      42,
      41,
      -7,
      9007199254740993n,
      42n,
      0,
      -9223372036854775808n,
    ];
    const sameNumber = (a: AttributeValue, b: AttributeValue): boolean =>
      (typeof a === 'number' || typeof a === 'bigint') && (typeof b === 'number' || typeof b === 'bigint') && a >= b && a <= b;
    for (const key of Object.keys(anys)) {
      for (const wanted of operands) {
        const row = rowOf(batch, key);
        const value = readValue(batch, row);
        expect([key, wanted, valueEquals(batch, row, operand(wanted))]).toEqual([
          key,
          wanted,
          value === wanted || sameNumber(value, wanted),
        ]);
      }
    }
  });
});

describe('duplicate keys', () => {
  it('the last wins', () => {
    const bytes = new TextEncoder().encode(
      '{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"01","spanId":"02","attributes":[{"key":"k","value":{"intValue":"1"}},{"key":"k","value":{"intValue":"2"}}]}]}]}]}',
    );
    const [batch] = decodeBytes(bytes, { strings: new StringTable() }).batches;
    expect({ ...readAttributes(batch, batch.attributeStart[0], batch.attributeEnd[0]) }).toEqual({ k: 2 });
    expect(readValue(batch, rowOf(batch, 'k'))).toBe(2);
  });
});

describe('valueText', () => {
  it.each([
    ['as it is', 'as it is'],
    [3.5, '3.5'],
    [12345678901234567890n, '12345678901234567890'],
    [true, 'true'],
    [new Uint8Array([0, 171]), '00ab'],
    [['a', 1n, undefined, Number.NaN], '["a","1",null,"NaN"]'],
    [{ a: { b: new Uint8Array([1]) } }, '{"a":{"b":"01"}}'],
    [undefined, ''],
  ] as [AttributeValue, string][])('%s', (value, text) => {
    expect(valueText(value)).toBe(text);
  });
});
