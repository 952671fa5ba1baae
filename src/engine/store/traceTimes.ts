/** When traces began and ended: two words each by slot, because a double cannot hold epoch nanoseconds. */

import { grownUint32 } from './typed';

export class TraceTimes {
  /** Earliest start and latest end, epoch nanoseconds, low and high; zeros while no span told a start. */
  start: Uint32Array;
  private end: Uint32Array;

  constructor(slots: number) {
    this.start = new Uint32Array(slots * 2);
    this.end = new Uint32Array(slots * 2);
  }

  grow(slots: number): void {
    this.start = grownUint32(this.start, slots * 2);
    this.end = grownUint32(this.end, slots * 2);
  }

  reset(slot: number): void {
    this.start.fill(0, slot * 2, slot * 2 + 2);
    this.end.fill(0, slot * 2, slot * 2 + 2);
  }

  startUnixNano(slot: number): bigint {
    return (BigInt(this.start[slot * 2 + 1]) << 32n) | BigInt(this.start[slot * 2]);
  }

  /** Latest end less earliest start, nanoseconds. */
  durationNs(slot: number): number {
    const high = this.end[slot * 2 + 1] - this.start[slot * 2 + 1];
    return high * 4294967296 + (this.end[slot * 2] - this.start[slot * 2]);
  }

  /** Widens the trace's range by one span. Returns whether its start is another one now. */
  widen(slot: number, low: number, high: number, durationNs: number): boolean {
    const at = slot * 2;
    // A start of zero is an unknown one.
    if (low === 0 && high === 0) return false;
    const { start, end } = this;
    const isFirst = end[at + 1] === 0 && end[at] === 0;
    const begins = isFirst || high < start[at + 1] || (high === start[at + 1] && low < start[at]);
    if (begins) {
      start[at] = low;
      start[at + 1] = high;
    }
    const length = Math.max(durationNs, 0);
    const lowSum = low + (length % 4294967296);
    const endLow = lowSum >>> 0;
    const endHigh = (high + Math.floor(length / 4294967296) + (lowSum >= 4294967296 ? 1 : 0)) >>> 0;
    if (endHigh > end[at + 1] || (endHigh === end[at + 1] && endLow > end[at])) {
      end[at] = endLow;
      end[at + 1] = endHigh;
    }
    return begins;
  }
}
