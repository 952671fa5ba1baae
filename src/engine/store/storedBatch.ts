/** A batch as the store keeps it, rows of one, and how spans are put before others. */

import type { SpanBatch } from '../../core/model/batch';

export interface StoredBatch {
  /** Its place in the store. */
  readonly slot: number;
  readonly batch: SpanBatch;
  /** Number of the capture that all of its spans belong to (0: none). */
  readonly capture: number;
  /** Row + 1 of the next span of the same trace in this batch; 0 ends the chain. `NONE`: the span left memory while its trace stayed. */
  readonly nextRow: Uint32Array;
  readonly bytes: number;
  /** `performance.now()` of its arrival. */
  readonly addedAt: number;
  /** Spans whose trace is still here. */
  live: number;
  /** It is being taken out, trace by trace. */
  leaving: boolean;
}

/** Rows of one trace in one batch, in order of arrival. */
export interface RowsOfBatch {
  readonly stored: StoredBatch;
  readonly rows: Uint32Array;
}

/** How spans are added that came before others which are here. */
export interface Restoring {
  /** Whether the spans of a batch came after those that are added. */
  isLater(stored: StoredBatch): boolean;
  /** Traces that are new are the first to leave. */
  readonly leavesFirst: boolean;
}

/** Rows of one capture that follow each other, together. */
export function byCapture(rows: readonly RowsOfBatch[]): RowsOfBatch[][] {
  const groups: RowsOfBatch[][] = [];
  for (const one of rows) {
    const last = groups.at(-1);
    if (last && last[0].stored.capture === one.stored.capture) last.push(one);
    else groups.push([one]);
  }
  return groups;
}
