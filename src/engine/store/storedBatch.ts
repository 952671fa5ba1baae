/** A batch as the store keeps it, and rows of one. */

import type { SpanBatch } from '../../core/model/batch';

export interface StoredBatch {
  /** Its place in the store. */
  readonly slot: number;
  readonly batch: SpanBatch;
  /** Number of the capture that it belongs to (0: none). */
  readonly capture: number;
  /** Row + 1 of the next span of the same trace in this batch; 0 ends the chain. `NONE`: the span left memory while its trace stayed. */
  readonly nextRow: Uint32Array;
  readonly bytes: number;
  /** `performance.now()` of its arrival. */
  readonly addedAt: number;
  /** Spans whose trace is still here. */
  live: number;
}

/** Rows of one trace in one batch, in order of arrival. */
export interface RowsOfBatch {
  readonly stored: StoredBatch;
  readonly rows: Uint32Array;
}
