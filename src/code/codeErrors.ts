/** How many errors calls came to, of whatever traces they are. */

import { finish, type Steps } from '../base/steps';
import { type DistinctError, errorsInTrace, type FailedCall, type ThrownRecord } from '../core/analysis/distinctErrors';
import { type CodeSource, isSameTrace } from './codeIndexRuns';

/** An exception of a span, and where it stands. */
export interface CodeRecord extends ThrownRecord {
  /** Row of the event; -1: the span's own attributes. */
  readonly event: number;
}

/** By row. */
export type RecordedRows = ReadonlyMap<number, readonly CodeRecord[]>;

/** A call: a row of the columns that it came from. */
export interface FailedRow extends FailedCall<CodeRecord> {
  readonly source: CodeSource;
}

/** Calls in one step: about a millisecond. */
export const STEP_CALLS = 1 << 11;

/** The errors of calls that failed. */
export function errorsOf<C extends FailedRow>(calls: readonly C[]): readonly DistinctError<C, CodeRecord>[] {
  return finish(byTrace(calls)).flatMap((ofTrace) => errorsInTrace(ofTrace));
}

/** How many they are. */
export function* countErrors(calls: readonly FailedRow[]): Steps<number> {
  let count = 0;
  let looked = 0;
  for (const ofTrace of yield* byTrace(calls)) {
    count += ofTrace.length === 1 && ofTrace[0].records.length <= 1 ? 1 : errorsInTrace(ofTrace).length;
    looked += ofTrace.length;
    if (looked < STEP_CALLS) continue;
    looked = 0;
    yield;
  }
  return count;
}

/** Calls of each trace. Without a text or an object for each trace's id: most calls that failed are the only one of their trace. */
function* byTrace<C extends FailedRow>(calls: readonly C[]): Steps<(readonly C[])[]> {
  const traces: C[][] = [];
  const slots = new Int32Array(2 << Math.ceil(Math.log2(calls.length + 2)));
  const mask = slots.length - 1;
  for (const [i, call] of calls.entries()) {
    const { traceId } = call.source;
    let slot = hashOfTrace(traceId, call.row) & mask;
    for (; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const [{ source, row }] = traces[slots[slot] - 1];
      if (isSameTrace(source.traceId, row, traceId, call.row)) break;
    }
    if (slots[slot] === 0) slots[slot] = traces.push([call]);
    else traces[slots[slot] - 1].push(call);
    if (i % STEP_CALLS === STEP_CALLS - 1) yield;
  }
  return traces;
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
