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
import type { StoredBatch, TraceStore } from './store/traceStore';

/** Rows that are given at most, the latest batches' ones; CodeLens is about what runs now. */
const MAX_ROWS = 2_000_000;
/** Names beyond this many are forgotten, with all that was read: a program that makes up file names must not fill the memory. */
const MAX_NAMES = 200_000;

interface Part {
  readonly store: TraceStore;
  readonly stored: StoredBatch;
  readonly places: CodePlaces;
}

export class CodeLocationIndex {
  private reader = new CodePlaceReader();
  private known = new WeakMap<SpanBatch, CodePlaces | 'none'>();
  private answer: CodeLocations | undefined;
  private revision = -1;
  private count = 0;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly datasets: Datasets) {}

  /** One at a time; an answer stands until something changes. */
  get(slices: Slices): Promise<CodeLocations> {
    const result = this.turn.then(() => this.make(slices));
    this.turn = result.catch(() => {});
    return result;
  }

  private async make(slices: Slices): Promise<CodeLocations> {
    const revision = this.datasets.latestRevision;
    if (this.answer && this.revision === revision) return this.answer;
    if (this.reader.files.all.length + this.reader.functions.all.length > MAX_NAMES) {
      this.reader = new CodePlaceReader();
      this.known = new WeakMap();
    }
    const columns = new Columns(await this.parts(slices));
    while (!columns.step()) {
      if (!slices.due) continue;
      await slices.pause();
      columns.forgetSlots();
    }
    const { files, functions } = this.reader;
    this.count++;
    this.revision = revision;
    this.answer = { revision: this.count, files: [...files.all], functions: [...functions.all], ...columns.finish() };
    return this.answer;
  }

  /** What was read of each batch that has places, the latest first. */
  private async parts(slices: Slices): Promise<Part[]> {
    const parts: Part[] = [];
    let rows = 0;
    for (const { store } of this.datasets.values()) {
      for (const stored of [...store.batches()].reverse()) {
        if (slices.due) await slices.pause();
        const places = await this.placesOf(stored.batch, slices);
        if (!places || rows > MAX_ROWS) continue;
        rows += places.row.length;
        parts.push({ store, stored, places });
      }
    }
    return parts;
  }

  private async placesOf(batch: SpanBatch, slices: Slices): Promise<CodePlaces | undefined> {
    let places = this.known.get(batch);
    if (places === undefined) {
      places = (await this.reader.read(batch, slices)) ?? 'none';
      this.known.set(batch, places);
    }
    return places === 'none' ? undefined : places;
  }
}

type Rows = Omit<CodeLocations, 'revision' | 'files' | 'functions'>;

/** The columns, filled part by part. */
class Columns {
  private readonly rows: Rows & { readonly traces: string[] };
  private readonly traceOf = new Map<TraceStore, Map<number, number>>();
  private next = 0;
  private length = 0;

  constructor(private readonly parts: readonly Part[]) {
    const size = parts.reduce((sum, { places }) => sum + places.row.length, 0);
    this.rows = {
      traces: [],
      file: new Uint32Array(size),
      function: new Uint32Array(size),
      trace: new Uint32Array(size),
      line: new Uint32Array(size),
      durationNs: new Float64Array(size),
      error: new Uint8Array(size),
      spanId: new Uint32Array(size * 2),
      startMs: new Float64Array(size),
    };
  }

  /** Adds the next part; true when there is none left. */
  step(): boolean {
    const part = this.parts[this.next++];
    if (!part) return true;
    const { store, stored, places } = part;
    const { batch } = stored;
    const { rows } = this;
    for (let i = 0; i < places.row.length; i++) {
      const row = places.row[i];
      const slot = store.ids.find(batch.traceId, row * 4);
      // Its trace left memory while other traces of the batch stayed.
      if (slot < 0) continue;
      const at = this.length++;
      rows.file[at] = places.file[i];
      rows.function[at] = places.functionName[i];
      rows.trace[at] = this.trace(store, slot);
      rows.line[at] = places.line[i];
      rows.durationNs[at] = Math.max(0, batch.durationNs[row]);
      rows.error[at] = batch.status[row] === STATUS_ERROR ? 1 : 0;
      rows.spanId[at * 2] = batch.spanId[row * 2];
      rows.spanId[at * 2 + 1] = batch.spanId[row * 2 + 1];
      rows.startMs[at] = (batch.start[row * 2 + 1] * 4294967296 + batch.start[row * 2]) / 1e6;
    }
    return false;
  }

  /** Others had a turn: a slot may belong to another trace now. */
  forgetSlots(): void {
    this.traceOf.clear();
  }

  /** Exactly as long as there are rows. */
  finish(): Rows {
    const { rows, length } = this;
    return {
      traces: rows.traces,
      file: rows.file.slice(0, length),
      function: rows.function.slice(0, length),
      trace: rows.trace.slice(0, length),
      line: rows.line.slice(0, length),
      durationNs: rows.durationNs.slice(0, length),
      error: rows.error.slice(0, length),
      spanId: rows.spanId.slice(0, length * 2),
      startMs: rows.startMs.slice(0, length),
    };
  }

  private trace(store: TraceStore, slot: number): number {
    let known = this.traceOf.get(store);
    if (!known) {
      known = new Map();
      this.traceOf.set(store, known);
    }
    let index = known.get(slot);
    if (index === undefined) {
      index = this.rows.traces.push(traceIdHex(store.ids.words, slot)) - 1;
      known.set(slot, index);
    }
    return index;
  }
}
