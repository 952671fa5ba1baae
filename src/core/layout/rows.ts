/**
 * Which rows a waterfall shows, in order: the tree less what is collapsed, groups of like siblings as one row until opened, one span as
 * root, or only what a find matched with its ancestors. A row index is a line on the screen; a span index is a row of the trace.
 *
 * Rows are kept as runs: spans that follow each other in the trace and on the screen. Where little is folded, a million rows are a few
 * runs, found by searching bytes for the next fold, so laying out costs next to nothing; at worst there is a run a row.
 */

import { sortByKey } from '../analysis/sort';
import type { FoldState } from './fold';
import type { GroupIndex, TreeColumns } from './tree';

export interface RowOptions {
  /** Span index that is shown as the root; undefined: the whole trace. */
  readonly root?: number;
  /** Span indices, ascending: only these and (dimmed) their ancestors are shown, folded or not, groups as single spans. */
  readonly only?: ArrayLike<number>;
}

/** Runs of rows. */
class Runs {
  count = 0;
  /** First row of the run. */
  rows = new Uint32Array(64);
  /** Its first span, or `~group`; a group's row is a run of its own. */
  entries = new Int32Array(64);
  /** Level of a row less the depth of its span. */
  shifts = new Int32Array(64);

  add(row: number, entry: number, shift: number): void {
    if (this.count === this.rows.length) {
      this.rows = enlarged(this.rows, new Uint32Array(this.count * 2));
      this.entries = enlarged(this.entries, new Int32Array(this.count * 2));
      this.shifts = enlarged(this.shifts, new Int32Array(this.count * 2));
    }
    this.rows[this.count] = row;
    this.entries[this.count] = entry;
    this.shifts[this.count++] = shift;
  }
}

function enlarged<T extends Uint32Array | Int32Array>(old: T, larger: T): T {
  larger.set(old);
  return larger;
}

interface Counts {
  /** Number of rows. */
  readonly count: number;
  /** Rows of opened groups: their members have rows of their own. */
  readonly headerCount: number;
  /** Spans of the trace (or of the root's subtree) that have no row. */
  readonly hiddenCount: number;
  /** Spans that are within closed groups; a part of `hiddenCount`. */
  readonly groupedCount: number;
}

export class VisibleRows {
  readonly count: number;
  readonly headerCount: number;
  readonly hiddenCount: number;
  readonly groupedCount: number;
  /** The run that was looked at last: the next question is mostly about the same or the next one. */
  private last = 0;
  /** Runs of spans, in the order of their spans. Made when first needed. */
  private bySpan: Int32Array | undefined;

  constructor(
    private readonly tree: TreeColumns,
    private readonly groups: GroupIndex,
    private readonly runs: Runs,
    counts: Counts,
    /** Per span: 1 for what a find matched; undefined without a filter. */
    private readonly matches: Uint8Array | undefined,
  ) {
    this.count = counts.count;
    this.headerCount = counts.headerCount;
    this.hiddenCount = counts.hiddenCount;
    this.groupedCount = counts.groupedCount;
  }

  /** Only what a find matched is shown, and its ancestors. */
  get isFiltered(): boolean {
    return this.matches !== undefined;
  }

  /** What a row, one of those there are, shows: a span index, or `~group` (negative) for the row of a group. */
  entryAt(row: number): number {
    const run = this.runOf(row);
    const entry = this.runs.entries[run];
    return entry < 0 ? entry : entry + row - this.runs.rows[run];
  }

  /** Level of a row, from 0. Members of an opened group are one level below the group's row. */
  levelAt(row: number): number {
    return this.tree.depth[this.spanAt(row)] + this.runs.shifts[this.runOf(row)];
  }

  /** True for an ancestor that is shown for its descendants only. */
  isDimmed(row: number): boolean {
    return this.matches !== undefined && this.matches[this.entryAt(row)] !== 1;
  }

  /** Span index of a row; of a group's row its first member. */
  spanAt(row: number): number {
    const entry = this.entryAt(row);
    return entry >= 0 ? entry : this.groups.rows[this.groups.start[~entry]];
  }

  /** Row of a span, or -1. */
  rowOf(span: number): number {
    const { rows, entries } = this.runs;
    this.bySpan ??= this.sortedBySpan();
    const { bySpan } = this;
    let low = 0;
    let high = bySpan.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (entries[bySpan[middle]] <= span) low = middle + 1;
      else high = middle;
    }
    if (low === 0) return -1;
    const run = bySpan[low - 1];
    const row = rows[run] + span - entries[run];
    return row < this.endOf(run) ? row : -1;
  }

  /** Row of a group, or -1. */
  rowOfGroup(group: number): number {
    const run = this.runs.entries.subarray(0, this.runs.count).indexOf(~group);
    return run < 0 ? -1 : this.runs.rows[run];
  }

  private endOf(run: number): number {
    return run + 1 < this.runs.count ? this.runs.rows[run + 1] : this.count;
  }

  private runOf(row: number): number {
    const { rows, count } = this.runs;
    if (row >= rows[this.last] && row < this.endOf(this.last)) return this.last;
    let low = 1;
    let high = count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (rows[middle] <= row) low = middle + 1;
      else high = middle;
    }
    this.last = low - 1;
    return this.last;
  }

  private sortedBySpan(): Int32Array {
    const { count, entries } = this.runs;
    const runs = new Int32Array(count);
    let size = 0;
    for (let run = 0; run < count; run++) if (entries[run] >= 0) runs[size++] = run;
    // Only the members of an opened group are out of order.
    sortByKey(runs, 0, size, entries, new Int32Array(size));
    return runs.subarray(0, size);
  }
}

export function layoutRows(tree: TreeColumns, groups: GroupIndex, fold: FoldState, options: RowOptions = {}): VisibleRows {
  const first = options.root ?? 0;
  const end = options.root === undefined ? tree.count : tree.subtreeEnd[options.root];
  return options.only ? filteredRows(tree, groups, first, end, options.only) : foldedRows(tree, groups, fold, first, end);
}

function foldedRows(tree: TreeColumns, groups: GroupIndex, fold: FoldState, first: number, end: number): VisibleRows {
  const { depth, subtreeEnd } = tree;
  const { groupOf, isMember, start: groupStart, rows: members } = groups;
  const { collapsed, openGroups } = fold;
  const nextFold = new NextOne(collapsed);
  const nextMember = new NextOne(isMember);
  const runs = new Runs();
  // A range is laid out by the inner loop; an opened group interrupts it with its members' ranges. `stack` holds what is interrupted.
  const stack: number[] = [];
  let at = first;
  let rangeEnd = end;
  /** To add to a span's depth to get its level. */
  let shift = first < end ? -depth[first] : 0;
  /** The span at which the present range begins: it is the root or a member, so it is not looked at as a member again. */
  let head = first;
  let count = 0;
  let groupRows = 0;
  let headerCount = 0;
  let groupedCount = 0;
  for (;;) {
    while (at < rangeEnd) {
      if (isMember[at] === 0 || at === head) {
        const folded = nextFold.from(at);
        const stop = Math.min(nextMember.from(at + 1), rangeEnd);
        runs.add(count, at, shift);
        if (folded < stop) {
          count += folded + 1 - at;
          at = subtreeEnd[folded];
        } else {
          count += stop - at;
          at = stop;
        }
        continue;
      }
      const g = groupOf[at] - 1;
      const from = groupStart[g];
      const next = subtreeEnd[at];
      if (members[from] !== at) {
        at = next;
        continue;
      }
      groupRows++;
      runs.add(count++, ~g, shift);
      if (openGroups[g] === 0) {
        groupedCount += groupStart[g + 1] - from;
        at = next;
        continue;
      }
      headerCount++;
      stack.push(next, rangeEnd, shift, g, from);
      shift++;
      rangeEnd = at;
    }
    if (stack.length === 0) break;
    let member = take(stack);
    const g = take(stack);
    const lastMember = groupStart[g + 1];
    // Members below which nothing is folded or grouped are a run each.
    for (; member < lastMember; member++) {
      at = members[member];
      rangeEnd = subtreeEnd[at];
      if (nextFold.from(at) < rangeEnd || nextMember.from(at + 1) < rangeEnd) break;
      runs.add(count, at, shift);
      count += rangeEnd - at;
    }
    if (member < lastMember) {
      head = at;
      stack.push(g, member + 1);
    } else {
      shift = take(stack);
      rangeEnd = take(stack);
      at = take(stack);
      head = -1;
    }
  }
  const hiddenCount = end - first - (count - groupRows);
  return new VisibleRows(tree, groups, runs, { count, headerCount, hiddenCount, groupedCount }, undefined);
}

function take(stack: number[]): number {
  return stack.pop() ?? 0;
}

/** Where the next 1 is in bytes of 0 and 1. What was searched is not searched again, also when the questions go back a little. */
class NextOne {
  /** There is none in [begin, found). */
  private begin = 0;
  private found = -1;

  constructor(private readonly bytes: Uint8Array) {}

  /** The first position from `at` on, or the length. */
  from(at: number): number {
    if (at < this.begin) {
      const before = this.search(at, this.begin);
      if (before < this.begin) this.found = before;
      this.begin = at;
    } else if (at > this.found) {
      this.begin = at;
      this.found = this.search(at, this.bytes.length);
    }
    return this.found;
  }

  /** Looks nearby itself and leaves long ways to the engine's search. */
  private search(from: number, end: number): number {
    const { bytes } = this;
    const near = Math.min(from + 16, end);
    for (let i = from; i < near; i++) if (bytes[i] === 1) return i;
    if (near === end) return end;
    const far = bytes.subarray(near, end).indexOf(1);
    return far < 0 ? end : near + far;
  }
}

function filteredRows(tree: TreeColumns, groups: GroupIndex, first: number, end: number, only: ArrayLike<number>): VisibleRows {
  const { parent, depth, subtreeEnd } = tree;
  const matches = new Uint8Array(tree.count);
  const keep = new Uint8Array(tree.count);
  for (let k = 0; k < only.length; k++) {
    const match = only[k];
    if (match < first || match >= end) continue;
    matches[match] = 1;
    for (let up = match; up >= first && keep[up] === 0; up = parent[up]) keep[up] = 1;
  }
  const shift = first < end ? -depth[first] : 0;
  const runs = new Runs();
  let count = 0;
  let next = -1;
  for (let at = first; at < end; ) {
    if (keep[at] === 0) {
      at = subtreeEnd[at];
      continue;
    }
    if (at !== next) runs.add(count, at, shift);
    count++;
    next = ++at;
  }
  return new VisibleRows(
    tree,
    groups,
    runs,
    { count, headerCount: 0, hiddenCount: end - first - count, groupedCount: 0 },
    matches,
  );
}

/** The row of a span, or of what hides it: its closed group or a collapsed ancestor. -1 when it is outside the shown root. */
export function nearestRow(tree: TreeColumns, groups: GroupIndex, rows: VisibleRows, span: number): number {
  for (let at = span; at >= 0; at = tree.parent[at]) {
    const row = rows.rowOf(at);
    if (row >= 0) return row;
    if (groups.isMember[at] === 0) continue;
    const groupRow = rows.rowOfGroup(groups.groupOf[at] - 1);
    if (groupRow >= 0) return groupRow;
  }
  return -1;
}
