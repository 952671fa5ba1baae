/**
 * How many spans traces lack, by capture: short lists in columns. A list is a number, `NONE` for an empty one; who holds it is the trace, or what is
 * remembered of one that left.
 */

import { NONE } from './none';
import { grownUint32 } from './typed';

export class MissingSpans {
  private capture = new Uint32Array(64);
  private spans = new Uint32Array(64);
  private next = new Uint32Array(64);
  private used = 0;
  private free = NONE;

  get bytes(): number {
    return this.capture.byteLength * 3;
  }

  /** Counts so many more of a capture. Returns the list. */
  add(list: number, capture: number, spans: number): number {
    for (let entry = list; entry !== NONE; entry = this.next[entry]) {
      if (this.capture[entry] !== capture) continue;
      this.spans[entry] += spans;
      return list;
    }
    return this.begin(list, capture, spans);
  }

  has(list: number, capture: number): boolean {
    for (let entry = list; entry !== NONE; entry = this.next[entry]) if (this.capture[entry] === capture) return true;
    return false;
  }

  /** Of all captures. */
  sum(list: number): number {
    let sum = 0;
    for (let entry = list; entry !== NONE; entry = this.next[entry]) sum += this.spans[entry];
    return sum;
  }

  copy(list: number): number {
    let copy = NONE;
    for (let entry = list; entry !== NONE; entry = this.next[entry])
      copy = this.begin(copy, this.capture[entry], this.spans[entry]);
    return copy;
  }

  /** Without what is counted of a capture. Returns the list. */
  without(list: number, capture: number): number {
    let before = NONE;
    for (let entry = list; entry !== NONE; before = entry, entry = this.next[entry]) {
      if (this.capture[entry] !== capture) continue;
      const rest = this.next[entry];
      this.giveBack(entry);
      if (before === NONE) return rest;
      this.next[before] = rest;
      return list;
    }
    return list;
  }

  release(list: number): void {
    for (let entry = list; entry !== NONE; ) {
      const rest = this.next[entry];
      this.giveBack(entry);
      entry = rest;
    }
  }

  private begin(list: number, capture: number, spans: number): number {
    let entry = this.free;
    if (entry === NONE) {
      entry = this.used++;
      if (entry === this.capture.length) this.grow();
    } else {
      this.free = this.next[entry];
    }
    this.capture[entry] = capture;
    this.spans[entry] = spans;
    this.next[entry] = list;
    return entry;
  }

  private giveBack(entry: number): void {
    this.next[entry] = this.free;
    this.free = entry;
  }

  private grow(): void {
    const size = this.capture.length * 2;
    this.capture = grownUint32(this.capture, size);
    this.spans = grownUint32(this.spans, size);
    this.next = grownUint32(this.next, size);
  }
}
