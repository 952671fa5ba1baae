/**
 * What ran where, over all datasets, for CodeLens. The index is brought up to date when somebody asks for places and something changed:
 * batches that are new are read, those that left memory are taken out, and all others are not looked at. So a live capture costs what came
 * since the last look, whatever is in memory.
 */

import { traceIdWords } from '../core/model/ids';
import type { SpanTable } from '../core/model/table';
import { CodeIndex, type CodeRows, type CodeRun, type CodeSource } from '../core/source';
import { Names } from '../core/source/codeIndexPlaces';
import type { CodePlaces, CodeStatistics, EngineMethods, HintedPlaces } from '../protocol/engineProtocol';
import type { Params } from '../protocol/rpc';
import { CodePlaceReader } from './codePlaces';
import type { Datasets } from './dataset';
import type { Slices } from './slices';
import type { StoredBatch, TraceStore } from './store/traceStore';

interface Tracked {
  /** In the index; undefined when none of its spans names a place. */
  readonly source: number | undefined;
  /** Spans that were here when it was last looked at. */
  live: number;
  /** Number of the last update that found it in a store. */
  seen: number;
}

/** Spans of a trace that are looked for by their ids. */
const maxIds = 200_000;

type Gone = Map<number, ((row: number) => boolean) | undefined>;

export class CodeService {
  private index = new CodeIndex();
  private reader = new CodePlaceReader(this.index.places);
  /** Batches are not kept alive by being known. */
  private tracked = new WeakMap<StoredBatch, Tracked>();
  private readonly sources = new Map<number, Tracked>();
  /** Unlike that of an engine that was there before: when this one began. */
  private generation = Date.now();
  private revision = -1;
  private updates = 0;
  private turn: Promise<unknown> = Promise.resolve();
  private warned = false;

  constructor(
    private readonly datasets: Datasets,
    private readonly warn: (message: string) => void,
  ) {}

  async places({ baseName, known }: Params<EngineMethods, 'codePlaces'>, slices: Slices): Promise<CodePlaces> {
    await this.upToDate(slices);
    return this.page(this.index.places.named(baseName, known?.generation === this.generation ? known.next : 0));
  }

  async hinted({ known }: Params<EngineMethods, 'codeHints'>, slices: Slices): Promise<HintedPlaces> {
    await this.upToDate(slices);
    const page = this.page(this.index.places.hinted(known?.generation === this.generation ? known.next : 0));
    const numbers = Array.from(page.place, (place) => this.index.places.at(place).hint ?? 0);
    const used = [...new Set(numbers)];
    const indexOf = new Map(used.map((number, index) => [number, index]));
    return {
      ...page,
      hint: Uint32Array.from(numbers, (number) => indexOf.get(number) ?? 0),
      hints: used.map((number) => this.reader.hints.all[number - 1]),
    };
  }

  private async upToDate(slices: Slices): Promise<void> {
    // One at a time; who comes later finds the work done.
    const update = this.turn.then(() => this.update(slices));
    this.turn = update.catch(() => {});
    await update;
  }

  private page(numbers: readonly number[]): CodePlaces {
    const { generation, index } = this;
    const table = index.places;
    const place = Uint32Array.from(numbers);
    const files = new Names();
    const functions = new Names();
    const column = (): Uint32Array => new Uint32Array(place.length);
    const columns = { file: column(), functionName: column(), line: column(), column: column() };
    for (const [i, number] of place.entries()) {
      const at = table.at(number);
      columns.file[i] = files.index(at.file);
      columns.functionName[i] = functions.index(at.functionName);
      columns.line[i] = at.line;
      columns.column[i] = at.column;
    }
    return {
      generation,
      revision: index.revision,
      spans: index.count,
      next: table.count,
      place,
      files: files.all,
      functions: functions.all,
      ...columns,
    };
  }

  statistics({ generation, groups }: Params<EngineMethods, 'codeStatistics'>): CodeStatistics | undefined {
    const { index } = this;
    if (generation !== this.generation) return undefined;
    const measures = groups.map((group) => index.measure(group));
    return {
      revision: index.revision,
      calls: Uint32Array.from(measures, ({ calls }) => calls),
      errors: Uint32Array.from(measures, ({ errors }) => errors),
      p50Ns: Float64Array.from(measures, ({ p50Ns }) => p50Ns),
      p95Ns: Float64Array.from(measures, ({ p95Ns }) => p95Ns),
      lastTraceIds: measures.map(({ lastTraceId }) => lastTraceId),
      callsOfPlace: Uint32Array.from(groups.flat(), (place) => index.callsOf(place)),
    };
  }

  spans({ generation, places, limit }: Params<EngineMethods, 'codeSpans'>): CodeRun[] | undefined {
    return generation === this.generation ? this.index.latest(places, limit) : undefined;
  }

  /** Rows of one trace that ran at some places, ascending; undefined when the numbers of the places hold no more. */
  async rowsIn(
    table: SpanTable,
    { generation, places }: { readonly generation: number; readonly places: readonly number[] },
    slices: Slices,
  ): Promise<Uint32Array<ArrayBuffer> | undefined> {
    await this.upToDate(slices);
    if (generation !== this.generation) return undefined;
    const isWanted = wantedRows(table, (visit) => this.index.callsIn(traceIdWords(table.traceId), places, visit));
    const found = new Uint32Array(table.count);
    let size = 0;
    for (let row = 0; row < table.count; row++) if (isWanted(row)) found[size++] = row;
    return found.slice(0, size);
  }

  private async update(slices: Slices): Promise<void> {
    const revision = this.datasets.latestRevision;
    if (revision === this.revision) return;
    this.beginAnewWhenFull();
    for (const { store } of this.datasets.values()) {
      for (const stored of [...store.batches()]) {
        if (slices.due) await slices.pause();
        if (!this.tracked.has(stored)) await this.read(store, stored, slices);
      }
    }
    this.settle();
    this.revision = revision;
    if (this.reader.refused > 0 && !this.warned) {
      this.warned = true;
      this.warn(
        `Spans name more than ${this.index.places.limit} places of code. CodeLens does not count those of further places.`,
      );
    }
  }

  /** Takes out what left memory; without a pause, so that a caller who gives up leaves nothing half done. */
  private settle(): void {
    const update = ++this.updates;
    const gone: Gone = new Map();
    for (const { store } of this.datasets.values()) {
      for (const stored of store.batches()) {
        const tracked = this.tracked.get(stored);
        if (!tracked) continue;
        if (tracked.source !== undefined && tracked.live !== stored.live) gone.set(tracked.source, isHere(store, stored));
        tracked.live = stored.live;
        tracked.seen = update;
      }
    }
    for (const [source, { seen }] of this.sources) {
      if (seen === update) continue;
      gone.set(source, undefined);
      this.sources.delete(source);
    }
    this.index.remove(gone);
  }

  /** Takes in a batch, if it is still here when that is done. */
  private async read(store: TraceStore, stored: StoredBatch, slices: Slices): Promise<void> {
    const { batch } = stored;
    const rows = await this.reader.read(batch, slices);
    if (!store.has(stored)) return;
    const here = rows && stored.live !== batch.count ? filtered(rows, isHere(store, stored)) : rows;
    const source = here && this.index.add(batch, here);
    const tracked: Tracked = { source, live: stored.live, seen: 0 };
    this.tracked.set(stored, tracked);
    if (source !== undefined) this.sources.set(source, tracked);
  }

  /** Numbers of places that are not named any more are not used again; when they are many, all is numbered anew. */
  private beginAnewWhenFull(): void {
    const { places, livePlaces } = this.index;
    if (!places.isFull || livePlaces * 2 > places.count) return;
    this.index = new CodeIndex();
    this.reader = new CodePlaceReader(this.index.places);
    this.tracked = new WeakMap();
    this.sources.clear();
    this.generation = Math.max(Date.now(), this.generation + 1);
  }
}

/** Whether the trace of a row is still here while other traces of its batch may have left. */
function isHere({ ids }: TraceStore, { batch }: StoredBatch): (row: number) => boolean {
  return (row) => ids.find(batch.traceId, row * 4) >= 0;
}

function filtered({ row, place }: CodeRows, keep: (row: number) => boolean): CodeRows {
  return { row: row.filter((each) => keep(each)), place: place.filter((_, i) => keep(row[i])) };
}

/** Whether a row of the table is among the spans that are named: by batch a byte for each of its rows. */
function wantedRows(
  table: SpanTable,
  name: (visit: (columns: CodeSource, row: number) => void) => void,
): (row: number) => boolean {
  const marks = new Map<CodeSource, Uint8Array>(table.batches.map((batch) => [batch, new Uint8Array(batch.count)]));
  // Small batches of a capture are joined after a while; the table still holds those that they were. Then ids tell.
  const ids = new Set<bigint>();
  const lows = new Set<number>();
  name((columns, row) => {
    const mark = marks.get(columns);
    if (mark) mark[row] = 1;
    else if (ids.size < maxIds) {
      lows.add(columns.spanId[row * 2 + 1]);
      ids.add(idAt(columns.spanId, row));
    }
  });
  const byBatch = table.batches.map((batch) => marks.get(batch));
  const byId = ids.size > 0;
  return (row) =>
    byBatch[table.batch[row]]?.[table.batchRow[row]] === 1 ||
    (byId && lows.has(table.spanId[row * 2 + 1]) && ids.has(idAt(table.spanId, row)));
}

function idAt(words: Uint32Array, row: number): bigint {
  return (BigInt(words[row * 2]) << 32n) | BigInt(words[row * 2 + 1]);
}
