/** The mouse on rows and timeline: what is under it, what a press, drag or wheel does. */

import type { TimeRange } from '../../../src/core/layout/timeScale';

export interface MouseTarget {
  /** -1 below the last row. */
  readonly row: number;
  /** CSS pixels from the timeline's left edge; negative over the tree. */
  readonly timelineX: number;
}

export interface MouseActions {
  readonly locate: (event: MouseEvent) => MouseTarget;
  readonly hover: (target: MouseTarget | undefined) => void;
  readonly press: (target: MouseTarget, event: MouseEvent) => void;
  readonly doublePress: (target: MouseTarget) => void;
  readonly scrollBy: (px: number) => void;
  readonly panByPx: (px: number) => void;
  readonly zoomAtPx: (x: number, factor: number) => void;
  readonly toNs: (x: number) => number;
  readonly setRange: (range: TimeRange | undefined) => void;
}

const DRAG_PX = 4;
const LINE_PX = 22;
/** One notch of a wheel (100 px) zooms by a fifth. */
const ZOOM_PER_PX = Math.log(1.2) / 100;

function wheelPx(event: WheelEvent, delta: number): number {
  if (event.deltaMode === WheelEvent.DOM_DELTA_LINE) return delta * LINE_PX;
  if (event.deltaMode === WheelEvent.DOM_DELTA_PAGE) return delta * LINE_PX * 20;
  return delta;
}

export function listenToMouse(list: HTMLElement, actions: MouseActions): void {
  list.addEventListener(
    'wheel',
    (event) => {
      const dy = wheelPx(event, event.deltaY);
      const dx = wheelPx(event, event.deltaX);
      event.preventDefault();
      // A pinch on a touchpad arrives as a wheel with Ctrl.
      if (event.ctrlKey || event.metaKey) {
        const { timelineX } = actions.locate(event);
        actions.zoomAtPx(Math.max(0, timelineX), Math.exp(dy * ZOOM_PER_PX * (Math.abs(dy) < 20 ? 3 : 1)));
      } else if (event.shiftKey) actions.panByPx(dy !== 0 ? dy : dx);
      else {
        if (dx !== 0 && Math.abs(dx) > Math.abs(dy)) actions.panByPx(dx);
        else actions.scrollBy(dy);
      }
    },
    { passive: false },
  );
  list.addEventListener('pointermove', (event) => actions.hover(actions.locate(event)));
  list.addEventListener('pointerleave', () => actions.hover(undefined));
  list.addEventListener('dblclick', (event) => actions.doublePress(actions.locate(event)));
  list.addEventListener('click', (event) => {
    if (!dragged) actions.press(actions.locate(event), event);
  });
  // VS Code's menu is for the row under the pointer: it is selected first.
  list.addEventListener('contextmenu', (event) => actions.press(actions.locate(event), event));
  let dragged = false;
  list.addEventListener('pointerdown', (event) => {
    dragged = false;
    if (event.pointerType === 'touch')
      return startTouch(event, actions, () => {
        dragged = true;
      });
    const target = actions.locate(event);
    if (event.button === 1) {
      event.preventDefault();
      startDrag(event, (from, to) => {
        actions.panByPx(from.clientX - to.clientX);
        actions.scrollBy(from.clientY - to.clientY);
      });
    } else if (event.button === 0 && target.timelineX >= 0) {
      const anchor = actions.toNs(target.timelineX);
      const startX = event.clientX;
      startDrag(event, (_, to) => {
        if (!dragged && Math.abs(to.clientX - startX) < DRAG_PX) return;
        dragged = true;
        const now = actions.toNs(target.timelineX + to.clientX - startX);
        actions.setRange({ startNs: Math.min(anchor, now), endNs: Math.max(anchor, now) });
      });
    }
  });
}

/** Calls with each step of a drag: the position before and now. */
function startDrag(down: PointerEvent, step: (from: PointerEvent, to: PointerEvent) => void): void {
  let last = down;
  const move = (event: PointerEvent): void => {
    step(last, event);
    last = event;
  };
  const stop = (): void => {
    window.removeEventListener('pointermove', move);
    window.removeEventListener('pointerup', stop);
    window.removeEventListener('pointercancel', stop);
  };
  window.addEventListener('pointermove', move);
  window.addEventListener('pointerup', stop);
  window.addEventListener('pointercancel', stop);
}

function startTouch(down: PointerEvent, actions: MouseActions, moved: () => void): void {
  let travelled = 0;
  startDrag(down, (from, to) => {
    travelled += Math.abs(from.clientX - to.clientX) + Math.abs(from.clientY - to.clientY);
    if (travelled < DRAG_PX * 2) return;
    moved();
    actions.scrollBy(from.clientY - to.clientY);
  });
}
