/**
 * Where the hints of lenses lead, kept as long as it holds. There are thousands, each made of hundreds of files: so it is kept in numbers, and it is
 * looked whether an answer still holds when it is asked for, not when a file changes. As with `AnswerCache`, an answer for which the source was
 * searched is another where a changed file has one of its texts now, or was one of those that it was made of.
 */

import type { Dependencies, PathTest } from '../../source';
import { Told } from '../../source/context/told';
import { fileNameOf } from '../../source/uri/uri';
import type { TouchedFile } from '../workspace/workspaceFiles';
import { keyOf, pathOf } from './dependencies';

/** Files that changed and are remembered; when more did, what is older is made anew. */
const maxChanges = 64;
/** Distinct files, names and texts that are numbered. */
const maxNumbers = 400_000;

interface Kept<T> {
  readonly value: T;
  /** Numbers, in order. */
  readonly files: Uint32Array;
  readonly names: Uint32Array;
  readonly texts: Uint32Array;
  readonly tests: readonly PathTest[];
  readonly epoch: number;
  /** The last change that it holds after. */
  asOf: number;
}

interface Change extends TouchedFile {
  readonly number: number;
  readonly isSource: boolean;
  /** Undefined: its text was not read since. */
  text?: Promise<string | undefined>;
  /** By the number of a text: whether the file has it now. */
  readonly has: Map<number, boolean>;
}

export class HintAnswers<H extends object, T> {
  private kept = new WeakMap<H, Kept<T>>();
  /** In their order; by URI. */
  private readonly changes = new Map<string, Change>();
  private count = 0;
  /** What is as of before this one is not known to hold. */
  private least = 0;
  private epoch = 0;
  private readonly numbers = new Map<string, number>();
  private readonly words: string[] = [];
  /** What any of the answers was made of. */
  private readonly files = new Set<number>();
  private readonly names = new Set<number>();
  private readonly tests = new Map<string, PathTest>();
  private isSearched = false;

  /** @param readText the text of a file as it is now; undefined where there is none */
  constructor(private readonly readText: (uri: string) => Promise<string | undefined>) {}

  /** The answer for a hint where it still holds; undefined where it is to be made. */
  async of(hint: H): Promise<{ readonly value: T } | undefined> {
    const kept = this.kept.get(hint);
    if (!kept) return undefined;
    if (kept.epoch !== this.epoch || kept.asOf < this.least || !(await this.holds(kept))) {
      this.kept.delete(hint);
      return undefined;
    }
    return kept;
  }

  /** What `work` makes for a hint, which tells what it asks. It is kept unless it fails. */
  async make(hint: H, work: (into: Dependencies) => Promise<T>): Promise<T> {
    const told = new Told();
    const { count: asOf, epoch } = this;
    const value = await work(told);
    if (this.words.length > maxNumbers) this.clear();
    // What changed meanwhile is forgotten with all that was kept.
    if (epoch !== this.epoch) return value;
    const files = this.numbersOf(told.files, keyOf);
    const names = this.numbersOf(told.names, keyOf);
    const texts = this.numbersOf(told.texts, (text) => text);
    this.kept.set(hint, { value, files, names, texts, tests: [...told.tests.values()], epoch, asOf });
    for (const file of files) this.files.add(file);
    for (const name of names) this.names.add(name);
    for (const [name, test] of told.tests) this.tests.set(name, test);
    this.isSearched ||= texts.length > 0;
    return value;
  }

  /**
   * A file came, went or changed. Answers whether answers may be others now.
   * @param isSource whether the search of the source looks into it
   */
  touched({ uri, isMoved }: TouchedFile, isSource: boolean): boolean {
    const before = this.changes.get(uri);
    this.changes.delete(uri);
    this.count++;
    this.changes.set(uri, {
      uri,
      isMoved: isMoved || before?.isMoved === true,
      isSource,
      number: this.count,
      has: new Map(),
    });
    const [oldest] = this.changes.values();
    if (this.changes.size > maxChanges && oldest) {
      this.changes.delete(oldest.uri);
      this.least = oldest.number;
    }
    if ((isSource && this.isSearched) || this.files.has(this.numbers.get(keyOf(uri)) ?? -1)) return true;
    if (!isMoved) return false;
    return this.names.has(this.numbers.get(keyOf(fileNameOf(uri))) ?? -1) || passesAny(this.tests.values(), uri);
  }

  /** Whatever answers are made of is another: mappings, settings, folders. */
  clear(): void {
    this.kept = new WeakMap();
    this.epoch++;
    this.changes.clear();
    this.numbers.clear();
    this.words.length = 0;
    this.files.clear();
    this.names.clear();
    this.tests.clear();
    this.isSearched = false;
  }

  private async holds(kept: Kept<T>): Promise<boolean> {
    const last = this.count;
    for (const change of [...this.changes.values()]) {
      if (change.number <= kept.asOf) continue;
      if (await this.isOther(kept, change)) return false;
    }
    kept.asOf = Math.max(kept.asOf, last);
    return true;
  }

  private async isOther({ files, names, texts, tests }: Kept<T>, change: Change): Promise<boolean> {
    const { uri, isMoved, isSource } = change;
    if (has(files, this.numbers.get(keyOf(uri)))) return true;
    if (isMoved && (has(names, this.numbers.get(keyOf(fileNameOf(uri)))) || passesAny(tests, uri))) return true;
    if (!isSource || texts.length === 0) return false;
    // What cannot be read has none of them, as for the search.
    change.text ??= this.readText(uri).catch(() => undefined);
    const text = await change.text;
    if (text === undefined) return false;
    for (const number of texts) {
      const isThere = change.has.get(number) ?? text.includes(this.words[number] ?? '');
      change.has.set(number, isThere);
      if (isThere) return true;
    }
    return false;
  }

  private numbersOf(all: Iterable<string>, keyed: (text: string) => string): Uint32Array {
    const found = new Set<number>();
    for (const each of all) {
      const key = keyed(each);
      let number = this.numbers.get(key);
      if (number === undefined) {
        number = this.words.push(key) - 1;
        this.numbers.set(key, number);
      }
      found.add(number);
    }
    return Uint32Array.from(found).sort();
  }
}

function has(sorted: Uint32Array, number: number | undefined): boolean {
  if (number === undefined) return false;
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < number) low = middle + 1;
    else high = middle;
  }
  return sorted[low] === number;
}

function passesAny(tests: Iterable<PathTest>, uri: string): boolean {
  for (const test of tests) if (test.passes(pathOf(uri))) return true;
  return false;
}
