/**
 * How many errors the calls of some places are, kept while calls come: only what came is looked at, and the traces that it is in. Calls stand in
 * columns, 20 bytes a call that failed, linked by their trace; those that leave begin a count anew.
 */

import type { Steps } from '../base/steps';
import { type CodeRecord, errorsOf, type FailedRow } from './codeErrors';
import { type CodeSource, type ColumnsOf, isSameTrace, type Runs } from './codeIndexRuns';

/** Calls in one step: about a millisecond. */
const STEP_CALLS = 1 << 11;
const FIRST_CAPACITY = 16;
/** Of a call that failed: its columns and its place in the table of traces. */
export const FAILED_BYTES = 36;

export class ErrorCount {
  #total = 0;
  #size = 0;
  #source = new Uint32Array(FIRST_CAPACITY);
  #row = new Uint32Array(FIRST_CAPACITY);
  /** The next call of its trace, + 1; 0: none. */
  #next = new Uint32Array(FIRST_CAPACITY);
  /** Of the first call of a trace: the errors of all. */
  #errors = new Uint32Array(FIRST_CAPACITY);
  /** Open addressing: the first call of a trace, + 1. */
  #slots = new Uint32Array(FIRST_CAPACITY * 2);
  readonly #lookedAt: number[];
  /** First calls of traces whose errors have to be counted. */
  readonly #changed = new Set<number>();

  constructor(private readonly runs: readonly Runs[]) {
    this.#lookedAt = runs.map(() => 0);
  }

  /** Whether it counts these, which may have more calls now. */
  isOf(runs: readonly Runs[]): boolean {
    return runs.length === this.runs.length && runs.every((one, i) => one === this.runs[i]);
  }

  /** The errors of all calls that there are now. Others may do the same meanwhile. */
  *count(columnsOf: ColumnsOf, recordsOf: (source: number, row: number) => readonly CodeRecord[]): Steps<number> {
    let step = 0;
    for (const [i, runs] of this.runs.entries()) {
      while (this.#lookedAt[i] < runs.failed.length) {
        const at = runs.failed[this.#lookedAt[i]++];
        this.#add(runs.source(at), runs.row(at), columnsOf);
        if (++step % STEP_CALLS === 0) yield;
      }
    }
    for (const first of this.#changed) {
      this.#changed.delete(first);
      const errors = this.#errorsFrom(first, columnsOf, recordsOf);
      this.#total += errors - this.#errors[first];
      this.#errors[first] = errors;
      if (++step % STEP_CALLS === 0) yield;
    }
    return this.#total;
  }

  #add(source: number, row: number, columnsOf: ColumnsOf): void {
    const columns = columnsOf(source);
    // What has just left memory is one by itself until it is taken out.
    if (!columns) {
      this.#total++;
      return;
    }
    const { traceId } = columns;
    const mask = this.#slots.length - 1;
    let slot = hashOfTrace(traceId, row) & mask;
    for (; this.#slots[slot] !== 0; slot = (slot + 1) & mask) {
      const other = columnsOf(this.#source[this.#slots[slot] - 1]);
      if (other && isSameTrace(other.traceId, this.#row[this.#slots[slot] - 1], traceId, row)) break;
    }
    const at = this.#size++;
    if (at === this.#row.length) this.#grow();
    this.#source[at] = source;
    this.#row[at] = row;
    if (this.#slots[slot] !== 0) {
      const first = this.#slots[slot] - 1;
      this.#next[at] = this.#next[first];
      this.#next[first] = at + 1;
      this.#changed.add(first);
      return;
    }
    this.#slots[slot] = at + 1;
    this.#changed.add(at);
    if (this.#size * 2 > this.#slots.length) this.#rehash(columnsOf);
  }

  #errorsFrom(first: number, columnsOf: ColumnsOf, recordsOf: (source: number, row: number) => readonly CodeRecord[]): number {
    if (this.#next[first] === 0 && recordsOf(this.#source[first], this.#row[first]).length <= 1) return 1;
    const calls: FailedRow[] = [];
    let gone = 0;
    for (let at = first + 1; at !== 0; at = this.#next[at - 1]) {
      const columns: CodeSource | undefined = columnsOf(this.#source[at - 1]);
      const row = this.#row[at - 1];
      if (columns) calls.push({ source: columns, row, records: recordsOf(this.#source[at - 1], row) });
      else gone++;
    }
    return gone + errorsOf(calls).length;
  }

  #grow(): void {
    const grown = (from: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> => {
      const to = new Uint32Array(from.length * 2);
      to.set(from);
      return to;
    };
    this.#source = grown(this.#source);
    this.#row = grown(this.#row);
    this.#next = grown(this.#next);
    this.#errors = grown(this.#errors);
  }

  #rehash(columnsOf: ColumnsOf): void {
    const before = this.#slots;
    this.#slots = new Uint32Array(before.length * 2);
    const mask = this.#slots.length - 1;
    for (const first of before) {
      const columns = first === 0 ? undefined : columnsOf(this.#source[first - 1]);
      if (!columns) continue;
      let slot = hashOfTrace(columns.traceId, this.#row[first - 1]) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = first;
    }
  }
}

/** Mixed like MurmurHash3 (public domain, A. Appleby): ids are random as a rule, but not always. */
function hashOfTrace(words: Uint32Array, row: number): number {
  let hash = 0;
  for (let word = row * 4; word < row * 4 + 4; word++) {
    hash = Math.imul(hash ^ words[word], 0xcc9e2d51);
    hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  }
  return (hash ^ (hash >>> 13)) >>> 0;
}
