import { expect, it } from 'vitest';
import { visibleName } from '../../../src/core/text/visibleText';

it('shows a name of spaces, and no other name otherwise', () => {
  expect(['   ', '\t', '\u00a0', ' '.repeat(5000)].map(visibleName)).toEqual(['␣␣␣', '␣', '␣', '␣'.repeat(8)]);
  expect(['', ' a ', 'GET /', '  \u200b'].map(visibleName)).toEqual(['', ' a ', 'GET /', '  \u200b']);
});
