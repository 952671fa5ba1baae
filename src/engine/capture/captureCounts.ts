/** What a list says of a capture's spans. */

import { type SpanBatch, STATUS_ERROR } from '../../core/model/batch';

/** Spans whose status is an error. */
export function errorsOf({ status, count }: SpanBatch): number {
  let errors = 0;
  for (let row = 0; row < count; row++) if (status[row] === STATUS_ERROR) errors++;
  return errors;
}
