/**
 * What the painter needs to know, and nothing else: columns, the rows in view, where things are, the theme. One object is kept and
 * brought up to date before each frame, so that painting allocates nothing and reads no DOM.
 */

import type { VisibleRows } from '../../../src/core/layout/rows';
import type { Tick } from '../../../src/core/layout/ticks';
import type { TimeRange } from '../../../src/core/layout/timeScale';
import type { Theme } from '../../theme/theme';
import type { LitServices } from '../../trace/litServices';
import type { TraceModel } from '../../trace/model';
import type { BarLabel, Label } from './labels';
import type { Marks } from './marks';

/** Right of the time range there is room for the labels of bars that end late: `888 ms`, or `59 min 59 s` where the trace is so long. */
export const LABEL_GUTTER_PX = 64;
export const LONG_LABEL_GUTTER_PX = 88;
/** And for the scroll bar. */
export const NARROW_GUTTER_PX = 8;

export interface Geometry {
  /** CSS pixels of a row, of a bar and of its distance from the row's top. */
  readonly rowHeight: number;
  readonly barTop: number;
  readonly barHeight: number;
  readonly criticalTop: number;
  readonly rulerHeight: number;
  /** Bars are thin lines below the text, which has their durations: no labels, no diamonds, no outlines. */
  readonly narrow: boolean;
}

export const wideGeometry: Geometry = {
  rowHeight: 22,
  barTop: 5,
  barHeight: 12,
  criticalTop: 19,
  rulerHeight: 24,
  narrow: false,
};
export const narrowGeometry: Geometry = {
  rowHeight: 26,
  barTop: 20,
  barHeight: 3,
  criticalTop: 24,
  rulerHeight: 18,
  narrow: true,
};

export interface Scene {
  trace: TraceModel;
  rows: VisibleRows;
  lit: LitServices;
  startNs: Float64Array;
  geometry: Geometry;
  theme: Theme;
  /** CSS pixels of the canvas, and of the part that the time range takes. */
  width: number;
  height: number;
  timeWidth: number;
  view: TimeRange;
  pxPerNs: number;
  scrollTop: number;
  firstRow: number;
  endRow: number;
  selectedRow: number;
  showCritical: boolean;
  /** CSS pixels from the timeline's left edge; below 0: no hairline. */
  hoverX: number;
  hoverLabel: Label | undefined;
  range: TimeRange | undefined;
  ticks: readonly Tick[];
  /** Labels of the rows from `firstRow` on. */
  labels: readonly BarLabel[];
  /** Segments of groups and of the critical path, of the rows from `firstRow` on. */
  groupMarks: readonly Marks[];
  criticalMarks: readonly Marks[];
  /** Times of events, nanoseconds as the data has them, of the spans that were asked for. */
  events: ReadonlyMap<number, Float64Array>;
}
