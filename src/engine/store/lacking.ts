/** What traces lack of their spans, because these left memory: by slot for those that are here, and for those that left lately as a whole. */

import { EvictedTraces, type LeftCounts } from './evicted';
import { MissingSpans } from './missingSpans';
import { NONE } from './none';
import { grownUint32 } from './typed';

export class Lacking {
  private readonly missing = new MissingSpans();
  /** By slot: spans that left memory (or never were here, after the rest of the trace had left), as a list of `missing`. */
  private lists: Uint32Array;
  private readonly evicted = new EvictedTraces(this.missing);

  constructor(slots: number) {
    this.lists = new Uint32Array(slots);
  }

  get bytes(): number {
    return this.lists.byteLength + this.evicted.bytes + this.missing.bytes;
  }

  /** What left memory, since the captures that it belonged to were read. */
  get left(): LeftCounts {
    return this.evicted.counts;
  }

  grow(slots: number): void {
    this.lists = grownUint32(this.lists, slots);
  }

  /** A trace of which nothing was here has the id at `ids[at, at + 4)`. */
  begin(slot: number, ids: Uint32Array, at: number): void {
    this.lists[slot] = this.missing.copy(this.evicted.listOf(ids, at));
  }

  /** The trace in `slot` is here no more. */
  end(slot: number, ids: Uint32Array): void {
    if (this.lists[slot] !== NONE) this.evicted.note(ids, slot * 4, this.lists[slot]);
  }

  /** Spans that the trace in `slot` lacks. */
  of(slot: number): number {
    return this.missing.sum(this.lists[slot]);
  }

  /** Spans of a trace that is not here. */
  ofLeft(words: Uint32Array): number {
    return this.missing.sum(this.evicted.listOf(words, 0));
  }

  has(slot: number, capture: number): boolean {
    return this.missing.has(this.lists[slot], capture);
  }

  /** Spans of the trace in `slot` leave. */
  add(slot: number, capture: number, spans: number): void {
    this.evicted.count(capture, this.has(slot, capture) ? 0 : 1, spans);
    this.lists[slot] = this.missing.add(this.lists[slot], capture, spans);
  }

  /** What the trace in `slot` lacked of a capture is here again, or is not told any more. */
  without(slot: number, capture: number): void {
    this.lists[slot] = this.missing.without(this.lists[slot], capture);
  }

  /** So many spans of a trace of a capture are here again. */
  uncount(capture: number, spans: number): void {
    this.evicted.uncount(capture, spans);
  }

  /** What left of a capture does not count any more. */
  forget(capture: number): void {
    this.evicted.forget(capture);
  }

  /** So many spans of a capture are not here, nobody knows of which traces. */
  count(capture: number, spans: number): void {
    if (spans > 0) this.evicted.count(capture, 0, spans);
  }
}
