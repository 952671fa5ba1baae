/** The rows of a batch's spans by their ids: a parent that came with its child is found without a trace being put together. */

import { isSameTrace } from '../../code/codeIndexRuns';
import type { SpanBatch } from '../../core/model/batch';

const SPAN_WORDS = 2;

export class ParentRows {
  /** Row and one, by hash of the id; 0 is free. Twice as long as there are rows, at least. */
  private readonly slots: Int32Array;
  private readonly mask: number;

  constructor(private readonly batch: SpanBatch) {
    let size = 16;
    while (size < batch.count * 2) size *= 2;
    this.slots = new Int32Array(size);
    this.mask = size - 1;
    for (let row = 0; row < batch.count; row++) {
      let at = this.hash(batch.spanId, row);
      while (this.slots[at] !== 0) at = (at + 1) & this.mask;
      this.slots[at] = row + 1;
    }
  }

  /** Row of the parent of a row in this batch; -1 where it has none, or none that is here. @param of what the row is of; default: this batch */
  of(row: number, of: SpanBatch = this.batch): number {
    const { spanId, traceId } = this.batch;
    const high = of.parentSpanId[row * SPAN_WORDS];
    const low = of.parentSpanId[row * SPAN_WORDS + 1];
    if (high === 0 && low === 0) return -1;
    for (let at = this.hash(of.parentSpanId, row); this.slots[at] !== 0; at = (at + 1) & this.mask) {
      const found = this.slots[at] - 1;
      if (spanId[found * SPAN_WORDS] !== high || spanId[found * SPAN_WORDS + 1] !== low) continue;
      if (isSameTrace(traceId, found, of.traceId, row)) return found;
    }
    return -1;
  }

  private hash(ids: Uint32Array, row: number): number {
    const mixed = Math.imul(ids[row * SPAN_WORDS] ^ Math.imul(ids[row * SPAN_WORDS + 1], 0x9e3779b1), 0x85ebca6b);
    return (mixed ^ (mixed >>> 15)) & this.mask;
  }
}
