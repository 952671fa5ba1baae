/**
 * Groups: five or more siblings that do the same (name, service, and the same kind of first child) are one row of the waterfall until
 * somebody opens them, so that 38 queries of a loop do not push everything else out of sight. Siblings with equal names whose first
 * children differ are different calls (an HTTP client names every request "GET") and stay apart.
 */

import type { SpanTable } from '../model/table';

/** Fewer siblings than this are rows of their own. */
export const MIN_GROUP = 5;

/** Members of group g are `rows[start[g] … start[g + 1])`, ascending. Groups are in the order of their first members. */
export interface Groups {
  readonly count: number;
  readonly start: Uint32Array;
  readonly rows: Uint32Array;
}

const NONE = 0xffffffff;

export function groupSiblings(table: SpanTable): Groups {
  const { count, parent } = table;
  const children = new Uint32Array(count);
  for (let row = 0; row < count; row++) if (parent[row] >= 0) children[parent[row]]++;
  const found = new Collector(table);
  for (let row = 0; row < count; row++) if (children[row] >= MIN_GROUP) found.look(row);
  return found.groups();
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

  look(parent: number): void {
    const { subtreeEnd, name } = this.table;
    for (let child = parent + 1; child < subtreeEnd[parent]; child = subtreeEnd[child]) {
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

  groups(): Groups {
    const order = this.firsts.map((_, i) => i).sort((a, b) => this.firsts[a] - this.firsts[b]);
    const start = new Uint32Array(order.length + 1);
    order.forEach((g, i) => {
      start[i + 1] = start[i] + this.sizes[g];
    });
    const rows = new Uint32Array(start[order.length]);
    let at = 0;
    for (const g of order) for (let row = this.firsts[g]; row !== NONE; row = this.nextMember[row]) rows[at++] = row;
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
