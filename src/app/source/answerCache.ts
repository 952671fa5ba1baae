/**
 * Answers that are kept as long as they hold. Each knows what it was made of: a file that changes takes the answers along that it was read for, a
 * file that comes or goes those for which its name was looked for, and nothing else. An answer for which all of the source was searched depends on
 * every file of it, and still is seldom another because one changed: it is doubted, and when it is asked for next, it is looked whether the file has
 * one of its texts now. (If it had one before, the file is among those that the answer was made of.)
 */

import { Lru } from '../../base/lru';
import type { Dependencies, PathTest } from '../../source';
import { fileNameOf } from '../../source/uri/uri';
import type { TouchedFile } from '../workspace/workspaceFiles';
import { keyOf, pathOf } from './dependencies';

export interface AnswerCacheOptions {
  /** Answers that are kept, at least. */
  readonly most: number;
  /** The text of a file as it is now; undefined where there is none. */
  readonly readText: (uri: string) => Promise<string | undefined>;
}

/** Files that an answer is doubted for; when more changed, it is made anew. */
const maxDoubts = 20;
/** Files whose texts are kept to look for the texts of many answers. */
const maxTexts = 20;

class Kept<T> implements Dependencies {
  readonly files = new Set<string>();
  readonly names = new Set<string>();
  readonly tests = new Set<string>();
  readonly texts = new Set<string>();
  /** By file; another object for each change of it. */
  readonly doubts = new Map<string, object>();
  usesHistory = false;
  readonly value: Promise<T>;

  constructor(
    readonly key: string,
    work: (into: Dependencies) => Promise<T>,
    private readonly noted: (kept: Kept<T>, kind: 'byFile' | 'byName' | 'byTest', label: string) => void,
    private readonly known: Map<string, PathTest>,
  ) {
    // Not before it is kept: what it tells then is kept as well.
    this.value = Promise.resolve().then(() => work(this));
  }

  file(uri: string): void {
    const key = keyOf(uri);
    if (this.files.has(key)) return;
    this.files.add(key);
    this.noted(this, 'byFile', key);
  }

  name(baseName: string): void {
    const name = keyOf(baseName);
    if (this.names.has(name)) return;
    this.names.add(name);
    this.noted(this, 'byName', name);
  }

  paths(test: PathTest): void {
    this.known.set(test.name, test);
    if (this.tests.has(test.name)) return;
    this.tests.add(test.name);
    this.noted(this, 'byTest', test.name);
  }

  text(text: string): void {
    this.texts.add(text);
  }

  history(): void {
    this.usesHistory = true;
  }
}

/** A text in which texts of answers are looked for, each once. */
interface Looked {
  readonly text: Promise<string | undefined>;
  readonly found: Map<string, boolean>;
}

export class AnswerCache<T> {
  private readonly kept: Lru<string, Kept<T>>;
  private readonly byFile = new Map<string, Set<Kept<T>>>();
  private readonly byName = new Map<string, Set<Kept<T>>>();
  private readonly byTest = new Map<string, Set<Kept<T>>>();
  /** By their names. */
  private readonly tests = new Map<string, PathTest>();
  private readonly looked = new Lru<string, Looked>({ maxSize: maxTexts });

  constructor(private readonly options: AnswerCacheOptions) {
    this.kept = new Lru({ maxSize: options.most, onEviction: (_, kept) => this.unlink(kept) });
  }

  /**
   * The answer of a key if it still holds, else what `work` makes now, which is kept unless it fails. `work` tells what it asks, when it asks.
   * @param isUsable whether what is kept is of the same question
   */
  async get(key: string, isUsable: boolean, work: (into: Dependencies) => Promise<T>): Promise<T> {
    for (;;) {
      const kept = this.kept.get(key);
      if (!kept || !isUsable) return this.make(key, work);
      if (kept.doubts.size === 0) return kept.value;
      await this.resolveDoubts(kept);
    }
  }

  private make(key: string, work: (into: Dependencies) => Promise<T>): Promise<T> {
    const before = this.kept.peek(key);
    if (before) this.forget(before);
    const kept = new Kept<T>(key, work, (one, kind, label) => this.link(one, kind, label), this.tests);
    this.kept.set(key, kept);
    kept.value.catch(() => this.forget(kept));
    return kept.value;
  }

  /**
   * A file came, went or changed. Answers whether answers that are kept may be others now.
   * @param isSource whether the search of the source looks into it
   */
  touched({ uri, isMoved }: TouchedFile, isSource: boolean): boolean {
    this.looked.delete(uri);
    const gone = new Set(this.byFile.get(keyOf(uri)));
    if (isMoved) for (const kept of this.namedOrLike(uri)) gone.add(kept);
    for (const kept of gone) this.forget(kept);
    let isDoubted = false;
    if (isSource) {
      for (const [, kept] of this.kept) {
        if (kept.texts.size === 0) continue;
        isDoubted = true;
        if (kept.doubts.size < maxDoubts) kept.doubts.set(uri, {});
        else this.forget(kept);
      }
    }
    return gone.size > 0 || isDoubted;
  }

  /** What was looked for by a file's name, or by what its path is like. */
  private *namedOrLike(uri: string): Iterable<Kept<T>> {
    yield* this.byName.get(keyOf(fileNameOf(uri))) ?? [];
    for (const [name, all] of this.byTest) if (this.tests.get(name)?.passes(pathOf(uri))) yield* all;
  }

  /** Commits, tags or branches are others. */
  forgetHistory(): void {
    for (const [, kept] of [...this.kept]) if (kept.usesHistory) this.forget(kept);
  }

  clear(): void {
    this.kept.clear();
    this.byFile.clear();
    this.byName.clear();
    this.byTest.clear();
    this.looked.clear();
  }

  private async resolveDoubts(kept: Kept<T>): Promise<void> {
    for (const [file, doubt] of kept.doubts) {
      if (await this.holdsAny(file, kept.texts)) {
        this.forget(kept);
        return;
      }
      // Else it changed again meanwhile.
      if (kept.doubts.get(file) === doubt) kept.doubts.delete(file);
    }
  }

  private async holdsAny(file: string, texts: ReadonlySet<string>): Promise<boolean> {
    const looked = this.looked.get(file) ?? { text: this.options.readText(file), found: new Map<string, boolean>() };
    this.looked.set(file, looked);
    const text = await looked.text;
    if (text === undefined) return false;
    for (const each of texts) {
      const isThere = looked.found.get(each) ?? text.includes(each);
      looked.found.set(each, isThere);
      if (isThere) return true;
    }
    return false;
  }

  private link(kept: Kept<T>, kind: 'byFile' | 'byName' | 'byTest', label: string): void {
    // It was forgotten while it was being made.
    if (this.kept.peek(kept.key) !== kept) return;
    const same = this[kind].get(label);
    if (same) same.add(kept);
    else this[kind].set(label, new Set([kept]));
  }

  private forget(kept: Kept<T>): void {
    if (this.kept.peek(kept.key) === kept) this.kept.delete(kept.key);
    this.unlink(kept);
  }

  private unlink(kept: Kept<T>): void {
    const leave = (by: Map<string, Set<Kept<T>>>, labels: Iterable<string>): void => {
      for (const label of labels) {
        const same = by.get(label);
        same?.delete(kept);
        if (same?.size === 0) by.delete(label);
      }
    };
    leave(this.byFile, kept.files);
    leave(this.byName, kept.names);
    leave(this.byTest, kept.tests);
  }
}
