/**
 * What ran where in the code, for CodeLens, the spans at the cursor and the exported API. The engine counts; here the few distinct places
 * that spans name are found in the workspace, each once, and what a document's functions came to is asked for by place. A million spans
 * cost this thread as much as a thousand.
 */

import { type Disposable, Disposables } from '../../base/disposables';
import { Emitter } from '../../base/emitter';
import { OneAtATime } from '../../base/limit';
import { Lru } from '../../base/lru';
import { Throttle } from '../../base/throttle';
import { type CodeRun, type FunctionStatistics, functionsOf, type LocatedPlace, statisticsOf } from '../../code';
import type { CodeSubject, CodeTrend } from '../../protocol/code';
import { isSampleFile } from '../../protocol/sample';
import { fileNameOf } from '../../source/uri/uri';
import type { EngineService } from '../engine/engineService';
import type { SourceService } from '../source/sourceService';
import { DocumentLines } from './documentLines';
import { HintedPlaces } from './hintedPlaces';
import { PlaceFinder } from './placeFinder';

export type { CodeRun as CodeSpan } from '../../code';

/** Functions of a document, with the generation for which the numbers of their places hold. */
export interface FunctionsHere {
  readonly generation: number;
  readonly functions: readonly FunctionStatistics[];
}

/** A function of a document; what was clicked may be older than the document is now. */
export interface FunctionRef {
  readonly uri: string;
  /** As spans name it; empty where they name none. */
  readonly name: string;
  readonly line: number;
  /** One of its places, and what its number holds for: tells functions of no name from each other after edits. */
  readonly place?: number;
  readonly generation?: number;
}

/** Places that are in a document, by their numbers of one generation. */
interface PlacesIn {
  readonly generation: number;
  /** Places below this number were looked at. */
  readonly next: number;
  readonly places: readonly LocatedPlace[];
}

interface KnownDocument {
  /** Looks follow each other: each begins where the one before ended. */
  readonly turns: OneAtATime;
  places: PlacesIn;
}

const nothing: PlacesIn = { generation: -1, next: 0, places: [] };

/** Between two looks at what runs; more where a look takes long, so that looking stays a small part of the time. */
const quietMs = 1000;
const quietForWork = 10;
const maxDocuments = 200;

export class CodeKnowledge implements Disposable {
  private readonly disposables = new Disposables();
  private readonly changed = this.disposables.own(new Emitter<void>());
  /** What is known may have changed; at most once a second. */
  readonly onDidChange = this.changed.event;
  private readonly finder: PlaceFinder;
  private readonly hinted: HintedPlaces;
  /** Lines as they are after edits. */
  readonly lines: DocumentLines;
  private readonly documents = new Lru<string, KnownDocument>({ maxSize: maxDocuments });
  private spansKnown = 0;
  private sample: CodeKnowledge | undefined;
  private lastLookMs = 0;
  private readonly telling = this.disposables.own(
    new Throttle(() => this.changed.fire(), { waitMs: () => Math.max(quietMs, this.lastLookMs * quietForWork) }),
  );

  constructor(
    private readonly engine: Pick<EngineService, 'call' | 'started' | 'onDidChangeTraces' | 'onDidRestart'>,
    private readonly source: Pick<SourceService, 'resolveAttributes' | 'hintResolver' | 'onDidInvalidate' | 'files' | 'of'>,
    private readonly isSample = false,
  ) {
    this.lines = this.disposables.own(new DocumentLines(source.files.workspace.documents));
    this.finder = new PlaceFinder(source);
    this.hinted = this.disposables.own(new HintedPlaces(engine, source, this.finder, isSample));
    const tell = (): void => this.telling.ask();
    this.disposables.add(
      engine.onDidChangeTraces(tell),
      engine.onDidRestart(tell),
      this.hinted.onDidFind(tell),
      source.onDidInvalidate(() => {
        this.documents.clear();
        this.finder.forget();
        this.hinted.forget();
        tell();
      }),
    );
  }

  /** Whether any span was seen that names source. */
  get hasRows(): boolean {
    return this.spansKnown > 0 || this.sample?.hasRows === true;
  }

  /** What is known of a document: of the sample's, by the sample's spans alone. */
  private of(uri: string): CodeKnowledge {
    if (this.isSample || !isSampleFile(uri)) return this;
    this.sample ??= this.disposables.own(new CodeKnowledge(this.engine, this.source.of(uri), true));
    return this.sample;
  }

  /** Functions of a document that ran, by line; those of which no line is known are left out. */
  async statistics(uri: string): Promise<readonly FunctionStatistics[]> {
    return (await this.functions(uri)).functions;
  }

  /**
   * As `statistics`, with what the numbers of places hold for. Lines are those of the text as it is now.
   * @param patienceMs for places that have to be looked for; what is found later is told (`onDidChange`). Default: all are waited for
   */
  async functions(uri: string, patienceMs?: number): Promise<FunctionsHere> {
    // Without an engine nothing was captured or opened, and asking would start it for every file that is looked at.
    if (!this.engine.started) return { generation: -1, functions: [] };
    const begun = performance.now();
    const all = await this.ask(uri, patienceMs, async (places, generation) => {
      const functions = functionsOf(places);
      if (functions.length === 0) return { generation, functions: [] };
      const groups = functions.map((one) => one.places.map(({ place }) => place));
      const answer = await this.engine.call('codeStatistics', { generation, groups });
      return answer && { generation, functions: statisticsOf(functions, answer) };
    });
    this.lastLookMs = performance.now() - begun;
    return all ?? { generation: -1, functions: [] };
  }

  /** The runs of a function of a document, latest first. `name` is empty where spans name none; then the line tells. */
  async spans(uri: string, name: string, line: number, limit: number): Promise<readonly CodeRun[]> {
    return (await this.askOf({ uri, name, line }, (subject) => this.engine.call('codeSpans', { ...subject, limit }))) ?? [];
  }

  /** How functions fare against an earlier capture; in their order, undefined where there is nothing to compare with. */
  async trends(generation: number, functions: readonly FunctionStatistics[]): Promise<readonly (CodeTrend | undefined)[]> {
    if (functions.length === 0) return [];
    const groups = functions.map(({ places }) => places);
    return (await this.engine.call('codeTrends', { generation, groups })) ?? [];
  }

  /** Asks the engine about one function; undefined when nothing of it is known. */
  askOf<T>(ref: FunctionRef, question: (subject: CodeSubject) => Promise<T | undefined>): Promise<T | undefined> {
    return this.ask(ref.uri, undefined, async (all, generation) => {
      const isSame = sameFunction(ref, all, generation);
      const places = all.filter(isSame).map(({ place }) => place);
      return question({ generation, places });
    });
  }

  /** Places that are in a document, with their lines. */
  async located(uri: string): Promise<Pick<PlacesIn, 'generation' | 'places'>> {
    // Numbered anew between the two questions: a second look finds both in the same numbers.
    return this.engine.started ? ((await this.of(uri).allIn(uri)) ?? (await this.of(uri).allIn(uri)) ?? nothing) : nothing;
  }

  dispose(): void {
    this.disposables.dispose();
  }

  /** Asks about the places of a document; once more when the engine numbered them anew meanwhile. */
  private async ask<T>(
    uri: string,
    patienceMs: number | undefined,
    question: (places: readonly LocatedPlace[], generation: number) => Promise<T | undefined>,
  ): Promise<T | undefined> {
    const other = this.of(uri);
    if (other !== this) return other.ask(uri, patienceMs, question);
    for (let attempt = 0; attempt < 2; attempt++) {
      const all = await this.allIn(uri, patienceMs);
      const answer = all && (await question(all.places, all.generation));
      if (answer !== undefined) return answer;
    }
    return undefined;
  }

  /** Places that spans name, and those that were found for what else they say; undefined when they were numbered anew in between. */
  private async allIn(uri: string, patienceMs?: number): Promise<Pick<PlacesIn, 'generation' | 'places'> | undefined> {
    const { places, generation } = await this.placesIn(uri);
    const hinted = await this.hinted.in(uri, patienceMs);
    if (hinted.generation !== undefined && hinted.generation !== generation) return undefined;
    const byHint = new Set(hinted.places.map(({ place }) => place));
    const stated = places.filter(({ place }) => !byHint.has(place));
    return { generation, places: this.lines.follow(uri, generation, [...stated, ...hinted.places]) };
  }

  private placesIn(document: string): Promise<PlacesIn> {
    const known = this.documents.get(document) ?? { turns: new OneAtATime(), places: nothing };
    this.documents.set(document, known);
    return known.turns.run(async () => {
      known.places = await this.look(document, known.places);
      return known.places;
    });
  }

  /** Brings what is known of a document up to date. */
  private async look(document: string, known: PlacesIn): Promise<PlacesIn> {
    const baseName = fileNameOf(document);
    const answer = await this.engine.call('codePlaces', {
      baseName,
      sample: this.isSample,
      known: { generation: known.generation, next: known.next },
    });
    this.spansKnown = answer.spans;
    const { generation, next } = answer;
    const earlier = generation === known.generation ? known.places : [];
    const found = await this.finder.find(answer, document);
    return { generation, next, places: found.length ? [...earlier, ...found] : earlier };
  }
}

/** Which places are of the same function: by its name, else those of the same line; of calls that are named alike those of the line. */
function sameFunction(
  { name, line, place, generation }: FunctionRef,
  all: readonly LocatedPlace[],
  current: number,
): (place: LocatedPlace) => boolean {
  const named = place !== undefined && generation === current ? all.find((one) => one.place === place) : undefined;
  const isHere = (one: LocatedPlace): boolean => one.line === (named?.line ?? line);
  return (one) => one.name === name && ((name !== '' && !one.isCall) || isHere(one));
}
