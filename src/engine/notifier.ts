/** Tells the host that spans came and traces changed: at once, and then at most four times a second. */

import { traceIdHex } from '../core/model/ids';
import type { CaptureCounts } from '../protocol/capture';
import type { EngineEvents } from '../protocol/engine';
import { LOCAL_DATASET } from '../protocol/traces';
import type { TraceStore } from './store/traceStore';

export type Emit = <K extends keyof EngineEvents>(name: K, event: EngineEvents[K]) => void;

const INTERVAL_MS = 250;
/** Ids in one event. Nobody follows more; a list is asked for again as a whole. */
const MAX_IDS = 1_000;

export class Notifier {
  private readonly touched = new Set<number>();
  private spans = 0;
  private timer: NodeJS.Timeout | undefined;
  private last = 0;

  constructor(
    private readonly emit: Emit,
    private readonly store: () => TraceStore | undefined,
    private readonly counts: () => CaptureCounts,
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
    const traceIds: string[] = [];
    if (store) for (const slot of this.touched) if (store.isLive(slot)) traceIds.push(traceIdHex(store.ids.words, slot));
    const { spans } = this;
    this.touched.clear();
    this.spans = 0;
    this.emit('captured', { counts: this.counts(), spans, traceIds });
    this.emit('changed', { dataset: LOCAL_DATASET, traceIds });
  }
}
