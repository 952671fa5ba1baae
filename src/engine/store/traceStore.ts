/**
 * The spans of one dataset, found by trace. Batches stay as decoders made them; the store adds, for each trace, where its rows are:
 * a chain of segments (one for each batch that has spans of the trace), and inside a batch a chain of rows. Adding a span is a hash
 * look-up and a few integer writes, without an object: the capture's receiver adds 250,000 a second.
 *
 * Traces stand in order of arrival. `evict` forgets the oldest whole ones; a batch is let go when none of its spans is wanted.
 */

import type { SpanBatch } from '../../core/model/batch';
import { BATCH_NO_END, STATUS_ERROR } from '../../core/model/batch';
import { traceIdWords } from '../../core/model/ids';
import { bytesOf, SharedBytes } from './batchBytes';
import { EvictedTraces } from './evicted';
import { IdIndex } from './idIndex';
import { SegmentPool } from './segments';
import { grownFloat64, grownUint32 } from './typed';

/** No slot, no row, no segment. */
export const NONE = 0xffffffff;

export interface StoredBatch {
  /** Its place in the store. */
  readonly slot: number;
  readonly batch: SpanBatch;
  /** Number of the capture that it belongs to (0: none). */
  readonly capture: number;
  /** Row + 1 of the next span of the same trace in this batch; 0 ends the chain. */
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

export class TraceStore {
  readonly ids = new IdIndex();
  /** By slot. Spans, and those in error. */
  spanCount = new Uint32Array(this.ids.capacity);
  errorCount = new Uint32Array(this.ids.capacity);
  /** By slot, two words each: earliest start and latest end, epoch nanoseconds, low and high; zeros while no span told a start. */
  start = new Uint32Array(this.ids.capacity * 2);
  end = new Uint32Array(this.ids.capacity * 2);
  /** By slot: `revision` of the store when the trace last changed. */
  changedAt = new Float64Array(this.ids.capacity);
  private firstSegment = new Uint32Array(this.ids.capacity);
  private lastSegment = new Uint32Array(this.ids.capacity);
  private older = new Uint32Array(this.ids.capacity);
  private newer = new Uint32Array(this.ids.capacity);
  private oldest = NONE;
  private newest = NONE;
  private readonly segments = new SegmentPool();
  private readonly stored: (StoredBatch | undefined)[] = [];
  private readonly freeBatches: number[] = [];
  private readonly shared = new SharedBytes();
  private readonly evicted = new EvictedTraces();
  /** Number of the last change. */
  revision = 0;
  spans = 0;
  evictedTraces = 0;
  evictedSpans = 0;
  private batchBytes = 0;
  /** Slots whose place in the order of start times may have changed since the order was made (`order.ts`). */
  readonly moved = new Set<number>();
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
        nextRow[offset + row] = next === 0 ? 0 : next + offset;
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

  /** Spans of a trace that `evict` took out of memory and that are not here. */
  evictedSpansOf(traceId: string): number {
    return this.evictedTraces === 0 ? 0 : this.evicted.spansOf(traceIdWords(traceId));
  }

  /** After a capture was read back from its log: what left memory before does not count any more. */
  forgetEvicted(): void {
    this.evicted.forget();
  }

  isLive(slot: number): boolean {
    return slot < this.ids.end && this.spanCount[slot] > 0;
  }

  /** Earliest start, epoch nanoseconds. */
  startUnixNano(slot: number): bigint {
    return (BigInt(this.start[slot * 2 + 1]) << 32n) | BigInt(this.start[slot * 2]);
  }

  /** Latest end less earliest start, nanoseconds. */
  durationNs(slot: number): number {
    const high = this.end[slot * 2 + 1] - this.start[slot * 2 + 1];
    return high * 4294967296 + (this.end[slot * 2] - this.start[slot * 2]);
  }

  /** Forgets the oldest whole traces until `bytes` is at most `limit`, but never the newest trace. Returns how many left. */
  evict(limit: number): number {
    let left = 0;
    while (this.bytes > limit && this.oldest !== NONE && this.oldest !== this.newest) {
      this.evictedSpans += this.spanCount[this.oldest];
      this.evicted.note(this.ids.words, this.oldest * 4, this.spanCount[this.oldest]);
      this.evictedTraces++;
      this.remove(this.oldest);
      left++;
    }
    return left;
  }

  /** Spans of one capture that are here. */
  spansOf(capture: number): number {
    let spans = 0;
    for (const stored of this.batches()) if (stored.capture === capture) spans += stored.live;
    return spans;
  }

  /** Whether any span of a capture is here. */
  hasCapture(capture: number): boolean {
    for (const stored of this.batches()) if (stored.capture === capture) return true;
    return false;
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
    const older = this.older[slot];
    const newer = this.newer[slot];
    if (older === NONE) this.oldest = newer;
    else this.newer[older] = newer;
    if (newer === NONE) this.newest = older;
    else this.older[newer] = older;
    this.ids.remove(slot);
  }

  private addTrace(ids: Uint32Array, at: number): number {
    const slot = this.ids.add(ids, at);
    if (this.ids.capacity > this.spanCount.length) this.grow(this.ids.capacity);
    this.spanCount[slot] = 0;
    this.errorCount[slot] = 0;
    this.start[slot * 2] = 0;
    this.start[slot * 2 + 1] = 0;
    this.end[slot * 2] = 0;
    this.end[slot * 2 + 1] = 0;
    this.firstSegment[slot] = NONE;
    this.lastSegment[slot] = NONE;
    this.older[slot] = this.newest;
    this.newer[slot] = NONE;
    if (this.newest === NONE) this.oldest = slot;
    else this.newer[this.newest] = slot;
    this.newest = slot;
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
    this.widen(slot, batch.start[row * 2], batch.start[row * 2 + 1], hasEnd ? batch.durationNs[row] : 0);
  }

  /** Widens the trace's range by one span; times in words because a double cannot hold epoch nanoseconds. */
  private widen(slot: number, low: number, high: number, durationNs: number): void {
    const at = slot * 2;
    // A start of zero is an unknown one.
    if (low === 0 && high === 0) return;
    const { start, end } = this;
    const isFirst = end[at + 1] === 0 && end[at] === 0;
    if (isFirst || high < start[at + 1] || (high === start[at + 1] && low < start[at])) {
      start[at] = low;
      start[at + 1] = high;
      this.moved.add(slot);
    }
    const length = Math.max(durationNs, 0);
    const lowSum = low + (length % 4294967296);
    const endLow = lowSum >>> 0;
    const endHigh = (high + Math.floor(length / 4294967296) + (lowSum >= 4294967296 ? 1 : 0)) >>> 0;
    if (endHigh > end[at + 1] || (endHigh === end[at + 1] && endLow > end[at])) {
      end[at] = endLow;
      end[at + 1] = endHigh;
    }
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
    return stored;
  }

  private drop(stored: StoredBatch): void {
    this.batchBytes -= stored.bytes;
    this.shared.release(stored.batch.blob.buffer);
    this.stored[stored.slot] = undefined;
    this.freeBatches.push(stored.slot);
  }

  private grow(size: number): void {
    this.spanCount = grownUint32(this.spanCount, size);
    this.errorCount = grownUint32(this.errorCount, size);
    this.start = grownUint32(this.start, size * 2);
    this.end = grownUint32(this.end, size * 2);
    this.changedAt = grownFloat64(this.changedAt, size);
    this.firstSegment = grownUint32(this.firstSegment, size);
    this.lastSegment = grownUint32(this.lastSegment, size);
    this.older = grownUint32(this.older, size);
    this.newer = grownUint32(this.newer, size);
  }
}
