import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { AttributeValue } from '../../../src/core/model/attributeValue';
import { noBounds, shownBounds, shownValue } from '../../../src/engine/redact/boundedValues';
import { Redactor } from '../../../src/engine/redact/redactor';
import { leastTime, processorTime } from '../../support/leastTime';

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

  it.each([
    ['(', 'missing closing )'],
    ['(a)\\1', 'it refers back to a group'],
    ['(?!x)secret', 'it looks ahead elsewhere than at its end'],
    ['((a{1000}){1000}){1000}', 'invalid repeat count'],
    ['(a|b){1000}(a|b){1000}', 'it is too complex'],
    ['x'.repeat(5000), 'it has more than 4,096 characters'],
  ])('hides every text while %.30s cannot be used, and says why', (pattern, reason) => {
    const redactor = new Redactor({ redactKeys: [], redactPatterns: ['secret', pattern] });
    expect(redactor.problems).toEqual([{ pattern, reason: expect.stringContaining(reason) }]);
    expect(redactor.active).toBe(true);
    expect(redactor.text('not one')).toBe('••••');
    expect({ ...redactor.map({ text: 'plain', count: 5, flag: true, empty: '' }) }).toEqual({
      text: '••••',
      count: '••••',
      flag: true,
      empty: '',
    });
  });

  it('hides a text whole that is too long for a complex pattern, at once', () => {
    const redactor = new Redactor({ redactKeys: [], redactPatterns: ['[ab]*a[ab]{500}[cd]'] });
    expect(redactor.text('plain, and long enough: '.repeat(1_000))).toMatch(/^plain/);
    const long = 'ab'.repeat(500_000);
    expect(leastTime(() => expect(redactor.text(long)).toBe('••••'))).toBeLessThan(100);
    // A usual one searches megabytes.
    const usual = new Redactor({ redactKeys: [], redactPatterns: ['(?<=token=)\\w+'] });
    expect(usual.text(`${'x '.repeat(1_500_000)}token=abc`)).toMatch(/token=••••$/);
  });

  it('hides a text whole in which to find all matches takes the square of its length', () => {
    const redactor = new Redactor({ redactKeys: [], redactPatterns: ['a(?:a*b)?'] });
    expect(redactor.text('aab a')).toBe('•••• ••••');
    // 38 s when it is looked through to the end.
    expect(processorTime(() => expect(redactor.text('a'.repeat(40_000))).toBe('••••'))).toBeLessThan(2_000);
  });

  it('hides user and password of an address by the patterns that come with Spanhop, however long', () => {
    const { contributes } = JSON.parse(readFileSync('package.json', 'utf8'));
    const settings = Object.assign({}, ...[contributes.configuration].flat().map(({ properties }) => properties));
    const redactor = new Redactor({ redactKeys: [], redactPatterns: settings['spanhop.redact.patterns'].default });
    for (const [user, password] of [
      ['me', 'secret'],
      ['u'.repeat(100), 'p'.repeat(1_000)],
    ]) {
      expect(redactor.text(`GET https://${user}:${password}@example.com:8080/a@b`)).toBe('GET https://••••@example.com:8080/a@b');
    }
    expect(redactor.text('http://example.com:8080/a')).toBe('http://example.com:8080/a');
  });

  it('takes what people write for other engines: named groups, lookbehind, a lookahead at the end', () => {
    const text = (pattern: string, value: string): string =>
      new Redactor({ redactKeys: [], redactPatterns: [pattern] }).text(value);
    expect(text('(?<user>[a-z]+)@example', 'me@example.com')).toBe('••••.com');
    expect(text('(?<=token=)\\w+', 'token=abc&x=1')).toBe('token=••••&x=1');
    expect(text('\\d+(?= EUR)', '12 EUR, 13 USD, 14 EUR')).toBe('•••• EUR, 13 USD, •••• EUR');
    expect(text('a(?=a)', 'aaa')).toBe('••••••••a');
    expect(text('[(?=]x(?=y)', '(xy =x')).toBe('••••y =x');
    expect(text('x*', 'axxb')).toBe('a••••b');
    expect(text('😀+', 'a😀😀b😀')).toBe('a••••b••••');
  });

  it('is not held by a pattern or a key that others could not finish', () => {
    const redactor = new Redactor({ redactKeys: [`${'*a'.repeat(50)}*b`], redactPatterns: ['(a+)+b', '(x|xx)*y', '(.*)*c'] });
    const text = `${'a'.repeat(100_000)}!${'x'.repeat(100_000)}`;
    const took = processorTime(() => {
      expect(redactor.text(text)).toBe(text);
      expect(redactor.hides('a'.repeat(100_000))).toBe(false);
    });
    expect(took).toBeLessThan(5000);
  });

  it('hides with the default patterns what they are meant for', () => {
    const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
    const patterns = manifest.contributes.configuration
      .flatMap((part: { properties: object }) => Object.entries(part.properties))
      .find(([name]: [string]) => name === 'spanhop.redact.patterns')[1].default;
    const redactor = new Redactor({ redactKeys: [], redactPatterns: patterns });
    expect(redactor.problems).toEqual([]);
    expect(redactor.text('postgres://me:pw@db:5432/x and redis://u:p@q')).toBe('postgres://••••@db:5432/x and redis://••••@q');
    expect(redactor.text('Authorization: Bearer abcdefgh.ijk')).toBe('Authorization: ••••');
    expect(redactor.text('AKIAABCDEFGHIJKLMNOP!')).toBe('••••!');
    expect(redactor.text('eyJhbGciOiJI.eyJzdWIiOiIx.c2ln')).toBe('••••');
    expect(redactor.text('http://localhost:8080/a')).toBe('http://localhost:8080/a');
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
      const { text, type } = shownValue(value, none, noBounds);
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
    const most = shownBounds.value;
    const text = `${'x'.repeat(most - 1)}😀tail`;
    const shown = shownValue(text, none, shownBounds);
    expect(shown).toEqual({ text: 'x'.repeat(most - 1), type: 'string', fullLength: text.length });
  });

  it('redacts before it cuts', () => {
    const redactor = new Redactor({ redactKeys: [], redactPatterns: ['secret'] });
    const most = shownBounds.value;
    const shown = shownValue(`${'x'.repeat(most - 3)}secret`, redactor, shownBounds);
    expect(shown.text).not.toContain('sec');
  });
});
