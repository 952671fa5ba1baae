import { describe, expect, it } from 'vitest';
import { sortByKey } from '../../../src/core/analysis/sort';

function sorted(keys: readonly number[], from = 0, to = keys.length): number[] {
  const order = Int32Array.from(keys.keys());
  sortByKey(order, from, to, keys, new Int32Array(keys.length));
  return [...order];
}

/** The same by the language's own stable sort. */
const expected = (keys: readonly number[]): number[] => [...keys.keys()].sort((a, b) => keys[a] - keys[b]);

describe('sortByKey', () => {
  it.each([
    { name: 'nothing', keys: [] },
    { name: 'one', keys: [3] },
    { name: 'what is sorted', keys: [1, 2, 2, 5] },
    { name: 'the reverse', keys: Array.from({ length: 100 }, (_, i) => -i) },
    {
      name: 'three sorted lists one after the other',
      keys: Array.from({ length: 300 }, (_, i) => (i % 100) * 3 + Math.floor(i / 100)),
    },
    { name: 'short runs', keys: Array.from({ length: 500 }, (_, i) => (i * 7919) % 101) },
  ])('sorts $name, equal keys in the order they came', ({ keys }) => {
    expect(sorted(keys)).toEqual(expected(keys));
  });

  it('sorts columns of any length', () => {
    let seed = 11;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return Math.floor((seed / 2 ** 32) * below);
    };
    for (let round = 0; round < 200; round++) {
      const keys = Array.from({ length: random(200) }, (_, i) => (random(3) === 0 ? random(50) : i));
      expect(sorted(keys)).toEqual(expected(keys));
    }
  });

  it('leaves alone what is outside the range', () => {
    expect(sorted([9, 5, 3, 4, 1], 1, 4)).toEqual([0, 2, 3, 1, 4]);
  });
});
