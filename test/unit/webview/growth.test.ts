// Spans in progress on a page: they grow by its clock, as often as that is seen, and never while they are held still or hidden.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RUN_ENDED, RUN_GOES_ON } from '../../../src/protocol/snapshot';
import { Growth } from '../../../webview/shell/growth';
import { liveText } from '../../../webview/shell/liveBar';
import { grow, makeTrace, type TraceModel } from '../../../webview/trace/model';
import { roomyEnd, runLabel, runText, spokenRun } from '../../../webview/trace/running';
import { ViewModel } from '../../../webview/trace/state';
import { stopText } from '../../../webview/trace/stops';
import { viewOf } from './support/drawLog';

const NS = 1e9;

/** The second and third spans of a trace run, for so many seconds by now. */
function runningTrace(seconds: number, more: object = {}): TraceModel {
  const { snapshot } = viewOf(`
    root web 0..100
      first web 20..
      second db 40..`).trace;
  const told = (...numbers: number[]) => Float64Array.from(numbers).buffer;
  return makeTrace({
    ...snapshot,
    running: {
      madeAtMs: Date.now(),
      rows: Uint32Array.from([1, 2]).buffer,
      elapsedNs: told(seconds * NS, seconds * NS),
      state: Uint8Array.from([RUN_GOES_ON, RUN_ENDED]).buffer,
    },
    ...more,
  });
}

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => void vi.useRealTimers());

describe('a span in progress', () => {
  it('is as long as it is by now, and the axis has room for it; one that never ended is not', () => {
    const trace = runningTrace(2);
    grow(trace, Date.now() + 3_000);
    expect(trace.durationNs[1]).toBe(5 * NS);
    expect(trace.durationNs[2]).toBe(2 * NS);
    expect(trace.lengthNs).toBe(5 * NS + 20e6);
    expect(trace.bounds.endNs).toBeGreaterThan(trace.lengthNs);
    expect(trace.bounds.endNs).toBeLessThan(trace.lengthNs * 1.6);
  });

  it('keeps the end in view where that was in view, the whole where that was, and else the place', () => {
    const whole = new ViewModel(runningTrace(2));
    const end = new ViewModel(runningTrace(2));
    const zoomed = new ViewModel(runningTrace(2));
    end.setView({ startNs: end.bounds.endNs - NS, endNs: end.bounds.endNs });
    zoomed.setView({ startNs: 0, endNs: 0.5 * NS });
    for (const view of [whole, end, zoomed]) view.grow(Date.now() + 20_000);
    expect(whole.view).toEqual(whole.bounds);
    expect(end.view).toEqual({ startNs: end.bounds.endNs - NS, endNs: end.bounds.endNs });
    expect(zoomed.view).toEqual({ startNs: 0, endNs: 0.5 * NS });
  });

  it('has an axis that stands still for a while', () => {
    const ends = new Set<number>();
    for (let ms = 1_000; ms < 2_000; ms += 10) ends.add(roomyEnd(0, ms * 1e6));
    expect(ends.size).toBeLessThan(8);
    for (let ms = 1; ms < 1e7; ms = Math.ceil(ms * 1.1)) expect(roomyEnd(0, ms * 1e6)).toBeGreaterThan(ms * 1e6);
  });

  it('says so', () => {
    expect(runLabel(RUN_GOES_ON, 3.27e9)).toBe('running 3.2 s');
    expect(runText(RUN_GOES_ON, 75e9)).toBe('running for 1 min 15 s');
    expect(runText(RUN_ENDED, 3e9)).toBe('never ended: the program stopped');
    expect(spokenRun(RUN_GOES_ON, 12.9e9)).toBe('running for 12 seconds');
    expect(liveText({ trace: runningTrace(4) })).toBe('web running for 4.0 s');
    expect(stopText({ startNs: 0, endNs: 4.1e9, reason: 'breakpoint', place: 'app.ts:12' }, { nowNs: 9e9 })).toBe(
      'Stopped at a breakpoint in app.ts:12 for 4.10 s',
    );
  });
});

describe('frames', () => {
  function growing(options: { isHeld?: boolean; isCalm?: boolean; isHidden?: boolean; seconds?: number }) {
    const view = new ViewModel(runningTrace(options.seconds ?? 2));
    let frames = 0;
    const growth: Growth = new Growth({
      view: () => view,
      width: () => 800,
      isHeld: () => options.isHeld === true,
      isCalm: () => options.isCalm === true,
      isHidden: () => options.isHidden === true,
      grown: () => {
        frames++;
        growth.schedule();
      },
    });
    growth.schedule();
    growth.schedule();
    return { view, frames: () => frames };
  }

  it('come as often as a pixel takes, and no faster than is seen', () => {
    const short = growing({});
    const long = growing({ seconds: 600 });
    vi.advanceTimersByTime(3_000);
    expect(short.frames()).toBeGreaterThan(60);
    expect(short.frames()).toBeLessThanOrEqual(91);
    expect(long.frames()).toBe(6);
    expect(short.view.trace.durationNs[1]).toBeGreaterThan(4.9 * NS);
  });

  it('are one a second where a person wants little motion, and none while held still or hidden', () => {
    const calm = growing({ isCalm: true });
    const held = growing({ isHeld: true });
    const hidden = growing({ isHidden: true });
    vi.advanceTimersByTime(5_000);
    expect([calm.frames(), held.frames(), hidden.frames()]).toEqual([5, 0, 0]);
    expect(held.view.trace.durationNs[1]).toBe(2 * NS);
  });
});

describe('without the time that a debugger held', () => {
  const stops = [{ startNs: 50e6, endNs: 80e6, reason: 'breakpoint', place: 'app.ts:12' }];
  const held = (text: string, of = stops): ViewModel => new ViewModel(makeTrace({ ...viewOf(text).trace.snapshot, stops: of }));

  it('what was under way is so much shorter, and the axis leaves it out', () => {
    const view = held(`
      root web 0..200
        waits web 40..90
        before web 0..30
        after web 90..100`);
    view.setView({ startNs: 90e6, endNs: 100e6 });
    view.setWithoutStops(true);
    expect(Array.from(view.trace.durationNs, (ns) => Math.round(ns / 1e6))).toEqual([170, 30, 20, 10]);
    expect(Array.from(view.startNs, (ns) => Math.round(ns / 1e6))).toEqual([0, 0, 40, 60]);
    expect(view.trace.lengthNs).toBe(170e6);
    expect(view.view).toEqual({ startNs: 60e6, endNs: 70e6 });
    view.setWithoutStops(false);
    expect(view.trace.lengthNs).toBe(200e6);
    expect(Math.round(view.view.startNs / 1e6)).toBe(90);
  });

  it('the axis stays where another program went on, and only what waited is shorter', () => {
    const view = held(`
      root web 0..200
        other db 60..70`);
    view.setWithoutStops(true);
    expect(Array.from(view.trace.durationNs, (ns) => Math.round(ns / 1e6))).toEqual([170, 10]);
    expect(Array.from(view.startNs, (ns) => Math.round(ns / 1e6))).toEqual([0, 60]);
    expect(view.trace.lengthNs).toBe(200e6);
  });

  it('the critical path is shorter by what it waited', () => {
    const view = held('root web 0..200');
    view.setWithoutStops(true);
    expect(Math.round(view.trace.snapshot.criticalPathNs / 1e6)).toBe(170);
  });

  it('a span that goes on does not grow while it is held', () => {
    const trace = runningTrace(10, { stops: [{ startNs: 1 * NS, reason: 'breakpoint' }] });
    const view = new ViewModel(trace);
    view.grow(Date.now());
    view.setWithoutStops(true);
    const before = view.trace.durationNs[1];
    expect(before).toBeCloseTo(0.98 * NS, -7);
    view.grow(Date.now() + 5_000);
    expect(view.trace.durationNs[1]).toBe(before);
  });
});
