/**
 * Which rows a waterfall shows, in order: the tree less what is collapsed, groups of like siblings as one row until opened, one span as
 * root, or only what a find matched with its ancestors. One linear pass over typed arrays without recursion (a million spans take a few
 * milliseconds), so every change simply lays out again. A row index is a line on the screen; a span index is a row of the trace.
 */

import { type GroupIndex, hasChildren, type TreeColumns } from './tree';

/** What is folded. The arrays are changed in place by the functions below; lay out again afterwards. */
export interface FoldState {
  /** Per span: 1 when its children are hidden. */
  readonly collapsed: Uint8Array;
  /** Per group: 1 when its members are shown below it. */
  readonly openGroups: Uint8Array;
}

export interface RowOptions {
  /** Span index that is shown as the root; undefined: the whole trace. */
  readonly root?: number;
  /** Span indices, ascending: only these and (dimmed) their ancestors are shown, folded or not, groups as single spans. */
  readonly only?: ArrayLike<number>;
}

export interface VisibleRows {
  readonly count: number;
  /** Per row: a span index, or `~group` (negative) for the row of a group. */
  readonly entry: Int32Array;
  /** Per row: level from 0. Members of an opened group are one level below the group's row. */
  readonly level: Uint32Array;
  /** Per row: 1 for an ancestor that is shown for its descendants only; undefined without a filter. */
  readonly dimmed: Uint8Array | undefined;
  /** Spans of the trace (or of the root's subtree) that have no row. */
  readonly hiddenCount: number;
  /** Spans that are within closed groups; a part of `hiddenCount`. */
  readonly groupedCount: number;
  /** Per span: its row index, or -1. */
  readonly rowOf: Int32Array;
}

export function newFoldState(tree: TreeColumns, groups: GroupIndex): FoldState {
  return { collapsed: new Uint8Array(tree.count), openGroups: new Uint8Array(groups.count) };
}

/** Span index of a row; of a group's row its first member. */
export function spanOfRow(rows: VisibleRows, groups: GroupIndex, row: number): number {
  const entry = rows.entry[row];
  return entry >= 0 ? entry : groups.rows[groups.start[~entry]];
}

/** Group of a row, or -1 when it shows a span. */
export function groupOfRow(rows: VisibleRows, row: number): number {
  const entry = rows.entry[row];
  return entry >= 0 ? -1 : ~entry;
}

/**
 * @param reuse rows that are no longer needed, of the same trace: their memory is taken for the new ones, which spares a large trace a garbage
 *   collection for each layout
 */
export function layoutRows(
  tree: TreeColumns,
  groups: GroupIndex,
  fold: FoldState,
  options: RowOptions = {},
  reuse?: VisibleRows,
): VisibleRows {
  const first = options.root ?? 0;
  const end = options.root === undefined ? tree.count : tree.subtreeEnd[options.root];
  return options.only ? filteredRows(tree, first, end, options.only) : foldedRows(tree, groups, fold, first, end, reuse);
}

function foldedRows(
  tree: TreeColumns,
  groups: GroupIndex,
  fold: FoldState,
  first: number,
  end: number,
  reuse?: VisibleRows,
): VisibleRows {
  const capacity = tree.count + groups.count;
  const entry =
    reuse && reuse.entry.buffer.byteLength >= capacity * 4 ? new Int32Array(reuse.entry.buffer) : new Int32Array(capacity);
  const level =
    reuse && reuse.level.buffer.byteLength >= capacity * 4 ? new Uint32Array(reuse.level.buffer) : new Uint32Array(capacity);
  const rowOf = reuse && reuse.rowOf.length === tree.count ? reuse.rowOf : new Int32Array(tree.count);
  rowOf.fill(-1);
  const done = writeRows(tree, groups, fold, { first, end, level: 0, row: 0 }, { entry, level, rowOf });
  return {
    count: done.count,
    entry: entry.subarray(0, done.count),
    level: level.subarray(0, done.count),
    dimmed: undefined,
    hiddenCount: end - first - (done.count - done.groupRows),
    groupedCount: done.groupedCount,
    rowOf,
  };
}

/** Spans to lay out, with the level and the row of the first. */
interface RowRange {
  readonly first: number;
  readonly end: number;
  readonly level: number;
  readonly row: number;
}

interface RowColumns {
  readonly entry: Int32Array;
  readonly level: Uint32Array;
  /** By span of the whole trace; of the range all -1 before. */
  readonly rowOf: Int32Array;
}

/** Writes the rows of a range to the beginning of the columns. */
function writeRows(
  { depth, subtreeEnd }: TreeColumns,
  { count: groupCount, groupOf, start: groupStart, rows: members }: GroupIndex,
  { collapsed, openGroups }: FoldState,
  range: RowRange,
  { entry, level, rowOf }: RowColumns,
): { count: number; groupRows: number; groupedCount: number } {
  const { first, end, row: firstRow } = range;
  const grouped = groupCount > 0;
  // A range is laid out by the inner loop; an opened group interrupts it with its members' ranges. `stack` holds what is interrupted.
  const stack: number[] = [];
  let at = first;
  let rangeEnd = end;
  /** To add to a span's depth to get its level. */
  let shift = first < end ? range.level - depth[first] : 0;
  /** The span at which the present range begins: it is the root or a member, so it is not looked at as a member again. */
  let head = first;
  let count = 0;
  let groupRows = 0;
  let groupedCount = 0;
  for (;;) {
    while (at < rangeEnd) {
      const group = grouped && at !== head ? groupOf[at] : 0;
      if (group === 0) {
        entry[count] = at;
        level[count] = depth[at] + shift;
        rowOf[at] = firstRow + count++;
        at = collapsed[at] === 1 ? subtreeEnd[at] : at + 1;
        continue;
      }
      const g = group - 1;
      const from = groupStart[g];
      const next = subtreeEnd[at];
      if (members[from] !== at) {
        at = next;
        continue;
      }
      groupRows++;
      entry[count] = ~g;
      level[count++] = depth[at] + shift;
      if (openGroups[g] === 0) {
        groupedCount += groupStart[g + 1] - from;
        at = next;
        continue;
      }
      stack.push(next, rangeEnd, shift, g, from + 1);
      shift++;
      head = at;
      rangeEnd = next;
    }
    if (stack.length === 0) break;
    const member = stack[stack.length - 1];
    const g = stack[stack.length - 2];
    if (member < groupStart[g + 1]) {
      stack[stack.length - 1] = member + 1;
      at = members[member];
      head = at;
      rangeEnd = subtreeEnd[at];
    } else {
      stack.length -= 2;
      shift = take(stack);
      rangeEnd = take(stack);
      at = take(stack);
      head = -1;
    }
  }
  return { count, groupRows, groupedCount };
}

/**
 * The rows after one span was opened or closed (`fold` says so already): only its rows come or go, those below it move. A quarter of the time
 * of a whole layout. The old rows must not be used any more; undefined where a whole layout is needed instead.
 */
export function toggledRows(
  tree: TreeColumns,
  groups: GroupIndex,
  fold: FoldState,
  rows: VisibleRows,
  span: number,
): VisibleRows | undefined {
  const row = rows.rowOf[span];
  // Of a large part of the trace a whole layout is as fast and takes no memory.
  if (row < 0 || rows.dimmed || (tree.subtreeEnd[span] - span) * 2 > tree.count + 100) return undefined;
  const entry = new Int32Array(rows.entry.buffer);
  const level = new Uint32Array(rows.level.buffer);
  const { rowOf, count } = rows;
  let { hiddenCount, groupedCount } = rows;
  let below = row + 1;
  for (; below < count && level[below] > level[row]; below++) {
    const shown = entry[below];
    if (shown >= 0) {
      rowOf[shown] = -1;
      hiddenCount++;
    } else if (fold.openGroups[~shown] === 0) groupedCount -= groups.start[~shown + 1] - groups.start[~shown];
  }
  let end = row + 1;
  if (fold.collapsed[span] === 0) {
    const spans = tree.subtreeEnd[span] - span;
    const capacity = spans + Math.min(spans, groups.count);
    const added = { entry: new Int32Array(capacity), level: new Uint32Array(capacity), rowOf };
    const range = { first: span, end: span + spans, level: level[row], row };
    const done = writeRows(tree, groups, fold, range, added);
    end = row + done.count;
    hiddenCount -= done.count - done.groupRows - 1;
    groupedCount += done.groupedCount;
    entry.copyWithin(end, below, count);
    level.copyWithin(end, below, count);
    entry.set(added.entry.subarray(0, done.count), row);
    level.set(added.level.subarray(0, done.count), row);
  } else {
    entry.copyWithin(end, below, count);
    level.copyWithin(end, below, count);
  }
  const total = end + count - below;
  for (let at = end; at < total; at++) if (entry[at] >= 0) rowOf[entry[at]] = at;
  return {
    count: total,
    entry: entry.subarray(0, total),
    level: level.subarray(0, total),
    dimmed: undefined,
    hiddenCount,
    groupedCount,
    rowOf,
  };
}

function take(stack: number[]): number {
  return stack.pop() ?? 0;
}

function filteredRows(tree: TreeColumns, first: number, end: number, only: ArrayLike<number>): VisibleRows {
  const { parent, depth, subtreeEnd } = tree;
  /** 0 hidden, 1 ancestor, 2 match. */
  const keep = new Uint8Array(tree.count);
  let kept = 0;
  for (let k = 0; k < only.length; k++) {
    const match = only[k];
    if (match < first || match >= end) continue;
    if (keep[match] === 0) kept++;
    keep[match] = 2;
    for (let up = parent[match]; up >= first && keep[up] === 0; up = parent[up]) {
      keep[up] = 1;
      kept++;
    }
  }
  const entry = new Int32Array(kept);
  const level = new Uint32Array(kept);
  const dimmed = new Uint8Array(kept);
  const rowOf = new Int32Array(tree.count).fill(-1);
  const shift = first < end ? depth[first] : 0;
  let count = 0;
  for (let at = first; at < end; ) {
    if (keep[at] === 0) {
      at = subtreeEnd[at];
      continue;
    }
    entry[count] = at;
    level[count] = depth[at] - shift;
    dimmed[count] = keep[at] === 1 ? 1 : 0;
    rowOf[at] = count++;
    at++;
  }
  return { count, entry, level, dimmed, hiddenCount: end - first - count, groupedCount: 0, rowOf };
}

/** The row of a span, or of what hides it: its closed group or a collapsed ancestor. -1 when it is outside the shown root. */
export function nearestRow(tree: TreeColumns, groups: GroupIndex, rows: VisibleRows, span: number): number {
  for (let at = span; at >= 0; at = tree.parent[at]) {
    if (rows.rowOf[at] >= 0) return rows.rowOf[at];
    const group = groups.count > 0 ? groups.groupOf[at] : 0;
    if (group !== 0) {
      const row = rowOfGroup(groups, rows, tree, group - 1);
      if (row >= 0) return row;
    }
  }
  return -1;
}

/** Row index of a group's own row, or -1. */
export function rowOfGroup(groups: GroupIndex, rows: VisibleRows, tree: TreeColumns, group: number): number {
  const parentRow = rows.rowOf[tree.parent[groups.rows[groups.start[group]]]] ?? -1;
  if (parentRow < 0) return -1;
  for (let row = parentRow + 1; row < rows.count && rows.level[row] > rows.level[parentRow]; row++) {
    if (rows.entry[row] === ~group) return row;
  }
  return -1;
}

/** Opens everything that hides a span. True when something changed. */
export function reveal(tree: TreeColumns, groups: GroupIndex, fold: FoldState, span: number): boolean {
  let changed = false;
  for (let at = span; at >= 0; at = tree.parent[at]) {
    if (at !== span && fold.collapsed[at] === 1) {
      fold.collapsed[at] = 0;
      changed = true;
    }
    const group = groups.count > 0 ? groups.groupOf[at] : 0;
    if (group !== 0 && fold.openGroups[group - 1] === 0) {
      fold.openGroups[group - 1] = 1;
      changed = true;
    }
  }
  return changed;
}

/** Shows or hides all below a span (undefined: the whole trace), groups included. The span itself is folded too when collapsing. */
export function foldAll(tree: TreeColumns, groups: GroupIndex, fold: FoldState, collapse: boolean, span?: number): void {
  const from = span ?? 0;
  const end = span === undefined ? tree.count : tree.subtreeEnd[span];
  if (collapse) for (let i = from; i < end; i++) fold.collapsed[i] = hasChildren(tree, i) ? 1 : 0;
  else fold.collapsed.fill(0, from, end);
  for (let g = 0; g < groups.count; g++) {
    const member = groups.rows[groups.start[g]];
    if (member >= from && member < end) fold.openGroups[g] = collapse ? 0 : 1;
  }
}

/** Shows the first `levels` levels (1: roots only) below a span, or of the whole trace, and folds what is deeper. Groups stay as they are. */
export function foldToLevel(tree: TreeColumns, fold: FoldState, levels: number, span?: number): void {
  const from = span ?? 0;
  const end = span === undefined ? tree.count : tree.subtreeEnd[span];
  const last = (from < end ? tree.depth[from] : 0) + levels - 1;
  for (let i = from; i < end; i++) fold.collapsed[i] = tree.depth[i] >= last && hasChildren(tree, i) ? 1 : 0;
}
