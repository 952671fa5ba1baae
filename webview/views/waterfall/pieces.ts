/**
 * The pieces of time of one row that has very many of them, made once: sorted by start, with what is needed to find those in view, and a
 * coarse copy for when the whole of them is in view. A frame then touches thousands of them, not a million.
 */

/** The coarse copy tells apart this many places over the whole length: more than the pixels of any screen. */
const COARSE = 16_384;

export class Pieces {
  /** Greatest end of this and all earlier pieces: finds the first that reaches into a view. */
  private readonly reach: Float64Array;
  readonly coarse: Pieces | undefined;
  /** Nanoseconds that the coarse copy tells apart. */
  readonly coarseNs: number;

  constructor(
    readonly start: Float64Array,
    readonly end: Float64Array,
    /** Per piece 1 for an error. */
    readonly error: Uint8Array,
    makeCoarse = true,
  ) {
    this.reach = new Float64Array(start.length);
    let reach = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < start.length; k++) {
      if (end[k] > reach) reach = end[k];
      this.reach[k] = reach;
    }
    this.coarseNs = start.length === 0 ? 0 : (reach - start[0]) / COARSE;
    this.coarse = makeCoarse && start.length > COARSE ? this.coarsen() : undefined;
  }

  /** First piece that ends after `ns`. */
  firstAfter(ns: number): number {
    let low = 0;
    let high = this.reach.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.reach[middle] < ns) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Pieces that are nearer than `coarseNs` become one. */
  private coarsen(): Pieces {
    const { start, end, error, coarseNs } = this;
    const starts = new Float64Array(COARSE + 1);
    const ends = new Float64Array(COARSE + 1);
    const errors = new Uint8Array(COARSE + 1);
    let count = 0;
    for (let k = 0; k < start.length; k++) {
      if (count > 0 && start[k] < starts[count - 1] + coarseNs) {
        if (end[k] > ends[count - 1]) ends[count - 1] = end[k];
        if (error[k] === 1) errors[count - 1] = 1;
        continue;
      }
      starts[count] = start[k];
      ends[count] = end[k];
      errors[count++] = error[k];
    }
    return new Pieces(starts.subarray(0, count), ends.subarray(0, count), errors.subarray(0, count), false);
  }
}

/** Pieces in the order of their start; `fill` writes them in any order, mostly sorted already. */
export function sortedPieces(count: number, fill: (start: Float64Array, end: Float64Array, error: Uint8Array) => void): Pieces {
  const start = new Float64Array(count);
  const end = new Float64Array(count);
  const error = new Uint8Array(count);
  fill(start, end, error);
  let sorted = true;
  for (let k = 1; k < count && sorted; k++) sorted = start[k - 1] <= start[k];
  if (sorted) return new Pieces(start, end, error);
  const order = new Uint32Array(count);
  for (let k = 0; k < count; k++) order[k] = k;
  order.sort((a, b) => start[a] - start[b]);
  return new Pieces(
    Float64Array.from(order, (k) => start[k]),
    Float64Array.from(order, (k) => end[k]),
    Uint8Array.from(order, (k) => error[k]),
  );
}
