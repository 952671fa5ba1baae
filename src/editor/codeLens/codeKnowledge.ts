/**
 * What ran where in the code, for CodeLens, the spans at the cursor and the exported API. The engine's columns are fetched when a document
 * asks and the spans have changed, at most once a second; `core/source/CodeIndex` does the counting.
 */

import { type Disposable, EventEmitter, type Uri } from 'vscode';
import { spanIdHex } from '../../core/model/ids';
import { CodeIndex, type FunctionStatistics } from '../../core/source';
import { uriSegments } from '../../core/source/uri';
import type { CodeLocations } from '../../protocol/engineProtocol';
import { Disposables } from '../services/disposables';
import type { EngineService } from '../services/engine';
import type { SourceService } from '../source/sourceService';

/** One run of a function. */
export interface CodeSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly durationNs: number;
  readonly error: boolean;
  readonly startMs: number;
}

interface Place {
  readonly file: string;
  readonly line: number;
  readonly lineUnknown?: true;
}

/** Between two looks at what runs; more where a look takes long, so that looking stays a small part of the time. */
const quietMs = 1000;
const quietForWork = 10;
const maxPlaces = 20_000;

export class CodeKnowledge implements Disposable {
  private readonly disposables = new Disposables();
  private readonly changed = this.disposables.own(new EventEmitter<void>());
  /** What is known may have changed; at most once a second. */
  readonly onDidChange = this.changed.event;
  private readonly index = new CodeIndex();
  private rows: CodeLocations | undefined;
  private stale = true;
  private lastFetchMs = 0;
  private fetching: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private readonly places = new Map<string, Promise<Place | undefined>>();

  constructor(
    private readonly engine: EngineService,
    private readonly source: SourceService,
  ) {
    const spansChanged = (): void => {
      this.stale = true;
      this.announce();
    };
    this.disposables.add(
      engine.onDidChangeTraces(spansChanged),
      engine.onDidRestart(spansChanged),
      source.onDidInvalidate(() => {
        this.places.clear();
        this.index.forget();
        this.announce();
      }),
      { dispose: () => clearTimeout(this.timer) },
    );
  }

  /** Whether any span names source. */
  get hasRows(): boolean {
    return (this.rows?.file.length ?? 0) > 0;
  }

  /** Functions of a document that ran, by line; those of which no line is known are left out. */
  async statistics(uri: Uri): Promise<readonly FunctionStatistics[]> {
    // Without an engine nothing was captured or opened, and asking would start it for every file that is looked at.
    if (!this.engine.started) return [];
    await this.update();
    const all = await this.index.statistics(uri.toString(), (place) => this.locate(place.file, place.functionName, place.line));
    return all.filter((entry) => entry.line >= 0);
  }

  /** The runs of a function of a document, latest first. `name` is empty where spans name none; then the line tells. */
  async spans(uri: Uri, name: string, line: number, limit: number): Promise<readonly CodeSpan[]> {
    await this.update();
    const { rows } = this;
    if (!rows) return [];
    const named = rowsNamed(rows, name);
    const here = await this.placesOf(rows, named, uri, name, line);
    const found = named.filter((row) => here.has(placeKey(rows.file[row], rows.line[row])));
    found.sort((a, b) => rows.startMs[b] - rows.startMs[a]);
    return found.slice(0, limit).map((row) => ({
      traceId: rows.traces[rows.trace[row]],
      spanId: spanIdHex(rows.spanId, row),
      durationNs: rows.durationNs[row],
      error: rows.error[row] !== 0,
      startMs: rows.startMs[row],
    }));
  }

  dispose(): void {
    this.disposables.dispose();
  }

  /** Files and lines that spans name under which the function is in this document. */
  private async placesOf(
    rows: CodeLocations,
    named: readonly number[],
    uri: Uri,
    name: string,
    line: number,
  ): Promise<ReadonlySet<string>> {
    const own = uriSegments(uri.toString()).at(-1)?.toLowerCase() ?? '';
    const asked = new Map<string, Promise<Place | undefined>>();
    for (const row of named) {
      const key = placeKey(rows.file[row], rows.line[row]);
      if (asked.has(key)) continue;
      const file = rows.files[rows.file[row]];
      const base = file
        .replace(/[?#].*$/, '')
        .replace(/^.*[\\/]/, '')
        .toLowerCase();
      if (base !== own && !/\.[cm]?jsx?$/.test(base)) continue;
      asked.set(key, this.locate(file, name, rows.line[row]));
    }
    const here = new Set<string>();
    for (const [key, place] of asked) {
      const found = await place;
      if (found?.file === uri.toString() && (name !== '' || found.line === line)) here.add(key);
    }
    return here;
  }

  private locate(file: string, functionName: string, line: number): Promise<Place | undefined> {
    const key = `${file}\n${functionName}\n${line}`;
    const known = this.places.get(key);
    if (known) return known;
    const work = this.source
      .resolveAttributes({
        'code.file.path': file,
        ...(functionName === '' ? {} : { 'code.function.name': functionName }),
        ...(line === 0 ? {} : { 'code.line.number': line }),
      })
      .then(({ candidates: [best] }) => best && { file: best.file, line: best.line, lineUnknown: best.lineUnknown });
    if (this.places.size >= maxPlaces) this.places.clear();
    this.places.set(key, work);
    return work;
  }

  private async update(): Promise<void> {
    if (!this.stale) return;
    this.fetching ??= (async () => {
      this.stale = false;
      const begun = performance.now();
      try {
        this.rows = await this.engine.call('codeLocations', {});
        this.index.update(this.rows);
        this.lastFetchMs = performance.now() - begun;
      } catch (error) {
        this.stale = true;
        throw error;
      } finally {
        this.fetching = undefined;
      }
    })();
    await this.fetching;
  }

  private announce(): void {
    this.timer ??= setTimeout(
      () => {
        this.timer = undefined;
        this.changed.fire();
      },
      Math.max(quietMs, this.lastFetchMs * quietForWork),
    );
  }
}

/** Rows of a function; comparing numbers, for there may be a million. */
function rowsNamed(rows: CodeLocations, name: string): number[] {
  const wanted = new Uint8Array(rows.functions.length);
  for (const [index, text] of rows.functions.entries()) wanted[index] = text === name ? 1 : 0;
  const found: number[] = [];
  for (let row = 0; row < rows.file.length; row++) if (wanted[rows.function[row]] === 1) found.push(row);
  return found;
}

function placeKey(file: number, line: number): string {
  return `${file}:${line}`;
}
