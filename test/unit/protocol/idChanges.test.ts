import { describe, expect, it } from 'vitest';
import { finish } from '../../../src/base/steps';
import { SpanIdRows } from '../../../src/core/model/spanIdRows';
import { applyIdChanges, idChanges } from '../../../src/protocol/idChanges';

const wordsOf = (ids: readonly number[]): Uint32Array => Uint32Array.from(ids.flatMap((id) => [Math.imul(id, 7), id]));
const there = (before: readonly number[], now: readonly number[]) => {
  const changes = finish(idChanges(3, wordsOf(before), wordsOf(now)));
  return { changes, words: applyIdChanges(wordsOf(before), changes, now.length) };
};
const count = (from: number, length: number): number[] => Array.from({ length }, (_, i) => from + i);

describe('ids since an earlier revision', () => {
  it('are those of all rows again, whatever came, went, moved or is there twice', () => {
    let seed = 1;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      return (seed >>> 8) % below;
    };
    for (let round = 0; round < 200; round++) {
      const before = Array.from({ length: random(40) }, () => random(30));
      const now = before.filter(() => random(10) > 0).flatMap((id) => (random(8) === 0 ? [id, 100 + random(50)] : [id]));
      if (random(3) === 0) now.reverse();
      expect([...(there(before, now).words ?? [])], `round ${round}`).toEqual([...wordsOf(now)]);
    }
  });

  it('carry what is new and a few runs, where a trace has grown', () => {
    const before = count(1, 100_000);
    const now = [...before.slice(0, 60_000), ...count(500_001, 2_500), ...before.slice(60_000)];
    const { changes, words } = there(before, now);
    expect(words).toEqual(wordsOf(now));
    expect(changes.words.byteLength).toBe(2_500 * 8);
    expect([...new Uint32Array(changes.runs)]).toEqual([1, 60_000, 0, 2_500, 60_001, 40_000]);
  });

  it('are none where what they are of is not at hand', () => {
    const { changes } = there(count(1, 50), count(1, 60));
    expect(applyIdChanges(wordsOf(count(1, 10)), changes, 60)).toBeUndefined();
    expect(applyIdChanges(wordsOf(count(1, 50)), changes, 70)).toBeUndefined();
  });
});

describe('rows of span ids', () => {
  it('are the first of several, and none where there is none', () => {
    const rows = new SpanIdRows(wordsOf([5, 9, 5, 0, 7]));
    const find = (id: number): number => rows.find(wordsOf([id])[0], id);
    expect([5, 9, 0, 7, 4].map(find)).toEqual([0, 1, 3, 4, -1]);
    expect(new SpanIdRows(new Uint32Array(0)).find(0, 1)).toBe(-1);
  });
});
