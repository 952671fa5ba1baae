/** What of a tree is folded, and folding it. */

import { type GroupIndex, hasChildren, type TreeColumns } from './tree';

/** What is folded. The arrays are changed in place by the functions below; lay out again afterwards. */
export interface FoldState {
  /** Per span: 1 when its children are hidden. */
  readonly collapsed: Uint8Array;
  /** Per group: 1 when its members are shown below it. */
  readonly openGroups: Uint8Array;
}

export function newFoldState(tree: TreeColumns, groups: GroupIndex): FoldState {
  return { collapsed: new Uint8Array(tree.count), openGroups: new Uint8Array(groups.count) };
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
