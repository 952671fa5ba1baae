/**
 * Time for which a debugger held the programs of a trace. A span that was under way all through such a time waited for it, whichever program was
 * held: nothing of a held program begins or ends meanwhile, and who waits for it goes on waiting. A span that began or ended in it did not.
 */

export interface Interval {
  readonly startNs: number;
  readonly endNs: number;
}

/** By start, those that touch or overlap as one. What has no length is left out. */
export function mergedIntervals(intervals: readonly Interval[]): Interval[] {
  const merged: { startNs: number; endNs: number }[] = [];
  const sorted = intervals.filter(({ startNs, endNs }) => endNs > startNs).sort((a, b) => a.startNs - b.startNs);
  for (const { startNs, endNs } of sorted) {
    const last = merged.at(-1);
    if (last && startNs <= last.endNs) last.endNs = Math.max(last.endNs, endNs);
    else merged.push({ startNs, endNs });
  }
  return merged;
}

/** Held time as a ruler: how much of it lies before a moment, and within a range. */
export class StoppedTime {
  private readonly starts: Float64Array;
  private readonly ends: Float64Array;
  /** Held time before each interval, and at last all of it. */
  private readonly before: Float64Array;

  constructor(readonly intervals: readonly Interval[]) {
    const merged = mergedIntervals(intervals);
    this.starts = Float64Array.from(merged, ({ startNs }) => startNs);
    this.ends = Float64Array.from(merged, ({ endNs }) => endNs);
    this.before = new Float64Array(merged.length + 1);
    for (let i = 0; i < merged.length; i++) this.before[i + 1] = this.before[i] + this.ends[i] - this.starts[i];
  }

  /** Nanoseconds of all. */
  get totalNs(): number {
    return this.before[this.starts.length];
  }

  /** Held nanoseconds before a moment. */
  until(ns: number): number {
    const at = this.firstFrom(ns);
    // The interval before may reach beyond the moment.
    return at === 0 ? 0 : this.before[at - 1] + Math.min(ns, this.ends[at - 1]) - this.starts[at - 1];
  }

  /** Nanoseconds of the intervals that lie wholly within a range: for which a span of that range waited. */
  waited(startNs: number, endNs: number): number {
    const { ends, before } = this;
    const first = this.firstFrom(startNs);
    let last = this.firstFrom(endNs);
    if (last > first && ends[last - 1] > endNs) last--;
    return last > first ? before[last] - before[first] : 0;
  }

  /** The moment on an axis without held time. */
  without(ns: number): number {
    return ns - this.until(ns);
  }

  /** The first interval that begins at or after a moment. */
  private firstFrom(ns: number): number {
    let low = 0;
    let high = this.starts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.starts[middle] < ns) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/**
 * The intervals in which nothing begins or ends, so that an axis may leave them out: all that is under way then waits.
 * @param starts, @param ends of the spans, nanoseconds
 */
export function quietIntervals(intervals: readonly Interval[], starts: Float64Array, ends: Float64Array): Interval[] {
  const merged = mergedIntervals(intervals);
  const busy = new Uint8Array(merged.length);
  const note = (ns: number): void => {
    let low = 0;
    let high = merged.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (merged[middle].endNs <= ns) low = middle + 1;
      else high = middle;
    }
    if (low < merged.length && merged[low].startNs < ns) busy[low] = 1;
  };
  if (merged.length > 0) {
    for (const ns of starts) note(ns);
    for (const ns of ends) note(ns);
  }
  return merged.filter((_, index) => busy[index] === 0);
}
