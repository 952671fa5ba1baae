// Text of traces inside Markdown and on one line stays text.
import { expect, it } from 'vitest';
import { escapeMarkdown, oneLine } from '../../../src/core/text/markdown';
import { formatTrend } from '../../../src/core/text/trend';

it('leaves no punctuation that Markdown could read', () => {
  expect(escapeMarkdown('[x](command:spanhop.openTrace) <b>|$(bug)')).toBe(
    '\\[x\\]\\(command\\:spanhop\\.openTrace\\) \\<b\\>\\|\\$\\(bug\\)',
  );
  expect(escapeMarkdown('https://evil.example www.evil.example a@b.example')).toBe(
    'https\\:\\/\\/evil\\.example www\\.evil\\.example a\\@b\\.example',
  );
  expect(escapeMarkdown('a\n# b\n\n```\nc')).toBe('a \\# b \\`\\`\\` c');
  expect(escapeMarkdown('grüß 注文 über 12')).toBe('grüß 注文 über 12');
});

it('puts text on one line, readable from left to right, and cuts it', () => {
  expect(oneLine('  a\r\n\tb\u2028c\u0000d ')).toBe('a b c d');
  expect(oneLine('user\u202eexe.png\u200b!')).toBe('userexe.png!');
  expect(oneLine('x'.repeat(500), 10)).toBe(`${'x'.repeat(9)}…`);
  expect(oneLine(`${'x'.repeat(8)}😀yy`, 10)).toBe(`${'x'.repeat(8)}…`);
});

it('tells a change in per cent, from twice on as a factor, and none below a tenth', () => {
  expect(formatTrend(240, 174)).toBe('▲ 38 %');
  expect(formatTrend(88, 100)).toBe('▼ 12 %');
  expect(formatTrend(340, 100)).toBe('▲ 3.4×');
  expect(formatTrend(109, 100)).toBeUndefined();
  expect(formatTrend(91, 100)).toBeUndefined();
  expect(formatTrend(100, 0)).toBeUndefined();
});
