/**
 * The critical path: the chain of spans that determined how long the trace took. Walked backwards from the root's end: the child that
 * finished last (and not after the present time) is what the span waited for; the time between its end and the present time is the
 * span's own; then the same within that child, and on from the child's start. Children that began after their parent's end belong to
 * nobody's wait and are left out; a child that lies partly outside its parent is cut to it.
 * Source of the method: Z. Zhang et al., "CRISP: Critical Path Analysis of Large-Scale Microservice Architectures", USENIX ATC 2022.
 */

import type { SpanTable } from '../model/table';
import { mainRoot } from './root';
import { sortByKey } from './sort';
import { shownStarts } from './times';

/** Segments ordered by row, then by time. Nanoseconds from the trace's start, as shown (clocks corrected). */
export interface CriticalPath {
  readonly totalNs: number;
  readonly row: Uint32Array;
  readonly startNs: Float64Array;
  readonly endNs: Float64Array;
}

export function criticalPath(table: SpanTable, root: number = mainRoot(table).row): CriticalPath {
  const walk = new Walk(table);
  if (root >= 0) walk.from(root);
  return walk.result();
}

class Walk {
  /** Start and end of the spans that were looked at, cut to their parents. */
  private readonly starts: Float64Array;
  private readonly ends: Float64Array;
  private pool = new Int32Array(1024);
  private scratch = new Int32Array(1024);
  private readonly segments = new Segments();

  constructor(private readonly table: SpanTable) {
    this.starts = shownStarts(table).slice();
    this.ends = new Float64Array(table.count);
  }

  from(root: number): void {
    const { starts, ends, table } = this;
    ends[root] = starts[root] + table.durationNsOf[root];
    // Parallel stacks of the spans that the walk is in; the children still to look at are `pool[poolFrom, poolAt)`, by end.
    const span: number[] = [root];
    const now: number[] = [ends[root]];
    const poolFrom: number[] = [0];
    const poolAt: number[] = [this.pushChildren(root, 0)];
    while (span.length > 0) {
      const top = span.length - 1;
      const child = this.lastFinished(now[top], poolFrom[top], poolAt, top);
      if (child < 0) {
        this.segment(span[top], starts[span[top]], now[top]);
        const startNs = starts[span[top]];
        span.pop();
        now.pop();
        poolFrom.pop();
        poolAt.pop();
        if (top > 0) now[top - 1] = Math.min(now[top - 1], startNs);
        continue;
      }
      this.segment(span[top], ends[child], now[top]);
      now[top] = ends[child];
      const base = poolAt[top];
      span.push(child);
      now.push(ends[child]);
      poolFrom.push(base);
      poolAt.push(this.pushChildren(child, base));
    }
  }

  /** The next child that ended by `now`; the ones that ended later ran beside what is on the path already. */
  private lastFinished(now: number, from: number, at: number[], top: number): number {
    while (at[top] > from) {
      const child = this.pool[--at[top]];
      if (this.ends[child] <= now && this.ends[child] > this.starts[child]) return child;
    }
    return -1;
  }

  /** Puts a span's children into the pool from `base` on, by end; returns where they stop. */
  private pushChildren(row: number, base: number): number {
    const { table, starts, ends } = this;
    const { subtreeEnd, durationNsOf } = table;
    let at = base;
    for (let child = row + 1; child < subtreeEnd[row]; child = subtreeEnd[child]) {
      if (starts[child] >= ends[row] || durationNsOf[child] === 0) continue;
      ends[child] = Math.min(starts[child] + durationNsOf[child], ends[row]);
      if (starts[child] < starts[row]) starts[child] = starts[row];
      if (at === this.pool.length) this.grow();
      this.pool[at++] = child;
    }
    sortByKey(this.pool, base, at, ends, this.scratch);
    return at;
  }

  private grow(): void {
    const pool = new Int32Array(this.pool.length * 2);
    pool.set(this.pool);
    this.pool = pool;
    this.scratch = new Int32Array(pool.length);
  }

  private segment(row: number, startNs: number, endNs: number): void {
    if (endNs > startNs) this.segments.add(row, startNs, endNs);
  }

  result(): CriticalPath {
    const { size, rows, startsNs, endsNs } = this.segments;
    // Sorted by counting. The walk went backwards in time: taken from its end, each row's segments come in the order of time.
    const next = new Uint32Array(this.table.count + 1);
    for (let i = 0; i < size; i++) next[rows[i] + 1]++;
    for (let at = 1; at < next.length; at++) next[at] += next[at - 1];
    const row = new Uint32Array(size);
    const startNs = new Float64Array(size);
    const endNs = new Float64Array(size);
    let totalNs = 0;
    for (let i = size - 1; i >= 0; i--) {
      const at = next[rows[i]]++;
      row[at] = rows[i];
      startNs[at] = startsNs[i];
      endNs[at] = endsNs[i];
      totalNs += endNs[at] - startNs[at];
    }
    return { totalNs, row, startNs, endNs };
  }
}

/** Segments in the order of the walk. */
class Segments {
  size = 0;
  rows = new Uint32Array(1024);
  startsNs = new Float64Array(1024);
  endsNs = new Float64Array(1024);

  add(row: number, startNs: number, endNs: number): void {
    if (this.size === this.rows.length) this.grow();
    this.rows[this.size] = row;
    this.startsNs[this.size] = startNs;
    this.endsNs[this.size++] = endNs;
  }

  private grow(): void {
    const { rows, startsNs, endsNs } = this;
    this.rows = new Uint32Array(rows.length * 2);
    this.rows.set(rows);
    this.startsNs = new Float64Array(rows.length * 2);
    this.startsNs.set(startsNs);
    this.endsNs = new Float64Array(rows.length * 2);
    this.endsNs.set(endsNs);
  }
}

/**
 * The path without its shortest segments, when it has more than `most`: a loop of a million spans has millions, and those that are dropped are
 * far below a pixel of the whole trace. The total stays. Every row keeps its flag.
 */
export function longestSegments(path: CriticalPath, most: number): CriticalPath {
  const size = path.row.length;
  if (size <= most) return path;
  const lengths = new Float64Array(size);
  for (let i = 0; i < size; i++) lengths[i] = path.endNs[i] - path.startNs[i];
  const leastNs = largest(lengths, most);
  const row = new Uint32Array(most);
  const startNs = new Float64Array(most);
  const endNs = new Float64Array(most);
  let at = 0;
  // Strictly longer ones fit in any case; of those just as long the first are taken.
  let equal = most - lengths.reduce((sum, length) => sum + (length > leastNs ? 1 : 0), 0);
  for (let i = 0; i < size; i++) {
    if (lengths[i] < leastNs || (lengths[i] === leastNs && equal-- <= 0)) continue;
    row[at] = path.row[i];
    startNs[at] = path.startNs[i];
    endNs[at++] = path.endNs[i];
  }
  return { totalNs: path.totalNs, row, startNs, endNs };
}

/**
 * The `nth` largest of positive numbers. Positive doubles are in the order of their bits, so their upper 16 bits sort them into buckets by
 * counting, and only one bucket has to be sorted.
 */
function largest(values: Float64Array, nth: number): number {
  // The upper half of a double comes second: VS Code runs on little-endian machines only.
  const words = new Uint32Array(values.buffer);
  const sizes = new Uint32Array(1 << 16);
  for (let i = 0; i < values.length; i++) sizes[words[i * 2 + 1] >>> 16]++;
  let bucket = sizes.length - 1;
  let above = 0;
  while (above + sizes[bucket] < nth) above += sizes[bucket--];
  const inBucket = new Float64Array(sizes[bucket]);
  let at = 0;
  for (let i = 0; i < values.length; i++) if (words[i * 2 + 1] >>> 16 === bucket) inBucket[at++] = values[i];
  return inBucket.sort()[inBucket.length - (nth - above)];
}
