/** The strings of the files that a search led to, read once each; and cheap looks at a line, before its file is read. */

import { throwIfAborted } from '../../base/errors';
import { type Literal, readLiterals } from './lexer';
import type { LanguageHit, SourceFile, SourceSearch } from './sourceSearch';

export class LiteralFiles {
  readonly #literals = new Map<string, Promise<readonly Literal[]>>();

  constructor(readonly search: SourceSearch) {}

  async of(source: SourceFile): Promise<readonly Literal[]> {
    throwIfAborted(this.search.context.signal);
    let literals = this.#literals.get(source.file);
    if (!literals) {
      const { context } = this.search;
      literals = context
        .text(source.file)
        .then((text) => (text === undefined ? [] : context.inSlices(readLiterals(text, source.language))));
      this.#literals.set(source.file, literals);
    }
    return literals;
  }

  /** The string that a place is in. */
  async at(source: SourceFile, line: number, column: number): Promise<Literal | undefined> {
    const literals = await this.of(source);
    // Sorted by where they begin: the last one that begins before the place.
    let low = 0;
    let high = literals.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const { line: from, column: begin } = literals[middle];
      if (from < line || (from === line && begin <= column)) low = middle + 1;
      else high = middle;
    }
    const literal = literals[low - 1];
    if (!literal) return undefined;
    return line < literal.endLine || (line === literal.endLine && column <= literal.endColumn) ? literal : undefined;
  }
}

/** Characters on each side of a hit that are looked at. */
const around = 400;

/** What stands between quotes around an occurrence of a needle in a line; all such texts. */
export function quotedAround(hit: LanguageHit, needle: string): readonly { readonly text: string; readonly column: number }[] {
  const found: { text: string; column: number }[] = [];
  const { text } = hit;
  for (let at = text.indexOf(needle), n = 0; at >= 0 && n < 4; at = text.indexOf(needle, at + needle.length), n++) {
    if (hit.language === 'config' || hit.language === 'data' || hit.language === 'documentation') {
      const start = text.slice(0, at).search(/[^\s'"`,;()<>=]*$/);
      const length = text.slice(at).search(/[\s'"`,;()<>]|$/);
      found.push({ text: text.slice(start, at + length), column: start });
      continue;
    }
    const left = text.slice(Math.max(0, at - around), at);
    const open = Math.max(left.lastIndexOf('"'), left.lastIndexOf("'"), left.lastIndexOf('`'));
    if (open < 0) continue;
    const start = Math.max(0, at - around) + open + 1;
    const quote = text[start - 1];
    const close = text.indexOf(quote, at + needle.length);
    found.push({ text: text.slice(start, close < 0 ? text.length : close), column: start });
  }
  return found;
}

/** A line is code, as far as the line tells. */
export function isCommentLine(text: string): boolean {
  return /^\s*(?:\/\/|\/?\*|#(?![[!])|--\s|<!--|%\s)/.test(text);
}
