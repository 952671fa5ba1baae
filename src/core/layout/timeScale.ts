/**
 * From time to pixels and back, and what zooming and panning do to the range in view. Times are nanoseconds from the trace's start;
 * pixels are CSS pixels from the left edge of the timeline. Pure: a view range goes in, a new one comes out.
 */

export interface TimeRange {
  readonly startNs: number;
  readonly endNs: number;
}

/** Zooming in ends here: a nanosecond is what the data can tell apart. */
export const MIN_VIEW_NS = 10;

/** Far from the trace's start a double tells less apart: a view has room for thousands of its steps. */
function leastLength(bounds: TimeRange): number {
  const resolutionNs = Math.max(Math.abs(bounds.startNs), Math.abs(bounds.endNs)) * 2 ** -53;
  return Math.min(Math.max(MIN_VIEW_NS, resolutionNs * 4096), bounds.endNs - bounds.startNs);
}

/** From time to pixels, linearly: the view begins at 0. */
export interface TimeScale {
  readonly view: TimeRange;
  readonly pxPerNs: number;
}

/** Maps `view` to `[0, widthPx]`. */
export function timeScale(view: TimeRange, widthPx: number): TimeScale {
  const lengthNs = Math.max(view.endNs - view.startNs, 1e-9);
  return { view, pxPerNs: widthPx / lengthNs };
}

export function toPx(scale: TimeScale, ns: number): number {
  return (ns - scale.view.startNs) * scale.pxPerNs;
}

export function toNs(scale: TimeScale, px: number): number {
  return scale.view.startNs + px / scale.pxPerNs;
}

/** The view moved and, when it is too long or too short, resized to lie within `bounds`. */
export function clampView(view: TimeRange, bounds: TimeRange): TimeRange {
  const wholeNs = bounds.endNs - bounds.startNs;
  const lengthNs = Math.min(Math.max(view.endNs - view.startNs, leastLength(bounds)), wholeNs);
  const startNs = Math.min(Math.max(view.startNs, bounds.startNs), bounds.endNs - lengthNs);
  return { startNs, endNs: startNs + lengthNs };
}

/** Zooms so that `anchorNs` stays where it is. `factor` below 1 zooms in: 0.5 shows half as much. */
export function zoomAt(view: TimeRange, anchorNs: number, factor: number, bounds: TimeRange): TimeRange {
  const lengthNs = view.endNs - view.startNs;
  const wholeNs = bounds.endNs - bounds.startNs;
  const nextNs = Math.min(Math.max(lengthNs * factor, leastLength(bounds)), wholeNs);
  const share = lengthNs > 0 ? (anchorNs - view.startNs) / lengthNs : 0.5;
  const startNs = anchorNs - share * nextNs;
  return clampView({ startNs, endNs: startNs + nextNs }, bounds);
}

/** Moves the view by `deltaNs`, keeping its length. */
export function pan(view: TimeRange, deltaNs: number, bounds: TimeRange): TimeRange {
  return clampView({ startNs: view.startNs + deltaNs, endNs: view.endNs + deltaNs }, bounds);
}

/** The view that shows a span with a little room on both sides. */
export function viewAround(span: TimeRange, bounds: TimeRange, room = 0.05): TimeRange {
  const lengthNs = Math.max(span.endNs - span.startNs, MIN_VIEW_NS);
  return clampView({ startNs: span.startNs - lengthNs * room, endNs: span.startNs + lengthNs * (1 + room) }, bounds);
}
