/** Traces in order of arrival: a list linked both ways, in columns by slot. */

import { NONE } from './none';
import { grownUint32 } from './typed';

export class Arrivals {
  private olderOf = new Uint32Array(256);
  private newerOf = new Uint32Array(256);
  /** The slot that came first; `NONE` when there is none. */
  oldest = NONE;
  newest = NONE;
  /** The last of those that stand before all others because they came in a capture before. */
  private restored = NONE;

  get bytes(): number {
    return this.olderOf.byteLength + this.newerOf.byteLength;
  }

  /** The slot that came next; `NONE` at the end. */
  after(slot: number): number {
    return this.newerOf[slot];
  }

  append(slot: number): void {
    this.insert(slot, this.newest, NONE);
  }

  /** Behind those that were added like this, and before all others. */
  addRestored(slot: number): void {
    this.insert(slot, this.restored, this.restored === NONE ? this.oldest : this.newerOf[this.restored]);
    this.restored = slot;
  }

  remove(slot: number): void {
    const older = this.olderOf[slot];
    const newer = this.newerOf[slot];
    if (this.restored === slot) this.restored = older;
    if (older === NONE) this.oldest = newer;
    else this.newerOf[older] = newer;
    if (newer === NONE) this.newest = older;
    else this.olderOf[newer] = older;
  }

  private insert(slot: number, older: number, newer: number): void {
    if (slot >= this.olderOf.length) {
      const size = Math.max(slot + 1, this.olderOf.length * 2);
      this.olderOf = grownUint32(this.olderOf, size);
      this.newerOf = grownUint32(this.newerOf, size);
    }
    this.olderOf[slot] = older;
    this.newerOf[slot] = newer;
    if (older === NONE) this.oldest = slot;
    else this.newerOf[older] = slot;
    if (newer === NONE) this.newest = slot;
    else this.olderOf[newer] = slot;
  }
}
