/**
 * How traces leave memory: the oldest whole ones first; then, of what a person looks at or what still grows, the first spans of the largest. A
 * trace's log records leave with its spans.
 */

import { spanIdHex, traceIdHex } from '../../core/model/ids';
import { LOCAL_DATASET, type TraceKey } from '../../protocol/traces';
import type { Dataset, Datasets } from '../store/dataset';
import type { Gather } from '../store/leftTraces';
import type { RowsOfBatch } from '../store/storedBatch';
import { digestOf, gatherInto } from './digest';

/** A trace with so many spans that got some just now is not worth more as a whole than in part. */
const LARGE_SPANS = 50_000;
const GROWING_MS = 10_000;
/** An answer that came just now is about to be shown. */
const FRESH_MS = 30_000;
/** Of a store at once, when parts leave: making a digest has its price. */
const CUT_PART = 1 / 16;

export class Leaving {
  /** What views show. */
  visible: readonly TraceKey[] = [];

  /**
   * @param datasets those from which traces may leave are the captures and the backends' answers; files stay as long as they are open
   * @param changed a trace that may be shown lost spans
   */
  constructor(
    private readonly datasets: Datasets,
    private readonly changed: (dataset: string, traceId: string) => void,
  ) {}

  /** Whole traces that nobody looks at, oldest first, as long as `more` says so. */
  whole(of: 'captures' | 'answers', more: () => boolean): void {
    for (const dataset of this.of(of)) {
      const { store } = dataset;
      const visible = this.visibleIn(dataset);
      const gather = gatherInto(dataset);
      for (const slot of store.oldestFirst()) {
        if (!more()) break;
        if (!this.isSpared(dataset, slot, visible)) this.evict(dataset, slot, gather);
      }
      if (!more()) return;
      // Records of which no span came, or of traces that are spared.
      while (dataset.logs.bytes > 0 && more()) {
        const traceId = dataset.logs.evictFirst();
        if (traceId !== undefined) store.touch(traceId);
      }
    }
  }

  /** The first spans of the largest traces that `whole` spares. Returns false when there is nothing to cut. */
  part(of: readonly ('captures' | 'answers')[], wanted: number): boolean {
    let largest: { readonly dataset: Dataset; readonly slot: number; readonly spans: number } | undefined;
    for (const { dataset, slot } of this.spared(of)) {
      const spans = dataset.store.spanCount[slot];
      if (dataset.store.hasParts(slot) && spans > (largest?.spans ?? 0)) largest = { dataset, slot, spans };
    }
    if (!largest) return false;
    const { dataset, slot } = largest;
    const { store, logs } = dataset;
    const bytes = Math.max(wanted, store.bytes * CUT_PART);
    const gone = store.cut(slot, bytes, (rows) => digestOf(rows, dataset.strings));
    if (gone.length === 0) return false;
    const traceId = traceIdHex(store.ids.words, slot);
    if (logs.has(traceId)) {
      // Of each capture, what stays is one batch.
      const captures = new Set(gone.map(({ stored }) => stored.capture)).size;
      const kept = new Set(store.rowsOf(slot).slice(0, captures).flatMap(idsOf));
      logs.evictSpans(traceId, new Set(gone.flatMap(idsOf).filter((id) => !kept.has(id))));
    }
    this.changed(dataset.name, traceId);
    return true;
  }

  /** One of the traces that `whole` spares, the oldest, but not what came last. Returns false when there is none. */
  spare(of: readonly ('captures' | 'answers')[]): boolean {
    for (const { dataset, slot } of this.spared(of)) {
      if (slot === dataset.store.newest) continue;
      const traceId = traceIdHex(dataset.store.ids.words, slot);
      const gather = gatherInto(dataset);
      this.evict(dataset, slot, gather);
      this.changed(dataset.name, traceId);
      return true;
    }
    return false;
  }

  private *spared(
    of: readonly ('captures' | 'answers')[],
  ): IterableIterator<{ readonly dataset: Dataset; readonly slot: number }> {
    for (const dataset of of.flatMap((kind) => this.of(kind))) {
      const visible = this.visibleIn(dataset);
      for (const slot of dataset.store.oldestFirst()) if (this.isSpared(dataset, slot, visible)) yield { dataset, slot };
    }
  }

  private evict({ store, logs, kind, left }: Dataset, slot: number, gather: Gather): void {
    if (logs.bytes > 0) {
      const traceId = traceIdHex(store.ids.words, slot);
      // An answer is asked for again as a whole.
      if (kind === 'captures') logs.evict(traceId);
      else logs.remove(traceId);
    }
    if (kind === 'captures') left.leaving(store, slot, gather);
    store.evict(slot);
  }

  private isSpared(dataset: Dataset, slot: number, visible: ReadonlySet<number>): boolean {
    const { name, store } = dataset;
    if (visible.has(slot) || dataset.wasRecalled(slot)) return true;
    if (name !== LOCAL_DATASET) return performance.now() - store.lastAddedAt(slot) < FRESH_MS;
    if (slot === store.newest) return true;
    return store.spanCount[slot] >= LARGE_SPANS && performance.now() - store.lastAddedAt(slot) < GROWING_MS;
  }

  private visibleIn({ name, store }: Dataset): ReadonlySet<number> {
    return new Set(this.visible.filter(({ dataset }) => dataset === name).map(({ traceId }) => store.slotOf(traceId)));
  }

  private of(kind: 'captures' | 'answers'): Dataset[] {
    return this.datasets.values().filter((dataset) => dataset.kind === kind);
  }
}

function idsOf({ stored, rows }: RowsOfBatch): string[] {
  return Array.from(rows, (row) => spanIdHex(stored.batch.spanId, row));
}
