/**
 * One snapshot, unpacked for the view: typed arrays per span and small maps for the few spans that carry chips. Made once per revision
 * and never changed. A *span* is an index into these columns; a *row* is a line on the screen (`core/layout/rows.ts`).
 */

import { finish } from '../../src/base/steps';
import { failingRow } from '../../src/core/analysis/failure';
import type { TimeRange } from '../../src/core/layout/timeScale';
import { type GroupIndex, type SiblingColumns, siblings, type TreeColumns } from '../../src/core/layout/tree';
import { FLAG_CRITICAL, FLAG_LINKS, FLAG_NO_LENGTH, FLAG_RUNNING } from '../../src/core/model/table';
import { shownName } from '../../src/core/text/visibleText';
import { hasFlag, isError, serviceOf, unpackSnapshot } from '../../src/protocol/columns';
import { RUN_GOES_ON, type TraceSnapshot } from '../../src/protocol/snapshot';
import type { PictureKey } from '../../src/protocol/view';
import { assignColours } from '../theme/palette';
import { growTo, type Running, roomyEnd, runningOf } from './running';

export interface Chip {
  readonly kind: 'finding' | 'try' | 'link' | 'clock' | 'group';
  readonly text: string;
  readonly title: string;
}

export interface TraceModel {
  readonly snapshot: TraceSnapshot;
  /** What requests about its rows name. */
  readonly key: PictureKey;
  readonly count: number;
  readonly tree: TreeColumns;
  readonly groups: GroupIndex;
  readonly siblings: SiblingColumns;
  /** Nanoseconds from the trace's start, clocks as the data has them, and durations. */
  readonly rawStartNs: Float64Array;
  readonly durationNs: Float64Array;
  /** As `rawStartNs`, with skewed clocks corrected; the same array when there is nothing to correct. */
  readonly correctedStartNs: Float64Array;
  /** What the timeline spans with clocks as the data has them, and corrected. While spans go on, they grow, and have room to. */
  rawBounds: TimeRange;
  bounds: TimeRange;
  /** Nanoseconds from the trace's start to its latest end, or to now while spans go on. */
  lengthNs: number;
  /** Now, as far as spans that go on tell it by their clocks: all of them are under way then. The trace's end where none goes on. */
  nowNs: number;
  readonly nameOf: Uint32Array;
  readonly packed: Uint32Array;
  /** Palette index per service. */
  readonly colourOf: Uint8Array;
  /** Correction in nanoseconds of the spans that have one. */
  readonly corrections: ReadonlyMap<number, number>;
  readonly findingChips: ReadonlyMap<number, readonly Chip[]>;
  /** Chips that belong to a group's row. */
  readonly groupChips: ReadonlyMap<number, readonly Chip[]>;
  /** Sorted by span; `criticalAt` finds a span's first segment. */
  readonly criticalSpan: Uint32Array;
  readonly criticalStart: Float64Array;
  readonly criticalEnd: Float64Array;
  /** All spans with the status error, ascending. */
  readonly errors: Uint32Array;
  /** Spans that have not ended. Their `durationNs` is how long they have run, by `grow`. */
  readonly running: Running;
  /** Milliseconds of the page's clock that those are of. */
  grownMs: number;
  /** Of a trace without the time that a debugger held it: the whole one, and where a moment of that stands in this. */
  readonly base?: TraceModel;
  readonly cut?: (ns: number) => number;
}

export function isRunning(trace: TraceModel, span: number): boolean {
  return hasFlag(trace, span, FLAG_RUNNING);
}

/** Whether a length is known of an entry: of a span, or of any of a group (its number, `~`). */
export function hasLength(trace: TraceModel, entry: number): boolean {
  if (entry >= 0) return !hasFlag(trace, entry, FLAG_NO_LENGTH);
  const { start, rows } = trace.groups;
  for (let k = start[~entry]; k < start[~entry + 1]; k++) if (hasLength(trace, rows[k])) return true;
  return false;
}

export function hasLinks(trace: TraceModel, span: number): boolean {
  return hasFlag(trace, span, FLAG_LINKS);
}

export function isCritical(trace: TraceModel, span: number): boolean {
  return hasFlag(trace, span, FLAG_CRITICAL);
}

export function nameText(trace: TraceModel, span: number): string {
  return shownName(trace.snapshot.names[trace.nameOf[span]] ?? '');
}

export function serviceText(trace: TraceModel, span: number): string {
  return shownName(trace.snapshot.services[serviceOf(trace, span)] ?? '');
}

/** The span that failed the trace; -1 where none did. */
export function failingSpan(trace: TraceModel): number {
  if (trace.errors.length === 0) return -1;
  const { count, subtreeEnd } = trace.tree;
  return finish(failingRow({ count, subtreeEnd, isError: (span) => isError(trace, span) }));
}

/** Position of the span's first segment of the critical path, or of the next span's. */
export function criticalAt(trace: TraceModel, span: number): number {
  let low = 0;
  let high = trace.criticalSpan.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (trace.criticalSpan[middle] < span) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function makeTrace(snapshot: TraceSnapshot): TraceModel {
  const unpacked = unpackSnapshot(snapshot);
  const { tree, groups, packed, critical } = unpacked;
  const corrections = new Map<number, number>();
  const correctedSpan = new Uint32Array(snapshot.correctedRow);
  const correctedNs = new Float64Array(snapshot.correctedNs);
  for (let i = 0; i < correctedSpan.length; i++) corrections.set(correctedSpan[i], correctedNs[i]);
  const errors: number[] = [];
  const runningSpans: number[] = [];
  for (let span = 0; span < snapshot.count; span++) {
    if (isError(unpacked, span)) errors.push(span);
    if (hasFlag(unpacked, span, FLAG_RUNNING)) runningSpans.push(span);
  }
  const running = runningOf(Uint32Array.from(runningSpans), snapshot.running);
  const trace: TraceModel = {
    snapshot,
    key: { dataset: snapshot.dataset, traceId: snapshot.traceId, revision: snapshot.revision },
    count: snapshot.count,
    tree,
    groups,
    siblings: siblings(tree),
    rawStartNs: unpacked.rawStartNs,
    correctedStartNs: unpacked.startNs,
    durationNs: unpacked.durationNs,
    rawBounds: atLeastOne(unpacked.rawBounds),
    bounds: atLeastOne(unpacked.bounds),
    nameOf: unpacked.name,
    packed,
    colourOf: assignColours(snapshot.services),
    corrections,
    ...chipsOfFindings(snapshot, groups),
    criticalSpan: critical.row,
    criticalStart: critical.startNs,
    criticalEnd: critical.endNs,
    errors: Uint32Array.from(errors),
    running,
    lengthNs: snapshot.durationNs,
    nowNs: snapshot.durationNs,
    grownMs: running.atMs,
  };
  grow(trace, running.atMs);
  return trace;
}

/** Has the spans that go on be as long as they are by now, and the axis with them. @param nowMs of the page's clock */
export function grow(trace: TraceModel, nowMs: number): void {
  const { running, durationNs, correctedStartNs, rawStartNs } = trace;
  if (running.spans.length === 0) return;
  growTo(durationNs, running, nowMs);
  trace.grownMs = nowMs;
  trace.lengthNs = latestEnd(running.spans, correctedStartNs, durationNs, trace.snapshot.durationNs);
  trace.nowNs = nowOf(trace);
  trace.bounds = grown(trace.bounds, trace.lengthNs, running.goesOn);
  trace.rawBounds =
    rawStartNs === correctedStartNs
      ? trace.bounds
      : grown(trace.rawBounds, latestEnd(running.spans, rawStartNs, durationNs, 0), running.goesOn);
}

function nowOf({ running: { spans, state }, correctedStartNs, durationNs, lengthNs }: TraceModel): number {
  let nowNs = lengthNs;
  for (let i = 0; i < spans.length; i++)
    if (state[i] === RUN_GOES_ON) nowNs = Math.min(nowNs, correctedStartNs[spans[i]] + durationNs[spans[i]]);
  return nowNs;
}

function latestEnd(spans: Uint32Array, startNs: Float64Array, durationNs: Float64Array, least: number): number {
  let endNs = least;
  for (const span of spans) endNs = Math.max(endNs, startNs[span] + durationNs[span]);
  return endNs;
}

/** What goes on has room on the axis. */
function grown(bounds: TimeRange, endNs: number, goesOn: boolean): TimeRange {
  if (!goesOn) return endNs > bounds.endNs ? { startNs: bounds.startNs, endNs } : bounds;
  const roomyNs = roomyEnd(bounds.startNs, endNs);
  return roomyNs > bounds.endNs ? { startNs: bounds.startNs, endNs: roomyNs } : bounds;
}

/** A range of no length cannot be drawn. */
function atLeastOne(range: TimeRange): TimeRange {
  return { startNs: range.startNs, endNs: Math.max(range.endNs, range.startNs + 1) };
}

/** Retries get `try 1` …; other findings show once, on the group that they are about or on their first span. */
function chipsOfFindings(snapshot: TraceSnapshot, groups: GroupIndex): Pick<TraceModel, 'findingChips' | 'groupChips'> {
  const findingChips = new Map<number, Chip[]>();
  const groupChips = new Map<number, Chip[]>();
  const add = (map: Map<number, Chip[]>, key: number, chip: Chip): void => {
    const chips = map.get(key);
    if (chips) chips.push(chip);
    else map.set(key, [chip]);
  };
  for (const finding of snapshot.findings) {
    if (finding.kind === 'retry') {
      finding.rows.forEach((span, index) => {
        add(findingChips, span, { kind: 'try', text: `try ${index + 1}`, title: finding.message });
      });
      continue;
    }
    const first = finding.rows[0];
    const chip: Chip = { kind: 'finding', text: finding.chip, title: finding.message };
    const group = groups.count > 0 && first !== undefined ? groups.groupOf[first] : 0;
    if (group > 0) add(groupChips, group - 1, chip);
    if (first !== undefined) add(findingChips, first, chip);
  }
  return { findingChips, groupChips };
}
