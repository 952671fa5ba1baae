/**
 * Traces newest first. Sorting a million traces takes longer than a frame has, and during a capture the list is asked for several times
 * a second: so the order is kept, and only traces that are new (or got an earlier start) are sorted and merged in, in turns with other work.
 */

import { OneAtATime } from '../../base/limit';
import type { Slices } from '../../base/slices';
import { inSlices, ranges, type Steps } from '../../base/steps';
import { sortingByStart } from './sortByStart';
import type { TraceStore } from './traceStore';

export class TraceOrder {
  private slots = new Uint32Array(0);
  private readonly turn = new OneAtATime();

  constructor(private readonly store: TraceStore) {}

  get bytes(): number {
    return this.slots.buffer.byteLength;
  }

  /** Slots of all traces, latest start first, as they were when it was asked for: some may have left, or be another trace's, when they are read. */
  newestFirst(slices: Slices): Promise<Uint32Array> {
    return this.turn.run(() => inSlices(this.renewing(), slices));
  }

  /** One at a time. Who gives up leaves nothing half done. */
  private *renewing(): Steps<Uint32Array> {
    const { store } = this;
    if (store.moved.size === 0 && !store.removedSinceOrder) return this.slots;
    const moved = store.moved.values();
    store.moved.clear();
    store.removedSinceOrder = false;
    let isDone = false;
    try {
      this.slots = yield* this.merging(moved);
      isDone = true;
      return this.slots;
    } finally {
      if (!isDone) {
        for (const slot of moved) store.moved.add(slot);
        store.removedSinceOrder = true;
      }
    }
  }

  private *merging(moved: Uint32Array): Steps<Uint32Array<ArrayBuffer>> {
    const { store, slots } = this;
    // Starts may change between two steps.
    const start = new Uint32Array(moved.length * 2);
    const isMoved = new Uint8Array(store.ids.end);
    yield* ranges(moved.length, (from, to) => {
      for (let i = from; i < to; i++) {
        start[i * 2] = store.start[moved[i] * 2];
        start[i * 2 + 1] = store.start[moved[i] * 2 + 1];
        isMoved[moved[i]] = 1;
      }
    });
    const sorted = yield* sortingByStart(moved, start);
    const merged = new Uint32Array(slots.length + moved.length);
    let length = 0;
    let next = 0;
    yield* ranges(slots.length, (from, to) => {
      for (let i = from; i < to; i++) {
        const slot = slots[i];
        // A slot that was freed and used again stands twice: in the old order and among the moved. The latter wins.
        if (isMoved[slot] === 1 || !store.isLive(slot)) continue;
        while (next < sorted.length && isBefore(sorted[next], slot)) merged[length++] = moved[sorted[next++]];
        merged[length++] = slot;
      }
    });
    while (next < sorted.length) merged[length++] = moved[sorted[next++]];
    return merged.subarray(0, length);

    function isBefore(index: number, slot: number): boolean {
      const high = store.start[slot * 2 + 1] - start[index * 2 + 1];
      const order = high || store.start[slot * 2] - start[index * 2] || slot - moved[index];
      return order < 0;
    }
  }
}
