/** Which rows of a batch are still wanted, for indices that are made of batches. */

import { NONE } from './none';
import type { StoredBatch } from './storedBatch';
import type { TraceStore } from './traceStore';

/** Whether a row's trace is still here, and the row with it, while others of its batch may have left. */
export function isHere({ ids }: TraceStore, { batch, nextRow }: StoredBatch): (row: number) => boolean {
  return (row) => nextRow[row] !== NONE && ids.find(batch.traceId, row * 4) >= 0;
}
