/** The hits of one search, by text and file, within bounds. */

import type { SearchReach, TextHit } from '../../../source';
import { NeedleScanner } from './needleScanner';

/** Hits of one text that are kept; whoever has more says nothing of where. */
const maxHits = 500;
/** Of one that is looked for again, because somebody asks for more. */
const maxFurther = 20_000;
/** Of all texts of a search together: a hit is about 200 bytes. When there are so many, a text gets no more than a few. */
const maxTotal = 50_000;
const fewest = 50;
/** UTF-16 units of a line that are kept, and of these before the text. */
const maxText = 400;
const textBefore = 120;

/** What is known of one text: its hits by the file that they are in, each by line. */
export interface Found {
  readonly byFile: Map<string, TextHit[]>;
  count: number;
  truncated: boolean;
}

export class HitCollector {
  readonly found: readonly Found[];
  private scanner: NeedleScanner;
  /** Index in `needles` of each text of the scanner. */
  private wanted: readonly number[];
  private total = 0;

  /** @param reach how far a text is looked for that stands in very many lines */
  constructor(
    readonly needles: readonly string[],
    private readonly reach: SearchReach = 'usual',
  ) {
    this.found = needles.map(() => ({ byFile: new Map(), count: 0, truncated: false }));
    this.wanted = needles.map((_, index) => index);
    this.scanner = new NeedleScanner(needles);
  }

  /** Hits that a text may have now. */
  private get most(): number {
    if (this.total >= maxTotal) return fewest;
    return this.reach === 'further' ? maxFurther : maxHits;
  }

  /** Texts of which more hits are wanted. After this only those are looked for in lines. */
  narrow(): readonly string[] {
    const { most } = this;
    const wanted = this.wanted.filter((needle) => this.found[needle].count < most);
    if (wanted.length < this.wanted.length) {
      for (const found of this.found) if (found.count >= most) found.truncated = true;
      this.wanted = wanted;
      this.scanner = new NeedleScanner(wanted.map((needle) => this.needles[needle]));
    }
    return this.scanner.needles;
  }

  /**
   * Takes a line in.
   * @param line from 0
   * @returns whether it was of use: it holds a text of which more hits were wanted
   */
  add(file: string, line: number, text: string): boolean {
    let isUseful = false;
    this.scanner.scan(text, (index, column) => {
      const found = this.found[this.wanted[index]];
      if (found.count >= this.most) {
        found.truncated = true;
        return;
      }
      isUseful = true;
      const hits = found.byFile.get(file);
      // A search that began anew comes to the same lines again.
      if (hits && hits[hits.length - 1].line >= line) return;
      found.count++;
      this.total++;
      const hit = { file, line, column, text: cut(text, column) };
      if (hits) hits.push(hit);
      else found.byFile.set(file, [hit]);
    });
    return isUseful;
  }

  /** Forgets the hits of one file. */
  drop(file: string): void {
    for (const found of this.found) dropFile(found, file);
  }

  /** There may be more hits than those that were found. */
  truncate(): void {
    for (const needle of this.wanted) this.found[needle].truncated = true;
  }
}

export function dropFile(found: Found, file: string): void {
  const hits = found.byFile.get(file);
  if (!hits) return;
  found.count -= hits.length;
  found.byFile.delete(file);
}

function cut(text: string, column: number): string {
  if (text.length <= maxText) return text;
  const start = Math.max(0, Math.min(column - textBefore, text.length - maxText));
  return text.slice(start, start + maxText);
}
