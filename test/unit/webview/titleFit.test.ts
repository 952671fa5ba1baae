/** Which facts of a title line stay where there is little room. */

import { describe, expect, it } from 'vitest';
import { factsThatFit } from '../../../webview/shell/titleFit';

const facts = [
  { width: 60, rank: 1 },
  { width: 40, rank: 9 },
  { width: 100, rank: 3 },
  { width: 50, rank: 2 },
];

describe('factsThatFit', () => {
  it('shows all that there is room for', () => {
    expect(factsThatFit(facts, 250)).toEqual([true, true, true, true]);
  });

  it('leaves the least out first, each of them whole', () => {
    expect(factsThatFit(facts, 249)).toEqual([false, true, true, true]);
    expect(factsThatFit(facts, 189)).toEqual([false, true, true, false]);
  });

  it('keeps the greatest in any case', () => {
    for (const room of [139, 39, 0, -10]) expect(factsThatFit(facts, room)).toEqual([false, true, false, false]);
    expect(factsThatFit([], 100)).toEqual([]);
  });
});
