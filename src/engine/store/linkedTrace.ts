/** One trace with its parents linked and nothing else: what walking up and down from some of its spans needs, a fifth of what a table costs. */

import type { Steps } from '../../base/steps';
import { type Gathered, gathering } from '../../core/analysis/gather';
import { linking } from '../../core/analysis/link';
import type { TraceSource } from '../../core/analysis/sources';
import type { SpanBatch } from '../../core/model/batch';
import { rebasing } from './sources';
import type { TraceStore } from './traceStore';

export class LinkedTrace {
  private readonly first: readonly number[];
  private readonly roots: Int32Array;

  /**
   * @param batches as the store has them, by source; those of `sources` may be copies for another string table
   * @param parent per span: its parent, or negative
   */
  private constructor(
    private readonly batches: readonly SpanBatch[],
    private readonly sources: readonly TraceSource[],
    readonly all: Gathered,
    readonly parent: Int32Array,
  ) {
    let next = 0;
    this.first = sources.map(({ rows }) => {
      const first = next;
      next += rows.length;
      return first;
    });
    this.roots = new Int32Array(all.count).fill(-1);
  }

  /** In steps; of the trace as it is at the first of them. */
  static *of(store: TraceStore, slot: number): Steps<LinkedTrace> {
    const found = store.rowsOf(slot);
    const sources = yield* rebasing(found);
    const all = yield* gathering(sources);
    const { parent } = yield* linking(sources, all);
    return new LinkedTrace(
      found.map(({ stored }) => stored.batch),
      sources,
      all,
      parent,
    );
  }

  get count(): number {
    return this.all.count;
  }

  /** The span of a row, or -1. */
  find(batch: SpanBatch, row: number): number {
    for (const [source, one] of this.batches.entries()) {
      if (one !== batch) continue;
      const at = positionOf(this.sources[source].rows, row);
      if (at >= 0) return this.first[source] + at;
    }
    return -1;
  }

  batch(span: number): SpanBatch {
    return this.batches[this.all.source[span]];
  }

  row(span: number): number {
    return this.all.row[span];
  }

  /** The topmost span above; the span itself where it has no parent. Of spans in a circle, one of them. */
  root(span: number): number {
    const { parent, roots } = this;
    let top = span;
    for (let steps = 0; parent[top] >= 0 && roots[top] < 0 && steps <= this.count; steps++) top = parent[top];
    const root = roots[top] >= 0 ? roots[top] : top;
    // What was walked leads there; the next walk from below is short.
    for (let at = span; at >= 0 && roots[at] < 0; at = parent[at]) roots[at] = root;
    return root;
  }
}

/** Index of a value in an ascending list, or -1. */
export function positionOf(ascending: ArrayLike<number>, value: number): number {
  let begin = 0;
  let end = ascending.length - 1;
  while (begin <= end) {
    const middle = (begin + end) >>> 1;
    if (ascending[middle] === value) return middle;
    if (ascending[middle] < value) begin = middle + 1;
    else end = middle - 1;
  }
  return -1;
}
