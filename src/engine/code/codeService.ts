/**
 * What ran where, over all datasets, for CodeLens. The index is brought up to date when somebody asks for places and something changed:
 * batches that are new are read, those that left memory are taken out, and all others are not looked at. So a live capture costs what came
 * since the last look, whatever is in memory.
 */

import { OneAtATime } from '../../base/limit';
import { Slices } from '../../base/slices';
import { inSlices } from '../../base/steps';
import { type CallChoice, type CodeCall, CodeIndex, type CodeRecord, type CodeRows, type CodeRun, runOf } from '../../code';
import type { CodeMeasure, OriginDurations } from '../../code/codeIndex';
import { FAILED_BYTES } from '../../code/errorCount';
import type { SpanBatch } from '../../core/model/batch';
import { traceIdWords } from '../../core/model/ids';
import type { SpanTable } from '../../core/model/table';
import type { CodePlaces, CodeStatistics, CodeSubject, HintedPlaces } from '../../protocol/code';
import type { EngineMethods } from '../../protocol/engine';
import type { Params } from '../../protocol/rpc';
import { isSampleDataset } from '../../protocol/sample';
import type { ExceptionReader, ExceptionTexts } from '../exceptions/exceptionReader';
import type { Dataset, Datasets } from '../store/dataset';
import { positionOf } from '../store/linkedTrace';
import type { DerivedAccount } from '../store/memoryAccount';
import { isHere } from '../store/present';
import type { StoredBatch } from '../store/storedBatch';
import { AwaitedSpans, besideIn } from './awaitedSpans';
import { hintedPageOf, pageOf, statisticsOf } from './codePages';
import { CodePlaceReader } from './codePlaces';
import { compact, filtered } from './codeRows';
import { ThrowTable } from './codeThrows';
import type { HintReaders } from './hintReaders';
import { rowsThat, wantedRows } from './wantedRows';

interface Tracked {
  /** In the index; undefined when none of its spans names a place. */
  source: number | undefined;
  /** In the index of throws; undefined when none of its spans recorded a stack. */
  readonly thrown: number | undefined;
  /** Spans that were here when it was last looked at. */
  live: number;
  /** Number of the last update that found it in a store. */
  seen: number;
}

/** Of a call, with its row in its batch's home and what knows it when it comes twice; and of a distinct place with its hint. */
const CALL_BYTES = 44;
const PLACE_BYTES = 700;
/** Of an exception that a span recorded: the object, and its row's place in a map. */
const RECORD_BYTES = 160;

/** Calls up to which a batch is read again when what was around its spans comes: each is looked at then. Most parents come along, or before. */
const mostToReadAgain = 100_000;

type Gone = Map<number, ((row: number) => boolean) | undefined>;

/** Where a batch belongs, and which of its rows name a place. */
interface Home {
  readonly batch: SpanBatch;
  readonly dataset: Dataset;
  readonly rows: CodeRows | undefined;
}

/** A call, and the trace that it is in. */
export interface CallInTrace extends CodeCall {
  readonly batch: SpanBatch;
  readonly dataset: Dataset;
  /** Of the trace in the dataset's store. */
  readonly slot: number;
}

/** Spans that came together: those of a capture, or of a dataset without captures. */
export interface Origin {
  readonly dataset: string;
  /** Number of a capture; 0: none. */
  readonly capture: number;
}

export class CodeService implements DerivedAccount {
  readonly name = 'index of code';
  readonly kind = 'derived';
  readonly staysInUse = true;
  private index = new CodeIndex();
  private reader = new CodePlaceReader(this.index.places);
  private throwTable = new ThrowTable();
  /** Its places are throws. */
  private thrown = new CodeIndex();
  private homes = new WeakMap<object, Home>();
  /** By number of a source, the number of its origin. */
  private originOfSource: number[] = [];
  private readonly knownOrigins: Origin[] = [];
  /** Batches are not kept alive by being known. */
  private tracked = new WeakMap<StoredBatch, Tracked>();
  private readonly sources = new Map<number, Tracked>();
  private readonly thrownSources = new Map<number, Tracked>();
  private readonly awaited = new AwaitedSpans();
  /** Unlike that of an engine that was there before: when this one began. */
  private generation: number;
  private revision = -1;
  private updates = 0;
  private readonly turns = new OneAtATime();
  private usedAt = 0;
  private warned = false;
  private warnedOfThrows = false;

  constructor(
    private readonly all: Pick<Datasets, 'values' | 'latestRevision'>,
    private readonly exceptions: Pick<ExceptionReader, 'records' | 'texts'>,
    private readonly warn: (message: string) => void,
    private readonly isSample = false,
    /** Nanoseconds for which a row of a batch waited for a debugger; undefined where none did. */
    private readonly heldIn: (batch: SpanBatch) => CodeRows['heldNs'] = () => undefined,
  ) {
    this.generation = this.newGeneration(0);
  }

  async places({ baseName, known }: Params<EngineMethods, 'codePlaces'>, slices: Slices): Promise<CodePlaces> {
    await this.refresh(slices);
    return pageOf(
      this.index,
      this.generation,
      this.index.places.named(baseName, known?.generation === this.generation ? known.next : 0),
    );
  }

  async hinted({ known }: Params<EngineMethods, 'codeHints'>, slices: Slices): Promise<HintedPlaces> {
    await this.refresh(slices);
    const numbers = this.index.places.hinted(known?.generation === this.generation ? known.next : 0);
    return hintedPageOf(this.index, this.generation, numbers, this.reader.hints);
  }

  async statistics(
    { generation, groups }: Params<EngineMethods, 'codeStatistics'>,
    slices: Slices,
  ): Promise<CodeStatistics | undefined> {
    const { index } = this;
    if (generation !== this.generation) return undefined;
    const { revision } = index;
    const measures: CodeMeasure[] = [];
    for (const group of groups) measures.push(await inSlices(index.measure(group), slices));
    return statisticsOf(revision, measures, groups, index);
  }

  spans({ limit, order, errorsOnly, ...subject }: Params<EngineMethods, 'codeSpans'>): CodeRun[] | undefined {
    return this.calls(subject, { limit, order, errorsOnly })?.map(runOf);
  }

  /** Brings the index up to date. One at a time; who comes later finds the work done. */
  refresh(slices: Slices): Promise<void> {
    this.usedAt = performance.now();
    return this.turns.run(() => this.update(slices));
  }

  get bytes(): number {
    const { index, thrown } = this;
    // Both hold on to the same ones.
    const records = Math.max(index.recordCount, thrown.recordCount) * RECORD_BYTES;
    const failed = index.failedCount * FAILED_BYTES;
    return (
      records + failed + (index.count + thrown.count) * CALL_BYTES + (index.places.count + this.throwTable.count) * PLACE_BYTES
    );
  }

  /** As long as CodeLens, marks or hovers are there, they ask with every change. */
  letGo(usedBefore: number): void {
    if (this.turns.count > 0 || this.usedAt >= usedBefore || this.index.count + this.thrown.count === 0) return;
    this.beginAnew();
    this.revision = -1;
  }

  /** What numbers of places and throws hold for. */
  get currentGeneration(): number {
    return this.generation;
  }

  get throws(): Pick<ThrowTable, 'count' | 'since'> {
    return this.throwTable;
  }

  /** Of groups of throws what `statistics` is of places. */
  get thrownIndex(): Pick<CodeIndex, 'callsOf' | 'latest' | 'calls'> {
    return this.thrown;
  }

  /** Calls with their traces; undefined when the numbers hold no more. */
  calls({ generation, places, throws }: CodeSubject, choice: CallChoice): CallInTrace[] | undefined {
    if (generation !== this.generation) return undefined;
    const found = throws ? this.thrown.calls(throws, choice) : this.index.calls(places, choice);
    return found.flatMap((call) => {
      const home = this.homes.get(call.source);
      const slot = home ? home.dataset.store.ids.find(call.source.traceId, call.row * 4) : -1;
      if (!home || slot < 0) return [];
      const { batch, dataset } = home;
      return { ...call, batch, dataset, slot, ...(throws ? { records: this.recordsOf(throws, batch, call) } : {}) };
    });
  }

  /** Texts of an exception as they were recorded. */
  exceptionTexts(batch: SpanBatch, row: number, event: number): ExceptionTexts {
    return this.exceptions.texts(batch, row, event);
  }

  /** Of what a span recorded, what is one of the throws: others were thrown elsewhere. */
  private recordsOf(throws: readonly number[], batch: SpanBatch, { records, row }: CodeCall): readonly CodeRecord[] {
    return records.filter(({ event }) => throws.includes(this.throwTable.at(batch, row, event) ?? -1));
  }

  /** Number of the place that a row names; -1 where it names none. */
  placeOf(batch: SpanBatch, row: number): number {
    const rows = this.homes.get(batch)?.rows;
    const at = rows ? positionOf(rows.row, row) : -1;
    return rows && at >= 0 ? rows.place[at] : -1;
  }

  /** Where the indexed spans came from. */
  get origins(): readonly Origin[] {
    return this.knownOrigins;
  }

  /** Durations of a group's calls by number of their origin, of each the last `most`. */
  durationsByOrigin(group: readonly number[], most: number): ReadonlyMap<number, OriginDurations> {
    return this.index.durationsByOrigin(group, (source) => this.originOfSource[source] ?? -1, most);
  }

  /** Rows of one trace that ran at some places, ascending; undefined when the numbers of the places hold no more. */
  async rowsIn(
    table: SpanTable,
    { generation, places }: { readonly generation: number; readonly places: readonly number[] },
    slices: Slices,
  ): Promise<Uint32Array<ArrayBuffer> | undefined> {
    await this.refresh(slices);
    if (generation !== this.generation) return undefined;
    const isWanted = wantedRows(table, (visit) => this.index.callsIn(traceIdWords(table.traceId), places, visit));
    return rowsThat(isWanted, table.count, slices);
  }

  private async update(slices: Slices): Promise<void> {
    const revision = this.all.latestRevision;
    if (revision === this.revision) return;
    this.beginAnewWhenFull();
    for (const dataset of this.datasets) {
      const { store } = dataset;
      const readers = this.reader.hints.readers(besideIn(store));
      for (const stored of [...store.batches()]) {
        if (slices.due) await slices.pause();
        if (this.tracked.has(stored)) continue;
        await this.awaited.arrived(stored, slices);
        await this.read(dataset, stored, slices, readers);
      }
      await this.readAgain(dataset, slices, readers);
    }
    await this.takeOut();
    this.revision = revision;
    if (this.throwTable.refused > 0 && !this.warnedOfThrows) {
      this.warnedOfThrows = true;
      this.warn(
        `Spans recorded more than ${this.throwTable.count} different stacks. Lines that threw further ones are not marked.`,
      );
    }
    if (this.reader.refused > 0 && !this.warned) {
      this.warned = true;
      this.warn(
        `Spans name more than ${this.index.places.limit} places of code. CodeLens does not count those of further places.`,
      );
    }
  }

  /** Takes out what left memory, also for a caller who gives up: nothing is left half done. */
  private async takeOut(): Promise<void> {
    const update = ++this.updates;
    const gone: Gone = new Map();
    const goneThrown: Gone = new Map();
    for (const { store } of this.datasets) {
      for (const stored of store.batches()) {
        const tracked = this.tracked.get(stored);
        if (!tracked) continue;
        if (tracked.live !== stored.live) {
          if (tracked.source !== undefined) gone.set(tracked.source, isHere(store, stored));
          if (tracked.thrown !== undefined) goneThrown.set(tracked.thrown, isHere(store, stored));
        }
        tracked.live = stored.live;
        tracked.seen = update;
      }
    }
    const leave = (sources: Map<number, Tracked>, all: Gone): void => {
      for (const [source, { seen }] of sources) {
        if (seen === update) continue;
        all.set(source, undefined);
        sources.delete(source);
      }
    };
    leave(this.sources, gone);
    leave(this.thrownSources, goneThrown);
    const slices = new Slices();
    await inSlices(this.index.removing(gone), slices);
    await inSlices(this.thrown.removing(goneThrown), slices);
  }

  /** Where spans below one that has come are is told by it: their batches are counted anew. */
  private async readAgain({ store }: Dataset, slices: Slices, readers: HintReaders): Promise<void> {
    const read: { readonly stored: StoredBatch; readonly rows: CodeRows; readonly tracked: Tracked }[] = [];
    const gone: Gone = new Map();
    for (const stored of this.awaited.again) {
      const tracked = this.tracked.get(stored);
      if (!store.has(stored) || tracked?.source === undefined || this.index.count > mostToReadAgain) continue;
      const rows = await this.readRows(stored, slices, readers);
      if (!rows) continue;
      const recorded = await this.exceptions.records(stored.batch, slices);
      read.push({ stored, tracked, rows: { ...rows, recorded, heldNs: this.heldIn(stored.batch) } });
      gone.set(tracked.source, undefined);
    }
    this.awaited.again.clear();
    // In one moment, as far as they are few: whoever asks meanwhile counts each call once.
    for (const _ of this.index.removing(gone));
    for (const { stored, tracked, rows } of read) {
      const { source = -1 } = tracked;
      const here = stored.live === stored.batch.count ? rows : { ...rows, ...filtered(rows, isHere(store, stored)) };
      const origin = this.originOfSource[source];
      this.sources.delete(source);
      tracked.source = this.index.add(stored.batch, here);
      this.sources.set(tracked.source, tracked);
      this.originOfSource[tracked.source] = origin;
      const home = this.homes.get(stored.batch);
      if (home) this.homes.set(stored.batch, { ...home, rows: compact(here, stored.batch.count) });
    }
  }

  /** Rows that name a place; what is above some of them and is not here is awaited. */
  private async readRows(stored: StoredBatch, slices: Slices, readers: HintReaders): Promise<CodeRows | undefined> {
    const hints = readers.of(stored.batch);
    const rows = await this.reader.read(stored.batch, slices, hints);
    this.awaited.note(stored, hints.missing);
    return rows;
  }

  /** Takes in a batch, if it is still here when that is done. */
  private async read(dataset: Dataset, stored: StoredBatch, slices: Slices, readers: HintReaders): Promise<void> {
    const { batch } = stored;
    const { store } = dataset;
    const rows = await this.readRows(stored, slices, readers);
    const thrownRows = await this.throwTable.read(batch, slices);
    const recorded = rows || thrownRows ? await this.exceptions.records(batch, slices) : undefined;
    if (!store.has(stored)) return;
    const here = (all: CodeRows | undefined): CodeRows | undefined =>
      all && {
        ...(stored.live === batch.count ? all : filtered(all, isHere(store, stored))),
        recorded,
        heldNs: this.heldIn(batch),
      };
    const named = here(rows);
    const threw = here(thrownRows);
    const source = named && this.index.add(batch, named);
    const thrown = threw && this.thrown.add(batch, threw);
    const tracked: Tracked = { source, thrown, live: stored.live, seen: 0 };
    this.tracked.set(stored, tracked);
    this.homes.set(batch, { batch, dataset, rows: named && compact(named, batch.count) });
    if (source !== undefined) {
      this.sources.set(source, tracked);
      this.originOfSource[source] = this.originNumber(dataset.name, stored.capture);
    }
    if (thrown !== undefined) this.thrownSources.set(thrown, tracked);
  }

  private originNumber(dataset: string, capture: number): number {
    const known = this.knownOrigins.findIndex((one) => one.dataset === dataset && one.capture === capture);
    return known >= 0 ? known : this.knownOrigins.push({ dataset, capture }) - 1;
  }

  /** Numbers of places that are not named any more are not used again; when they are many, all is numbered anew. */
  private beginAnewWhenFull(): void {
    const { places, livePlaces } = this.index;
    const tooManyPlaces = places.isFull && livePlaces * 2 <= places.count;
    const tooManyThrows = this.throwTable.isFull && this.thrown.livePlaces * 2 <= this.throwTable.count;
    if (tooManyPlaces || tooManyThrows) this.beginAnew();
  }

  private beginAnew(): void {
    this.throwTable = new ThrowTable();
    this.thrown = new CodeIndex();
    this.thrownSources.clear();
    this.originOfSource = [];
    this.awaited.clear();
    this.index = new CodeIndex();
    this.reader = new CodePlaceReader(this.index.places);
    this.tracked = new WeakMap();
    this.homes = new WeakMap();
    this.sources.clear();
    this.generation = this.newGeneration(Math.floor(this.generation) + 1);
  }

  /** Those of the sample are no whole numbers, so that none is one of the others'. */
  private newGeneration(least: number): number {
    return Math.max(Date.now(), least) + (this.isSample ? 0.5 : 0);
  }

  /** The sample's, or all but the sample's. */
  private get datasets(): readonly Dataset[] {
    return [...this.all.values()].filter(({ name }) => isSampleDataset(name) === this.isSample);
  }
}
