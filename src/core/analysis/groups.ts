/**
 * Groups: five or more siblings that do the same (name, service, and the same kind of first child) are one row of the waterfall until
 * somebody opens them, so that 38 queries of a loop do not push everything else out of sight. Siblings with equal names whose first
 * children differ are different calls (an HTTP client names every request "GET") and stay apart.
 */

import { ranges, STEP_ROWS, type Steps } from '../../base/steps';
import type { SpanTable } from '../model/table';
import { sortingByKey } from './sort';

/** Fewer siblings than this are rows of their own. */
const MIN_GROUP = 5;

/** Members of group g are `rows[start[g] … start[g + 1])`, ascending. Groups are in the order of their first members. */
export interface Groups {
  readonly count: number;
  readonly start: Uint32Array;
  readonly rows: Uint32Array;
}

const NONE = 0xffffffff;

/** In steps. */
export function* groupSiblings(table: SpanTable): Steps<Groups> {
  const { count, parent, subtreeEnd } = table;
  const children = new Uint32Array(count);
  yield* ranges(count, (from, to) => {
    for (let row = from; row < to; row++) if (parent[row] >= 0) children[parent[row]]++;
  });
  const found = new Collector(table);
  let looked = 0;
  for (let row = 0; row < count; row++) {
    if (children[row] < MIN_GROUP) continue;
    for (let child = row + 1; child < subtreeEnd[row]; ) {
      const most = STEP_ROWS - looked;
      child = found.look(child, subtreeEnd[row], most);
      looked += Math.min(most, children[row]);
      if (looked < STEP_ROWS) continue;
      looked = 0;
      yield;
    }
    found.close();
  }
  return yield* found.groups();
}

class Collector {
  /** Per name (index of the string table): the newest kind of sibling with that name below the parent that is looked at, or -1. */
  private readonly newest: Int32Array;
  private readonly kindFirst: number[] = [];
  private readonly kindSize: number[] = [];
  private readonly kindNext: number[] = [];
  /** Per row: the next sibling of its kind. */
  private readonly nextMember: Uint32Array;
  private readonly lastMember: number[] = [];
  private readonly firsts: number[] = [];
  private readonly sizes: number[] = [];

  constructor(private readonly table: SpanTable) {
    this.newest = new Int32Array(table.strings.size).fill(-1);
    this.nextMember = new Uint32Array(table.count).fill(NONE);
  }

  /** Looks at `most` siblings, of whom `first` is the first and `end` is behind the last one's subtree. Returns the next one. */
  look(first: number, end: number, most: number): number {
    const { subtreeEnd, name } = this.table;
    let child = first;
    for (let left = most; child < end && left > 0; child = subtreeEnd[child], left--) {
      const kind = this.kindOf(child);
      if (kind >= 0) {
        this.nextMember[this.lastMember[kind]] = child;
        this.lastMember[kind] = child;
        this.kindSize[kind]++;
        continue;
      }
      this.kindNext.push(this.newest[name[child]]);
      this.newest[name[child]] = this.kindFirst.length;
      this.kindFirst.push(child);
      this.lastMember.push(child);
      this.kindSize.push(1);
    }
    return child;
  }

  /** All children of one parent were looked at. */
  close(): void {
    const { name } = this.table;
    for (let kind = 0; kind < this.kindFirst.length; kind++) {
      this.newest[name[this.kindFirst[kind]]] = -1;
      if (this.kindSize[kind] < MIN_GROUP) continue;
      this.firsts.push(this.kindFirst[kind]);
      this.sizes.push(this.kindSize[kind]);
    }
    this.kindFirst.length = 0;
    this.kindNext.length = 0;
    this.kindSize.length = 0;
    this.lastMember.length = 0;
  }

  private kindOf(child: number): number {
    let kind = this.newest[this.table.name[child]];
    while (kind >= 0 && !sameWork(this.table, this.kindFirst[kind], child)) kind = this.kindNext[kind];
    return kind;
  }

  *groups(): Steps<Groups> {
    const order = Int32Array.from(this.firsts, (_, i) => i);
    yield* sortingByKey(order, 0, order.length, this.firsts, new Int32Array(order.length));
    const start = new Uint32Array(order.length + 1);
    for (let i = 0; i < order.length; i++) start[i + 1] = start[i] + this.sizes[order[i]];
    const rows = new Uint32Array(start[order.length]);
    let group = -1;
    let row = NONE;
    yield* ranges(rows.length, (from, to) => {
      for (let at = from; at < to; at++) {
        if (row === NONE) row = this.firsts[order[++group]];
        rows[at] = row;
        row = this.nextMember[row];
      }
    });
    return { count: order.length, start, rows };
  }
}

/** Same name (the caller knows), service, and first child's name and service. */
function sameWork(table: SpanTable, a: number, b: number): boolean {
  const { service, name, subtreeEnd } = table;
  if (service[a] !== service[b]) return false;
  const leafA = subtreeEnd[a] === a + 1;
  const leafB = subtreeEnd[b] === b + 1;
  if (leafA || leafB) return leafA === leafB;
  return name[a + 1] === name[b + 1] && service[a + 1] === service[b + 1];
}
