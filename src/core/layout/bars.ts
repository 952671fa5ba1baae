/**
 * Where the bar and the duration label of a row go on the timeline. Pure geometry in CSS pixels from the timeline's left edge; painting needs
 * nothing else, and no layout is read.
 */

import type { TimeScale } from './timeScale';
import { toPx } from './timeScale';

/** A bar is never narrower, so that the shortest span is seen. */
export const MIN_BAR_PX = 2;
/** Between a bar and its label, and between a label and the edge. */
export const LABEL_GAP_PX = 5;

export interface Bar {
  /** The part that is in view; `widthPx` is 0 when none is. */
  readonly leftPx: number;
  readonly widthPx: number;
  /** The span goes on beyond that edge of the view. */
  readonly cutLeft: boolean;
  readonly cutRight: boolean;
  /** Nothing of the span is in view: the edge to show an arrow at. */
  readonly offView: 'left' | 'right' | undefined;
}

/** @param openEnd the span still runs: it is drawn to the end of the trace, `traceEndNs` */
export function barOf(scale: TimeScale, startNs: number, durationNs: number, openEnd = false, traceEndNs = 0): Bar {
  const endNs = openEnd ? Math.max(traceEndNs, startNs + durationNs) : startNs + durationNs;
  const from = toPx(scale, startNs);
  const to = toPx(scale, endNs);
  if (to < 0 || (to === 0 && from < 0)) return { leftPx: 0, widthPx: 0, cutLeft: true, cutRight: false, offView: 'left' };
  if (from > scale.widthPx) return { leftPx: scale.widthPx, widthPx: 0, cutLeft: false, cutRight: true, offView: 'right' };
  const left = Math.max(from, 0);
  const right = Math.min(to, scale.widthPx);
  const width = Math.max(right - left, MIN_BAR_PX);
  // A short bar at the right edge is moved, so that all of it is seen.
  return {
    leftPx: Math.max(0, Math.min(left, scale.widthPx - width)),
    widthPx: width,
    cutLeft: from < 0,
    cutRight: to > scale.widthPx,
    offView: undefined,
  };
}

export interface Label {
  readonly leftPx: number;
  /** `inside` is drawn over the row's own bar, in the bar's text colour. */
  readonly place: 'right' | 'left' | 'inside';
}

/**
 * Where the label of a bar goes: right of it, left where there is no room, inside when the bar fills the view. Undefined when it fits nowhere. A row has
 * one bar, so a label that keeps off its own bar is over no other.
 * @param labelPx measured width of the text
 */
export function labelOf(bar: Bar, widthPx: number, labelPx: number): Label | undefined {
  if (bar.offView === 'left')
    return fits(LABEL_GAP_PX * 3, labelPx, widthPx) ? { leftPx: LABEL_GAP_PX * 3, place: 'right' } : undefined;
  if (bar.offView === 'right') {
    const leftPx = widthPx - LABEL_GAP_PX * 3 - labelPx;
    return leftPx >= 0 ? { leftPx, place: 'left' } : undefined;
  }
  const right = bar.leftPx + bar.widthPx + LABEL_GAP_PX;
  if (fits(right, labelPx, widthPx)) return { leftPx: right, place: 'right' };
  const left = bar.leftPx - LABEL_GAP_PX - labelPx;
  if (left >= 0) return { leftPx: left, place: 'left' };
  if (labelPx + 2 * LABEL_GAP_PX <= bar.widthPx) {
    return { leftPx: bar.leftPx + bar.widthPx - LABEL_GAP_PX - labelPx, place: 'inside' };
  }
  return undefined;
}

function fits(leftPx: number, labelPx: number, widthPx: number): boolean {
  return leftPx + labelPx <= widthPx;
}

/**
 * Marks of a group's row, in order: one a member, but never two that overlap; members that are nearer than a pixel share one. Written into `into` as
 * pairs (left, width); returns the number of pairs. Painting calls this for the rows in view only.
 */
export function groupMarks(
  scale: TimeScale,
  rows: ArrayLike<number>,
  from: number,
  to: number,
  startNs: ArrayLike<number>,
  durationNs: ArrayLike<number>,
  into: Float32Array,
): number {
  const most = into.length >> 1;
  let count = 0;
  for (let k = from; k < to && count < most; k++) {
    const left = toPx(scale, startNs[rows[k]]);
    const right = left + Math.max(durationNs[rows[k]] * scale.pxPerNs, MIN_BAR_PX);
    if (right < 0 || left > scale.widthPx) continue;
    const at = count * 2;
    if (count > 0 && left < into[at - 2] + into[at - 1] + 1) {
      into[at - 1] = Math.max(into[at - 1], right - into[at - 2]);
      continue;
    }
    into[at] = left;
    into[at + 1] = right - left;
    count++;
  }
  return count;
}

/** The span of time that a group's members cover, with the sum of their durations (for "532 ms · 38×"). */
export function groupExtent(
  rows: ArrayLike<number>,
  from: number,
  to: number,
  startNs: ArrayLike<number>,
  durationNs: ArrayLike<number>,
): { readonly startNs: number; readonly endNs: number; readonly totalNs: number } {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  let totalNs = 0;
  for (let k = from; k < to; k++) {
    const row = rows[k];
    first = Math.min(first, startNs[row]);
    last = Math.max(last, startNs[row] + durationNs[row]);
    totalNs += durationNs[row];
  }
  return from < to ? { startNs: first, endNs: last, totalNs } : { startNs: 0, endNs: 0, totalNs: 0 };
}
