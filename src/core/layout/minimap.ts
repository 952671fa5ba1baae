/**
 * The minimap: the whole trace as a small raster, one pass over all spans however many there are. A lane is a slice of the rows in the
 * order of the tree (so the picture is the waterfall's, shrunk), a cell shows the service that covers most of its time; a cell
 * with a span in error shows the error.
 */

import type { Steps } from '../../base/steps';

export const ERROR_CELL = 255;
/** Services take the cells 1 to 254. */
const SERVICE_CELLS = 254;
/** What a span of no length covers of its cell, so that it shows. */
const LEAST_COVER = 0.01;

export interface MinimapInput {
  readonly count: number;
  /** Nanoseconds from the trace's start, as shown. */
  readonly startNs: ArrayLike<number>;
  readonly durationNs: ArrayLike<number>;
  /** Small number of the span's service. */
  readonly serviceOf: (row: number) => number;
  readonly isError: (row: number) => boolean;
}

export interface Minimap {
  readonly columns: number;
  readonly lanes: number;
  /** Lane-major; 0 for nothing, 1 + service modulo 254, or ERROR_CELL. */
  readonly cells: Uint8Array;
}

const MINIMAP_COLUMNS = 1024;
/** Each of two pixels: lines of one are hardly seen. */
const MINIMAP_LANES = 18;

/**
 * @param bounds of the whole trace
 * @param columns, @param lanes size of the raster; a trace with fewer spans has a lane a span
 */
export function* rasteringMinimap(
  input: MinimapInput,
  bounds: { readonly startNs: number; readonly endNs: number },
  columns: number = MINIMAP_COLUMNS,
  lanes: number = MINIMAP_LANES,
): Steps<Minimap> {
  const used = Math.max(1, Math.min(lanes, input.count));
  const cells = new Uint8Array(columns * used);
  const lane = new LaneRaster(columns);
  const perNs = columns / Math.max(1, bounds.endNs - bounds.startNs);
  for (let at = 0; at < used; at++) {
    const first = Math.floor((at * input.count) / used);
    const end = Math.floor(((at + 1) * input.count) / used);
    for (let row = first; row < end; row++) {
      const from = (input.startNs[row] - bounds.startNs) * perNs;
      lane.add(from, from + input.durationNs[row] * perNs, input.serviceOf(row), input.isError(row));
    }
    lane.write(cells.subarray(at * columns, (at + 1) * columns));
    yield;
  }
  return { columns, lanes: used, cells };
}

/**
 * Sums the covered time of a lane per service and cell. A span costs the same however many cells it covers: the whole cells between its
 * two ends are noted as a difference at each end and summed up when the lane is written.
 */
class LaneRaster {
  /** Per colour and cell: covered parts of cells; differences of the number of spans that cover whole cells. */
  private readonly part = new Map<number, Float32Array>();
  private readonly whole = new Map<number, Float32Array>();
  private readonly errors: Int32Array;
  private readonly best: Float32Array;

  constructor(private readonly columns: number) {
    this.errors = new Int32Array(columns + 1);
    this.best = new Float32Array(columns);
  }

  /** From and to in cells, with fractions. */
  add(from: number, to: number, service: number, isError: boolean): void {
    const first = Math.min(Math.max(Math.floor(from), 0), this.columns - 1);
    const last = Math.min(Math.max(Math.ceil(to) - 1, first), this.columns - 1);
    const color = 1 + (service % SERVICE_CELLS);
    const part = this.lane(this.part, color);
    if (first === last) part[first] += Math.max(to - from, LEAST_COVER);
    else {
      const whole = this.lane(this.whole, color);
      part[first] += first + 1 - from;
      part[last] += to - last;
      whole[first + 1]++;
      whole[last]--;
    }
    if (isError) {
      this.errors[first]++;
      this.errors[last + 1]--;
    }
  }

  private lane(lanes: Map<number, Float32Array>, color: number): Float32Array {
    let lane = lanes.get(color);
    if (!lane) {
      lane = new Float32Array(this.columns + 1);
      lanes.set(color, lane);
    }
    return lane;
  }

  /** Writes the cells and starts anew. */
  write(cells: Uint8Array): void {
    const { best, errors } = this;
    best.fill(0);
    for (const [color, part] of this.part) {
      const whole = this.whole.get(color);
      let covering = 0;
      for (let cell = 0; cell < this.columns; cell++) {
        if (whole) covering += whole[cell];
        const covered = part[cell] + covering;
        if (covered <= best[cell]) continue;
        best[cell] = covered;
        cells[cell] = color;
      }
      part.fill(0);
      whole?.fill(0);
    }
    let failing = 0;
    for (let cell = 0; cell < this.columns; cell++) {
      failing += errors[cell];
      if (failing > 0) cells[cell] = ERROR_CELL;
    }
    errors.fill(0);
  }
}
