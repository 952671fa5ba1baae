/** What a list says of a capture's spans. */

import { BATCH_NO_END, type SpanBatch, STATUS_ERROR } from '../../core/model/batch';

/** Spans whose status is an error. */
export function errorsOf({ status, count }: SpanBatch): number {
  let errors = 0;
  for (let row = 0; row < count; row++) if (status[row] === STATUS_ERROR) errors++;
  return errors;
}

/** Spans in progress that are remembered; what begins beyond those counts once more when it ends. */
const MOST_BEGUN = 100_000;

/** Spans in progress come when they begin and again when they end, and are one to a person. */
export class BegunSpans {
  private readonly begun = new Set<string>();

  /** Takes note of what a request holds. Returns how many of its spans were counted before. */
  countAgain({ count, flags, spanId }: SpanBatch): number {
    let again = 0;
    for (let row = 0; row < count; row++) {
      const isBegun = (flags[row] & BATCH_NO_END) !== 0;
      if (!isBegun && this.begun.size === 0) continue;
      const id = `${spanId[row * 2]}:${spanId[row * 2 + 1]}`;
      if (isBegun ? this.begun.has(id) : this.begun.delete(id)) again++;
      else if (isBegun && this.begun.size < MOST_BEGUN) this.begun.add(id);
    }
    return again;
  }
}
