/** Traces in order of arrival: a list linked both ways, in columns by slot. */

import { NONE } from './none';
import { grownUint32 } from './typed';

export class Arrivals {
  private olderOf = new Uint32Array(256);
  private newerOf = new Uint32Array(256);
  /** The slot that came first; `NONE` when there is none. */
  oldest = NONE;
  newest = NONE;

  get bytes(): number {
    return this.olderOf.byteLength + this.newerOf.byteLength;
  }

  /** The slot that came next; `NONE` at the end. */
  after(slot: number): number {
    return this.newerOf[slot];
  }

  append(slot: number): void {
    if (slot >= this.olderOf.length) {
      const size = Math.max(slot + 1, this.olderOf.length * 2);
      this.olderOf = grownUint32(this.olderOf, size);
      this.newerOf = grownUint32(this.newerOf, size);
    }
    this.olderOf[slot] = this.newest;
    this.newerOf[slot] = NONE;
    if (this.newest === NONE) this.oldest = slot;
    else this.newerOf[this.newest] = slot;
    this.newest = slot;
  }

  remove(slot: number): void {
    const older = this.olderOf[slot];
    const newer = this.newerOf[slot];
    if (older === NONE) this.oldest = newer;
    else this.newerOf[older] = newer;
    if (newer === NONE) this.newest = older;
    else this.olderOf[newer] = older;
  }
}
