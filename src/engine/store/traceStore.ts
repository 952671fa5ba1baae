/**
 * The spans of one dataset, found by trace. Batches stay as decoders made them; the store adds, for each trace, where its rows are:
 * a chain of segments (one for each batch that has spans of the trace), and inside a batch a chain of rows. Adding a span is a hash
 * look-up and a few integer writes, without an object: the capture's receiver adds 250,000 a second.
 *
 * Traces stand in order of arrival. `evict` forgets whole ones, `cut` the first spans of one; a batch is let go when none of its spans is
 * wanted. Who decides what leaves is the ledger (`../memory`).
 */

import type { SpanBatch } from '../../core/model/batch';
import { BATCH_NO_END, STATUS_ERROR } from '../../core/model/batch';
import { traceIdWords } from '../../core/model/ids';
import { Arrivals } from './arrivals';
import { bytesOf, SharedBytes } from './batchBytes';
import { EvictedTraces, type LeftCounts } from './evicted';
import { IdIndex } from './idIndex';
import { NONE } from './none';
import { SegmentPool } from './segments';
import { SharedStrings } from './sharedStrings';
import { SlotSet } from './slotSet';
import type { RowsOfBatch, StoredBatch } from './storedBatch';
import { TraceTimes } from './traceTimes';
import { grownFloat64, grownUint32 } from './typed';

export type { RowsOfBatch, StoredBatch };

export class TraceStore {
  readonly ids = new IdIndex();
  /** By slot. Spans, and those in error. */
  spanCount = new Uint32Array(this.ids.capacity);
  errorCount = new Uint32Array(this.ids.capacity);
  private readonly times = new TraceTimes(this.ids.capacity);
  /** By slot: `revision` of the store when the trace last changed. */
  changedAt = new Float64Array(this.ids.capacity);
  private firstSegment = new Uint32Array(this.ids.capacity);
  private lastSegment = new Uint32Array(this.ids.capacity);
  /** By slot: spans that left memory (or never were here, after the rest of the trace had left). */
  private missing = new Uint32Array(this.ids.capacity);
  private readonly arrivals = new Arrivals();
  private readonly segments = new SegmentPool();
  private readonly stored: (StoredBatch | undefined)[] = [];
  private readonly freeBatches: number[] = [];
  private readonly shared = new SharedBytes();
  private readonly tables = new SharedStrings();
  private readonly evicted = new EvictedTraces();
  /** Number of the last change. */
  revision = 0;
  spans = 0;
  private batchBytes = 0;
  /** Slots whose place in the order of start times may have changed since the order was made (`order.ts`). */
  readonly moved = new SlotSet();
  removedSinceOrder = false;

  /** @param nextRevision numbers changes, upwards */
  constructor(private readonly nextRevision: () => number) {}

  get traceCount(): number {
    return this.ids.size;
  }

  /** Bytes of all columns and values, without the string table. */
  get bytes(): number {
    return this.batchBytes + this.shared.bytes;
  }

  /** All that the store takes, with string tables, look-up and columns by trace. */
  get memory(): number {
    const columns = this.spanCount.length * (4 + 4 + 8 + 8 + 8 + 4 + 4 + 4);
    const { arrivals, evicted, ids, moved, segments } = this;
    return this.bytes + this.tables.bytes + columns + ids.bytes + segments.bytes + arrivals.bytes + moved.bytes + evicted.bytes;
  }

  /** What left memory, since the captures that it belonged to were read. */
  get left(): LeftCounts {
    return this.evicted.counts;
  }

  /** Slot of the trace that came last; `NONE` when there is none. */
  get newest(): number {
    return this.arrivals.newest;
  }

  /** Slots in order of arrival. The one that was given last may be removed meanwhile. */
  *oldestFirst(): IterableIterator<number> {
    for (let slot = this.arrivals.oldest; slot !== NONE; ) {
      const after = this.arrivals.after(slot);
      yield slot;
      slot = after;
    }
  }

  /** Batches that are here, oldest first where none was removed. */
  *batches(): IterableIterator<StoredBatch> {
    for (const stored of this.stored) if (stored) yield stored;
  }

  /** Slot of a trace id of 32 hex digits, or -1. */
  slotOf(traceId: string): number {
    return this.ids.find(traceIdWords(traceId), 0);
  }

  /**
   * Takes a batch; undefined when it has no span.
   * @param touched gets the slots of traces that are new or changed, when given
   */
  add(batch: SpanBatch, capture = 0, touched?: Set<number>): StoredBatch | undefined {
    if (batch.count === 0) return undefined;
    this.revision = this.nextRevision();
    const batchSlot = this.freeBatches.pop() ?? this.stored.length;
    const stored = this.put(batchSlot, batch, capture, new Uint32Array(batch.count), batch.count);
    this.spans += batch.count;
    const { traceId } = batch;
    let slot = NONE;
    for (let row = 0; row < batch.count; row++) {
      const at = row * 4;
      const same =
        row > 0 &&
        traceId[at + 3] === traceId[at - 1] &&
        traceId[at + 2] === traceId[at - 2] &&
        traceId[at + 1] === traceId[at - 3] &&
        traceId[at] === traceId[at - 4];
      if (!same) {
        const found = this.ids.find(traceId, at);
        slot = found >= 0 ? found : this.addTrace(traceId, at);
        this.changedAt[slot] = this.revision;
        touched?.add(slot);
      }
      this.addRow(slot, batchSlot, stored, row);
    }
    return stored;
  }

  /**
   * Puts one batch in the place of several: the same spans in the same order, in fewer and larger columns (`smallBatches.ts`). Nothing
   * else changes. All of `parts` must be here.
   */
  merge(parts: readonly StoredBatch[], batch: SpanBatch): void {
    const offsets = new Int32Array(this.stored.length).fill(-1);
    const nextRow = new Uint32Array(batch.count);
    let offset = 0;
    let live = 0;
    for (const part of parts) {
      offsets[part.slot] = offset;
      for (let row = 0; row < part.batch.count; row++) {
        const next = part.nextRow[row];
        nextRow[offset + row] = next === 0 || next === NONE ? next : next + offset;
      }
      offset += part.batch.count;
      live += part.live;
      this.drop(part);
    }
    const slot = this.freeBatches.pop() ?? this.stored.length;
    this.put(slot, batch, parts[0].capture, nextRow, live);
    this.segments.relocate(offsets, slot);
  }

  /** Whether the batch is still here. */
  has(stored: StoredBatch): boolean {
    return this.stored[stored.slot] === stored;
  }

  /** Rows of the trace in `slot`, batch by batch, in order of arrival. */
  rowsOf(slot: number): RowsOfBatch[] {
    const out: RowsOfBatch[] = [];
    for (let segment = this.firstSegment[slot]; segment !== NONE; segment = this.segments.next[segment]) {
      const stored = this.stored[this.segments.batch[segment]];
      if (!stored) continue;
      const rows = new Uint32Array(this.segments.count[segment]);
      let row = this.segments.firstRow[segment];
      for (let i = 0; i < rows.length; i++) {
        rows[i] = row;
        row = stored.nextRow[row] - 1;
      }
      out.push({ stored, rows });
    }
    return out;
  }

  /** Number of the capture that the trace's first spans came from. */
  captureOf(slot: number): number {
    return this.stored[this.segments.batch[this.firstSegment[slot]]]?.capture ?? 0;
  }

  /** `performance.now()` of the latest arrival. */
  lastAddedAt(slot: number): number {
    return this.stored[this.segments.batch[this.lastSegment[slot]]]?.addedAt ?? 0;
  }

  /** Spans of a trace that are not here: they left memory. */
  evictedSpansOf(traceId: string): number {
    const words = traceIdWords(traceId);
    const slot = this.ids.find(words, 0);
    return slot >= 0 ? this.missing[slot] : this.evicted.spansOf(words, 0);
  }

  /** Spans of the trace in `slot` that are not here. */
  missingOf(slot: number): number {
    return this.missing[slot];
  }

  /** A capture is being read back from its log, or is deleted: what left of it does not count any more. */
  forgetEvicted(capture: number): void {
    this.evicted.forget(capture);
  }

  isLive(slot: number): boolean {
    return slot < this.ids.end && this.spanCount[slot] > 0;
  }

  /** By slot, two words each: earliest start, epoch nanoseconds, low and high; zeros while no span told one. */
  get start(): Uint32Array {
    return this.times.start;
  }

  /** Earliest start, epoch nanoseconds. */
  startUnixNano(slot: number): bigint {
    return this.times.startUnixNano(slot);
  }

  /** Latest end less earliest start, nanoseconds. */
  durationNs(slot: number): number {
    return this.times.durationNs(slot);
  }

  /** Whether `cut` finds something to take. */
  hasParts(slot: number): boolean {
    return this.firstSegment[slot] !== this.lastSegment[slot];
  }

  /** Forgets a whole trace, and remembers that it was here. */
  evict(slot: number): void {
    const capture = this.captureOf(slot);
    const missing = this.missing[slot];
    this.evicted.count(capture, missing === 0 ? 1 : 0, this.spanCount[slot]);
    this.evicted.note(this.ids.words, slot * 4, capture, missing + this.spanCount[slot]);
    this.remove(slot);
  }

  /**
   * Forgets the first spans of a trace: whole segments, as many as take about `wanted` bytes, but never the last one.
   * @param digest makes a batch of the few of these spans that stay; undefined: none does
   * @returns the rows that left
   */
  cut(slot: number, wanted: number, digest: (rows: readonly RowsOfBatch[]) => SpanBatch | undefined): readonly RowsOfBatch[] {
    const { segments } = this;
    const going: RowsOfBatch[] = [];
    let expected = 0;
    for (const rows of this.rowsOf(slot).slice(0, -1)) {
      if (expected >= wanted) break;
      going.push(rows);
      expected += (rows.rows.length / rows.stored.batch.count) * (rows.stored.bytes + rows.stored.batch.blob.byteLength);
    }
    if (going.length === 0) return going;
    const capture = this.captureOf(slot);
    const batch = digest(going);
    let spans = 0;
    for (const { stored, rows } of going) {
      const segment = this.firstSegment[slot];
      this.firstSegment[slot] = segments.next[segment];
      segments.release(segment);
      for (const row of rows) {
        stored.nextRow[row] = NONE;
        if (stored.batch.status[row] === STATUS_ERROR) this.errorCount[slot]--;
      }
      spans += rows.length;
      this.letGo(stored.slot, rows.length);
    }
    if (batch && batch.count > 0) {
      this.prepend(slot, batch, capture);
      spans -= batch.count;
    }
    this.revision = this.nextRevision();
    this.changedAt[slot] = this.revision;
    this.evicted.count(capture, this.missing[slot] === 0 && spans > 0 ? 1 : 0, spans);
    this.missing[slot] += spans;
    this.spanCount[slot] -= spans;
    this.spans -= spans;
    return going;
  }

  /** Spans of one capture that are here. */
  spansOf(capture: number): number {
    let spans = 0;
    for (const stored of this.batches()) if (stored.capture === capture) spans += stored.live;
    return spans;
  }

  /** Whether any span of a capture is here. */
  hasCapture(capture: number): boolean {
    return this.stored.some((stored) => stored?.capture === capture);
  }

  /** Forgets the traces whose first spans came from a capture. */
  removeCapture(capture: number): void {
    for (let slot = 0; slot < this.ids.end; slot++) {
      if (this.isLive(slot) && this.captureOf(slot) === capture) this.remove(slot);
    }
  }

  /** Forgets one trace. */
  remove(slot: number): void {
    this.revision = this.nextRevision();
    this.removedSinceOrder = true;
    this.moved.delete(slot);
    for (let segment = this.firstSegment[slot]; segment !== NONE; ) {
      const next = this.segments.next[segment];
      this.letGo(this.segments.batch[segment], this.segments.count[segment]);
      this.segments.release(segment);
      segment = next;
    }
    this.spans -= this.spanCount[slot];
    this.spanCount[slot] = 0;
    this.arrivals.remove(slot);
    this.ids.remove(slot);
  }

  private addTrace(ids: Uint32Array, at: number): number {
    const slot = this.ids.add(ids, at);
    if (this.ids.capacity > this.spanCount.length) this.grow(this.ids.capacity);
    this.spanCount[slot] = 0;
    this.errorCount[slot] = 0;
    this.times.reset(slot);
    this.firstSegment[slot] = NONE;
    this.lastSegment[slot] = NONE;
    this.missing[slot] = this.evicted.spansOf(ids, at);
    this.arrivals.append(slot);
    this.moved.add(slot);
    return slot;
  }

  private addRow(slot: number, batchSlot: number, stored: StoredBatch, row: number): void {
    const { segments } = this;
    const last = this.lastSegment[slot];
    if (last !== NONE && segments.batch[last] === batchSlot) {
      stored.nextRow[segments.lastRow[last]] = row + 1;
      segments.lastRow[last] = row;
      segments.count[last]++;
    } else {
      const segment = segments.add(batchSlot, row);
      if (last === NONE) this.firstSegment[slot] = segment;
      else segments.next[last] = segment;
      this.lastSegment[slot] = segment;
    }
    this.spanCount[slot]++;
    const { batch } = stored;
    if (batch.status[row] === STATUS_ERROR) this.errorCount[slot]++;
    const hasEnd = (batch.flags[row] & BATCH_NO_END) === 0;
    const durationNs = hasEnd ? batch.durationNs[row] : 0;
    if (this.times.widen(slot, batch.start[row * 2], batch.start[row * 2 + 1], durationNs)) this.moved.add(slot);
  }

  /** A batch of spans of one trace, before its others. */
  private prepend(slot: number, batch: SpanBatch, capture: number): void {
    const batchSlot = this.freeBatches.pop() ?? this.stored.length;
    const nextRow = Uint32Array.from({ length: batch.count }, (_, row) => (row + 1 < batch.count ? row + 2 : 0));
    this.put(batchSlot, batch, capture, nextRow, batch.count);
    const segment = this.segments.add(batchSlot, 0);
    this.segments.lastRow[segment] = batch.count - 1;
    this.segments.count[segment] = batch.count;
    this.segments.next[segment] = this.firstSegment[slot];
    this.firstSegment[slot] = segment;
    for (let row = 0; row < batch.count; row++) if (batch.status[row] === STATUS_ERROR) this.errorCount[slot]++;
  }

  private letGo(batchSlot: number, rows: number): void {
    const stored = this.stored[batchSlot];
    if (!stored) return;
    stored.live -= rows;
    if (stored.live === 0) this.drop(stored);
  }

  private put(slot: number, batch: SpanBatch, capture: number, nextRow: Uint32Array, live: number): StoredBatch {
    const bytes = bytesOf(batch) + nextRow.byteLength;
    const stored: StoredBatch = { slot, batch, capture, nextRow, bytes, addedAt: performance.now(), live };
    this.stored[slot] = stored;
    this.batchBytes += bytes;
    this.shared.retain(batch.blob.buffer);
    this.tables.retain(batch.strings);
    return stored;
  }

  private drop(stored: StoredBatch): void {
    this.batchBytes -= stored.bytes;
    this.shared.release(stored.batch.blob.buffer);
    this.tables.release(stored.batch.strings);
    this.stored[stored.slot] = undefined;
    this.freeBatches.push(stored.slot);
  }

  private grow(size: number): void {
    this.spanCount = grownUint32(this.spanCount, size);
    this.errorCount = grownUint32(this.errorCount, size);
    this.times.grow(size);
    this.changedAt = grownFloat64(this.changedAt, size);
    this.firstSegment = grownUint32(this.firstSegment, size);
    this.lastSegment = grownUint32(this.lastSegment, size);
    this.missing = grownUint32(this.missing, size);
  }
}
