/**
 * What the layout needs to know of a trace's tree: rows in pre-order, so that a subtree is a range. A *span index* is a position in
 * these columns (`row` in the protocol); a *row index* is a line on the screen. They are never the same thing.
 */

export interface TreeColumns {
  readonly count: number;
  /** Span index of the parent, -1 for roots. */
  readonly parent: Int32Array;
  readonly depth: Uint32Array;
  /** First span index after the subtree. */
  readonly subtreeEnd: Uint32Array;
}

/** Groups of siblings that are one row until opened. */
export interface GroupIndex {
  readonly count: number;
  /** Members of group g are `rows[start[g] … start[g + 1])`, ascending span indices. */
  readonly start: Uint32Array;
  readonly rows: Uint32Array;
  /** Per span: its group + 1, or 0. Empty when there are no groups. */
  readonly groupOf: Uint32Array;
  /** Per span: 1 when it is in a group. Never empty: a quarter of the memory to look at for the many that are not. */
  readonly isMember: Uint8Array;
}

/** Parent and subtree end from depths alone. Rows are in pre-order, so a row's parent is the last one above it that is a level less deep. */
export function treeFromDepths(depth: Uint32Array): TreeColumns {
  const count = depth.length;
  const parent = new Int32Array(count);
  const subtreeEnd = new Uint32Array(count);
  /** Per depth the row that is open there. */
  const open: number[] = [];
  for (let i = 0; i < count; i++) {
    const level = depth[i];
    while (open.length > level) subtreeEnd[open.pop() ?? 0] = i;
    parent[i] = level === 0 ? -1 : open[level - 1];
    open.push(i);
  }
  for (const i of open) subtreeEnd[i] = count;
  return { count, parent, depth, subtreeEnd };
}

/** Groups with the way back from a span to its group. */
export function indexGroups(spanCount: number, start: Uint32Array, rows: Uint32Array): GroupIndex {
  const count = Math.max(0, start.length - 1);
  const groupOf = new Uint32Array(count === 0 ? 0 : spanCount);
  const isMember = new Uint8Array(spanCount);
  for (let g = 0; g < count; g++) {
    for (let k = start[g]; k < start[g + 1]; k++) {
      groupOf[rows[k]] = g + 1;
      isMember[rows[k]] = 1;
    }
  }
  return { count, start, rows, groupOf, isMember };
}

/** Position among its siblings (1-based) and number of siblings, per span: what a tree grid tells a screen reader. */
export interface SiblingColumns {
  readonly position: Uint32Array;
  readonly size: Uint32Array;
}

export function siblings(tree: TreeColumns): SiblingColumns {
  const { count, parent } = tree;
  const position = new Uint32Array(count);
  const size = new Uint32Array(count);
  const seen = new Uint32Array(count + 1);
  for (let i = 0; i < count; i++) position[i] = ++seen[parent[i] + 1];
  for (let i = 0; i < count; i++) size[i] = seen[parent[i] + 1];
  return { position, size };
}

/** True when the span has children. */
export function hasChildren(tree: TreeColumns, span: number): boolean {
  return tree.subtreeEnd[span] > span + 1;
}
