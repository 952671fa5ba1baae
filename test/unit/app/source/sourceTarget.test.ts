// What a row and the details say of a source: a place that is only a guess is offered, and opens nothing by itself.
import { expect, it } from 'vitest';
import { targetOf } from '../../../../src/app/source/sourceTarget';
import type { SourceCandidate } from '../../../../src/source';
import { shouldAsk } from '../../../../src/source/advice';

const at = (line: number, confidence: number): SourceCandidate => ({
  file: 'file:///home/dev/shop/src/cart.ts',
  line,
  rung: 'literal',
  confidence,
  reason: 'from http.route',
});

it.each([
  ['a sure place', [at(6, 0.92), at(9, 0.9)], false, undefined],
  ['a likely place', [at(6, 0.8), at(9, 0.4)], false, undefined],
  ['two likely places', [at(6, 0.6), at(9, 0.55)], true, undefined],
  ['a guess, though there is no other', [at(6, 0.45)], true, true],
  ['guesses', [at(6, 0.4), at(9, 0.1)], true, true],
])('%s', (_, candidates, asks, isOnlyOffered) => {
  expect(shouldAsk(candidates)).toBe(asks);
  const target = targetOf({ candidates, tried: [], causes: [] }, false);
  expect([target?.label, target?.isOnlyOffered]).toEqual(['cart.ts:7', isOnlyOffered]);
});

it('nothing is neither opened nor asked about', () => {
  expect(shouldAsk([])).toBe(false);
  expect(targetOf({ candidates: [], tried: [], causes: [] }, false)).toBeUndefined();
});
