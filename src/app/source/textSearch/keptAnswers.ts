/** What searches found, kept by text, and made true again file by file. The least recently asked leave first. */

import type { TextSearchAnswer } from '../../../source';
import { dropFile, type Found, type HitCollector } from './hitCollector';

const maxNeedles = 10_000;
const maxHits = 100_000;

interface Kept extends Found {
  /** As it was told last; undefined after a change. */
  answer: TextSearchAnswer | undefined;
}

export class KeptAnswers {
  /** Least recently asked first. */
  private readonly byNeedle = new Map<string, Kept>();
  private hits = 0;

  get needles(): readonly string[] {
    return [...this.byNeedle.keys()];
  }

  get size(): number {
    return this.byNeedle.size;
  }

  has(needle: string): boolean {
    return this.byNeedle.has(needle);
  }

  get(needle: string): TextSearchAnswer | undefined {
    const kept = this.byNeedle.get(needle);
    if (!kept) return undefined;
    this.byNeedle.delete(needle);
    this.byNeedle.set(needle, kept);
    kept.answer ??= answerOf(kept);
    return kept.answer;
  }

  add({ needles, found }: HitCollector): void {
    needles.forEach((needle, index) => {
      this.forget(needle);
      this.byNeedle.set(needle, { ...found[index], answer: undefined });
      this.hits += found[index].count;
    });
    for (const oldest of this.byNeedle.keys()) {
      if (this.byNeedle.size <= maxNeedles && this.hits <= maxHits) break;
      this.forget(oldest);
    }
  }

  /** Puts what was just found in these files in place of what was known of them. `fresh` is of all needles, and of these files only. */
  replace(files: Iterable<string>, fresh: HitCollector): void {
    const gone = [...files];
    fresh.needles.forEach((needle, index) => {
      const kept = this.byNeedle.get(needle);
      if (!kept) return;
      const before = kept.count;
      let isChanged = false;
      for (const file of gone) {
        isChanged ||= kept.byFile.has(file);
        dropFile(kept, file);
      }
      const found = fresh.found[index];
      for (const [file, hits] of found.byFile) {
        kept.byFile.set(file, hits);
        kept.count += hits.length;
        isChanged = true;
      }
      kept.truncated ||= found.truncated;
      if (isChanged) kept.answer = undefined;
      this.hits += kept.count - before;
    });
  }

  /** Files in which something was found that are, or are below, one of these. */
  filesBelow(uris: readonly string[]): readonly string[] {
    const files = new Set<string>();
    for (const { byFile } of this.byNeedle.values()) {
      for (const file of byFile.keys()) {
        if (!files.has(file) && uris.some((uri) => file.startsWith(`${uri}/`))) files.add(file);
      }
    }
    return [...files];
  }

  clear(): void {
    this.byNeedle.clear();
    this.hits = 0;
  }

  private forget(needle: string): void {
    const kept = this.byNeedle.get(needle);
    if (!kept) return;
    this.byNeedle.delete(needle);
    this.hits -= kept.count;
  }
}

/** By file and line: searches run in several threads, and find in another order each time. */
export function answerOf({ byFile, truncated }: Found): TextSearchAnswer {
  const files = [...byFile].sort(([a], [b]) => (a < b ? -1 : 1));
  return { hits: files.flatMap(([, hits]) => hits), truncated };
}
