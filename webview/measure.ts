/**
 * Frame times of a scripted scroll, zoom or collapse, for the benchmarks: the time from frame to frame as the browser tells it, and the
 * time that our own work took in each.
 */

import { pan, zoomAt } from '../src/core/layout/timeScale';
import type { Waterfall } from './views/waterfall/controller';

export interface FrameTimes {
  frameMs: number[];
  workMs: number[];
}

export async function measureFrames(
  waterfall: Waterfall,
  params: { readonly what: 'scroll' | 'zoom' | 'collapse'; readonly frames: number },
): Promise<FrameTimes> {
  const { view, page } = waterfall;
  const times: FrameTimes = { frameMs: [], workMs: [] };
  if (!view) return times;
  const before = { top: page.scroller.top, range: view.view };
  const step = stepOf(waterfall, params.what, params.frames);
  let last = await frame();
  for (let index = 0; index < params.frames; index++) {
    const begin = performance.now();
    step(index);
    page.loop.flush();
    times.workMs.push(performance.now() - begin);
    const now = await frame();
    times.frameMs.push(now - last);
    last = now;
  }
  page.scroller.scrollTo(before.top);
  view.setView(before.range);
  waterfall.changed('view');
  return times;
}

function frame(): Promise<number> {
  return new Promise((resolve) => requestAnimationFrame(resolve));
}

function stepOf(waterfall: Waterfall, what: 'scroll' | 'zoom' | 'collapse', frames: number): (index: number) => void {
  const { view, page } = waterfall;
  if (!view) return () => {};
  switch (what) {
    case 'scroll': {
      // Slow at first and then through everything, as a person pulls the thumb.
      const { maximum } = page.scroller;
      return (index) => page.scroller.scrollTo(index < frames / 2 ? index * 37 : (maximum * (index - frames / 2)) / (frames / 2));
    }
    case 'zoom': {
      const { bounds } = view;
      const anchor = bounds.startNs + (bounds.endNs - bounds.startNs) * 0.4;
      return (index) => {
        const phase = index % 60;
        if (phase < 25) view.setView(zoomAt(view.view, anchor, 0.85, bounds));
        else if (phase < 35) view.setView(pan(view.view, (view.view.endNs - view.view.startNs) * 0.05, bounds));
        else view.setView(zoomAt(view.view, anchor, 1 / 0.85, bounds));
        waterfall.changed('view');
      };
    }
    case 'collapse': {
      const first = view.rows.count > 0 ? view.rows.entryAt(0) : 0;
      return (index) => waterfall.commands.setOpen(foldableNear(waterfall, first, index), index % 2 === 1);
    }
    default:
      return what satisfies never;
  }
}

/** Every pair of frames closes and opens the same entry: the root, then others below it. */
function foldableNear(waterfall: Waterfall, first: number, index: number): number {
  const { view } = waterfall;
  if (!view) return first;
  const pair = Math.floor(index / 2);
  for (let row = pair % 40; row < view.rows.count; row++) {
    const entry = view.rows.entryAt(row);
    if (view.canFold(entry)) return pair === 0 ? first : entry;
  }
  return first;
}
