/** Where the spans of one trace are: rows of batches. A trace that arrives in pieces has several. */

import { finish, STEP_ROWS, type Steps } from '../../base/steps';
import { BATCH_NO_END, BATCH_NO_START, type SpanBatch } from '../model/batch';

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

/** The earliest start, leaving out spans without one (0) unless times are counted from 0; where none has any, the earliest end, else 0. */
export function earliestStart(sources: readonly TraceSource[]): Words {
  return finish(findingEarliestStart(sources));
}

/** `earliestStart` in steps. */
export function* findingEarliestStart(sources: readonly TraceSource[]): Steps<Words> {
  let high = 0xffffffff;
  let low = 0xffffffff;
  let found = false;
  let earliestEnd = 0;
  let isFromZero = false;
  const look = ({ batch, rows }: TraceSource, from: number, to: number): void => {
    for (let k = from; k < to; k++) {
      const startLow = batch.start[rows[k] * 2];
      const startHigh = batch.start[rows[k] * 2 + 1];
      if (startHigh === 0 && startLow === 0) {
        const end = endUnixNs(batch, rows[k]);
        if (end > LONGEST_NS && (earliestEnd === 0 || end < earliestEnd)) earliestEnd = end;
        if (end > 0 && end <= LONGEST_NS) isFromZero = true;
        continue;
      }
      if (startHigh > high || (startHigh === high && startLow >= low)) continue;
      high = startHigh;
      low = startLow;
      found = true;
    }
  };
  yield* eachRange(sources, look);
  if (isFromZero && high * 4294967296 + low <= LONGEST_NS) return { high: 0, low: 0 };
  if (found) return { high, low };
  return { high: Math.floor(earliestEnd / 4294967296), low: earliestEnd % 4294967296 };
}

/** A start of 0 with an end this late (1973) is none: nothing lasts so long. What is shorter may be times that are counted from 0. */
const LONGEST_NS = 1e17;

/** Of a span that starts at 0, epoch nanoseconds of its end; 0 where it has none. */
function endUnixNs({ flags, durationNs }: SpanBatch, row: number): number {
  if ((flags[row] & (BATCH_NO_END | BATCH_NO_START)) !== 0) return 0;
  return durationNs[row] || 0;
}

/** What is known of when a span without a start was. */
export interface KnownTime {
  /** Nanoseconds from the origin: where it ended; 0 where that is not known either. */
  readonly startNs: number;
  readonly hasEnd: boolean;
  /** What the data says, where it gives lengths. */
  readonly durationNs: number;
}

/**
 * Of a span that starts at 0; undefined where that is its time: all times of its trace are counted from 0.
 * @param origin what `findingEarliestStart` found
 */
export function withoutStart({ flags, durationNs }: SpanBatch, row: number, origin: Words): KnownTime | undefined {
  const hasEnd = (flags[row] & BATCH_NO_END) === 0;
  const duration = Math.max(0, durationNs[row] || 0);
  if ((flags[row] & BATCH_NO_START) !== 0) return { startNs: 0, hasEnd: false, durationNs: hasEnd ? duration : 0 };
  const originNs = origin.high * 4294967296 + origin.low;
  if (originNs === 0 && hasEnd) return undefined;
  return { startNs: hasEnd ? Math.max(0, duration - originNs) : 0, hasEnd: hasEnd && duration > 0, durationNs: 0 };
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
