/**
 * Rows that stand for many pieces of time: closed groups with a segment per member, spans with a hundred thousand pieces of the critical
 * path. The pieces are merged to what pixels can tell apart once per view of the timeline, and kept while rows scroll past.
 */

import { Lru } from '../../../src/base/lru';
import { isError } from '../../../src/protocol/columns';
import { criticalAt, type TraceModel } from '../../trace/model';
import { type Pieces, sortedPieces } from './pieces';

/** Pairs of left edge and width in CSS pixels, ascending. */
export interface Marks {
  readonly pairs: Float32Array;
  /** Per pair 1 when a piece of it is in error. */
  readonly errors: Uint8Array;
}

export interface MarkScale {
  readonly startNs: number;
  readonly pxPerNs: number;
  readonly widthPx: number;
}

/** Segments at least this wide keep a gap between them; narrower ones that are nearer than a pixel become one. */
const SEGMENT_PX = 3;
const LEAST_PX = 1;

export const noMarks: Marks = { pairs: new Float32Array(0), errors: new Uint8Array(0) };

/** Collects pieces in order of their start. */
class Collector {
  private pairs = new Float32Array(256);
  private errors = new Uint8Array(128);
  private count = 0;
  /** End of the last mark. */
  private end = Number.NEGATIVE_INFINITY;

  begin(): void {
    this.count = 0;
    this.end = Number.NEGATIVE_INFINITY;
  }

  add(left: number, right: number, error: boolean, separate: boolean): void {
    if (this.count > 0) {
      const at = this.count - 1;
      const start = this.pairs[at * 2];
      const joins = left < this.end + LEAST_PX && (!separate || this.end - start < SEGMENT_PX || right - left < SEGMENT_PX);
      if (joins || right <= this.end) {
        if (right > this.end) {
          this.end = right;
          this.pairs[at * 2 + 1] = right - start;
        }
        if (error) this.errors[at] = 1;
        return;
      }
    }
    if (this.count === this.errors.length) this.grow();
    const from = Math.max(left, this.end);
    this.pairs[this.count * 2] = from;
    this.pairs[this.count * 2 + 1] = Math.max(right - from, LEAST_PX);
    this.errors[this.count] = error ? 1 : 0;
    this.end = Math.max(right, from + LEAST_PX);
    this.count++;
  }

  private grow(): void {
    const pairs = new Float32Array(this.pairs.length * 2);
    pairs.set(this.pairs);
    this.pairs = pairs;
    const errors = new Uint8Array(this.errors.length * 2);
    errors.set(this.errors);
    this.errors = errors;
  }

  finish(): Marks {
    return this.count === 0 ? noMarks : { pairs: this.pairs.slice(0, this.count * 2), errors: this.errors.slice(0, this.count) };
  }
}

const collector = new Collector();

/** Members of a group. */
export function groupPieces(trace: TraceModel, startNs: Float64Array, group: number): Pieces {
  const { start, rows } = trace.groups;
  const from = start[group];
  return sortedPieces(start[group + 1] - from, (starts, ends, errors) => {
    for (let k = 0; k < starts.length; k++) {
      const span = rows[from + k];
      starts[k] = startNs[span];
      ends[k] = startNs[span] + trace.durationNs[span];
      errors[k] = isError(trace, span) ? 1 : 0;
    }
  });
}

/** Pieces of the critical path of the spans from `first` to `last`. */
export function criticalPieces(trace: TraceModel, startNs: Float64Array, first: number, last: number): Pieces {
  const from = criticalAt(trace, first);
  const to = criticalAt(trace, last + 1);
  return sortedPieces(to - from, (starts, ends) => {
    for (let k = 0; k < starts.length; k++) {
      const span = trace.criticalSpan[from + k];
      // The path is worked out with corrected clocks; shown raw, its pieces move with their span.
      const shiftNs = startNs[span] - trace.correctedStartNs[span];
      starts[k] = trace.criticalStart[from + k] + shiftNs;
      ends[k] = trace.criticalEnd[from + k] + shiftNs;
    }
  });
}

/**
 * What of the pieces is in view, in pixels.
 * @param leastPx of a piece
 * @param separate neighbours keep a gap where there is room
 */
export function marksInView(pieces: Pieces, scale: MarkScale, leastPx: number, separate: boolean): Marks {
  const { coarse, coarseNs } = pieces;
  const source = coarse && coarseNs * scale.pxPerNs < 1 ? coarse : pieces;
  const endNs = scale.startNs + scale.widthPx / scale.pxPerNs;
  collector.begin();
  for (let k = source.firstAfter(scale.startNs); k < source.start.length && source.start[k] <= endNs; k++) {
    const left = (source.start[k] - scale.startNs) * scale.pxPerNs;
    const right = (source.end[k] - scale.startNs) * scale.pxPerNs;
    if (right < 0) continue;
    collector.add(
      Math.max(left, -8),
      Math.min(Math.max(right, left + leastPx), scale.widthPx + 8),
      source.error[k] === 1,
      separate,
    );
  }
  return collector.finish();
}

const LIMIT = 2_000;

/** Something kept by entry for as long as what it depends on stays the same. */
export class EntryCache<T> {
  private readonly byEntry = new Lru<number, T>({ maxSize: LIMIT });
  private key: unknown[] = [];

  /** Forgets everything when one of the values that it depends on has changed. */
  use(...key: readonly unknown[]): void {
    if (key.length === this.key.length && key.every((value, index) => value === this.key[index])) return;
    this.key = [...key];
    this.byEntry.clear();
  }

  get(entry: number, make: () => T): T {
    let kept = this.byEntry.get(entry);
    if (kept === undefined) {
      kept = make();
      this.byEntry.set(entry, kept);
    }
    return kept;
  }
}
