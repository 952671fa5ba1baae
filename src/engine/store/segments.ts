/** Segments: the rows of one trace in one batch. Columns with a free list, because traces come and go by the thousand each second. */

import { NONE } from './none';
import { grownUint32 } from './typed';

export class SegmentPool {
  /** Slot of the batch in the store. */
  batch = new Uint32Array(1024);
  firstRow = new Uint32Array(1024);
  lastRow = new Uint32Array(1024);
  count = new Uint32Array(1024);
  /** Next segment of the same trace. */
  next = new Uint32Array(1024);
  private used = 0;
  private free = NONE;

  get bytes(): number {
    return this.batch.length * 20;
  }

  /** A new segment of one row that ends its trace's chain. */
  add(batch: number, row: number): number {
    let segment = this.free;
    if (segment === NONE) {
      segment = this.used++;
      if (segment >= this.batch.length) this.grow();
    } else {
      this.free = this.next[segment];
    }
    this.batch[segment] = batch;
    this.firstRow[segment] = row;
    this.lastRow[segment] = row;
    this.count[segment] = 1;
    this.next[segment] = NONE;
    return segment;
  }

  release(segment: number): void {
    this.next[segment] = this.free;
    this.free = segment;
  }

  /**
   * Rows of some batches moved into one: `offsets[slot]` is by how much, -1 for batches that stay. Free segments may be changed
   * too; they are written anew before they are used.
   */
  relocate(offsets: Int32Array, batch: number): void {
    for (let segment = 0; segment < this.used; segment++) {
      const offset = offsets[this.batch[segment]] ?? -1;
      if (offset < 0) continue;
      this.batch[segment] = batch;
      this.firstRow[segment] += offset;
      this.lastRow[segment] += offset;
    }
  }

  private grow(): void {
    const size = this.batch.length * 2;
    this.batch = grownUint32(this.batch, size);
    this.firstRow = grownUint32(this.firstRow, size);
    this.lastRow = grownUint32(this.lastRow, size);
    this.count = grownUint32(this.count, size);
    this.next = grownUint32(this.next, size);
  }
}
