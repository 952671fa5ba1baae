/** Where the keys lead: pure moves from one entry to another. `NO_ENTRY` when there is nowhere to go. */

import { hasChildren } from '../../src/core/layout/tree';
import { serviceOf } from '../../src/protocol/columns';
import { nameText } from './model';
import { NO_ENTRY, type ViewModel } from './state';

/** Entry of a row, cut to the rows there are. */
export function entryAt(view: ViewModel, row: number): number {
  if (view.rows.count === 0) return NO_ENTRY;
  return view.rows.entryAt(Math.min(Math.max(0, row), view.rows.count - 1));
}

/** The row above on the screen that is one level up. */
export function parentRow(view: ViewModel, row: number): number {
  const { rows } = view;
  if (row < 0 || rows.levelAt(row) === 0) return -1;
  const level = rows.levelAt(row) - 1;
  // The parent of a span is known; a group's header is found by looking up.
  const entry = view.rows.entryAt(row);
  const span = view.spanOf(entry);
  const parent = view.trace.tree.parent[span];
  const direct = parent >= 0 ? view.rows.rowOf(parent) : -1;
  if (direct >= 0 && rows.levelAt(direct) === level) return direct;
  for (let at = row - 1; at >= 0; at--) if (rows.levelAt(at) <= level) return at;
  return -1;
}

/** Next or previous element of an ascending list after `span`, around the end. -1 when the list is empty. */
export function nextOf(list: ArrayLike<number>, span: number, backwards: boolean): number {
  if (list.length === 0) return -1;
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (list[middle] < span || (!backwards && list[middle] === span)) low = middle + 1;
    else high = middle;
  }
  if (backwards) return list[(low - 1 + list.length) % list.length];
  return list[low % list.length];
}

/** Position of `span` in an ascending list, from 1; 0 when it is not there. */
export function positionIn(list: Uint32Array, span: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (list[middle] < span) low = middle + 1;
    else high = middle;
  }
  return list[low] === span ? low + 1 : 0;
}

/** Next or previous sibling with the same name and service; -1 when there is none. */
export function sameSibling(view: ViewModel, span: number, backwards: boolean): number {
  const { tree, nameOf } = view.trace;
  const parent = tree.parent[span];
  const same = (other: number): boolean =>
    nameOf[other] === nameOf[span] || nameText(view.trace, other) === nameText(view.trace, span)
      ? serviceOf(view.trace, other) === serviceOf(view.trace, span)
      : false;
  const end = parent < 0 ? tree.count : tree.subtreeEnd[parent];
  if (!backwards) {
    for (let at = tree.subtreeEnd[span]; at < end; at = tree.subtreeEnd[at]) if (same(at)) return at;
    return -1;
  }
  let found = -1;
  for (let at = parent + 1; at < span; at = tree.subtreeEnd[at]) if (same(at)) found = at;
  return found;
}

/** First child of an entry: a group's first member, a span's first child. */
export function firstChildRow(view: ViewModel, row: number): number {
  const entry = view.rows.entryAt(row);
  if (entry >= 0 && !hasChildren(view.trace.tree, entry)) return -1;
  return row + 1 < view.rows.count && view.rows.levelAt(row + 1) > view.rows.levelAt(row) ? row + 1 : -1;
}
