/**
 * The spans of one place, in order of arrival: columns that grow, 16 bytes a span, and what is summed up as they come. Durations stand
 * together, so that percentiles are selected from them as they are; of a busy place they are counted by magnitude as they come.
 */

import { STEP_ROWS, type Steps } from '../base/steps';
import { bucketCount, countByBucket, type Values, wordsOf } from './percentiles';

const ERROR_BIT = 0x80000000;
const firstCapacity = 4;
/** Spans from which on counting is worth its 128 kB. */
const countedFrom = 16_384;

export class Runs {
  count = 0;
  errors = 0;
  /** Revision of the index when a span came or went. */
  changedAt = 0;
  /** Which one began last; meaningless while there are none. */
  last = 0;
  #lastStart = Number.NEGATIVE_INFINITY;
  #durationNs = new Float64Array(firstCapacity);
  #words = wordsOf(this.#durationNs);
  #counts: Uint32Array | undefined;
  #source = new Uint32Array(firstCapacity);
  /** Row in its source, and in the uppermost bit whether it failed. */
  #row = new Uint32Array(firstCapacity);

  /** Durations of all spans; views that are valid until the next change. */
  get durations(): Values {
    return { values: this.#durationNs.subarray(0, this.count), counts: this.#counts };
  }

  source(at: number): number {
    return this.#source[at];
  }

  row(at: number): number {
    return (this.#row[at] & ~ERROR_BIT) >>> 0;
  }

  durationNs(at: number): number {
    return this.#durationNs[at];
  }

  isError(at: number): boolean {
    return this.#row[at] >= ERROR_BIT;
  }

  /** @param start in any unit, for finding the last */
  add(source: number, row: number, durationNs: number, isError: boolean, start: number): void {
    const at = this.count++;
    if (at === this.#row.length) this.#grow();
    this.#durationNs[at] = durationNs;
    this.#source[at] = source;
    this.#row[at] = isError ? row + ERROR_BIT : row;
    if (this.#counts) this.#counts[this.#words[at * 4 + 3]]++;
    else if (this.count === countedFrom) this.#countAll();
    if (isError) this.errors++;
    if (start >= this.#lastStart) {
      this.last = at;
      this.#lastStart = start;
    }
  }

  /**
   * Those that `keep` wants, in their order, as runs of their own: until all of them are there these stay as they are. `startOf` tells which
   * began last.
   */
  *filtered(keep: (source: number, row: number) => boolean, startOf: (source: number, row: number) => number): Steps<Runs> {
    const kept = new Runs();
    for (let at = 0; at < this.count; at++) {
      const source = this.#source[at];
      const row = this.row(at);
      if (keep(source, row)) kept.add(source, row, this.#durationNs[at], this.isError(at), startOf(source, row));
      if ((at & (STEP_ROWS - 1)) === STEP_ROWS - 1) yield;
    }
    return kept;
  }

  #countAll(): void {
    this.#counts = new Uint32Array(bucketCount);
    countByBucket(this.durations.values, this.#counts);
  }

  #grow(): void {
    // A half more rather than twice as much: there are million-span places.
    this.#resize(this.#row.length + Math.max(firstCapacity, this.#row.length >>> 1));
  }

  #resize(capacity: number): void {
    this.#durationNs = sized(this.#durationNs, new Float64Array(capacity));
    this.#words = wordsOf(this.#durationNs);
    this.#source = sized(this.#source, new Uint32Array(capacity));
    this.#row = sized(this.#row, new Uint32Array(capacity));
  }
}

function sized<T extends Float64Array | Uint32Array>(from: T, to: T): T {
  to.set(from.length > to.length ? from.subarray(0, to.length) : from);
  return to;
}
