/** Where in its capture's log the spans of a trace stand, by slot: from its first request to its last. What lies between is looked through for it. */

import { grownFloat64, grownUint32 } from './typed';

/** Bytes of a log: begin of a request's length, end of the last request. */
export interface LogPlace {
  readonly from: number;
  readonly to: number;
}

export const WHOLE_LOG: LogPlace = { from: 0, to: Number.POSITIVE_INFINITY };

export class LogPlaces {
  /** Number of the capture whose log is meant; 0: of none, or of several. */
  private capture: Uint32Array;
  private from: Float64Array;
  private to: Float64Array;

  constructor(slots: number) {
    this.capture = new Uint32Array(slots);
    this.from = new Float64Array(slots);
    this.to = new Float64Array(slots);
  }

  get bytes(): number {
    return this.capture.length * 20;
  }

  grow(slots: number): void {
    this.capture = grownUint32(this.capture, slots);
    this.from = grownFloat64(this.from, slots);
    this.to = grownFloat64(this.to, slots);
  }

  reset(slot: number): void {
    this.capture[slot] = 0;
    this.from[slot] = Number.POSITIVE_INFINITY;
    this.to[slot] = 0;
  }

  /** Spans of the trace stand there, too. */
  note(slot: number, capture: number, { from, to }: LogPlace): void {
    const isFirst = this.to[slot] === 0;
    if (isFirst) this.capture[slot] = capture;
    else if (this.capture[slot] !== capture) this.capture[slot] = 0;
    if (from < this.from[slot]) this.from[slot] = from;
    if (to > this.to[slot]) this.to[slot] = to;
  }

  /** In the log of a capture; all of it where that is not known. */
  of(slot: number, capture: number): LogPlace {
    return this.capture[slot] === capture ? { from: this.from[slot], to: this.to[slot] } : WHOLE_LOG;
  }
}
