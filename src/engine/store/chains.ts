/**
 * Where a trace's rows are: a chain of segments, one for each batch that has some of its spans, in order of arrival; and inside a batch a chain of
 * rows. Adding a row is a few integer writes, without an object.
 */

import { NONE } from './none';
import { SegmentPool } from './segments';
import type { RowsOfBatch, StoredBatch } from './storedBatch';
import type { StoredBatches } from './storedBatches';
import { grownUint32 } from './typed';

export class Chains {
  private first: Uint32Array;
  private last: Uint32Array;
  private readonly segments = new SegmentPool();
  /** Where `addBefore` was last: rows of one trace often follow each other. */
  private insertedSlot = NONE;
  private insertedSegment = NONE;

  constructor(
    slots: number,
    private readonly batches: StoredBatches,
  ) {
    this.first = new Uint32Array(slots);
    this.last = new Uint32Array(slots);
  }

  get bytes(): number {
    return this.segments.bytes + this.first.byteLength + this.last.byteLength;
  }

  grow(slots: number): void {
    this.first = grownUint32(this.first, slots);
    this.last = grownUint32(this.last, slots);
  }

  /** A trace without rows. */
  begin(slot: number): void {
    this.first[slot] = NONE;
    this.last[slot] = NONE;
    if (this.insertedSlot === slot) this.insertedSlot = NONE;
  }

  /** Adds a row behind all others. */
  add(slot: number, stored: StoredBatch, row: number): void {
    const { segments } = this;
    const last = this.last[slot];
    if (last !== NONE && segments.batch[last] === stored.slot) {
      this.extend(last, stored, row);
      return;
    }
    const segment = segments.add(stored.slot, row);
    if (last === NONE) this.first[slot] = segment;
    else segments.next[last] = segment;
    this.last[slot] = segment;
  }

  /** Adds a row before those of batches that are later. */
  addBefore(slot: number, stored: StoredBatch, row: number, isLater: (stored: StoredBatch) => boolean): void {
    const { segments, batches } = this;
    if (this.insertedSlot === slot && segments.batch[this.insertedSegment] === stored.slot) {
      this.extend(this.insertedSegment, stored, row);
      return;
    }
    let before = NONE;
    for (let segment = this.first[slot]; segment !== NONE; segment = segments.next[segment]) {
      const other = batches.at(segments.batch[segment]);
      if (other && other !== stored && isLater(other)) break;
      before = segment;
    }
    if (before === this.last[slot]) {
      this.add(slot, stored, row);
      this.insertedSegment = this.last[slot];
    } else if (before !== NONE && segments.batch[before] === stored.slot) {
      this.extend(before, stored, row);
      this.insertedSegment = before;
    } else {
      const segment = segments.add(stored.slot, row);
      segments.next[segment] = before === NONE ? this.first[slot] : segments.next[before];
      if (before === NONE) this.first[slot] = segment;
      else segments.next[before] = segment;
      this.insertedSegment = segment;
    }
    this.insertedSlot = slot;
  }

  /** A batch of spans of one trace, before its others. */
  prepend(slot: number, stored: StoredBatch): void {
    const { segments } = this;
    const segment = segments.add(stored.slot, 0);
    segments.lastRow[segment] = stored.batch.count - 1;
    segments.count[segment] = stored.batch.count;
    segments.next[segment] = this.first[slot];
    if (this.first[slot] === NONE) this.last[slot] = segment;
    this.first[slot] = segment;
  }

  /** Rows of a trace, batch by batch, in order of arrival. */
  rowsOf(slot: number): RowsOfBatch[] {
    const out: RowsOfBatch[] = [];
    const { segments } = this;
    for (let segment = this.first[slot]; segment !== NONE; segment = segments.next[segment]) {
      const stored = this.batches.at(segments.batch[segment]);
      if (!stored) continue;
      const rows = new Uint32Array(segments.count[segment]);
      let row = segments.firstRow[segment];
      for (let i = 0; i < rows.length; i++) {
        rows[i] = row;
        row = stored.nextRow[row] - 1;
      }
      out.push({ stored, rows });
    }
    return out;
  }

  /** Batches that have rows of a trace, in order of arrival, with how many. */
  each(slot: number, visit: (stored: StoredBatch, rows: number) => void): void {
    const { segments } = this;
    for (let segment = this.first[slot]; segment !== NONE; segment = segments.next[segment]) {
      const stored = this.batches.at(segments.batch[segment]);
      if (stored) visit(stored, segments.count[segment]);
    }
  }

  lastOf(slot: number): StoredBatch | undefined {
    return this.batches.at(this.segments.batch[this.last[slot]]);
  }

  /** Whether there is more than one segment. */
  hasParts(slot: number): boolean {
    return this.first[slot] !== this.last[slot];
  }

  /** Takes out the rows of batches that go; the trace stays. */
  takeOut(slot: number, goes: (stored: StoredBatch) => boolean): void {
    const { segments } = this;
    let before = NONE;
    for (let segment = this.first[slot]; segment !== NONE; ) {
      const next = segments.next[segment];
      const stored = this.batches.at(segments.batch[segment]);
      if (stored && goes(stored)) {
        if (before === NONE) this.first[slot] = next;
        else segments.next[before] = next;
        if (next === NONE) this.last[slot] = before;
        this.release(segment, stored);
      } else {
        before = segment;
      }
      segment = next;
    }
    if (this.insertedSlot === slot) this.insertedSlot = NONE;
  }

  /** Takes out a whole trace. */
  remove(slot: number): void {
    const { segments } = this;
    for (let segment = this.first[slot]; segment !== NONE; ) {
      const next = segments.next[segment];
      const stored = this.batches.at(segments.batch[segment]);
      if (stored) this.batches.letGo(stored, segments.count[segment]);
      segments.release(segment);
      segment = next;
    }
    if (this.insertedSlot === slot) this.insertedSlot = NONE;
  }

  /** Rows of some batches were moved into one: `offsets` by slot of the batch, -1 for those that stay. */
  relocate(offsets: Int32Array, stored: StoredBatch): void {
    this.segments.relocate(offsets, stored.slot);
    this.insertedSlot = NONE;
  }

  private extend(segment: number, stored: StoredBatch, row: number): void {
    const { segments } = this;
    stored.nextRow[segments.lastRow[segment]] = row + 1;
    segments.lastRow[segment] = row;
    segments.count[segment]++;
  }

  private release(segment: number, stored: StoredBatch): void {
    const { segments } = this;
    for (let row = segments.firstRow[segment], i = segments.count[segment]; i > 0; i--) {
      const next = stored.nextRow[row] - 1;
      stored.nextRow[row] = NONE;
      row = next;
    }
    this.batches.letGo(stored, segments.count[segment]);
    segments.release(segment);
  }
}
