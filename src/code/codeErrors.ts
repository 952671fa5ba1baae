/** How many errors calls came to, of whatever traces they are. */

import { type DistinctError, errorsInTrace, type FailedCall, type ThrownRecord } from '../core/analysis/distinctErrors';
import { traceIdHex } from '../core/model/ids';
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

/** The errors of calls that failed. */
export function errorsOf<C extends FailedRow>(calls: readonly C[]): readonly DistinctError<C, CodeRecord>[] {
  const [first] = calls;
  if (!first) return [];
  const isSame = ({ source, row }: C): boolean => isSameTrace(source.traceId, row, first.source.traceId, first.row);
  return calls.every(isSame) ? errorsInTrace(calls) : byTrace(calls).flatMap((ofTrace) => errorsInTrace(ofTrace));
}

function byTrace<C extends FailedRow>(calls: readonly C[]): readonly (readonly C[])[] {
  const traces = new Map<string, C[]>();
  for (const call of calls) {
    const id = traceIdHex(call.source.traceId, call.row);
    const known = traces.get(id);
    if (known) known.push(call);
    else traces.set(id, [call]);
  }
  return [...traces.values()];
}
