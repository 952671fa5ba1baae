/**
 * The critical path: the chain of spans that determined how long the trace took. Walked backwards from the root's end: the child that
 * finished last (and not after the present time) is what the span waited for; the time between its end and the present time is the
 * span's own; then the same within that child, and on from the child's start. Children that began after their parent's end belong to
 * nobody's wait and are left out; a child that lies partly outside its parent is cut to it.
 * Source of the method: Z. Zhang et al., "CRISP: Critical Path Analysis of Large-Scale Microservice Architectures", USENIX ATC 2022.
 */

import { ranges, type Steps } from '../../base/steps';
import type { SpanTable } from '../model/table';
import { mainRoot } from './root';
import { LONG_LIST, sortByKey, sortingByKey } from './sort';
import { shownStarts } from './times';

/** Segments ordered by row, then by time. Nanoseconds from the trace's start, as shown (clocks corrected). */
export interface CriticalPath {
  readonly totalNs: number;
  readonly row: Uint32Array;
  readonly startNs: Float64Array;
  readonly endNs: Float64Array;
}

/** In steps. */
export function* criticalPath(table: SpanTable, root: number = mainRoot(table).row): Steps<CriticalPath> {
  const walk = new Walk(table);
  if (root >= 0) yield* walk.from(root);
  return yield* walk.result();
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

  *from(root: number): Steps<void> {
    const { starts, ends, table } = this;
    ends[root] = starts[root] + table.durationNsOf[root];
    // Parallel stacks of the spans that the walk is in; the children still to look at are `pool[poolFrom, poolAt)`, by end.
    const span: number[] = [root];
    const now: number[] = [ends[root]];
    const poolFrom: number[] = [0];
    const poolAt: number[] = [yield* this.pushMany(root, 0)];
    let work = 0;
    while (span.length > 0) {
      if (++work > LONG_LIST) {
        work = 0;
        yield;
      }
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
      const many = table.subtreeEnd[child] - child > LONG_LIST;
      const end = many ? yield* this.pushMany(child, base) : this.pushChildren(child, base);
      poolAt.push(end);
      work += end - base;
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
    const { at } = this.push(row, row + 1, base, Number.POSITIVE_INFINITY);
    sortByKey(this.pool, base, at, this.ends, this.scratch);
    return at;
  }

  /** `pushChildren` in steps. */
  private *pushMany(row: number, base: number): Steps<number> {
    let next = row + 1;
    let at = base;
    while (next < this.table.subtreeEnd[row]) {
      ({ next, at } = this.push(row, next, at, LONG_LIST));
      yield;
    }
    yield* sortingByKey(this.pool, base, at, this.ends, this.scratch);
    return at;
  }

  /** Puts at most `most` children, from row `first` on, into the pool at `to`. */
  private push(row: number, first: number, to: number, most: number): { readonly next: number; readonly at: number } {
    const { table, starts, ends } = this;
    const { subtreeEnd, durationNsOf } = table;
    let at = to;
    let child = first;
    for (let left = most; child < subtreeEnd[row] && left > 0; child = subtreeEnd[child], left--) {
      if (starts[child] >= ends[row] || durationNsOf[child] === 0) continue;
      ends[child] = Math.min(starts[child] + durationNsOf[child], ends[row]);
      if (starts[child] < starts[row]) starts[child] = starts[row];
      if (at === this.pool.length) this.grow();
      this.pool[at++] = child;
    }
    return { next: child, at };
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

  *result(): Steps<CriticalPath> {
    const { size, rows, startsNs, endsNs } = this.segments;
    // Sorted by counting. The walk went backwards in time: taken from its end, each row's segments come in the order of time.
    const next = new Uint32Array(this.table.count + 1);
    yield* ranges(size, (from, to) => {
      for (let i = from; i < to; i++) next[rows[i] + 1]++;
    });
    for (let at = 1; at < next.length; at++) next[at] += next[at - 1];
    const row = new Uint32Array(size);
    const startNs = new Float64Array(size);
    const endNs = new Float64Array(size);
    let totalNs = 0;
    yield* ranges(size, (from, to) => {
      for (let i = size - 1 - from; i > size - 1 - to; i--) {
        const at = next[rows[i]]++;
        row[at] = rows[i];
        startNs[at] = startsNs[i];
        endNs[at] = endsNs[i];
        totalNs += endNs[at] - startNs[at];
      }
    });
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
 * far below a pixel of the whole trace. The total stays. Every row keeps its flag. In steps.
 */
export function* longestSegments(path: CriticalPath, most: number): Steps<CriticalPath> {
  const size = path.row.length;
  if (size <= most) return path;
  const lengths = new Float64Array(size);
  for (let i = 0; i < size; i++) lengths[i] = path.endNs[i] - path.startNs[i];
  const leastNs = yield* largest(lengths, most);
  const row = new Uint32Array(most);
  const startNs = new Float64Array(most);
  const endNs = new Float64Array(most);
  let at = 0;
  // Strictly longer ones fit in any case; of those just as long the first are taken.
  let equal = most;
  for (const length of lengths) if (length > leastNs) equal--;
  yield* ranges(size, (from, to) => {
    for (let i = from; i < to; i++) {
      if (lengths[i] < leastNs || (lengths[i] === leastNs && equal-- <= 0)) continue;
      row[at] = path.row[i];
      startNs[at] = path.startNs[i];
      endNs[at++] = path.endNs[i];
    }
  });
  return { totalNs: path.totalNs, row, startNs, endNs };
}

/**
 * The `nth` largest of positive numbers. Positive doubles are in the order of their bits: the bits are found 16 at a time, from the upper ones
 * down, by counting. Nothing is sorted.
 */
function* largest(values: Float64Array, nth: number): Steps<number> {
  // Four digits of 16 bits each, the lowest first: VS Code runs on little-endian machines only.
  const digits = new Uint16Array(values.buffer, values.byteOffset, values.length * 4);
  const found = new Uint16Array(4);
  let wanted = nth;
  for (let digit = 3; digit >= 0; digit--) {
    const sizes = new Uint32Array(1 << 16);
    yield* ranges(values.length, (from, to) => {
      for (let i = from; i < to; i++) if (hasDigits(i, digit)) sizes[digits[i * 4 + digit]]++;
    });
    let bucket = sizes.length - 1;
    while (sizes[bucket] < wanted) wanted -= sizes[bucket--];
    found[digit] = bucket;
  }
  return new Float64Array(found.buffer)[0];

  /** Whether all digits above one are those that were found. */
  function hasDigits(i: number, above: number): boolean {
    for (let digit = 3; digit > above; digit--) if (digits[i * 4 + digit] !== found[digit]) return false;
    return true;
  }
}
