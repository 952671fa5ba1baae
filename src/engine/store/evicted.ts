/**
 * What left memory: counts by capture, and of the traces that left lately how many spans of which capture, so that one whose last spans come after
 * that can say that its first ones are missing.
 */

import { IdIndex } from './idIndex';
import type { MissingSpans } from './missingSpans';
import { NONE } from './none';
import { grownUint32 } from './typed';

const MAX_REMEMBERED = 65_536;

export interface LeftCounts {
  readonly traces: number;
  readonly spans: number;
}

export class EvictedTraces {
  private readonly ids = new IdIndex();
  /** By slot: a list of `missing`. */
  private lists = new Uint32Array(this.ids.capacity);
  /** Slots in order of leaving: a ring, once it has its full size. */
  private ring = new Uint32Array(0);
  private next = 0;
  private full = false;
  private readonly byCapture = new Map<number, { traces: number; spans: number }>();

  constructor(private readonly missing: MissingSpans) {}

  /** All that left, of all captures. A trace of which a part left counts as one, of each of its captures. */
  get counts(): LeftCounts {
    let traces = 0;
    let spans = 0;
    for (const one of this.byCapture.values()) {
      traces += one.traces;
      spans += one.spans;
    }
    return { traces, spans };
  }

  get bytes(): number {
    return this.ids.bytes + this.lists.byteLength + this.ring.byteLength;
  }

  /** So many spans of a capture left, of so many traces that had none missing of it before. */
  count(capture: number, traces: number, spans: number): void {
    const known = this.byCapture.get(capture);
    if (!known) this.byCapture.set(capture, { traces, spans });
    else {
      known.traces += traces;
      known.spans += spans;
    }
  }

  /** A trace of a capture, with so many spans that had left, is here again. */
  uncount(capture: number, spans: number): void {
    const known = this.byCapture.get(capture);
    if (!known) return;
    known.traces = Math.max(0, known.traces - 1);
    known.spans = Math.max(0, known.spans - spans);
  }

  /** The trace with the id at `ids[at, at + 4)` is not here any more, and lacks what the list says, which belongs to this from now on. */
  note(ids: Uint32Array, at: number, list: number): void {
    const known = this.ids.find(ids, at);
    if (known >= 0) {
      this.missing.release(this.lists[known]);
      this.lists[known] = list;
      return;
    }
    if (this.full) {
      this.missing.release(this.lists[this.ring[this.next]]);
      this.ids.remove(this.ring[this.next]);
    } else if (this.next === this.ring.length) {
      this.ring = grownUint32(this.ring, Math.min(MAX_REMEMBERED, this.next * 2 + 64));
    }
    const slot = this.ids.add(ids, at);
    if (this.ids.capacity > this.lists.length) this.lists = grownUint32(this.lists, this.ids.capacity);
    this.lists[slot] = list;
    this.ring[this.next++] = slot;
    if (this.next === MAX_REMEMBERED) {
      this.next = 0;
      this.full = true;
    }
  }

  /** What the trace with the id at `ids[at, at + 4)` lacks; the list stays with this. */
  listOf(ids: Uint32Array, at: number): number {
    if (this.ring.length === 0) return NONE;
    const slot = this.ids.find(ids, at);
    return slot < 0 ? NONE : this.lists[slot];
  }

  /** What left of a capture is read back, or its log is gone. */
  forget(capture: number): void {
    this.byCapture.delete(capture);
    for (let i = 0; i < (this.full ? MAX_REMEMBERED : this.next); i++) {
      const slot = this.ring[i];
      this.lists[slot] = this.missing.without(this.lists[slot], capture);
    }
  }
}
