import { describe, expect, it } from 'vitest';
import type { AttributeValue } from '../../../src/core/model/values';
import { Redactor } from '../../../src/engine/redact';
import { MAX_SHOWN, shownValue } from '../../../src/engine/shown';

describe('Redactor', () => {
  it('hides values by key: exact, with a wildcard, in any case', () => {
    const redactor = new Redactor({
      redactKeys: ['Authorization', 'http.request.header.*', '*password*', 'a.b'],
      redactPatterns: [],
    });
    const hidden = ['authorization', 'http.request.header.cookie', 'db.PASSWORD.hash', 'a.b'].map((key) => redactor.hides(key));
    expect(hidden).toEqual([true, true, true, true]);
    expect(['x.authorization', 'http.request.header', 'axb', ''].map((key) => redactor.hides(key))).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  it('replaces what patterns match, also inside of lists and maps, and hidden keys there', () => {
    const redactor = new Redactor({ redactKeys: ['token'], redactPatterns: ['\\d{4}-\\d{4}', ''] });
    const value: AttributeValue = { card: '1234-5678 ok', token: 'x', list: ['9999-0000', 5], deep: { token: 'y' } };
    const map = redactor.value('any', value);
    expect(JSON.parse(JSON.stringify(map))).toEqual({
      card: '•••• ok',
      token: '••••',
      list: ['••••', 5],
      deep: { token: '••••' },
    });
  });

  it('says which patterns are none, and uses the others', () => {
    const redactor = new Redactor({ redactKeys: [], redactPatterns: ['(', 'secret'] });
    expect(redactor.problems).toHaveLength(1);
    expect(redactor.problems[0]).toMatch(/^The redaction pattern "\(" is not used: /);
    expect(redactor.text('a secret')).toBe('a ••••');
  });

  it('leaves what leads to source to the resolver', () => {
    const redactor = new Redactor({ redactKeys: ['code.*', '*stacktrace', 'user'], redactPatterns: [] });
    const values = { 'code.file.path': '/a.ts', 'exception.stacktrace': 'at a.ts:1', user: 'me' };
    expect({ ...redactor.mapForSource(values) }).toEqual({ ...values, user: '••••' });
    expect(redactor.map(values)['code.file.path']).toBe('••••');
  });
});

describe('shownValue', () => {
  const none = new Redactor();
  it('shows every type as text', () => {
    const shown = (value: AttributeValue): string => {
      const { text, type } = shownValue(value, none);
      return `${type} ${text}`;
    };
    expect(shown('a\nb')).toBe('string a\nb');
    expect(shown(42)).toBe('int 42');
    expect(shown(9_223_372_036_854_775_807n)).toBe('int 9223372036854775807');
    expect(shown(Number.NaN)).toBe('double NaN');
    expect(shown(-0)).toBe('int -0');
    expect(shown(true)).toBe('bool true');
    expect(shown(undefined)).toBe('empty ');
    expect(shown(Uint8Array.of(1, 2, 255))).toBe('bytes AQL/');
    expect(shown([1, 'a', undefined])).toBe('list [\n  1,\n  "a",\n  null\n]');
    expect(shown({ big: 2n ** 60n, nan: Number.NaN })).toBe('map {\n  "big": "1152921504606846976",\n  "nan": "NaN"\n}');
  });

  it('cuts long values, says how long they are, and never inside a character', () => {
    const text = `${'x'.repeat(MAX_SHOWN - 1)}😀tail`;
    const shown = shownValue(text, none);
    expect(shown).toEqual({ text: 'x'.repeat(MAX_SHOWN - 1), type: 'string', fullLength: text.length });
  });

  it('redacts before it cuts', () => {
    const redactor = new Redactor({ redactKeys: [], redactPatterns: ['secret'] });
    const shown = shownValue(`${'x'.repeat(MAX_SHOWN - 3)}secret`, redactor);
    expect(shown.text).not.toContain('sec');
  });
});
