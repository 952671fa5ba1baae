/** What the mouse does to rows and timeline. */

import { pan, toNs, viewAround, zoomAt } from '../../../src/core/layout/timeScale';
import type { ViewModel } from '../../trace/state';
import type { TraceStore } from '../../trace/traceStore';
import type { MouseActions, MouseTarget } from './mouse';
import type { RowsPane } from './rowsPane';

const ARROW_HIT_PX = 14;

export interface PointerOptions {
  readonly store: TraceStore;
  readonly pane: RowsPane;
  readonly hover: (target: MouseTarget | undefined) => void;
  readonly focusRows: () => void;
  readonly openSource: (beside: boolean) => void;
  /** In a narrow editor a press shows the details. */
  readonly openDetails: () => void;
  readonly isNarrow: () => boolean;
}

export function pointerActions(own: PointerOptions): MouseActions {
  const { store, pane } = own;
  return {
    locate: (event) => locate(own, event),
    hover: own.hover,
    press: (target, event) => press(own, target, event),
    doublePress: (target) => {
      const { view } = store;
      if (!view || target.timelineX < 0 || target.row < 0) return;
      store.setView(viewAround(view.entryTimes(view.rows.entryAt(target.row)), view.bounds));
    },
    scrollBy: (px) => pane.scroller.scrollTo(pane.scroller.top + px),
    panByPx: (px) => {
      const { view } = store;
      if (view) store.setView(pan(view.view, px / pane.timeline.pxPerNs, view.bounds));
    },
    zoomAtPx: (x, factor) => {
      const { view } = store;
      if (view) store.setView(zoomAt(view.view, timeAt(view, pane, x), factor, view.bounds));
    },
    toNs: (x) => (store.view ? timeAt(store.view, pane, x) : 0),
    setRange: (range) => store.setRange(range),
  };
}

/** Time at a place of the timeline, CSS pixels from its left edge. */
function timeAt({ view }: ViewModel, { timeline: { pxPerNs } }: RowsPane, x: number): number {
  return toNs({ view, pxPerNs }, x);
}

function locate({ store, pane }: PointerOptions, event: MouseEvent): MouseTarget {
  const box = pane.body.getBoundingClientRect();
  const y = event.clientY - box.top;
  const row = y < 0 ? -1 : Math.floor((y + pane.scroller.top) / pane.geometry.rowHeight);
  const count = store.view?.rows.count ?? 0;
  const timelineX = event.clientX - box.left - pane.timelineLeft;
  return { row: row < count ? row : -1, timelineX };
}

function press(own: PointerOptions, target: MouseTarget, event: MouseEvent): void {
  const { store } = own;
  const { view } = store;
  if (!view) return;
  store.setRange(undefined);
  if (target.row < 0) return;
  const entry = view.rows.entryAt(target.row);
  const hit = event.target instanceof Element ? event.target : undefined;
  if (event.type !== 'contextmenu' && hit?.closest('.twisty') && view.canFold(entry)) {
    store.setOpen(entry, !view.isOpen(entry));
    own.focusRows();
    return;
  }
  store.select(entry, { reveal: false });
  own.focusRows();
  if (event.type === 'contextmenu') return;
  const beside = event.ctrlKey || event.metaKey;
  if (hit?.closest('.source') || beside) own.openSource(beside);
  else if (!followArrow(own, target, entry) && own.isNarrow()) own.openDetails();
}

/** A press on the arrow of a bar outside of the view scrolls there. False when it was on none. */
function followArrow({ store, pane }: PointerOptions, target: MouseTarget, entry: number): boolean {
  const { view } = store;
  if (!view || target.timelineX < 0) return false;
  const times = view.entryTimes(entry);
  const width = pane.timelineWidth;
  const visibleEnd = timeAt(view, pane, width);
  const before = times.endNs < view.view.startNs && target.timelineX <= ARROW_HIT_PX;
  const after = times.startNs > visibleEnd && target.timelineX >= width - ARROW_HIT_PX;
  if (!before && !after) return false;
  const length = view.view.endNs - view.view.startNs;
  const start = (times.startNs + times.endNs - length) / 2;
  store.setView({ startNs: start, endNs: start + length });
  return true;
}
