/**
 * What a person has done to the trace on the screen: what is folded, selected, in view, found. One object that changes; whoever changes
 * it asks for a frame, and the frame brings everything up to date. An *entry* is what a row shows: a span, or `~group`.
 */

import { type FoldState, newFoldState, reveal } from '../../src/core/layout/fold';
import { layoutRows, nearestRow, type VisibleRows } from '../../src/core/layout/rows';
import { clampView, type TimeRange } from '../../src/core/layout/timeScale';
import { type LitServices, noneLit } from './litServices';
import { grow, type TraceModel } from './model';
import { withoutStops } from './withoutStops';

export const NO_ENTRY = 0x7fffffff;

export interface FindState {
  /** What a person looks for. */
  asked: string;
  /** What the matches are of: as asked, once that is answered. */
  text: string;
  /** Ascending. */
  matches: Uint32Array;
  /** Per span 1 when it matches; empty without a find. */
  isMatch: Uint8Array;
  filter: boolean;
  error: string;
}

/** Spans of the code at the cursor. */
export interface MarkState {
  readonly label: string;
  /** Ascending. */
  readonly spans: Uint32Array;
  /** Per span 1 when it is marked; empty without marks. */
  readonly isMarked: Uint8Array;
  /** Per group 1 when it has such a span. */
  readonly groups: Uint8Array;
}

const noMarks: MarkState = { label: '', spans: new Uint32Array(0), isMarked: new Uint8Array(0), groups: new Uint8Array(0) };

/** The moment that `cut` takes to `ns`: the inverse of a function that never falls and never rises faster than time. */
function restored(cut: (ns: number) => number, ns: number): number {
  let low = ns;
  let high = Math.max(1, ns);
  while (cut(high) < ns) high = high * 2;
  for (let step = 0; step < 60 && high - low > 1; step++) {
    const middle = (low + high) / 2;
    if (cut(middle) < ns) low = middle;
    else high = middle;
  }
  return high;
}

export class ViewModel {
  trace: TraceModel;
  fold: FoldState;
  rows: VisibleRows;
  /** The selected span or `~group`; `NO_ENTRY` before there is one. */
  selected = NO_ENTRY;
  /** A span that is shown as the root; -1: the whole trace. */
  root = -1;
  view: TimeRange;
  /** The span of the first row in sight, as the view that shows rows tells it; -1: the first of all. */
  topSpan = -1;
  rawClock = false;
  criticalPath = true;
  /** The trace is shown as it would have been without the time for which a debugger held its programs. */
  withoutStops = false;
  readonly find: FindState = {
    asked: '',
    text: '',
    matches: new Uint32Array(0),
    isMatch: new Uint8Array(0),
    filter: false,
    error: '',
  };
  marks: MarkState = noMarks;
  lit: LitServices = noneLit;
  /** Times of groups, kept for as long as the clock is the same. */
  private readonly groupTimes = new Map<number, TimeRange>();
  private groupTimesOf: Float64Array | undefined;
  private groupTimesAt = 0;
  /** A range of time that was dragged over the timeline. */
  range: TimeRange | undefined;

  constructor(trace: TraceModel) {
    this.trace = trace;
    this.fold = newFoldState(trace.tree, trace.groups);
    this.view = this.bounds;
    this.rows = this.layout();
  }

  get startNs(): Float64Array {
    return this.rawClock ? this.trace.rawStartNs : this.trace.correctedStartNs;
  }

  /** The whole of what is shown: the trace, or the root's subtree's span of time. */
  get bounds(): TimeRange {
    if (this.root < 0) return this.wholeTrace;
    return this.timesOf(this.root);
  }

  /** The whole trace, as the minimap shows it. */
  get wholeTrace(): TimeRange {
    return this.rawClock ? this.trace.rawBounds : this.trace.bounds;
  }

  /** Seconds for which spans go on: what is made of many of them is made anew with each. */
  get seconds(): number {
    return this.trace.running.goesOn ? Math.floor(this.trace.grownMs / 1000) : 0;
  }

  /** Spans that go on are as long as they are by now. A view that shows the end of the axis goes on showing it. */
  grow(nowMs: number): void {
    const before = this.bounds;
    const { startNs, endNs } = this.view;
    grow(this.trace, nowMs);
    const now = this.bounds;
    if (now.endNs <= before.endNs || endNs < before.endNs) return;
    this.view = startNs <= before.startNs ? now : { startNs: now.endNs - (endNs - startNs), endNs: now.endNs };
  }

  /** Shows the trace with the time that a debugger held it, or without. What is in view stays in view. */
  setWithoutStops(on: boolean): void {
    const { base = this.trace } = this.trace;
    if (on === (this.trace.base !== undefined)) return;
    const isWhole = this.view.startNs <= this.bounds.startNs && this.view.endNs >= this.bounds.endNs;
    const before = this.trace;
    this.withoutStops = on;
    this.trace = on ? withoutStops(base) : base;
    grow(this.trace, before.grownMs);
    this.range = undefined;
    const { cut } = this.trace;
    const { cut: wasCut } = before;
    if (isWhole) this.view = this.bounds;
    else if (cut) this.setView({ startNs: cut(this.view.startNs), endNs: cut(this.view.endNs) });
    else if (wasCut) this.setView({ startNs: restored(wasCut, this.view.startNs), endNs: restored(wasCut, this.view.endNs) });
  }

  /** Start and end of a span as shown. */
  timesOf(span: number): TimeRange {
    const startNs = this.startNs[span];
    return { startNs, endNs: startNs + Math.max(this.trace.durationNs[span], 1) };
  }

  /** Lays the rows out again after `fold`, `root` or the find changed. */
  relayout(): void {
    this.rows = this.layout();
  }

  private layout(): VisibleRows {
    const only = this.find.filter && this.find.text !== '' && this.find.error === '' ? this.find.matches : undefined;
    return layoutRows(this.trace.tree, this.trace.groups, this.fold, { root: this.root < 0 ? undefined : this.root, only });
  }

  /** The span of an entry: of a group its first member. -1 for `NO_ENTRY`. */
  spanOf(entry: number): number {
    if (entry === NO_ENTRY) return -1;
    return entry >= 0 ? entry : this.trace.groups.rows[this.trace.groups.start[~entry]];
  }

  /** Row that shows an entry, or what hides it; -1 when it is outside the root. */
  rowOf(entry: number): number {
    if (entry === NO_ENTRY) return -1;
    const { tree, groups } = this.trace;
    if (entry < 0) {
      const row = this.rows.rowOfGroup(~entry);
      if (row >= 0) return row;
    }
    return nearestRow(tree, groups, this.rows, this.spanOf(entry));
  }

  get selectedRow(): number {
    return this.rowOf(this.selected);
  }

  /** Times that an entry covers: a group's from its first member's start to the last end. */
  entryTimes(entry: number): TimeRange {
    if (entry >= 0) return this.timesOf(entry);
    if (this.groupTimesOf !== this.startNs || this.groupTimesAt !== this.seconds) {
      this.groupTimesOf = this.startNs;
      this.groupTimesAt = this.seconds;
      this.groupTimes.clear();
    }
    let times = this.groupTimes.get(~entry);
    if (!times) {
      times = this.timesOfGroup(~entry);
      this.groupTimes.set(~entry, times);
    }
    return times;
  }

  private timesOfGroup(group: number): TimeRange {
    const { groups, durationNs } = this.trace;
    let startNs = Number.POSITIVE_INFINITY;
    let endNs = 0;
    for (let k = groups.start[group]; k < groups.start[group + 1]; k++) {
      const span = groups.rows[k];
      startNs = Math.min(startNs, this.startNs[span]);
      endNs = Math.max(endNs, this.startNs[span] + durationNs[span]);
    }
    return { startNs, endNs: Math.max(endNs, startNs + 1) };
  }

  /** Makes the span visible in the tree: opens what hides it, leaves a root or filter that does not contain it. */
  reveal(span: number): void {
    let changed = reveal(this.trace.tree, this.trace.groups, this.fold, span);
    if (this.root >= 0 && (span < this.root || span >= this.trace.tree.subtreeEnd[this.root])) {
      this.root = -1;
      this.view = this.bounds;
      changed = true;
    }
    if (changed) this.relayout();
    if (this.rows.rowOf(span) < 0 && this.find.filter) {
      this.find.filter = false;
      this.relayout();
    }
  }

  isOpen(entry: number): boolean {
    return entry >= 0 ? this.fold.collapsed[entry] === 0 : this.fold.openGroups[~entry] === 1;
  }

  canFold(entry: number): boolean {
    return entry < 0 || this.trace.tree.subtreeEnd[entry] > entry + 1;
  }

  setOpen(entry: number, open: boolean): void {
    if (entry < 0) this.fold.openGroups[~entry] = open ? 1 : 0;
    else this.fold.collapsed[entry] = open ? 0 : 1;
    this.relayout();
  }

  /** Takes what a search found: ascending. An empty text ends the search. */
  setFound(text: string, matches: Uint32Array, error: string): void {
    const { find } = this;
    find.text = text;
    find.matches = matches;
    find.error = error;
    find.isMatch = new Uint8Array(matches.length > 0 ? this.trace.count : 0);
    for (const span of matches) find.isMatch[span] = 1;
    if (text === '') find.filter = false;
  }

  setView(view: TimeRange): void {
    this.view = clampView(view, this.bounds);
  }
}
