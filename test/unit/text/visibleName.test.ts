import { expect, it } from 'vitest';
import { shownName, visibleName } from '../../../src/core/text/visibleText';

it('shows a name of spaces, and no other name otherwise', () => {
  expect(['   ', '\t', '\u00a0', ' '.repeat(5000)].map(visibleName)).toEqual(['␣␣␣', '␣', '␣', '␣'.repeat(8)]);
  expect(['', ' a ', 'GET /', '  \u200b'].map(visibleName)).toEqual(['', ' a ', 'GET /', '  \u200b']);
});

it('shows no more of a name than a row has room for', () => {
  expect(shownName('x'.repeat(100_000))).toBe(`${'x'.repeat(1_000)}…`);
  expect(['GET /', '   ', '😀'.repeat(400)].map(shownName)).toEqual(['GET /', '␣␣␣', '😀'.repeat(400)]);
});
