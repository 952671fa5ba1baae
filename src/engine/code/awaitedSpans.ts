/**
 * Spans that others say are around them, and that have not come yet. A program sends a span when it ends, so the one around it comes later, often in
 * a request of its own; what came before it is looked at again then.
 */

import type { Slices } from '../../base/slices';
import type { SpanBatch } from '../../core/model/batch';
import type { StoredBatch } from '../store/storedBatch';
import type { TraceStore } from '../store/traceStore';
import { waitKey } from './hintReaders';

/** Spans that are waited for. */
const maxAwaited = 50_000;

export class AwaitedSpans {
  /** Batches by what is above some of their spans (`waitKey`). */
  private readonly waiting = new Map<number, Set<StoredBatch>>();
  /** What they waited for came. */
  readonly again = new Set<StoredBatch>();

  /** @param missing spans above some of a batch's */
  note(stored: StoredBatch, missing: ReadonlySet<number>): void {
    for (const key of missing) {
      const waiting = this.waiting.get(key);
      if (waiting) waiting.add(stored);
      else if (this.waiting.size < maxAwaited) this.waiting.set(key, new Set([stored]));
    }
  }

  /** Whether other batches wait for spans of this one. */
  async arrived(stored: StoredBatch, slices: Slices): Promise<void> {
    const { spanId, count } = stored.batch;
    for (let row = 0; row < count && this.waiting.size > 0; row++) {
      if ((row & 4095) === 4095 && slices.due) await slices.pause();
      const key = waitKey(spanId, row);
      const waiting = this.waiting.get(key);
      if (!waiting) continue;
      this.waiting.delete(key);
      for (const one of waiting) if (one !== stored) this.again.add(one);
    }
  }

  clear(): void {
    this.waiting.clear();
    this.again.clear();
  }
}

/** The batches of a row's trace. Spans of a trace come near to each other. */
export function besideIn(store: TraceStore): (batch: SpanBatch, row: number) => readonly SpanBatch[] {
  let last = -1;
  let batches: SpanBatch[] = [];
  return ({ traceId }, row) => {
    const slot = store.ids.find(traceId, row * 4);
    if (slot === last) return batches;
    last = slot;
    batches = [];
    if (slot >= 0) store.chains.each(slot, ({ batch }) => batches.push(batch));
    return batches;
  };
}
