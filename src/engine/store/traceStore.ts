/**
 * The spans of one dataset, found by trace. Batches stay as decoders made them; the store adds, for each trace, where its rows are
 * (`chains.ts`). Adding a span is a hash look-up and a few integer writes, without an object: the capture's receiver adds 250,000 a second.
 * A batch, and with it each of its spans, belongs to one capture; a trace may have spans of several. Taking a capture out, or reading it back,
 * leaves the others' spans as they are.
 * Traces stand in order of arrival. `evict` forgets whole ones, `cut` the first spans of one; a batch is let go when none of its spans is
 * wanted. Who decides what leaves is the ledger (`../memory`).
 */

import type { Slices } from '../../base/slices';
import type { SpanBatch } from '../../core/model/batch';
import { BATCH_NO_END, STATUS_ERROR } from '../../core/model/batch';
import { traceIdWords } from '../../core/model/ids';
import { Arrivals } from './arrivals';
import { Chains } from './chains';
import type { LeftCounts } from './evicted';
import { IdIndex, isSameId } from './idIndex';
import { Lacking } from './lacking';
import { LogPlaces, WHOLE_LOG } from './logPlaces';
import { NONE } from './none';
import { SlotSet } from './slotSet';
import { byCapture, type Restoring, type RowsOfBatch, type StoredBatch } from './storedBatch';
import { StoredBatches } from './storedBatches';
import { TraceTimes } from './traceTimes';
import { grownFloat64, grownUint32 } from './typed';

export class TraceStore {
  readonly ids = new IdIndex();
  /** By slot. Spans, and those in error. */
  spanCount = new Uint32Array(this.ids.capacity);
  errorCount = new Uint32Array(this.ids.capacity);
  private readonly times = new TraceTimes(this.ids.capacity);
  /** By slot: `revision` of the store when the trace last changed. */
  changedAt = new Float64Array(this.ids.capacity);
  /** By slot: where in a log its spans stand. */
  readonly places = new LogPlaces(this.ids.capacity);
  private readonly lacking = new Lacking(this.ids.capacity);
  private readonly arrivals = new Arrivals();
  private readonly stored = new StoredBatches();
  readonly chains = new Chains(this.ids.capacity, this.stored);
  /** Number of the last change. */
  revision = 0;
  spans = 0;
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
    return this.stored.bytes;
  }

  /** All that the store takes, with string tables, look-up and columns by trace. */
  get memory(): number {
    const columns = this.spanCount.length * (4 + 4 + 8 + 8 + 8);
    const { arrivals, chains, ids, lacking, moved, places, stored } = this;
    const own = columns + ids.bytes + chains.bytes + arrivals.bytes + moved.bytes + lacking.bytes + places.bytes;
    return stored.bytes + stored.tableBytes + own;
  }

  /** What left memory, since the captures that it belonged to were read. */
  get left(): LeftCounts {
    return this.lacking.left;
  }

  /** Slot of what came last, or `NONE`. */
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
  batches(): IterableIterator<StoredBatch> {
    return this.stored.values();
  }

  /** Slot of a trace id of 32 hex digits, or -1. */
  slotOf(traceId: string): number {
    return this.ids.find(traceIdWords(traceId), 0);
  }

  /**
   * Takes a batch; undefined when it has no span.
   * @param touched gets the slots of traces that are new or changed, when given
   * @param restoring the spans are put before some that are here
   * @param place where they stand in the capture's log
   */
  add(batch: SpanBatch, capture = 0, touched?: Set<number>, restoring?: Restoring, place = WHOLE_LOG): StoredBatch | undefined {
    if (batch.count === 0) return undefined;
    this.revision = this.nextRevision();
    const stored = this.stored.put(batch, capture, new Uint32Array(batch.count), batch.count);
    this.spans += batch.count;
    const { traceId } = batch;
    let slot = NONE;
    for (let row = 0; row < batch.count; row++) {
      const at = row * 4;
      if (row === 0 || !isSameId(traceId, at, at - 4)) {
        const found = this.ids.find(traceId, at);
        slot = found >= 0 ? found : this.addTrace(traceId, at, restoring?.leavesFirst === true);
        this.changedAt[slot] = this.revision;
        if (capture > 0) this.places.note(slot, capture, place);
        touched?.add(slot);
      }
      const last = restoring && this.chains.lastOf(slot);
      if (restoring && last && last !== stored && restoring.isLater(last))
        this.chains.addBefore(slot, stored, row, restoring.isLater);
      else this.chains.add(slot, stored, row);
      this.count(slot, batch, row);
    }
    return stored;
  }

  /**
   * Puts one batch in the place of several: the same spans in the same order, in fewer and larger columns (`smallBatches.ts`). Nothing
   * else changes. All of `parts` must be here.
   */
  merge(parts: readonly StoredBatch[], batch: SpanBatch): void {
    const offsets = new Int32Array(this.stored.end).fill(-1);
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
      this.stored.drop(part);
    }
    this.chains.relocate(offsets, this.stored.put(batch, parts[0].capture, nextRow, live));
  }

  /** Whether the batch is still here. */
  has(stored: StoredBatch): boolean {
    return this.stored.has(stored);
  }

  /** Rows of the trace in `slot`, batch by batch, in order of arrival. */
  rowsOf(slot: number): RowsOfBatch[] {
    return this.chains.rowsOf(slot);
  }

  /** Whether any span of the trace belongs to the capture of this number. */
  isOf(slot: number, capture: number): boolean {
    let found = false;
    this.chains.each(slot, (stored) => {
      found ||= stored.capture === capture && !stored.leaving;
    });
    return found;
  }

  /** `performance.now()` of the latest arrival. */
  lastAddedAt(slot: number): number {
    return this.chains.lastOf(slot)?.addedAt ?? 0;
  }

  /** Spans of a trace that are not here: they left memory. */
  evictedSpansOf(traceId: string): number {
    const words = traceIdWords(traceId);
    const slot = this.ids.find(words, 0);
    return slot >= 0 ? this.lacking.of(slot) : this.lacking.ofLeft(words);
  }

  /** Spans of the trace in `slot` that are not here. */
  missingOf(slot: number): number {
    return this.lacking.of(slot);
  }

  /** A capture is being read back from its log, or is deleted: what left of it, and of no other, does not count any more. */
  forgetEvicted(capture: number): void {
    this.lacking.forget(capture);
    for (let slot = 0; slot < this.ids.end; slot++) {
      if (!this.isLive(slot) || !this.lacking.has(slot, capture)) continue;
      this.lacking.without(slot, capture);
      this.bump(slot);
    }
  }

  /** So many spans of a trace that had left were read again from their capture's log. */
  foundAgain(slot: number, capture: number, spans: number): void {
    this.lacking.without(slot, capture);
    this.lacking.uncount(capture, spans);
    this.bump(slot);
  }

  /** So many spans of a capture are not here, nobody knows of which traces. */
  countMissing(capture: number, spans: number): void {
    this.lacking.count(capture, spans);
  }

  /** Something else that is said of a trace, by its id or slot, changed. */
  touch(of: string | number): void {
    const slot = typeof of === 'string' ? this.slotOf(of) : of;
    if (slot >= 0 && this.isLive(slot)) this.bump(slot);
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

  /** From then to the latest end, nanoseconds. */
  durationNs(slot: number): number {
    return this.times.durationNs(slot);
  }

  /** Whether `cut` finds something to take. */
  hasParts(slot: number): boolean {
    return this.chains.hasParts(slot);
  }

  /** Forgets a whole trace, and remembers that it was here. */
  evict(slot: number): void {
    this.chains.each(slot, (stored, rows) => {
      if (!stored.leaving) this.lacking.add(slot, stored.capture, rows);
    });
    this.remove(slot);
  }

  /**
   * Forgets the first spans of a trace: whole segments, as many as take about `wanted` bytes, but never the last one.
   * @param digest makes a batch of the few of these spans, all of one capture, that stay; undefined: none does
   * @returns the rows that left; none where each batch would be put in its own place
   */
  cut(slot: number, wanted: number, digest: (rows: readonly RowsOfBatch[]) => SpanBatch | undefined): readonly RowsOfBatch[] {
    const going: RowsOfBatch[] = [];
    let expected = 0;
    for (const rows of this.rowsOf(slot).slice(0, -1)) {
      if (expected >= wanted) break;
      if (rows.stored.leaving) continue;
      going.push(rows);
      expected += (rows.rows.length / rows.stored.batch.count) * (rows.stored.bytes + rows.stored.batch.blob.byteLength);
    }
    if (going.length === 0) return going;
    const digests = byCapture(going).map((rows) => ({ rows, capture: rows[0].stored.capture, batch: digest(rows) }));
    if (digests.every(({ rows, batch }) => rows.length === 1 && rows[0].stored.batch.count === batch?.count)) return [];
    const batches = new Set(going.map(({ stored }) => stored));
    this.discount(slot, going);
    this.chains.takeOut(slot, (stored) => batches.has(stored));
    for (const { rows, capture, batch } of digests.reverse()) {
      let spans = rows.reduce((sum, one) => sum + one.rows.length, 0);
      if (batch && batch.count > 0) {
        this.prepend(slot, batch, capture);
        spans -= batch.count;
      }
      if (spans > 0) this.lacking.add(slot, capture, spans);
    }
    this.bump(slot);
    return going;
  }

  /** Spans of one capture that are here. */
  spansOf(capture: number): number {
    let spans = 0;
    for (const stored of this.batches()) if (stored.capture === capture && !stored.leaving) spans += stored.live;
    return spans;
  }

  /** Whether any span of a capture is here. */
  hasCapture(capture: number): boolean {
    for (const stored of this.batches()) if (stored.capture === capture && !stored.leaving) return true;
    return false;
  }

  /**
   * Takes out the spans of a capture that are here now, trace by trace, with others' turns in between. What comes of it meanwhile stays, and so do
   * the spans of other captures, in the same traces as well.
   */
  async removeCapture(capture: number, slices: Pick<Slices, 'due' | 'pause'>): Promise<void> {
    let any = false;
    for (const stored of this.batches()) {
      if (stored.capture !== capture) continue;
      stored.leaving = true;
      any = true;
    }
    if (!any) return;
    for (let slot = 0; slot < this.ids.end; slot++) {
      if (slices.due) await slices.pause();
      if (this.isLive(slot)) this.removeLeaving(slot);
    }
  }

  /** Forgets one trace. */
  remove(slot: number): void {
    this.revision = this.nextRevision();
    this.removedSinceOrder = true;
    this.moved.delete(slot);
    this.chains.remove(slot);
    this.spans -= this.spanCount[slot];
    this.spanCount[slot] = 0;
    this.lacking.end(slot, this.ids.words);
    this.arrivals.remove(slot);
    this.ids.remove(slot);
  }

  private removeLeaving(slot: number): void {
    let leaving = 0;
    this.chains.each(slot, (stored, rows) => {
      if (stored.leaving) leaving += rows;
    });
    if (leaving === 0) return;
    if (leaving === this.spanCount[slot]) {
      this.remove(slot);
      return;
    }
    this.chains.takeOut(slot, ({ leaving }) => leaving);
    this.bump(slot);
    this.moved.add(slot);
    this.spans -= this.spanCount[slot];
    this.spanCount[slot] = 0;
    this.errorCount[slot] = 0;
    this.times.reset(slot);
    for (const { stored, rows } of this.rowsOf(slot)) {
      for (const row of rows) this.count(slot, stored.batch, row);
      this.spans += rows.length;
    }
  }

  private bump(slot: number): void {
    this.revision = this.nextRevision();
    this.changedAt[slot] = this.revision;
  }

  private addTrace(ids: Uint32Array, at: number, leavesFirst: boolean): number {
    const slot = this.ids.add(ids, at);
    if (this.ids.capacity > this.spanCount.length) this.grow(this.ids.capacity);
    this.spanCount[slot] = 0;
    this.errorCount[slot] = 0;
    this.times.reset(slot);
    this.places.reset(slot);
    this.chains.begin(slot);
    this.lacking.begin(slot, ids, at);
    if (leavesFirst) this.arrivals.addRestored(slot);
    else this.arrivals.append(slot);
    this.moved.add(slot);
    return slot;
  }

  /** Counts a row that was added to a trace. */
  private count(slot: number, { status, flags, durationNs, start }: SpanBatch, row: number): void {
    this.spanCount[slot]++;
    if (status[row] === STATUS_ERROR) this.errorCount[slot]++;
    const known = (flags[row] & BATCH_NO_END) === 0 ? durationNs[row] : 0;
    if (this.times.widen(slot, start[row * 2], start[row * 2 + 1], known)) this.moved.add(slot);
  }

  /** Takes rows out of a trace's counts; its times stay those of the whole. */
  private discount(slot: number, going: readonly RowsOfBatch[]): void {
    for (const { stored, rows } of going) {
      for (const row of rows) if (stored.batch.status[row] === STATUS_ERROR) this.errorCount[slot]--;
      this.spanCount[slot] -= rows.length;
      this.spans -= rows.length;
    }
  }

  /** A batch of spans of one trace, before its others. */
  private prepend(slot: number, batch: SpanBatch, capture: number): void {
    const nextRow = Uint32Array.from({ length: batch.count }, (_, row) => (row + 1 < batch.count ? row + 2 : 0));
    this.chains.prepend(slot, this.stored.put(batch, capture, nextRow, batch.count));
    for (let row = 0; row < batch.count; row++) if (batch.status[row] === STATUS_ERROR) this.errorCount[slot]++;
    this.spanCount[slot] += batch.count;
    this.spans += batch.count;
  }

  private grow(size: number): void {
    this.spanCount = grownUint32(this.spanCount, size);
    this.errorCount = grownUint32(this.errorCount, size);
    this.times.grow(size);
    this.changedAt = grownFloat64(this.changedAt, size);
    this.chains.grow(size);
    this.lacking.grow(size);
    this.places.grow(size);
  }
}
