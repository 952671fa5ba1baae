/**
 * Where code ran, over all datasets, as columns for CodeLens. Batches are read once, as they come; the columns are put together when
 * somebody asks and something changed.
 */

import { type SpanBatch, STATUS_ERROR } from '../core/model/batch';
import { traceIdHex } from '../core/model/ids';
import type { CodeLocations } from '../protocol/engineProtocol';
import { CodePlaceReader, type CodePlaces } from './codePlaces';
import type { Datasets } from './dataset';
import type { Slices } from './slices';

/** Rows that are given at most, the latest batches' ones; CodeLens is about what runs now. */
const MAX_ROWS = 2_000_000;

export class CodeLocationIndex {
  private readonly reader = new CodePlaceReader();
  private known = new WeakMap<SpanBatch, CodePlaces | 'none'>();
  private answer: CodeLocations | undefined;
  private revision = -1;
  private count = 0;

  constructor(private readonly datasets: Datasets) {}

  async get(slices: Slices): Promise<CodeLocations> {
    const stores = this.datasets.values().map(({ store }) => store);
    const revision = this.datasets.latestRevision;
    if (this.answer && this.revision === revision) return this.answer;
    const columns = new Columns();
    for (const store of stores) {
      for (const stored of [...store.batches()].reverse()) {
        const places = this.placesOf(stored.batch);
        if (slices.due) await slices.pause();
        if (!places || columns.length > MAX_ROWS) continue;
        const whole = stored.live === stored.batch.count;
        columns.add(stored.batch, places, whole ? () => true : (row) => store.ids.find(stored.batch.traceId, row * 4) >= 0);
      }
    }
    this.count++;
    this.revision = revision;
    this.answer = columns.finish(this.count);
    return this.answer;
  }

  private placesOf(batch: SpanBatch): CodePlaces | undefined {
    let places = this.known.get(batch);
    if (places === undefined) {
      places = this.reader.read(batch) ?? 'none';
      this.known.set(batch, places);
    }
    return places === 'none' ? undefined : places;
  }
}

class Columns {
  private readonly files = new Names();
  private readonly functions = new Names();
  private readonly traces = new Names();
  private readonly file: number[] = [];
  private readonly functionOf: number[] = [];
  private readonly trace: number[] = [];
  private readonly line: number[] = [];
  private readonly durationNs: number[] = [];
  private readonly error: number[] = [];
  private readonly spanId: number[] = [];
  private readonly startMs: number[] = [];

  get length(): number {
    return this.file.length;
  }

  add(batch: SpanBatch, { rows, places }: CodePlaces, isHere: (row: number) => boolean): void {
    rows.forEach((row, i) => {
      if (!isHere(row)) return;
      this.file.push(this.files.index(places[i].file));
      this.functionOf.push(this.functions.index(places[i].functionName));
      this.trace.push(this.traces.index(traceIdHex(batch.traceId, row)));
      this.line.push(places[i].line);
      this.durationNs.push(Math.max(0, batch.durationNs[row]));
      this.error.push(batch.status[row] === STATUS_ERROR ? 1 : 0);
      this.spanId.push(batch.spanId[row * 2], batch.spanId[row * 2 + 1]);
      this.startMs.push((batch.start[row * 2 + 1] * 4294967296 + batch.start[row * 2]) / 1e6);
    });
  }

  finish(revision: number): CodeLocations {
    return {
      revision,
      files: this.files.all,
      functions: this.functions.all,
      traces: this.traces.all,
      file: Uint32Array.from(this.file),
      function: Uint32Array.from(this.functionOf),
      trace: Uint32Array.from(this.trace),
      line: Uint32Array.from(this.line),
      durationNs: Float64Array.from(this.durationNs),
      error: Uint8Array.from(this.error),
      spanId: Uint32Array.from(this.spanId),
      startMs: Float64Array.from(this.startMs),
    };
  }
}

class Names {
  readonly all: string[] = [];
  private readonly known = new Map<string, number>();

  index(name: string): number {
    let index = this.known.get(name);
    if (index === undefined) {
      index = this.all.push(name) - 1;
      this.known.set(name, index);
    }
    return index;
  }
}
