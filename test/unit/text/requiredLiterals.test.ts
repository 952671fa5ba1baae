// Texts that all that an expression matches must have: too many would hide nothing of what it was written for.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { linearRegExp } from '../../../src/core/text/linearRegExp';
import { requiredLiterals } from '../../../src/core/text/requiredLiterals';

it.each([
  ['\\bBearer\\s+[A-Z]{8,}', ['Bearer']],
  ['(?<=hooks\\.slack\\.com/)\\w+', ['hooks.slack.com/']],
  ['(?<=://)[^/]*:[^@]+(?=@)', ['://', ':', '@']],
  ['abc?d', ['ab', 'd']],
  ['ab*c+d', ['a', 'c', 'd']],
  ['x(?:abc)?y', ['x', 'y']],
  ['x{0,3}y{2}', []],
  ['a|b', []],
  ['(?i)abc', []],
  ['a(b|c)d', ['a', 'd']],
  ['(?!abc)d', ['d']],
  ['[abc]d[^]e]', ['d']],
  ['a\\x41b', ['a']],
  ['.+', []],
  ['', []],
])('%s', (source, expected) => {
  expect([...requiredLiterals(source)].sort()).toEqual([...expected].sort());
});

it('stand in what the expression matches', () => {
  for (const [source, text] of [
    ['colou?r', 'color'],
    ['ab*c', 'ac'],
    ['(?:ab)*c', 'c'],
    ['a{0}b', 'b'],
    ['a\\{b', 'a{b'],
    ['\\Qa.b\\E', 'a.b'],
    ['a\\.b', 'a.b'],
    ['(a|b)c', 'bc'],
    ['(?<=x|y)z', 'yz'],
    ['x(?=y|z)', 'xz'],
    ['[\\]x]y', ']y'],
    ['\\d+-\\d+', '1-2'],
    ['a(?s:.)b', 'a\nb'],
    ['(?P<n>a)b', 'ab'],
    ['\\x{41}b', 'Ab'],
    ['\\pLb', 'Lb'],
    ['\\p{L}b', 'Lb'],
  ]) {
    const expression = linearRegExp(source);
    if (typeof expression === 'string') continue;
    expect(`${source}: ${expression.replace(text, '')}`).not.toBe(`${source}: ${text}`);
    for (const literal of requiredLiterals(source)) expect(text).toContain(literal);
  }
});

it('are known of all patterns that everybody has: without them each text would be searched', () => {
  const { contributes } = JSON.parse(readFileSync('package.json', 'utf8'));
  const all = Object.assign({}, ...contributes.configuration.map(({ properties }: { properties: object }) => properties));
  const patterns: string[] = all['spanhop.redact.patterns'].default;
  expect(patterns.filter((pattern) => requiredLiterals(pattern).length === 0)).toEqual([]);
  expect(patterns.filter((pattern) => typeof linearRegExp(pattern) === 'string')).toEqual([]);
});
