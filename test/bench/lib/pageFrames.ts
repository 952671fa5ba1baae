/**
 * Frames of the waterfall's page in a bare browser, while a script makes input as a person does, one an animation frame: the time from frame to
 * frame, and the time that the page's own code takes for the input and in the frame after it. The page knows nothing of it.
 */

import type { Page } from 'playwright-core';

export interface PageFrames {
  readonly frameMs: number[];
  readonly workMs: number[];
}

/** Has every frame's callbacks timed, from the next load of the page on. */
export async function recordWork(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const request = window.requestAnimationFrame.bind(window);
    const record = { workMs: 0, request };
    Object.assign(window, { spanhopWork: record });
    window.requestAnimationFrame = (callback) =>
      request((time) => {
        const begin = performance.now();
        callback(time);
        record.workMs += performance.now() - begin;
      });
  });
}

export function pageFrames(page: Page, what: 'scroll' | 'zoom' | 'collapse', frames: number): Promise<PageFrames> {
  return page.evaluate(
    async ({ kind, count }) => {
      type Recorded = { readonly spanhopWork: { workMs: number; request: (callback: (time: number) => void) => number } };
      const { spanhopWork: record } = window as unknown as Recorded;
      const grid = document.querySelector('[role=treegrid]');
      const row = document.querySelector<HTMLElement>('.row[tabindex="0"]');
      if (!grid || !row) throw new Error('No rows are shown.');
      row.focus();
      const box = grid.getBoundingClientRect();
      const at = { clientX: box.left + box.width * 0.7, clientY: box.top + box.height / 2, bubbles: true, cancelable: true };
      const wheel = (deltaY: number, ctrlKey: boolean): void => {
        grid.dispatchEvent(new WheelEvent('wheel', { ...at, deltaY, ctrlKey }));
      };
      const input = (index: number): void => {
        // Slow at first and then through everything, as a person pulls the thumb.
        if (kind === 'scroll') wheel(index < count / 2 ? 37 : 40_000, false);
        else if (kind === 'zoom') wheel(index % 60 < 30 ? -90 : 90, true);
        else {
          const key = index % 2 === 0 ? 'ArrowLeft' : 'ArrowRight';
          document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
        }
      };
      const frame = (): Promise<number> => new Promise((resolve) => record.request(resolve));
      const times: { frameMs: number[]; workMs: number[] } = { frameMs: [], workMs: [] };
      let last = await frame();
      for (let index = 0; index < count; index++) {
        record.workMs = 0;
        const begin = performance.now();
        input(index);
        const inputMs = performance.now() - begin;
        const now = await frame();
        times.workMs.push(inputMs + record.workMs);
        times.frameMs.push(now - last);
        last = now;
      }
      return times;
    },
    { kind: what, count: frames },
  );
}
