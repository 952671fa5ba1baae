/** Where things open: a trace never over a document, source never over a trace. */

import { describe, expect, it } from 'vitest';
import { columnBeside, columnForSource, columnForTrace, type EditorColumn } from '../../../../src/app/views/columns';
import { activeColumn, besideColumn } from '../../../../src/app/views/stage';

/**
 * Columns from left to right: what is in front (`T`race, `D`ocument, `O`ther, `-` nothing), small letters for what is behind, `*` for the focus, `f` and
 * `F` for the file that is asked for.
 */
function columns(text: string): EditorColumn[] {
  return text.split(' ').map((word, at) => ({
    column: at + 1,
    active: word.includes('*'),
    front: /T/.test(word) ? 'trace' : /[DF]/.test(word) ? 'document' : /O/.test(word) ? 'other' : 'nothing',
    hasTrace: /t/i.test(word),
    hasDocument: /[df]/i.test(word),
    file: word.includes('F') ? 'front' : word.includes('f') ? 'behind' : undefined,
  }));
}

describe('a trace', () => {
  it.each([
    ['-*', 1],
    ['O*', 1],
    ['T*', 1],
    // Beside the code where there is only code, in a column at the end where "beside" would be another document's.
    ['D*', besideColumn],
    ['D* D', 3],
    ['D D*', 3],
    // Where traces are already, wherever the focus is.
    ['D* T', 2],
    ['T D*', 1],
    ['D T D*', 2],
    ['T T*', 2],
    // A trace behind a document stays behind it.
    ['Dt*', besideColumn],
    ['Dt* Ot', 2],
    ['Dt* T', 2],
    ['D* Od', 2],
    ['D* -', 2],
  ])('in %s opens in column %s', (text, expected) => {
    expect(columnForTrace(columns(text), activeColumn)).toBe(expected);
  });

  it.each([
    ['T*', besideColumn],
    ['T* D', 3],
    ['T* T', 2],
    ['T T*', 1],
    ['D T*', 3],
    ['D* T', 2],
  ])('to compare in %s opens in column %s', (text, expected) => {
    expect(columnForTrace(columns(text), besideColumn)).toBe(expected);
  });

  it('opens in the column that was asked for by its number', () => {
    expect(columnForTrace(columns('D* T'), 1)).toBe(1);
  });
});

describe('source', () => {
  it.each([
    ['T*', { keep: 1 }, besideColumn],
    ['T* T', { keep: 1 }, 3],
    ['T* D', { keep: 1 }, 2],
    ['D T*', { keep: 2 }, 1],
    ['T T* D', { keep: 2 }, 3],
    // Where its file is, but for the column whose trace would be covered.
    ['T* D F', { keep: 1 }, 3],
    ['T* D Df', { keep: 1, last: 2 }, 3],
    ['Tf* D', { keep: 1 }, 2],
    ['T* D Tf', { keep: 1 }, 2],
    // Where it was last, else where there is code, also behind something else.
    ['T* D D', { keep: 1, last: 3 }, 3],
    ['T* T D', { keep: 1, last: 2 }, 3],
    ['T* O D', { keep: 1 }, 3],
    ['T* O Od', { keep: 1 }, 3],
    ['T* O', { keep: 1 }, 2],
    // Asked for from anywhere else: where the focus is, unless that is a trace.
    ['D* D', { last: 2 }, 1],
    ['T* D', {}, 2],
    ['O* T', {}, 1],
  ])('in %s with %j opens in column %s', (text, wish, expected) => {
    expect(columnForSource(columns(text), wish)).toBe(expected);
  });

  it.each([
    ['T* D', besideColumn],
    ['D T*', besideColumn],
    ['D* T', 3],
    ['T* T', 3],
  ])('beside in %s opens in column %s', (text, expected) => {
    expect(columnBeside(columns(text))).toBe(expected);
  });
});
