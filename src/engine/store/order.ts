/**
 * Traces newest first. Sorting a million traces takes longer than a frame has, and during a capture the list is asked for several times
 * a second: so the order is kept, and only traces that are new (or got an earlier start) are sorted and merged in.
 */

import { sortByStart } from './sortByStart';
import type { TraceStore } from './traceStore';

export class TraceOrder {
  private slots = new Uint32Array(0);

  constructor(private readonly store: TraceStore) {}

  get bytes(): number {
    return this.slots.buffer.byteLength;
  }

  /** Slots of all traces, latest start first. Valid until the store changes. */
  newestFirst(): Uint32Array {
    const { store } = this;
    if (store.moved.size === 0 && !store.removedSinceOrder) return this.slots;
    const moved = store.moved.values();
    sortByStart(moved, store.start);
    const merged = new Uint32Array(store.traceCount);
    let length = 0;
    let next = 0;
    for (const slot of this.slots) {
      if (!store.isLive(slot) || store.moved.has(slot)) continue;
      while (next < moved.length && this.compare(moved[next], slot) < 0) merged[length++] = moved[next++];
      // A slot that was freed and used again stands twice: in the old order and among the moved. The latter wins, above.
      merged[length++] = slot;
    }
    while (next < moved.length) merged[length++] = moved[next++];
    store.moved.clear();
    store.removedSinceOrder = false;
    this.slots = merged.subarray(0, length);
    return this.slots;
  }

  private compare(a: number, b: number): number {
    const { start } = this.store;
    return start[b * 2 + 1] - start[a * 2 + 1] || start[b * 2] - start[a * 2] || b - a;
  }
}
