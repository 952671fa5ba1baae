import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { checkRedaction, redactionProblems } from '../../../src/build/checkRedaction.mjs';

describe('the law of the one way out', () => {
  it('holds in the code', () => {
    expect(checkRedaction(fileURLToPath(new URL('../../..', import.meta.url))).problems).toEqual([]);
  });

  it.each([
    ['return { name: batch.strings.get(batch.name[row]) };', 'reads texts as they were recorded (strings.get)'],
    ['const value = readValue(batch, row);', 'reads texts as they were recorded (readValue)'],
    ['return dataset.overviews.of(slot);', 'takes overviews of traces as they are (overviews.of)'],
    ['return encodedRows(format, rows, slices);', 'writes spans as they are (encodedRows)'],
  ])('catches %s', (code, problem) => {
    expect(redactionProblems('traces/new.ts', `// a comment\n${code}\n`)).toEqual([
      `2 ${problem} around the one way out: src/engine/redact`,
    ]);
    expect(redactionProblems('redact/new.ts', code)).toEqual([]);
  });

  it('lets an entry go that nobody needs', () => {
    expect(redactionProblems('code/hintReaders.ts', 'nothing')).toEqual([
      '1 reads texts as they were recorded no more; take it out of checkRedaction.mjs',
    ]);
  });
});
