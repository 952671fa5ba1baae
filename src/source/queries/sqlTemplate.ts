/**
 * SQL with holes: a string into which the program puts columns, conditions and lists. What stands between the holes has to be in the
 * statement, in order, from its beginning to its end; what the holes hold may be anything.
 */

import { sqlTokens } from './sql';

/** The pieces between the holes, as tokens. A first or last one that is empty is a hole at that end. */
export type SqlTemplate = readonly (readonly string[])[];

const maxText = 8_000;
/**
 * `${…}`, `#{…}`, `{…}`, `$name` of PHP and Kotlin, `%s`, `%v` and `%[1]s`; with the rest of a name that one is a part of, and the quotes around
 * it.
 */
const holes =
  /['"]?\w{0,40}(?:[$#]?\{(?:[^{}]|\{[^{}]{0,300}\}){0,600}\}|\$[A-Za-z_]\w{0,60}(?:->\w{1,60})?|%(?:\[\d{1,2}\])?[svdq])\w{0,40}['"]?/g;
/** Fewer tokens are in many statements. */
const leastTokens = 8;
/** So many, in order, are of one, whatever the holes hold. */
const ofOneStatement = 14;

/** Empty where the text has no holes. */
export function sqlTemplate(text: string): SqlTemplate {
  if (text.length > maxText) return [];
  const pieces = text.replace(/\s--\s[^\n]*/g, ' ').split(holes);
  return pieces.length < 2 ? [] : pieces.map((piece) => sqlTokens(piece.replace(/\\[nrt]/g, ' ')));
}

/**
 * 1 where the whole statement is the template's; less where a good part of the template's tokens is in it; undefined where they are of
 * different statements.
 */
export function matchTemplate(statement: readonly string[], template: SqlTemplate): number | undefined {
  const pieces = template.filter((piece) => piece.length > 0);
  const fixed = pieces.reduce((sum, piece) => sum + piece.length, 0);
  if (fixed < leastTokens || statement.length < leastTokens) return undefined;
  let at = 0;
  let matched = 0;
  for (const [i, piece] of pieces.entries()) {
    const found = indexOf(statement, piece, at);
    if (found < 0) {
      // One that is put in only sometimes.
      if (piece.length > 6) return undefined;
      continue;
    }
    if (i === 0 && found > 0 && template[0].length > 0) return undefined;
    at = found + piece.length;
    matched += piece.length;
  }
  const isEnd = template[template.length - 1].length === 0 || at >= statement.length - 1;
  if (matched < fixed * 0.85) return undefined;
  return isEnd && matched === fixed && (fixed >= statement.length * 0.3 || fixed >= ofOneStatement)
    ? 1
    : Math.min(0.9, 0.5 + matched / (2 * statement.length));
}

function indexOf(statement: readonly string[], piece: readonly string[], from: number): number {
  for (let i = from; i + piece.length <= statement.length; i++) {
    let same = 0;
    while (same < piece.length && isSame(statement[i + same], piece[same])) same++;
    if (same === piece.length) return i;
  }
  return -1;
}

/** A sanitizer takes `false` and `null` out as well. */
function isSame(a: string, b: string): boolean {
  return a === b || (a === '?' && /^(?:true|false|null)$/.test(b));
}
