/** Where the spans of one trace are: rows of batches. A trace that arrives in pieces has several. */

import { finish, STEP_ROWS, type Steps } from '../../base/steps';
import type { SpanBatch } from '../model/batch';

/** All batches of a trace share one string table. */
export interface TraceSource {
  readonly batch: SpanBatch;
  readonly rows: ArrayLike<number>;
}

/** Two words, most significant first: an unsigned number of 64 bits. */
export interface Words {
  readonly high: number;
  readonly low: number;
}

export function toBigInt(words: Words): bigint {
  return (BigInt(words.high >>> 0) << 32n) | BigInt(words.low >>> 0);
}

/** Nanoseconds from `origin`; exact to 2^53 (104 days). */
export function offsetNs(high: number, low: number, origin: Words): number {
  return (high - origin.high) * 4294967296 + (low - origin.low);
}

/** The earliest start, leaving out spans without one (0) unless no span has any. */
export function earliestStart(sources: readonly TraceSource[]): Words {
  return finish(findingEarliestStart(sources));
}

/** `earliestStart` in steps. */
export function* findingEarliestStart(sources: readonly TraceSource[]): Steps<Words> {
  let high = 0xffffffff;
  let low = 0xffffffff;
  let found = false;
  const look = ({ batch, rows }: TraceSource, from: number, to: number): void => {
    for (let k = from; k < to; k++) {
      const startLow = batch.start[rows[k] * 2];
      const startHigh = batch.start[rows[k] * 2 + 1];
      if (startHigh > high || (startHigh === high && startLow >= low) || (startHigh === 0 && startLow === 0)) continue;
      high = startHigh;
      low = startLow;
      found = true;
    }
  };
  yield* eachRange(sources, look);
  return found ? { high, low } : { high: 0, low: 0 };
}

/** Work on ranges `[from, to)` of the rows of each source, in steps of about as many rows. */
export function* eachRange(
  sources: readonly TraceSource[],
  work: (source: TraceSource, from: number, to: number) => void,
): Steps<void> {
  let looked = 0;
  for (const source of sources) {
    const { length } = source.rows;
    for (let from = 0; from < length; from += STEP_ROWS) {
      const to = Math.min(from + STEP_ROWS, length);
      work(source, from, to);
      looked += to - from;
      if (looked < STEP_ROWS) continue;
      looked = 0;
      yield;
    }
  }
}
