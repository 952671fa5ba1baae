import { describe, expect, it } from 'vitest';
import { finish } from '../../../src/base/steps';
import { type CriticalPath, longestSegments as longestSegmentSteps } from '../../../src/core/analysis/criticalPath';

const longestSegments = (path: CriticalPath, most: number): CriticalPath => finish(longestSegmentSteps(path, most));

/** A path whose segments have these lengths, one after the other. */
function pathOf(lengthsNs: readonly number[]): CriticalPath {
  let at = 0;
  const startNs = new Float64Array(lengthsNs.length);
  const endNs = new Float64Array(lengthsNs.length);
  lengthsNs.forEach((length, i) => {
    startNs[i] = at;
    at += length;
    endNs[i] = at;
  });
  return { totalNs: at, row: Uint32Array.from(lengthsNs.keys()), startNs, endNs };
}

const lengthsOf = ({ startNs, endNs }: CriticalPath): number[] => Array.from(startNs, (start, i) => endNs[i] - start);

describe('the longest segments of a critical path', () => {
  it('are all of them while they are few', () => {
    const path = pathOf([3, 1, 2]);
    expect(longestSegments(path, 3)).toBe(path);
  });

  it('stay in the order of the path, and the total stays', () => {
    const path = longestSegments(pathOf([5, 1, 7, 2, 6]), 3);
    expect([...path.row]).toEqual([0, 2, 4]);
    expect(path.totalNs).toBe(21);
  });

  it('are the first ones where several are just as long', () => {
    expect([...longestSegments(pathOf([4, 4, 9, 4, 4]), 3).row]).toEqual([0, 1, 2]);
  });

  it('are the same that sorting finds, from a nanosecond to hours', () => {
    let seed = 1;
    const random = (): number => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    const lengths = Array.from({ length: 5000 }, () => Math.ceil(10 ** (random() * 12)));
    const sorted = [...lengths].sort((a, b) => b - a);
    for (const most of [1, 2, 77, 2500, 4999]) {
      const kept = lengthsOf(longestSegments(pathOf(lengths), most)).sort((a, b) => b - a);
      expect(kept).toEqual(sorted.slice(0, most));
    }
  });
});
