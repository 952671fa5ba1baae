/**
 * SQL, as a database's instrumentation reports it and as it stands in the source: other white space, other placeholders, values taken out,
 * pieces put together. Both become tokens; what must agree is their order.
 */

const maxTokens = 300;
const tokenPattern =
  /'(?:[^'\\]|''|\\.)*'|\$\{[^{}]*\}|#\{[^{}]*\}|\{\w*\}|%\(\w+\)s|%[sdv]|\$\d+|[:@](?=[A-Za-z_])\w+|\?\d*|\b\d+(?:\.\d+)?\b|[\p{L}_][\p{L}\p{N}_]*|[^\s\w"`[\];\\]/gu;

/** Of people, in which an apostrophe begins no text; and of Diesel, which tells the values in one. */
const comments = /(?:^|\s)--\s[^\n]*/g;

/** Without those, and without what instrumentations write behind a statement: `/* traceparent=… *\/`. */
function withoutComments(text: string): string {
  let kept = '';
  let at = 0;
  for (let open = text.indexOf('/*'); open >= 0; open = text.indexOf('/*', at)) {
    const close = text.indexOf('*/', open + 2);
    if (close < 0) break;
    kept += `${text.slice(at, open)} `;
    at = close + 2;
  }
  return (kept + text.slice(at)).replace(comments, ' ');
}

/** Tokens of SQL in lower case; values and placeholders are `?`, a list of them is one. */
export function sqlTokens(text: string, max = maxTokens): string[] {
  const tokens: string[] = [];
  for (const [raw] of withoutComments(text).matchAll(tokenPattern)) {
    const token = /^[\p{L}_]/u.test(raw) ? raw.toLowerCase() : raw.length > 1 || /[\d?]/.test(raw) ? '?' : raw;
    const count = tokens.length;
    if (token === '?' && tokens[count - 1] === '?') continue;
    if (token === '?' && tokens[count - 1] === ',' && tokens[count - 2] === '?') {
      tokens.pop();
      continue;
    }
    if (count >= max) break;
    tokens.push(token);
  }
  return tokens;
}

/** The first tables are what a person would look for. */
const clauseStart =
  /\s(?=(?:FROM|WHERE|ORDER BY|GROUP BY|VALUES|SET|INNER JOIN|LEFT JOIN|JOIN|LIMIT|HAVING|RETURNING|ON CONFLICT|UNION)\b)/gi;
const maxNeedle = 120;

/** `[dbo].[Order_ReadById]`, `{call order_close(?)}`: a stored procedure is all that is told. */
export function procedureOf(text: string): string | undefined {
  if (/^\s{0,20}(?:exec|call)\b/i.test(text)) return undefined;
  const [, call, owner, name, open] =
    /^\{?\s{0,4}(?:\?\s{0,4}=\s{0,4})?((?:exec|execute|call)\s{1,4})?((?:[["`]?\w{1,80}["`\]]?\.){0,3})[["`]?([A-Za-z]\w{4,120})["`\]]?\s{0,4}(\([^()]{0,400}\))?\s{0,4};?\s{0,4}\}?$/i.exec(
      text.trim().slice(0, 800),
    ) ?? [];
  return call !== undefined || open !== undefined || owner || name?.includes('_') ? name : undefined;
}

/** Whether it asks no more than whether the database answers. */
export function isProbe(text: string): boolean {
  const plain = withoutComments(text.slice(0, 1_000)).trim();
  return plain.length < 60 && /^select\s+(?:1|\?|\$1)\s*;?$/i.test(plain);
}

/** Pieces that stand in one line of the source, if it has the text at all: the longest between placeholders, and clauses. */
export function sqlNeedles(text: string): readonly string[] {
  const procedure = procedureOf(text);
  if (procedure !== undefined) return [procedure, endOfProcedure(procedure)].filter((needle) => needle.length >= 6);
  if (isProbe(text)) return ['SELECT 1', 'select 1'];
  const pieces = withoutComments(text.slice(0, 4_000))
    .split(/\r?\n|\?\d*|\$\d+|%\(\w+\)s|%s|[:@]\w+|'[^']*'|\b\d+\b/)
    .map((piece) => piece.trim().replace(/\s+\($/, ' ('))
    .filter((piece) => /[\p{L}]{2}/u.test(piece))
    .map((piece) => piece.slice(0, maxNeedle).trimEnd());
  const byLength = [...new Set(pieces)].sort((a, b) => b.length - a.length);
  const [longest] = byLength;
  if (longest === undefined) return [];
  const clauses = [...new Set(pieces.flatMap((piece) => piece.split(clauseStart)).map((clause) => clause.trim()))].filter(
    (clause) => clause.length >= 8 && /\s/.test(clause),
  );
  const table = clauses.find((clause) => /^(?:from|update|insert into|delete from|merge into)\s+\S/i.test(clause));
  const tableOnly =
    table === undefined ? undefined : /^(?:from|update|(?:insert|merge|delete)\s+(?:into|from))\s+[^\s(,]+/i.exec(table)?.[0];
  const others = clauses.filter((clause) => clause !== longest).sort((a, b) => b.length - a.length);
  // Of a statement over lines, any may have holes in the source.
  const more = pieces.length >= 5 ? byLength.slice(2, 4) : [];
  // In a string of double quotes names in double quotes stand otherwise.
  const quoted = [longest, tableOnly].flatMap((needle) =>
    needle?.includes('"') ? [needle.replaceAll('"', '\\"'), needle.replaceAll('"', '""')] : [],
  );
  return [...new Set([longest, tableOnly, others[0], byLength[1], ...more, ...quoted])]
    .filter((needle): needle is string => needle !== undefined && needle.length >= 6 && /\s/.test(needle))
    .slice(0, 4 + more.length + quoted.length);
}

/** `_ReadById` of `Order_ReadById`, before which a class for all tables puts the table. */
export function endOfProcedure(name: string): string {
  const at = name.indexOf('_', 2);
  return at < 0 ? '' : name.slice(at);
}

export interface SqlMatch {
  /** Index of the token of the source at which it begins. */
  readonly at: number;
  /** Of the statement's tokens, 0 to 1. */
  readonly share: number;
  readonly isExact: boolean;
}

/** The statement within tokens of the source. */
export function matchSql(statement: readonly string[], source: readonly string[]): SqlMatch | undefined {
  if (statement.length < 3) return undefined;
  // Where values are written in double quotes, they look like names.
  const exact = [false, true].map((mayBeValue) => indexOfRun(source, statement, mayBeValue)).find((at) => at >= 0);
  if (exact !== undefined) return { at: exact, share: 1, isExact: true };
  return withObject(statement, source) ?? withGaps(statement, source) ?? longestRun(statement, source);
}

/** @param mayBeValue any token of the run may stand for a placeholder of the source */
export function indexOfRun(source: readonly string[], run: readonly string[], mayBeValue = false): number {
  for (let i = 0; i + run.length <= source.length; i++) {
    let same = 0;
    while (same < run.length && (source[i + same] === run[same] || (mayBeValue && source[i + same] === '?'))) same++;
    if (same === run.length) return i;
  }
  return -1;
}

/** `UPDATE orders SET ? WHERE id = ?`, `INSERT INTO lines (a, b) VALUES ?` of MySQL's drivers: an object or a list of rows is put in. */
function withObject(statement: readonly string[], source: readonly string[]): SqlMatch | undefined {
  for (let hole = 3; hole < source.length; hole++) {
    if (source[hole] !== '?' || !/^(?:set|values)$/i.test(source[hole - 1]) || source[hole + 1] === ',') continue;
    const start = source.lastIndexOf(statement[0], hole);
    const before = source.slice(Math.max(0, start), hole);
    const behind = source.slice(hole + 1, hole + 40);
    const tail = statement.slice(statement.length - behind.length);
    if (start < 0 || before.length < 3 || before.length + behind.length >= statement.length) continue;
    if (before.every((token, i) => token === statement[i]) && behind.every((token, i) => token === tail[i]))
      return { at: start, share: 0.95, isExact: false };
  }
  return undefined;
}

/** A sanitizer may put `?` for anything: a column, a quoted name. */
function withGaps(statement: readonly string[], source: readonly string[]): SqlMatch | undefined {
  const fixed = statement.filter((token) => token !== '?');
  if (fixed.length < 3 || fixed.length === statement.length) return undefined;
  for (let start = 0; start < source.length; start++) {
    if (source[start] !== statement[0]) continue;
    let at = start;
    let i = 0;
    for (; i < statement.length && at < source.length; i++) {
      if (statement[i] === '?') continue;
      const limit = i > 0 && statement[i - 1] === '?' ? 60 : 1;
      const next = source.slice(at, at + limit).indexOf(statement[i]);
      if (next < 0) break;
      at += next + 1;
    }
    if (i === statement.length) return { at: start, share: 0.8, isExact: false };
  }
  return undefined;
}

/** The longest part that agrees: a query that is put together has a beginning or an end of its own. */
function longestRun(statement: readonly string[], source: readonly string[]): SqlMatch | undefined {
  let best = 0;
  let at = 0;
  let before = new Uint16Array(source.length + 1);
  for (const token of statement) {
    const row = new Uint16Array(source.length + 1);
    for (let j = 0; j < source.length; j++) {
      if (source[j] !== token) continue;
      row[j + 1] = before[j] + 1;
      if (row[j + 1] > best) {
        best = row[j + 1];
        at = j + 1 - best;
      }
    }
    before = row;
  }
  const share = best / statement.length;
  return best >= 5 && share >= 0.5 ? { at, share, isExact: false } : undefined;
}
