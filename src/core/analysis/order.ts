/**
 * Third step of assembling: pre-order. Children are put in lists by counting, each list is sorted by start (it mostly is already), and
 * the tree is walked with a stack of our own, so that 50,000 levels are no different from five. Spans that the walk does not reach hang
 * below a cycle; every cycle is cut at its earliest span, and the walk is done again.
 */

import { ranges, type Steps } from '../../base/steps';
import type { Gathered } from './gather';
import { DROPPED } from './link';
import { LONG_LIST, sortByKey, sortingByKey } from './sort';

export interface Ordered {
  /** Gathered spans in pre-order. */
  readonly order: Int32Array;
  /** Spans whose parent was cut off, because it is their descendant. */
  readonly cut: readonly number[];
}

/** In steps. Writes -1 into `parent` for every span at which a cycle is cut. */
export function* preOrder(all: Gathered, parent: Int32Array, dropped: number): Steps<Ordered> {
  const size = all.count - dropped;
  const order = yield* walk(all, parent, size);
  if (order.length === size) return { order, cut: [] };
  const cut = yield* cutCycles(all, parent, order);
  return { order: yield* walk(all, parent, size), cut };
}

function* walk(all: Gathered, parent: Int32Array, size: number): Steps<Int32Array> {
  const { count, startNs } = all;
  // List of span s: `children[first[s + 1] … first[s + 2])`; the roots' list is the first.
  const first = new Uint32Array(count + 2);
  yield* ranges(count, (from, to) => {
    for (let span = from; span < to; span++) if (parent[span] !== DROPPED) first[listOf(parent[span]) + 1]++;
  });
  for (let list = 1; list < first.length; list++) first[list] += first[list - 1];
  const children = new Int32Array(size);
  const fill = first.slice(0, count + 1);
  yield* ranges(count, (from, to) => {
    for (let span = from; span < to; span++) if (parent[span] !== DROPPED) children[fill[listOf(parent[span])]++] = span;
  });
  const scratch = new Int32Array(size);
  const long: number[] = [];
  yield* ranges(count + 1, (from, to) => {
    for (let list = from; list < to; list++) {
      const length = first[list + 1] - first[list];
      if (length > LONG_LIST) long.push(list);
      else if (length > 1) sortByKey(children, first[list], first[list + 1], startNs, scratch);
    }
  });
  for (const list of long) yield* sortingByKey(children, first[list], first[list + 1], startNs, scratch);
  return yield* depthFirst(first, children, scratch, size);
}

/** @param stack of spans to visit: a list is pushed from its end, so that its first span is on top */
function* depthFirst(first: Uint32Array, children: Int32Array, stack: Int32Array, size: number): Steps<Int32Array> {
  let top = 0;
  for (let k = first[1]; k-- > first[0]; ) stack[top++] = children[k];
  const order = new Int32Array(size);
  let at = 0;
  const visit = (most: number): void => {
    for (let left = most; top > 0 && left > 0; ) {
      const span = stack[--top];
      order[at++] = span;
      for (let k = first[span + 2]; k-- > first[span + 1]; left--) stack[top++] = children[k];
      left--;
    }
  };
  while (top > 0) {
    visit(LONG_LIST);
    yield;
  }
  return order.subarray(0, at);
}

/** Roots and orphans are in list 0, the children of span s in list s + 1. */
function listOf(parent: number): number {
  return parent < 0 ? 0 : parent + 1;
}

function* cutCycles(all: Gathered, parent: Int32Array, reached: Int32Array): Steps<number[]> {
  /** 0 unknown, 1 leads to a root or to a cycle that was cut. */
  const settled = new Uint8Array(all.count);
  for (const span of reached) settled[span] = 1;
  const walked = new Int32Array(all.count).fill(-1);
  const cut: number[] = [];
  yield* ranges(all.count, (from, to) => {
    for (let span = from; span < to; span++) look(span);
  });
  return cut;

  function look(span: number): void {
    if (settled[span] === 1 || parent[span] === DROPPED) return;
    let at = span;
    while (settled[at] === 0 && walked[at] !== span) {
      walked[at] = span;
      at = parent[at];
    }
    if (settled[at] === 0) {
      const earliest = earliestOfCycle(all, parent, at);
      parent[earliest] = -1;
      cut.push(earliest);
    }
    for (let up = span; up >= 0 && settled[up] === 0; up = parent[up]) settled[up] = 1;
  }
}

function earliestOfCycle(all: Gathered, parent: Int32Array, start: number): number {
  let earliest = start;
  for (let at = parent[start]; at !== start; at = parent[at]) {
    if (all.startNs[at] < all.startNs[earliest] || (all.startNs[at] === all.startNs[earliest] && at < earliest)) earliest = at;
  }
  return earliest;
}
