/**
 * What ran where in the code, for CodeLens: calls, errors and exact percentiles of any group of places.
 *
 * Spans are added a batch at a time and summed up by place as they come, and leave as traces leave memory. A question costs no look at
 * spans of other places, and none at all while those of its own are the same as when it was last asked. Batches are not kept
 * alive by this index: between two updates many may have left memory.
 */

import { Lru } from '../base/lru';
import type { Steps } from '../base/steps';
import { spanIdHex, traceIdHex } from '../core/model/ids';
import type { CodeRecord, FailedRow, RecordedRows } from './codeErrors';
import { CodePlaceTable } from './codeIndexPlaces';
import { type CodeSource, type ColumnsOf, isSameTrace, type KnownOfRows, Runs, startNs } from './codeIndexRuns';
import { ErrorCount } from './errorCount';
import { percentiles } from './percentiles';

/** Spans of a source that name a place; parallel columns. */
export interface CodeRows {
  readonly row: Uint32Array;
  /** Number in the table of places. */
  readonly place: Uint32Array;
  /** Exceptions that the rows recorded which did. */
  readonly recorded?: RecordedRows;
  /** Nanoseconds for which a row waited for a debugger that held its program: they are none of the call's. */
  readonly heldNs?: (row: number) => number;
}

/** What a group of places comes to. */
export interface CodeMeasure {
  readonly calls: number;
  /** Calls that failed: in error, or with an exception that they recorded. */
  readonly failed: number;
  /** Of these calls; an exception counts once, however many of them recorded it (`distinctErrors.ts`). */
  readonly errors: number;
  readonly p50Ns: number;
  readonly p95Ns: number;
  /** Trace of the call that began last; empty where it has just left memory. */
  readonly lastTraceId: string;
}

/** Durations of the calls of one origin, in parts. */
export interface OriginDurations {
  readonly count: number;
  readonly parts: readonly Float64Array[];
}

/** One call. */
export interface CodeRun {
  readonly traceId: string;
  readonly spanId: string;
  readonly durationNs: number;
  /** It failed, or recorded an exception. */
  readonly error: boolean;
  /** Milliseconds since the epoch. */
  readonly startMs: number;
}

interface KnownSource {
  readonly columns: WeakRef<CodeSource>;
  readonly places: ReadonlySet<number>;
  readonly recorded: RecordedRows | undefined;
  readonly heldNs: CodeRows['heldNs'];
}

interface KnownMeasure {
  readonly revision: number;
  readonly measure: CodeMeasure;
  readonly errors: ErrorCount;
}

/** A call, and where its span is: a row of the columns that it came from. */
export interface CodeCall extends FailedRow {
  readonly durationNs: number;
  readonly error: boolean;
  /** Nanoseconds since the epoch; a double, exact to 256 ns. */
  readonly startNs: number;
}

export interface CallChoice {
  readonly limit: number;
  /** Default: latest. */
  readonly order?: 'latest' | 'slowest';
  readonly errorsOnly?: boolean;
}

interface RankedRun {
  readonly runs: Runs;
  readonly at: number;
  readonly rank: number;
}

const maxMeasures = 20_000;
const none: readonly CodeRecord[] = [];

export class CodeIndex {
  readonly places: CodePlaceTable;
  /** Grows with every change. */
  revision = 0;
  /** Spans of all places. */
  count = 0;
  /** Of those, calls that failed. */
  failedCount = 0;
  /** Spans that recorded exceptions. */
  recordCount = 0;
  readonly #runs: Runs[] = [];
  readonly #sources = new Map<number, KnownSource>();
  readonly #measures = new Lru<string, KnownMeasure>({ maxSize: maxMeasures });
  #nextSource = 1;
  readonly #known: KnownOfRows = {
    isRecorded: (source, row) => this.#recordsOf(source, row).length > 0,
    heldNs: (source, row) => this.#sources.get(source)?.heldNs?.(row) ?? 0,
  };
  readonly #reader = (): ColumnsOf => {
    let number = 0;
    let columns: CodeSource | undefined;
    return (source) => {
      if (source !== number) {
        number = source;
        columns = this.#sources.get(source)?.columns.deref();
      }
      return columns;
    };
  };

  /** @param maxPlaces spans of places beyond so many are not counted */
  constructor(maxPlaces?: number) {
    this.places = new CodePlaceTable(maxPlaces);
  }

  /** Adds spans; returns the number by which they are removed. */
  add(source: CodeSource, { row, place, recorded, heldNs }: CodeRows): number {
    const number = this.#nextSource++;
    this.revision++;
    const places = new Set<number>();
    this.#sources.set(number, { columns: new WeakRef(source), places, recorded, heldNs });
    this.recordCount += recorded?.size ?? 0;
    let previous = -1;
    let runs: Runs | undefined;
    for (let i = 0; i < row.length; i++) {
      if (!runs || place[i] !== previous) {
        previous = place[i];
        runs = this.#runs[previous] ??= new Runs(this.#reader, this.#known);
        runs.changedAt = this.revision;
        places.add(previous);
      }
      const { count, failed } = runs;
      const failedBefore = failed.length;
      runs.add(number, row[i], source);
      this.count += runs.count - count;
      this.failedCount += failed.length - failedBefore;
    }
    return number;
  }

  /**
   * Removes spans of sources: those rows that `keep` does not want, or all where there is no `keep`. Place by place: whoever asks meanwhile sees
   * each as it was or as it is. Nothing may be added until it is done.
   */
  *removing(gone: ReadonlyMap<number, ((row: number) => boolean) | undefined>): Steps<void> {
    if (gone.size === 0) return;
    const touched = new Set<number>();
    for (const number of gone.keys()) for (const place of this.#sources.get(number)?.places ?? []) touched.add(place);
    const keeps = (source: number, row: number): boolean => !gone.has(source) || gone.get(source)?.(row) === true;
    for (const place of touched) {
      const runs = this.#runs[place];
      const kept = yield* runs.filtered(keeps);
      yield;
      if (kept.rows === runs.rows) continue;
      this.count -= runs.count - kept.count;
      this.failedCount -= runs.failed.length - kept.failed.length;
      kept.changedAt = ++this.revision;
      this.#runs[place] = kept;
    }
    for (const [number, keep] of gone) {
      if (keep) continue;
      this.recordCount -= this.#sources.get(number)?.recorded?.size ?? 0;
      this.#sources.delete(number);
    }
  }

  /** Spans of one place. */
  callsOf(place: number): number {
    return this.#runs[place]?.count ?? 0;
  }

  /** Places of which a span is here. */
  get livePlaces(): number {
    return this.#runs.reduce((sum, { count }) => sum + (count > 0 ? 1 : 0), 0);
  }

  /** All spans of some places as one, as they are at the first step; its errors may be those of calls that come before the last one as well. */
  *measure(group: readonly number[]): Steps<CodeMeasure> {
    const key = group.join();
    const known = this.#measures.get(key);
    if (known && group.every((place) => (this.#runs[place]?.changedAt ?? 0) <= known.revision)) return known.measure;
    const { revision } = this;
    const all = this.#runsOf(group);
    const errors = known?.errors.isOf(all) ? known.errors : new ErrorCount(all);
    const measure = yield* this.#measureAnew(all, errors);
    this.#measures.set(key, { revision, measure, errors });
    return measure;
  }

  /** The calls of some places that began last, latest first. */
  latest(group: readonly number[], limit: number): CodeRun[] {
    return this.calls(group, { limit }).map(runOf);
  }

  /** Calls of some places: those that began last, or took longest, in this order. What has left memory is left out. */
  calls(group: readonly number[], { limit, order = 'latest', errorsOnly = false }: CallChoice): CodeCall[] {
    if (limit <= 0) return [];
    const startOf = this.#startReader();
    const columnsOf = this.#reader();
    let found: RankedRun[] = [];
    let least = Number.NEGATIVE_INFINITY;
    for (const runs of this.#runsOf(group)) {
      // From the last that came, which mostly began last: few of the others are even noted.
      for (let at = runs.count - 1; at >= 0; at--) {
        if (errorsOnly && !runs.isFailed(at)) continue;
        const rank = order === 'latest' ? startOf(runs.source(at), runs.row(at)) : runs.durationNs(at);
        if (rank <= least) continue;
        found.push({ runs, at, rank });
        if (found.length < limit * 4) continue;
        found = found.sort(higherFirst).slice(0, limit);
        least = found[limit - 1].rank;
      }
    }
    found.sort(higherFirst);
    return found.slice(0, limit).flatMap(({ runs, at }) => {
      const source = columnsOf(runs.source(at));
      const row = runs.row(at);
      if (!source) return [];
      const records = this.#recordsOf(runs.source(at), row);
      return [{ source, row, records, durationNs: runs.durationNs(at), error: runs.isFailed(at), startNs: startNs(source, row) }];
    });
  }

  /**
   * Durations of the calls of some places by where they came from, of each origin the last `most` that arrived: views, valid until the next
   * change.
   * @param originOf number of an origin, for the number of a source; negative: of no interest
   */
  durationsByOrigin(
    group: readonly number[],
    originOf: (source: number) => number,
    most: number,
  ): ReadonlyMap<number, OriginDurations> {
    const all = new Map<number, { count: number; parts: Float64Array[] }>();
    for (const runs of this.#runsOf(group)) {
      const { values } = runs.durations;
      const take = (origin: number, from: number, to: number): void => {
        if (origin < 0) return;
        let known = all.get(origin);
        if (!known) {
          known = { count: 0, parts: [] };
          all.set(origin, known);
        }
        const begin = Math.max(from, to - (most - known.count));
        if (begin >= to) return;
        known.parts.push(values.subarray(begin, to));
        known.count += to - begin;
      };
      // Calls of one origin mostly follow each other: a view of each stretch.
      let source = -1;
      let origin = -1;
      let end = runs.count;
      for (let at = runs.count - 1; at >= 0; at--) {
        if (runs.source(at) === source) continue;
        source = runs.source(at);
        const next = originOf(source);
        if (next === origin) continue;
        take(origin, at + 1, end);
        origin = next;
        end = at + 1;
      }
      take(origin, 0, end);
    }
    return all;
  }

  /**
   * The calls of some places that belong to one trace.
   * @param traceId 4 words
   * @param visit gets the columns and the row of each
   */
  callsIn(traceId: Uint32Array, group: readonly number[], visit: (columns: CodeSource, row: number) => void): void {
    const columnsOf = this.#reader();
    for (const runs of this.#runsOf(group)) {
      runs.each((source, row) => {
        const columns = columnsOf(source);
        if (columns && isSameTrace(columns.traceId, row, traceId, 0)) visit(columns, row);
      });
    }
  }

  *#measureAnew(all: readonly Runs[], count: ErrorCount): Steps<CodeMeasure> {
    const [p50Ns, p95Ns] = percentiles(
      all.map(({ durations }) => durations),
      [0.5, 0.95],
    );
    const columnsOf = this.#reader();
    const startOf = this.#startReader();
    let lastStart = Number.NEGATIVE_INFINITY;
    let lastTraceId = '';
    for (const runs of all) {
      const source = runs.source(runs.last);
      const row = runs.row(runs.last);
      const start = startOf(source, row);
      const columns = columnsOf(source);
      if (!columns || start < lastStart) continue;
      lastStart = start;
      lastTraceId = traceIdHex(columns.traceId, row);
    }
    const sum = (of: (runs: Runs) => number): number => all.reduce((total, runs) => total + of(runs), 0);
    const calls = sum(({ count }) => count);
    const failed = sum(({ failed }) => failed.length);
    const errors = yield* count.count(columnsOf, (source, row) => this.#recordsOf(source, row));
    return { calls, failed, errors, p50Ns, p95Ns, lastTraceId };
  }

  #recordsOf(source: number, row: number): readonly CodeRecord[] {
    return this.#sources.get(source)?.recorded?.get(row) ?? none;
  }

  #runsOf(group: readonly number[]): Runs[] {
    return group.flatMap((place) => (this.#runs[place]?.count ? [this.#runs[place]] : []));
  }

  /** Of what has left memory a start is 0. */
  #startReader(): (source: number, row: number) => number {
    const columnsOf = this.#reader();
    return (source, row) => {
      const columns = columnsOf(source);
      return columns ? startNs(columns, row) : 0;
    };
  }
}

function higherFirst(a: RankedRun, b: RankedRun): number {
  return b.rank - a.rank;
}

/** A call as plain data. */
export function runOf({ source, row, durationNs, error, startNs }: CodeCall): CodeRun {
  return {
    traceId: traceIdHex(source.traceId, row),
    spanId: spanIdHex(source.spanId, row),
    durationNs,
    error,
    startMs: Math.round(startNs / 1e3) / 1e3,
  };
}
