/** The batches of a store, by slot; slots are used again. Counts what they take: value bytes and string tables once, however many share them. */

import type { SpanBatch } from '../../core/model/batch';
import { bytesOf, SharedBytes } from './batchBytes';
import { SharedStrings } from './sharedStrings';
import type { StoredBatch } from './storedBatch';

export class StoredBatches {
  private readonly all: (StoredBatch | undefined)[] = [];
  private readonly free: number[] = [];
  private readonly shared = new SharedBytes();
  private readonly tables = new SharedStrings();
  private columns = 0;

  /** Of columns and values, without the string tables. */
  get bytes(): number {
    return this.columns + this.shared.bytes;
  }

  get tableBytes(): number {
    return this.tables.bytes;
  }

  /** Every slot in use is below this. */
  get end(): number {
    return this.all.length;
  }

  at(slot: number): StoredBatch | undefined {
    return this.all[slot];
  }

  has(stored: StoredBatch): boolean {
    return this.all[stored.slot] === stored;
  }

  /** Those that are here, oldest first where none was removed. */
  *values(): IterableIterator<StoredBatch> {
    for (const stored of this.all) if (stored) yield stored;
  }

  put(batch: SpanBatch, capture: number, nextRow: Uint32Array, live: number): StoredBatch {
    const slot = this.free.pop() ?? this.all.length;
    const bytes = bytesOf(batch) + nextRow.byteLength;
    const stored: StoredBatch = { slot, batch, capture, nextRow, bytes, addedAt: performance.now(), live, leaving: false };
    this.all[slot] = stored;
    this.columns += bytes;
    this.shared.retain(batch.blob.buffer);
    this.tables.retain(batch.strings);
    return stored;
  }

  drop(stored: StoredBatch): void {
    this.columns -= stored.bytes;
    this.shared.release(stored.batch.blob.buffer);
    this.tables.release(stored.batch.strings);
    this.all[stored.slot] = undefined;
    this.free.push(stored.slot);
  }

  /** So many of its spans are not wanted any more. */
  letGo(stored: StoredBatch, spans: number): void {
    stored.live -= spans;
    if (stored.live === 0) this.drop(stored);
  }
}
