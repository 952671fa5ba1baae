// Values whose few bytes stand for many lists and maps: what is made of them is bounded; what programs write is read whole.
import { describe, expect, it } from 'vitest';
import { decodeBytes } from '../../../src/core/format/format';
import { type AnyValueJson, anyValueOfRow, protoAnyValue } from '../../../src/core/model/anyValue';
import { StringTable } from '../../../src/core/model/strings';

/** `what` again and again, as the content of an AnyValue's list (5) or map (6). */
function many(field: 5 | 6, count: number, ...what: number[]): AnyValueJson {
  const length = count * what.length;
  const head = [field * 8 + 2];
  for (let rest = length; ; rest = Math.floor(rest / 128)) {
    head.push(rest > 127 ? (rest % 128) | 128 : rest);
    if (rest < 128) break;
  }
  const bytes = new Uint8Array(head.length + length);
  bytes.set(head);
  for (let at = head.length; at < bytes.length; at += what.length) bytes.set(what, at);
  return protoAnyValue(bytes, 0, bytes.length);
}

const valuesOf = (any: AnyValueJson): readonly unknown[] => any.arrayValue?.values ?? any.kvlistValue?.values ?? [];

describe('a value in protobuf', () => {
  it.each([
    ['empty values', 5, [0x0a, 0]],
    ['empty lists', 5, [0x0a, 2, 0x2a, 0]],
    ['empty maps', 5, [0x0a, 2, 0x32, 0]],
    ['empty pairs', 6, [0x0a, 0]],
  ] as const)(
    'of 200,000 %s becomes no more than its bytes warrant, and says that something is left out',
    (_name, field, what) => {
      const values = valuesOf(many(field, 200_000, ...what));
      expect(values.length).toBeGreaterThan(200);
      expect(values.length).toBeLessThan(190_000);
      expect(JSON.stringify(values.at(-1))).toContain('…');
    },
  );

  it.each([
    ['single digits', 5, [0x0a, 2, 0x18, 5]],
    ['flags', 5, [0x0a, 2, 0x10, 1]],
    ['lists of one', 5, [0x0a, 6, 0x2a, 4, 0x0a, 2, 0x10, 1]],
    ['lists of three', 5, [0x0a, 14, 0x2a, 12, 0x0a, 2, 0x10, 1, 0x0a, 2, 0x10, 1, 0x0a, 2, 0x10, 1]],
    ['maps of one', 5, [0x0a, 11, 0x32, 9, 0x0a, 7, 0x0a, 1, 0x6b, 0x12, 2, 0x10, 1]],
    ['keys without values', 6, [0x0a, 3, 0x0a, 1, 0x6b]],
  ] as const)('of 30,000 %s is read whole', (_name, field, what) => {
    const any = many(field, 30_000, ...what);
    expect(valuesOf(any)).toHaveLength(30_000);
    expect(JSON.stringify(any)).not.toContain('…');
  });

  it('of millions of digits is read as far as anybody looks', () => {
    const values = valuesOf(many(5, 2_000_000, 0x0a, 2, 0x18, 5));
    expect(values.length).toBeGreaterThan(150_000);
    expect(values.length).toBeLessThan(200_000);
    expect(values.at(-1)).toEqual({ stringValue: '…' });
  });

  it('of a hundred empty lists and maps is read whole', () => {
    expect(valuesOf(many(5, 100, 0x0a, 2, 0x2a, 0))).toEqual(Array(100).fill({ arrayValue: { values: [] } }));
  });
});

describe('a value in JSON', () => {
  const read = (value: string): AnyValueJson => {
    const text = `{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"${'a'.repeat(32)}","spanId":"${'b'.repeat(16)}","attributes":[{"key":"k","value":${value}}]}]}]}]}`;
    const { batches } = decodeBytes(new TextEncoder().encode(text), { strings: new StringTable(), format: 'otlp-json' });
    return anyValueOfRow(batches[0], 0);
  };
  const list = (item: string, count: number): string => `{"arrayValue":{"values":[${Array(count).fill(item).join(',')}]}}`;

  it('of empty values without end is not parsed', () => {
    expect(read(list('{}', 200_000))).toEqual({ stringValue: '…' });
  });

  it.each(['{"boolValue":true}', '{"intValue":"5"}', '{"stringValue":"[{,\\"[{,"}'])(
    'of 50,000 times %s is read whole',
    (item) => {
      expect(valuesOf(read(list(item, 50_000)))).toHaveLength(50_000);
    },
  );
});
