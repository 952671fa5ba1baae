/**
 * Where the spans are in the code that state no place themselves, or one that is not here: most of what automatic instrumentation sends. Each distinct thing that they
 * say (a route, SQL, a function's name) is looked for once, as a click on one of the spans would, with the spans around it; all of the new ones in
 * one search of the workspace, and again when files change that it was found by. It is cut, so that other extensions have their turn in between.
 */

import type { Disposable } from '../../base/disposables';
import { Emitter, type Event } from '../../base/emitter';
import { OneAtATime } from '../../base/limit';
import { Slices } from '../../base/slices';
import type { LocatedPlace } from '../../code';
import type { CodeHint, HintedPlaces as Page } from '../../protocol/code';
import type { EngineMethods } from '../../protocol/engine';
import type { Params } from '../../protocol/rpc';
import type { ResolveResult, SourceCandidate } from '../../source';
import type { PlaceFinder } from './placeFinder';

/** What is needed of the engine. */
interface HintSource {
  call(method: 'codeHints', params: Params<EngineMethods, 'codeHints'>): Promise<Page>;
}

/** What is needed of the source service. */
export interface HintSources {
  /** Finds places of hints one by one, all of which are looked for in one search. */
  hintResolver(all: readonly CodeHint[]): Promise<ResolveHint>;
}

type ResolveHint = (hint: CodeHint) => Promise<ResolveResult>;

interface Hinted {
  readonly place: number;
  readonly hint: CodeHint;
  /** What its spans state; else of the stack of their exception, and the file is empty where they have none. */
  readonly isStated: boolean;
  readonly file: string;
  readonly functionName: string;
  readonly line: number;
  readonly column: number;
}

interface Found {
  readonly place: number;
  readonly file: string;
  readonly name: string;
  readonly line: number;
  /** Of spans that were found by the same text, those of the best rank are the calls; the others stand for the same work. */
  readonly rank: number;
  /** It was found by a text: its name is that of the spans. */
  readonly isCall?: true;
}

interface Known {
  readonly generation: number;
  readonly next: number;
  readonly all: readonly Hinted[];
  readonly found: readonly Found[];
  readonly byFile: ReadonlyMap<string, readonly LocatedPlace[]>;
}

const nothing: Known = { generation: -1, next: 0, all: [], found: [], byFile: new Map() };
/** Hints that wait for the disk at the same time. */
const together = 12;
/** Milliseconds of work between two pauses. */
const sliceMs = 8;
/** Milliseconds until what was found meanwhile is told to those who do not wait. */
const toldEveryMs = 500;
/** When files change all is asked for again. Where that takes longer than a moment, there is a rest after it: files may be saved with every word. */
const momentMs = 200;
const restForWork = 5;
const maxRestMs = 15_000;
/** A guess is no place for a lens: it would stand above code that never ran. */
const leastConfidence = 0.5;

interface HintedIn {
  readonly generation: number | undefined;
  readonly places: readonly LocatedPlace[];
}

export class HintedPlaces implements Disposable {
  private readonly turns = new OneAtATime();
  private known = nothing;
  private stale = false;
  private readonly arrived = new Emitter<void>();
  /** What was found of what is being looked for. */
  private underway: { readonly generation: number; readonly found: Found[]; toldAt: number } | undefined;
  /** Somebody did not wait for what is being looked for. */
  private isAwaited = false;
  /** Until then what was found holds, whatever changed. */
  private restUntil = 0;
  private rest: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly engine: HintSource,
    private readonly sources: HintSources,
    private readonly finder: PlaceFinder,
    private readonly sample = false,
  ) {}

  /** What somebody did not wait for is found. */
  get onDidFind(): Event<void> {
    return this.arrived.event;
  }

  /**
   * Those that are in a document, and the generation in which their numbers hold; undefined where none is known yet.
   * @param patienceMs after so long the answer is what was found by then, and `onDidFind` tells when there is more and when there is all; default: it is all
   */
  async in(document: string, patienceMs?: number): Promise<HintedIn> {
    const work = this.turns.run(async () => {
      this.known = await this.look(this.known);
      return this.known;
    });
    const all = patienceMs === undefined ? await work : await inTime(work, patienceMs);
    if (all) return { generation: all.generation, places: all.byFile.get(document) ?? [] };
    this.isAwaited = true;
    work.then(
      () => this.arrived.fire(),
      () => {},
    );
    return this.soFar(document);
  }

  dispose(): void {
    clearTimeout(this.rest);
    this.arrived.dispose();
  }

  /** What is known while the rest is looked for: a place that was found before stays where it was. */
  private soFar(document: string): HintedIn {
    const { known, underway } = this;
    if (underway && underway.generation !== known.generation)
      return { generation: underway.generation, places: inFiles(underway.found).get(document) ?? [] };
    if (known.generation < 0) return { generation: undefined, places: [] };
    const before = new Set(known.found.map(({ place }) => place));
    const more = underway?.found.filter(({ place }) => !before.has(place)) ?? [];
    return { generation: known.generation, places: inFiles([...known.found, ...more]).get(document) ?? [] };
  }

  /** Files, or where they are looked for, have changed. */
  forget(): void {
    this.stale = true;
  }

  private async look(known: Known): Promise<Known> {
    const page = await this.engine.call('codeHints', {
      sample: this.sample,
      known: { generation: known.generation, next: known.next },
    });
    const { generation, next } = page;
    const isSame = generation === known.generation;
    const begun = performance.now();
    const isResting = isSame && this.stale && begun < this.restUntil;
    if (isResting) this.rest ??= setTimeout(() => this.rested(), Math.ceil(this.restUntil - begun) + 1);
    // What was found, or was not, holds until files change.
    const holds = isSame && (!this.stale || isResting);
    if (holds && page.place.length === 0) return { ...known, next };
    const added = rowsOf(page);
    const all = [...(isSame ? known.all : []), ...added];
    const kept = holds ? known.found : [];
    this.stale &&= holds;
    this.isAwaited = false;
    this.underway = { generation, found: [], toldAt: begun };
    try {
      await this.locate(holds ? added : all, this.underway.found);
    } catch (error) {
      // What was not looked for is looked for the next time.
      this.stale = true;
      this.restUntil = 0;
      throw error;
    }
    const end = performance.now();
    if (!holds) this.restUntil = end - begun < momentMs ? 0 : end + Math.min((end - begun) * restForWork, maxRestMs);
    const found = [...kept, ...this.underway.found].sort((a, b) => a.place - b.place);
    this.underway = undefined;
    return { generation, next, all, found, byFile: inFiles(found) };
  }

  private async locate(all: readonly Hinted[], found: Found[]): Promise<void> {
    await this.locateByHint(
      all.filter(({ isStated }) => !isStated),
      found,
    );
    // What is found where its spans state it is found by that.
    await this.locateByHint(await this.notWhereStated(all.filter(({ isStated }) => isStated)), found);
  }

  /** Of a file that is here all is, but functions that it has not. */
  private async notWhereStated(stated: readonly Hinted[]): Promise<readonly Hinted[]> {
    const slices = new Slices(undefined, sliceMs);
    const isFound = async ({ file, functionName, line, column }: Hinted): Promise<boolean> => {
      if (line > 0 && (await this.finder.locate(file, '', 0, 0))) return true;
      return ((await this.finder.locate(file, functionName, line, column))?.line ?? -1) >= 0;
    };
    const missing: Hinted[] = [];
    for (const one of stated) {
      await slices.maybePause();
      if (!(await isFound(one))) missing.push(one);
    }
    return missing;
  }

  private async locateByHint(all: readonly Hinted[], found: Found[]): Promise<void> {
    if (all.length === 0) return;
    // Places of one hint differ by their stacks; the hint itself is looked for once.
    const byHint = new Map<CodeHint, Hinted[]>();
    for (const one of all) {
      const same = byHint.get(one.hint);
      if (same) same.push(one);
      else byHint.set(one.hint, [one]);
    }
    const slices = new Slices(undefined, sliceMs);
    const resolve = await this.sources.hintResolver([...byHint.keys()]);
    const waiting = byHint.entries();
    const work = async (): Promise<void> => {
      for (const [hint, places] of waiting) {
        await slices.maybePause();
        const here = placeOf(hint, await resolve(hint));
        for (const one of places) {
          const place = here ?? (await this.ofStack(one));
          if (place) found.push({ ...place, place: one.place });
        }
        this.tellSome();
      }
    };
    await Promise.all(Array.from({ length: together }, work));
  }

  private rested(): void {
    this.rest = undefined;
    this.arrived.fire();
  }

  /** Where it takes long, those who do not wait have what was found meanwhile. */
  private tellSome(): void {
    const { underway } = this;
    if (!underway || !this.isAwaited || performance.now() - underway.toldAt < toldEveryMs) return;
    underway.toldAt = performance.now();
    this.arrived.fire();
  }

  private async ofStack({ isStated, file, functionName, line, column }: Hinted): Promise<Omit<Found, 'place'> | undefined> {
    const found = isStated || file === '' ? undefined : await this.finder.locate(file, functionName, line, column);
    return found && { ...found, rank: 0 };
  }
}

function placeOf(hint: CodeHint, { candidates: [best] }: ResolveResult): Omit<Found, 'place'> | undefined {
  // The connection of a request is counted with the request.
  if (!best || best.lineUnknown || best.ofRequest || best.confidence < leastConfidence) return undefined;
  const place = { file: best.file, line: best.line, name: nameOf(hint, best) };
  return best.rung === 'literal' ? { ...place, rank: rankOf(hint.kind), isCall: true } : { ...place, rank: 0 };
}

function rowsOf(page: Page): Hinted[] {
  return Array.from(page.place, (place, i) => ({
    place,
    hint: page.hints[page.hint[i]],
    isStated: page.stated[i] === 1,
    file: page.files[page.file[i]],
    functionName: page.functions[page.functionName[i]],
    line: page.line[i],
    column: page.column[i],
  }));
}

/**
 * One request makes several spans with the same route: of the server, of the router, of the handler. What a person counts as calls are
 * those of the server, so at a line that was found by its text the others are left out.
 */
function inFiles(found: readonly Found[]): Map<string, LocatedPlace[]> {
  const best = new Map<string, number>();
  const keyOf = ({ file, line }: Found): string => `${file}:${line}`;
  for (const one of found) best.set(keyOf(one), Math.min(one.rank, best.get(keyOf(one)) ?? one.rank));
  const byFile = new Map<string, LocatedPlace[]>();
  for (const one of found) {
    if (one.rank !== best.get(keyOf(one))) continue;
    const located = { place: one.place, name: one.name, line: one.line, ...(one.isCall ? { isCall: one.isCall } : {}) };
    const same = byFile.get(one.file);
    if (same) same.push(located);
    else byFile.set(one.file, [located]);
  }
  return byFile;
}

/** OTLP's kinds: 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
function rankOf(kind: number): number {
  return kind === 2 || kind === 5 ? 1 : kind === 3 || kind === 4 ? 2 : 3;
}

/** A function is known by its own name, as spans with attributes have it; a text by the span's. */
function nameOf({ name, attributes }: CodeHint, { rung }: SourceCandidate): string {
  return rung === 'symbol' ? (attributes['code.function.name'] ?? attributes['code.function'] ?? name) : name;
}

/** Undefined when it takes longer. */
async function inTime<T>(work: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, ms, undefined);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
