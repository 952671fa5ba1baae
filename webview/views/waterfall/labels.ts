/** Durations beside bars: text and its width, made once for an entry before painting and kept, so that painting builds no strings. */

import { Lru } from '../../../src/base/lru';
import type { TimeRange } from '../../../src/core/layout/timeScale';
import { formatDuration } from '../../../src/core/text/formatText';
import { hasLength, isRunning } from '../../trace/model';
import { runLabel, runStateOf } from '../../trace/running';
import type { ViewModel } from '../../trace/state';

export interface Label {
  readonly text: string;
  readonly widthPx: number;
}

/** The label of a row's bar, with the time that the bar covers. */
export interface BarLabel extends Label {
  readonly startNs: number;
  readonly endNs: number;
}

export type BarText = Omit<BarLabel, 'widthPx'>;

/** How long an entry took, as its label says it; a dash where nobody knows. */
export function durationText({ trace }: ViewModel, entry: number, { startNs, endNs }: TimeRange): string {
  if (!hasLength(trace, entry)) return '–';
  if (entry < 0) return formatDuration(endNs - startNs);
  if (!isRunning(trace, entry)) return formatDuration(trace.durationNs[entry]);
  return runLabel(runStateOf(trace.running, entry), trace.durationNs[entry]);
}

const LIMIT = 5_000;

export class LabelCache {
  private readonly labels = new Lru<number, BarLabel>({ maxSize: LIMIT });

  constructor(private readonly measure: (text: string) => number) {}

  get(entry: number, describe: (entry: number) => BarText): BarLabel {
    const known = this.labels.get(entry);
    if (known) return known;
    const described = describe(entry);
    const label = { ...described, widthPx: this.measure(described.text) };
    this.labels.set(entry, label);
    return label;
  }

  /** Of what grows: made anew each time. */
  fresh(entry: number, describe: (entry: number) => BarText): BarLabel {
    const described = describe(entry);
    return { ...described, widthPx: this.measure(described.text) };
  }

  make(text: string): Label {
    return { text, widthPx: this.measure(text) };
  }

  clear(): void {
    this.labels.clear();
  }
}

/** Left edge of a label of a bar from `startPx` to `endPx`; `inside` where only the bar itself has room. */
export interface Placement {
  x: number;
  inside: boolean;
}

const GAP_PX = 5;

/**
 * Right of the bar, else left of it, else inside it, always within `[0, viewPx]`. Writes into `out`, because painting allocates nothing.
 */
export function placeLabel(startPx: number, endPx: number, labelPx: number, viewPx: number, out: Placement): void {
  const right = Math.max(endPx, 0) + GAP_PX;
  if (right + labelPx <= viewPx - 2) {
    out.x = right;
    out.inside = false;
    return;
  }
  const left = Math.min(startPx, viewPx) - GAP_PX - labelPx;
  if (left >= 2) {
    out.x = left;
    out.inside = false;
    return;
  }
  out.x = Math.max(2, Math.min(endPx, viewPx) - GAP_PX - labelPx);
  out.inside = true;
}
