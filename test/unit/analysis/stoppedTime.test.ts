import { expect, it } from 'vitest';
import { mergedIntervals, quietIntervals, StoppedTime } from '../../../src/core/analysis/stoppedTime';

const of = (...pairs: readonly (readonly [number, number])[]) => pairs.map(([startNs, endNs]) => ({ startNs, endNs }));

it('overlapping times are one, and what has no length is none', () => {
  expect(mergedIntervals(of([5, 5], [10, 20], [15, 30], [30, 31], [1, 2], [9, 3]))).toEqual(of([1, 2], [10, 31]));
});

it('a span waited through what lies all within it, and through nothing else', () => {
  const time = new StoppedTime(of([10, 20], [30, 35]));
  expect(time.totalNs).toBe(15);
  expect([time.waited(0, 100), time.waited(10, 20), time.waited(11, 100), time.waited(0, 34), time.waited(21, 29)]).toEqual([
    15, 10, 5, 10, 0,
  ]);
  expect([time.until(5), time.until(15), time.until(20), time.until(32), time.until(99)]).toEqual([0, 5, 10, 12, 15]);
  expect([time.without(15), time.without(20), time.without(99)]).toEqual([10, 10, 84]);
  expect(new StoppedTime([]).waited(0, 10)).toBe(0);
});

it('an axis leaves out only that in which nothing begins or ends', () => {
  const stops = of([10, 20], [30, 40], [50, 60]);
  const starts = Float64Array.from([0, 20, 35, 10]);
  const ends = Float64Array.from([100, 25, 45, 10]);
  expect(quietIntervals(stops, starts, ends)).toEqual(of([10, 20], [50, 60]));
});
