/**
 * Who is below whom in a trace, as Tempo numbers it: walking down from the roots, a span gets its left bound before and its right bound after what is below
 * it. Spans that no root leads to (orphans, circles, and what is below them) have no bounds and are related to nobody; roots are siblings of each other.
 * Source: grafana/tempo, tempodb/encoding/vparquet5/nested_set_model.go.
 */

import type { Steps } from '../../../base/steps';

/** Spans of one step. */
const SPANS = 1 << 14;

export class Structure {
  /** Spans that roots lead to, parents before their children. */
  readonly order: Uint32Array;
  /** Per span; 0: no root leads to it. */
  readonly left: Uint32Array;
  readonly right: Uint32Array;
  /** Children, also of spans that no root leads to. */
  readonly childCount: Uint32Array;

  /** @param parent per span: its parent; negative: none, or none that is here */
  private constructor(
    readonly parent: ArrayLike<number>,
    order: Uint32Array,
    left: Uint32Array,
    right: Uint32Array,
    childCount: Uint32Array,
  ) {
    this.order = order;
    this.left = left;
    this.right = right;
    this.childCount = childCount;
  }

  /** In steps. @param isRoot of a span without a parent: whether it names none */
  static *of(parent: ArrayLike<number>, isRoot: (span: number) => boolean): Steps<Structure> {
    const count = parent.length;
    const childCount = new Uint32Array(count);
    // Children of each span, + 1, as a list through its siblings, in their order.
    const first = new Uint32Array(count);
    const next = new Uint32Array(count);
    let firstRoot = 0;
    for (let span = count - 1; span >= 0; span--) {
      const above = parent[span];
      if (above >= 0) {
        childCount[above]++;
        next[span] = first[above];
        first[above] = span + 1;
      } else if (isRoot(span)) {
        next[span] = firstRoot;
        firstRoot = span + 1;
      }
      if (span % SPANS === 0) yield;
    }
    const order = new Uint32Array(count);
    const left = new Uint32Array(count);
    const right = new Uint32Array(count);
    let placed = 0;
    let bound = 0;
    for (let at = firstRoot - 1; at >= 0; ) {
      order[placed++] = at;
      left[at] = ++bound;
      if (placed % SPANS === 0) yield;
      if (first[at] !== 0) {
        at = first[at] - 1;
        continue;
      }
      right[at] = ++bound;
      // Up to the first that has a sibling behind it.
      while (next[at] === 0 && parent[at] >= 0) {
        at = parent[at];
        right[at] = ++bound;
      }
      at = next[at] - 1;
    }
    return new Structure(parent, order.subarray(0, placed), left, right, childCount);
  }

  get count(): number {
    return this.left.length;
  }

  /** As `nestedSetParent`: the left bound of the parent, -1 of a root, 0 where no root leads to the span. */
  leftOfParent(span: number): number {
    if (this.left[span] === 0) return 0;
    const above = this.parent[span];
    return above >= 0 ? this.left[above] : -1;
  }
}
