/** Which span of a failing trace failed. */

import { expect, it } from 'vitest';
import { finish } from '../../../src/base/steps';
import { failingRow } from '../../../src/core/analysis/failure';
import { STATUS_ERROR } from '../../../src/core/model/batch';
import { traceFromText } from '../../support/traceText';

function failing(text: string): string | undefined {
  const { count, subtreeEnd, status, name, strings } = traceFromText(text);
  const row = finish(failingRow({ count, subtreeEnd, isError: (at) => status[at] === STATUS_ERROR }));
  return row < 0 ? undefined : strings.get(name[row]);
}

it('is none where nothing failed', () => {
  expect(failing('root shop 0..100\n  load shop 5..20')).toBeUndefined();
});

it('is the deepest of those that passed the error on', () => {
  expect(failing('root shop 0..100 error\n  charge shop 5..90 error\n    pay bank 10..80 error\n      sql bank 20..30')).toBe(
    'pay',
  );
});

it('is the first try of several', () => {
  expect(failing('root s 0..100 error\n  try1 s 5..20 error\n  try2 s 25..40 error\n  try3 s 45..90 error')).toBe('try1');
});

it('is not an error that somebody caught before the one that was thrown on', () => {
  expect(
    failing(`
      root       shop  0..100 error
        cached   shop  5..20
          redis  shop  6..19 error="no such key"
        charge   shop  30..90 error
          pay    bank  40..80 error`),
  ).toBe('pay');
});

it('is below what passes an error on without saying so', () => {
  expect(failing('root shop 0..100 error\n  call shop 5..90\n    serve bank 10..80 error\n      query bank 11..70 error')).toBe(
    'query',
  );
});

it('is an error that the root does not know of, where there is no other', () => {
  expect(failing('root shop 0..100\n  a shop 1..5\n  call shop 5..90\n    serve bank 10..80 error')).toBe('serve');
});

it('is below a root in error, of several roots', () => {
  expect(failing('one shop 0..100\n  noise shop 1..5 error\ntwo shop 5..90 error\n  deep shop 6..10 error')).toBe('deep');
});

it('is found in a chain of a hundred thousand, of which each second one says nothing', () => {
  const count = 100_000;
  const subtreeEnd = new Uint32Array(count).fill(count);
  expect(finish(failingRow({ count, subtreeEnd, isError: (row) => row % 2 === 0 }))).toBe(count - 2);
});
