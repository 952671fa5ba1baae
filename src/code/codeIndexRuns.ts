/**
 * The spans of one place, in order of arrival: columns that grow, 16 bytes a span and about as much again to know it when it comes twice, and what
 * is summed up as they come. Durations stand together, so that percentiles are selected from them as they are; of a busy place they are counted by
 * magnitude as they come.
 *
 * A span that a program sent twice counts once, as in its trace (`core/analysis/link.ts`). The second one is kept aside: it takes the place of the
 * first where that leaves before it, as batches do that were joined.
 */

import { STEP_ROWS, type Steps } from '../base/steps';
import type { SpanColumns } from '../core/analysis/distinctErrors';
import { BATCH_NO_END, STATUS_ERROR } from '../core/model/batch';
import { bucketCount, countByBucket, type Values, wordsOf } from './percentiles';
import { SpanSet } from './spanSet';

/** Columns that spans come from: a `SpanBatch` is one. */
export interface CodeSource extends SpanColumns {
  /** 4 words a row. */
  readonly traceId: Uint32Array;
  readonly status: Uint8Array;
  /** BATCH_… bits. */
  readonly flags: Uint32Array;
}

/** The columns of a source by its number, as long as they are in memory. Holds on to those that it gave last. */
export type ColumnsOf = (source: number) => CodeSource | undefined;

const FAILED_BIT = 0x80000000;
const firstCapacity = 4;
/** Spans from which on counting is worth its 128 kB. */
const countedFrom = 16_384;

/** What is known of a row of a source beside its columns. */
export interface KnownOfRows {
  /** Whether it recorded an exception. */
  isRecorded(source: number, row: number): boolean;
  /** Nanoseconds for which it waited for a debugger. */
  heldNs(source: number, row: number): number;
}

export class Runs {
  count = 0;
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
  readonly #failed: number[] = [];
  readonly #known = new SpanSet((at) => this.#isSameAt(at));
  /** Spans that are here already: source and row. */
  readonly #again: number[] = [];
  /** The span that is being added. */
  #columns: CodeSource | undefined;
  #rowOfColumns = 0;

  /** @param reader made for a piece of work and let go with it: batches are not kept alive */
  constructor(
    private readonly reader: () => ColumnsOf,
    private readonly beside: KnownOfRows,
  ) {}

  /** Durations of all spans; views that are valid until the next change. */
  get durations(): Values {
    return { values: this.#durationNs.subarray(0, this.count), counts: this.#counts };
  }

  /** Calls that failed, ascending: in error, or with an exception that they recorded. */
  get failed(): readonly number[] {
    return this.#failed;
  }

  /** Also those that came twice. */
  get rows(): number {
    return this.count + this.#again.length / 2;
  }

  source(at: number): number {
    return this.#source[at];
  }

  row(at: number): number {
    return (this.#row[at] & ~FAILED_BIT) >>> 0;
  }

  durationNs(at: number): number {
    return this.#durationNs[at];
  }

  isFailed(at: number): boolean {
    return this.#row[at] >= FAILED_BIT;
  }

  /** One that has not ended is no call yet: how long it takes and whether it fails is not known. */
  add(source: number, row: number, columns: CodeSource): void {
    if ((columns.flags[row] & BATCH_NO_END) !== 0) return;
    const duration = columns.durationNs[row];
    // Defects of the data (an end before its start, or none) count as 0.
    const isLong = duration > 0 && duration < Number.POSITIVE_INFINITY;
    const durationNs = isLong ? Math.max(0, duration - this.beside.heldNs(source, row)) : 0;
    this.#columns = columns;
    this.#rowOfColumns = row;
    const isKnown = this.#known.add(hashOf(columns, row), this.count);
    this.#columns = undefined;
    if (isKnown) this.#again.push(source, row);
    else {
      const isFailed = columns.status[row] === STATUS_ERROR || this.beside.isRecorded(source, row);
      this.#append(source, row, durationNs, isFailed, startNs(columns, row));
    }
  }

  /** Calls back with each row of it, also those that came twice. */
  each(visit: (source: number, row: number) => void): void {
    for (let at = 0; at < this.count; at++) visit(this.#source[at], this.row(at));
    for (let i = 0; i < this.#again.length; i += 2) visit(this.#again[i], this.#again[i + 1]);
  }

  /** Those that `keep` wants, in their order, as runs of their own: until all of them are there these stay as they are. */
  *filtered(keep: (source: number, row: number) => boolean): Steps<Runs> {
    const kept = new Runs(this.reader, this.beside);
    const columnsOf = this.reader();
    const add = (source: number, row: number): void => {
      const columns = keep(source, row) ? columnsOf(source) : undefined;
      if (columns) kept.add(source, row, columns);
    };
    for (let at = 0; at < this.count; at++) {
      add(this.#source[at], this.row(at));
      if ((at & (STEP_ROWS - 1)) === STEP_ROWS - 1) yield;
    }
    for (let i = 0; i < this.#again.length; i += 2) {
      add(this.#again[i], this.#again[i + 1]);
      if ((i & (STEP_ROWS - 1)) === STEP_ROWS - 2) yield;
    }
    return kept;
  }

  /** @param start in any unit, for finding the last */
  #append(source: number, row: number, durationNs: number, isFailed: boolean, start: number): void {
    const at = this.count++;
    if (at === this.#row.length) this.#grow();
    this.#durationNs[at] = durationNs;
    this.#source[at] = source;
    this.#row[at] = isFailed ? row + FAILED_BIT : row;
    if (this.#counts) this.#counts[this.#words[at * 4 + 3]]++;
    else if (this.count === countedFrom) this.#countAll();
    if (isFailed) this.#failed.push(at);
    if (start >= this.#lastStart) {
      this.last = at;
      this.#lastStart = start;
    }
  }

  #isSameAt(at: number): boolean {
    const columns = this.reader()(this.#source[at]);
    return !!columns && !!this.#columns && isSameSpan(columns, this.row(at), this.#columns, this.#rowOfColumns);
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

/** Epoch nanoseconds; a double, exact to 256 ns. */
export function startNs({ start }: CodeSource, row: number): number {
  return start[row * 2 + 1] * 4294967296 + start[row * 2];
}

/** Mixed like MurmurHash3 (public domain, A. Appleby): ids are random as a rule, but not always. */
function hashOf({ traceId, spanId, start }: CodeSource, row: number): number {
  let hash = Math.imul(traceId[row * 4 + 3] ^ Math.imul(traceId[row * 4 + 1], 0x9e3779b1), 0xcc9e2d51);
  hash = Math.imul(hash ^ (hash >>> 15) ^ spanId[row * 2], 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13) ^ spanId[row * 2 + 1], 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 16) ^ start[row * 2], 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Of two spans of one place. */
function isSameSpan(a: CodeSource, i: number, b: CodeSource, j: number): boolean {
  return (
    a.spanId[i * 2 + 1] === b.spanId[j * 2 + 1] &&
    a.spanId[i * 2] === b.spanId[j * 2] &&
    isSameTrace(a.traceId, i, b.traceId, j) &&
    a.start[i * 2] === b.start[j * 2] &&
    a.start[i * 2 + 1] === b.start[j * 2 + 1] &&
    Object.is(a.durationNs[i], b.durationNs[j]) &&
    a.status[i] === b.status[j] &&
    a.kind[i] === b.kind[j] &&
    a.name[i] === b.name[j]
  );
}

/** Whether rows of two lists of ids, 4 words a row, are the same. */
export function isSameTrace(a: Uint32Array, i: number, b: Uint32Array, j: number): boolean {
  for (let word = 3; word >= 0; word--) if (a[i * 4 + word] !== b[j * 4 + word]) return false;
  return true;
}
