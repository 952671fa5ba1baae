/**
 * Tells the host that spans came and traces changed: at once, and then at most four times a second. Of very many traces only some are named, but
 * those that somebody looks at always are: the store knows when each last changed.
 */

import { traceIdHex } from '../../core/model/ids';
import type { CaptureCounts } from '../../protocol/capture';
import type { EngineEvents } from '../../protocol/engine';
import { LOCAL_DATASET, type TraceKey } from '../../protocol/traces';
import type { TraceStore } from './traceStore';

export type Emit = <K extends keyof EngineEvents>(name: K, event: EngineEvents[K]) => void;

const INTERVAL_MS = 250;
/** Ids in one event, beside those that are followed. A list is asked for again as a whole. */
const MAX_IDS = 1_000;

export class Notifier {
  private readonly touched = new Set<number>();
  private spans = 0;
  private timer: NodeJS.Timeout | undefined;
  private last = 0;
  /** Revision of the store that was told. */
  private toldRevision = 0;

  constructor(
    private readonly emit: Emit,
    private readonly store: () => TraceStore | undefined,
    private readonly counts: () => CaptureCounts,
    private readonly followed: () => readonly TraceKey[],
  ) {}

  /** Where `TraceStore.add` notes traces; undefined while there are enough of them. */
  get collector(): Set<number> | undefined {
    return this.touched.size < MAX_IDS ? this.touched : undefined;
  }

  /** Spans were received; 0: only counts, or traces that left, changed. */
  received(spans: number): void {
    this.spans += spans;
    if (this.timer) return;
    const wait = Math.max(0, this.last + INTERVAL_MS - performance.now());
    this.timer = setTimeout(() => this.flush(), wait);
    this.timer.unref();
  }

  /** Tells what has not been told yet. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.last = performance.now();
    const store = this.store();
    const traceIds = store ? this.changedIn(store) : [];
    const { spans } = this;
    this.touched.clear();
    this.spans = 0;
    this.emit('captured', { counts: this.counts(), spans, traceIds });
    this.emit('changed', { dataset: LOCAL_DATASET, traceIds });
  }

  private changedIn(store: TraceStore): string[] {
    const slots = new Set<number>();
    for (const { dataset, traceId } of this.followed()) {
      const slot = dataset === LOCAL_DATASET ? store.slotOf(traceId) : -1;
      if (slot >= 0 && store.changedAt[slot] > this.toldRevision) slots.add(slot);
    }
    this.toldRevision = store.revision;
    for (const slot of this.touched) if (store.isLive(slot)) slots.add(slot);
    return Array.from(slots, (slot) => traceIdHex(store.ids.words, slot));
  }
}
