import { describe, expect, it } from 'vitest';
import { finish } from '../../../src/base/steps';
import { ERROR_CELL, rasteringMinimap } from '../../../src/core/layout/minimap';
import { tickLabel, ticks } from '../../../src/core/layout/ticks';
import { clampView, MIN_VIEW_NS, pan, timeScale, toNs, toPx, viewAround, zoomAt } from '../../../src/core/layout/timeScale';

const MS = 1e6;
const whole = { startNs: 0, endNs: 1240 * MS };

describe('time scale', () => {
  it('keeps the time under the pointer when zooming', () => {
    const before = timeScale(whole, 500);
    const anchorNs = toNs(before, 125);
    const after = timeScale(zoomAt(whole, anchorNs, 0.5, whole), 500);
    expect(toPx(after, anchorNs)).toBeCloseTo(125, 6);
    expect(after.view.endNs - after.view.startNs).toBeCloseTo(620 * MS, 3);
  });

  it('stops at the whole trace and at a few nanoseconds', () => {
    expect(zoomAt({ startNs: 100 * MS, endNs: 200 * MS }, 150 * MS, 1000, whole)).toEqual(whole);
    const near = zoomAt(whole, 700 * MS, 1e-12, whole);
    expect(near.endNs - near.startNs).toBeCloseTo(MIN_VIEW_NS, 3);
  });

  it('does not pan beyond the trace', () => {
    expect(pan({ startNs: 0, endNs: 100 }, -50, whole)).toEqual({ startNs: 0, endNs: 100 });
    expect(pan({ startNs: 0, endNs: 100 }, 2000 * MS, whole)).toEqual({ startNs: whole.endNs - 100, endNs: whole.endNs });
  });

  it('bears a trace of no length', () => {
    const none = { startNs: 0, endNs: 0 };
    expect(clampView({ startNs: 5, endNs: 9 }, none)).toEqual(none);
    expect(toPx(timeScale(none, 500), 0)).toBe(0);
    expect(viewAround({ startNs: 0, endNs: 0 }, whole).startNs).toBe(0);
  });
});

describe('a view far from the start of the trace', () => {
  it('is never shorter than what a double can tell apart there', () => {
    const bounds = { startNs: 0, endNs: 1.7e18 };
    const zoomed = zoomAt(bounds, 1.69e18, 1e-18, bounds);
    expect(zoomed.endNs - zoomed.startNs).toBeGreaterThan(100_000);
    const span = viewAround({ startNs: 1.6e18, endNs: 1.6e18 }, bounds);
    expect(span.endNs).toBeGreaterThan(span.startNs);
    expect(ticks(zoomed, 800).length).toBeGreaterThan(2);
  });
});

describe('ticks', () => {
  // A span at the beginning of time and one of today are 1.7e18 ns apart, where doubles lie 256 ns from each other.
  it('ends where a step is less than a double can tell apart', () => {
    for (const startNs of [2 ** 53 - 20, 1e18, 2 ** 63, 2 ** 64]) {
      for (const length of [10, 500, 1280, 1e6]) {
        const found = ticks({ startNs, endNs: startNs + length }, 1000, 80);
        expect(found.length).toBeLessThan(15);
        expect(new Set(found.map(({ ns }) => ns)).size).toBe(found.length);
      }
    }
    expect(ticks({ startNs: 0, endNs: Number.POSITIVE_INFINITY }, 1000).length).toBeLessThan(15);
  });

  it('are those of the picture', () => {
    expect(ticks(whole, 512).map((tick) => tick.label)).toEqual([
      '0',
      '200 ms',
      '400 ms',
      '600 ms',
      '800 ms',
      '1.00 s',
      '1.20 s',
    ]);
  });

  it('have the digits that tell them apart', () => {
    const labels = ticks({ startNs: 1.2e9, endNs: 1.2e9 + 0.5 * MS }, 500).map((tick) => tick.label);
    expect(labels).toEqual(['1.2000 s', '1.2001 s', '1.2002 s', '1.2003 s', '1.2004 s', '1.2005 s']);
    expect(new Set(labels).size).toBe(labels.length);
  });

  it('reach from nanoseconds to hours', () => {
    expect(tickLabel(5, 5)).toBe('5 ns');
    expect(tickLabel(20_000, 5_000)).toBe('20 µs');
    expect(tickLabel(90e9, 30e9)).toBe('1:30 min');
    expect(tickLabel(3_661e9, 1e9)).toBe('1:01:01 h');
    expect(tickLabel(-200 * MS, 100 * MS)).toBe('−200 ms');
  });

  it('are never denser than asked, and never told apart by nothing', () => {
    for (let length = 10; length < 1e14; length *= 7.3) {
      const found = ticks({ startNs: length / 3, endNs: length / 3 + length }, 700, 80);
      expect(new Set(found.map((tick) => tick.label)).size).toBe(found.length);
      for (let i = 1; i < found.length; i++)
        expect(((found[i].ns - found[i - 1].ns) * 700) / length).toBeGreaterThanOrEqual(79.9);
    }
  });
});

describe('minimap', () => {
  const map = (spans: readonly (readonly [start: number, duration: number, service: number, error?: boolean])[], lanes = 1) => {
    const steps = rasteringMinimap(
      {
        count: spans.length,
        startNs: spans.map(([start]) => start),
        durationNs: spans.map(([, duration]) => duration),
        serviceOf: (row) => spans[row][2],
        isError: (row) => spans[row][3] === true,
      },
      { startNs: 0, endNs: 100 },
      10,
      lanes,
    );
    const { cells, columns } = finish(steps);
    const rows: string[] = [];
    for (let at = 0; at < cells.length; at += columns) {
      rows.push(
        [...cells.subarray(at, at + columns)]
          .map((cell) => (cell === 0 ? '.' : cell === ERROR_CELL ? '!' : String(cell)))
          .join(''),
      );
    }
    return rows;
  };

  it('shows the service that covers most of a cell', () => {
    expect(
      map([
        [0, 35, 0],
        [30, 40, 1],
      ]),
    ).toEqual(['1112222...']);
    expect(
      map([
        [0, 100, 0],
        [50, 50, 1],
        [50, 50, 1],
      ]),
    ).toEqual(['1111122222']);
  });

  it('puts errors on top, and shows spans of no length', () => {
    expect(
      map([
        [0, 100, 0],
        [55, 0, 1, true],
      ]),
    ).toEqual(['11111!1111']);
    expect(map([[100, 0, 2]])).toEqual(['.........3']);
  });

  it('has a lane a span while there are few', () => {
    expect(
      map(
        [
          [0, 100, 0],
          [0, 20, 1],
          [90, 10, 2],
        ],
        8,
      ),
    ).toEqual(['1111111111', '22........', '.........3']);
  });
});
