/**
 * Which lines hold the SQL of a span: the strings around a line that has a piece of it, put together and compared as tokens; and the functions that
 * put it together of strings here and there.
 */

import { literalConfidence } from '../model/confidence';
import type { TextHint } from '../model/sourceHints';
import type { TextHit } from '../model/types';
import { functionAt } from '../outline/functions';
import { isOfOtherSystem } from '../queries/dialects';
import { likeMaintenance, maintenanceNeedles } from '../queries/maintenance';
import { endOfProcedure, indexOfRun, isProbe, matchSql, procedureOf, sqlNeedles, sqlTokens } from '../queries/sql';
import { matchTemplate, sqlTemplate } from '../queries/sqlTemplate';
import type { Question } from '../question/question';
import { isCode } from '../search/languages';
import type { Literal } from '../search/lexer';
import { isCommentLine } from '../search/literalFiles';
import type { Finding } from '../search/rankFindings';
import type { SourceFile, SourceSearch } from '../search/sourceSearch';
import { display } from '../uri/paths';

/** Lines that are compared; a needle such as `FROM orders` may stand in hundreds. */
const maxCompared = 24;
const maxTokens = 400;
/** A string of so many tokens that is all in the statement is a piece of what makes it. */
const wholePiece = 12;
/** Strings of a function that are looked at, and which part of a statement they have to be. */
const maxStrings = 200;
const leastAssembled = 0.85;
/** Strings that one statement is put together of. */
const maxParts = 24;
/** Lines around a hit whose strings may be of the same text. */
const above = 25;
const below = 60;

export async function findSql(hint: TextHint, { files, span }: Pick<Question, 'files' | 'span'>): Promise<readonly Finding[]> {
  const procedure = procedureOf(hint.text);
  if (procedure !== undefined) return findProcedure(procedure, hint, files.search);
  if (isProbe(hint.text)) return findProbe(hint, files);
  const kept = await findMaintenance(hint, files, span);
  if (kept.length) return kept;
  const statement = sqlTokens(hint.text, 300);
  if (statement.length < 3) return [];
  const findings: Finding[] = [];
  const seen = new Set<string>();
  const tables = tablesOf(hint.text);
  const words = [...new Set(statement.filter((token) => token.length >= 3 && /^\w+$/.test(token)))].slice(0, 60);
  let compared = 0;
  for (const needle of files.search.begin(sqlNeedles(hint.text))) {
    const { hits } = await files.search.find(needle);
    // Statements that are alike, with the table put in: the file that is called like it goes first, and there the line with nearly all of its words.
    const rank = (hit: TextHit): number => likeness(hit.file, tables) + (hasMost(hit.text, words) ? 0.5 : 0);
    const ordered =
      hits.length > maxCompared ? hits.map((hit) => ({ hit, rank: rank(hit) })).sort((a, b) => b.rank - a.rank) : undefined;
    for (const hit of ordered?.map(({ hit }) => hit) ?? hits) {
      if (compared >= maxCompared) break;
      if (hit.text.length > 20_000 || isCommentLine(hit.text)) continue;
      const source = files.search.file(hit.file);
      if (!source || isOfOtherSystem(source.path, span)) continue;
      const literal = await files.at(source, hit.line, hit.column);
      if (!literal || seen.has(`${source.file}:${literal.line}:${literal.column}`)) continue;
      compared++;
      const all = await files.of(source);
      const lines = await files.search.context.lines(source.file);
      const whole = compare(statement, literal, hit.line, all, lines ?? []);
      const around = lines && !whole?.isExact ? functionAt(lines, hit.line) : undefined;
      const found = (around && assembled(statement, all, around.start, around.end)) ?? whole;
      for (const each of found?.used ?? []) seen.add(`${source.file}:${each.line}:${each.column}`);
      const isNamed = found && /\$\{|\{\w|%s/.test(literal.text) && all.some(({ text }) => tables.has(text.toLowerCase()));
      if (found) findings.push({ ...finding(source, found, hint), ...(isNamed ? { clue: 1 } : {}) });
    }
    // What the longest piece found needs no shorter one.
    if (findings.some(({ confidence }) => confidence >= literalConfidence.sql)) break;
  }
  return findings;
}

const maxProcedures = 200;

/** Statements of which the source has the words that they begin with. */
async function findMaintenance(hint: TextHint, files: Question['files'], span: Question['span']): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const needle of maintenanceNeedles(hint.text)) {
    for (const { text, file, line, column } of (await files.search.find(needle)).hits.slice(0, maxProcedures)) {
      const source = text.length < 5_000 && !isCommentLine(text) ? files.search.file(file) : undefined;
      if (!source || findings.length >= maxCompared || isOfOtherSystem(source.path, span)) continue;
      const literal = await files.at(source, line, column);
      const like = literal ? likeMaintenance(hint.text, literal.text.slice(literal.text.search(/\S/))) : 0;
      if (!literal || like === 0) continue;
      findings.push({
        source,
        line,
        column,
        rung: 'literal',
        fit: 1 + like,
        confidence: like === 1 ? literalConfidence.sql : literalConfidence.sqlPiece,
        reason: `from ${hint.from}, ${display(literal.text.trim(), 80)} stands there`,
      });
    }
  }
  return findings;
}

/** `SELECT 1` of a check of health: a pool of connections may ask so as well. */
async function findProbe(hint: TextHint, files: Question['files']): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const needle of sqlNeedles(hint.text)) {
    for (const { text, file, line, column, language } of (await files.search.find(needle)).hits.slice(0, maxProcedures)) {
      const source = isCode(language) && text.length < 2_000 && !isCommentLine(text) ? files.search.file(file) : undefined;
      const literal = source && findings.length < maxCompared ? await files.at(source, line, column) : undefined;
      if (!source || !literal || !isProbe(literal.text)) continue;
      const reason = `from ${hint.from}, ${display(literal.text, 80)} stands there`;
      findings.push({
        source,
        line: literal.line,
        column: literal.column,
        rung: 'literal',
        fit: 1,
        confidence: literalConfidence.probe,
        reason,
      });
    }
  }
  return findings;
}

/** Where a stored procedure is named in code; else where it is made. */
async function findProcedure(name: string, hint: TextHint, search: SourceSearch): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const end = endOfProcedure(name);
  const table = new Set([name.slice(0, name.length - end.length).toLowerCase()]);
  for (const needle of sqlNeedles(name)) {
    for (const { text, file, line, language } of (await search.find(needle)).hits.slice(0, maxProcedures)) {
      const at = text.length < 5_000 ? text.indexOf(needle) : -1;
      const source = at < 0 || /\w/.test(text[at + needle.length] ?? '') || isCommentLine(text) ? undefined : search.file(file);
      // `[{Table}_ReadById]`
      if (!source || (needle === end ? text[at - 1] !== '}' : /\w/.test(text[at - 1] ?? ''))) continue;
      const isMade = /\bcreate\b|\balter\b/i.test(text);
      if (!isCode(language) && !isMade) continue;
      const isWhole = needle !== end;
      const sure = isMade ? 0.4 : isWhole ? literalConfidence.sql : literalConfidence.sqlPart;
      const reason = `from ${hint.from}, the procedure ${display(name, 80)} is ${isMade ? 'made' : 'named'} there`;
      const clue = isWhole ? 0 : likeness(file, table);
      findings.push({ source, line, rung: 'literal', fit: isMade ? 1 : 2, clue, confidence: sure, reason });
    }
    if (findings.some(({ confidence }) => confidence >= literalConfidence.sqlPart)) break;
  }
  return findings;
}

/** In lower case. */
function tablesOf(text: string): ReadonlySet<string> {
  const found = text.slice(0, 4_000).matchAll(/\b(?:from|into|update|join)\s+["`[]?(?:\w{1,60}["`\]]?\.["`[]?)?(\w{3,80})/gi);
  return new Set([...found].map(([, table]) => table.toLowerCase()).slice(0, 6));
}

/** Whether a line has nearly all of some words: it is the whole statement, or one like it. */
function hasMost(text: string, words: readonly string[]): boolean {
  const line = text.slice(0, 400).toLowerCase();
  return words.filter((word) => line.includes(word)).length >= 0.8 * words.length;
}

function likeness(file: string, tables: ReadonlySet<string>): number {
  const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');
  const path = plain(file.split('/').slice(-2).join('/'));
  return [...tables].some((table) => path.includes(plain(table).replace(/s$/, ''))) ? 1 : 0;
}

interface Found {
  readonly line: number;
  readonly share: number;
  readonly isExact: boolean;
  /** The string goes on behind it. */
  readonly goesOn?: boolean;
  /** A string that stands in the statement as a whole. */
  readonly isPiece?: true;
  readonly used: readonly Literal[];
}

function compare(
  statement: readonly string[],
  literal: Literal,
  line: number,
  all: readonly Literal[],
  lines: readonly string[],
): Found | undefined {
  const template = matchTemplate(statement, sqlTemplate(literal.text));
  if (template !== undefined) {
    const before = literal.text.slice(0, /\S/.exec(literal.text)?.index ?? 0).split('\n').length - 1;
    return { line: literal.line + before, share: template, isExact: template === 1, used: [literal] };
  }
  const plain = (text: string): readonly string[] => sqlTokens(text.replace(/\\[nrt]/g, ' '), maxTokens);
  const piece = plain(literal.text);
  const isOfTable = piece.some((token) => /^(?:from|into|update)$/.test(token));
  if (piece.length >= wholePiece && isOfTable && indexOfRun(statement, piece) > -1 && piece.length < statement.length) {
    // What is put before it begins the statement.
    const begins = near(literal, line, all, lines).find(({ text }) => plain(text)[0] === statement[0]);
    const first = begins && begins.line <= literal.line ? begins : literal;
    const share = piece.length / statement.length;
    return { line: first.line, share, isExact: false, isPiece: true, used: [literal] };
  }
  const parts = near(literal, line, all, lines);
  // `"DELETE FROM " + TABLE + " WHERE id = ?"`
  const joined =
    parts.length > 1 && parts.length <= maxParts
      ? matchTemplate(
          statement,
          parts.map(({ text }) => plain(text)),
        )
      : undefined;
  const begun = joined === 1 ? parts.find(({ text }) => plain(text)[0] === statement[0]) : undefined;
  if (begun) return { line: begun.line, share: 1, isExact: true, used: parts };
  // First the string alone, then those around it: a text may be put together.
  for (const used of [[literal], parts]) {
    const tokens: string[] = [];
    const lineOf: number[] = [];
    for (const part of used) {
      let at = part.line;
      for (const each of part.text.split('\n')) {
        if (at >= line - above && at <= line + below) {
          const more = sqlTokens(each.replace(/\\[nrt]/g, ' '), maxTokens - tokens.length);
          for (const token of more) {
            // Placeholders that meet where two lines do are one.
            if (token === '?' && tokens[tokens.length - 1] === '?') continue;
            tokens.push(token);
            lineOf.push(at);
          }
        }
        at++;
      }
    }
    const match = matchSql(statement, tokens);
    if (match?.isExact || (match && used.length > 1) || (match && match.share >= 0.8)) {
      const next = used.length === 1 ? tokens[match.at + statement.length] : undefined;
      const goesOn = match.isExact && next !== undefined && next !== ';';
      return { line: lineOf[match.at], share: match.share, isExact: match.isExact, goesOn, used };
    }
  }
  return undefined;
}

/** `$sql = 'SELECT id' . $more . ' FROM orders' . $where`: the function's strings that are runs of the statement, and are nearly all of it. */
function assembled(statement: readonly string[], all: readonly Literal[], start: number, end: number): Found | undefined {
  const covered = statement.map((token) => token === '?');
  const fixed = covered.filter((isValue) => !isValue).length;
  const used: Literal[] = [];
  let line = -1;
  let longest = 1;
  let count = 0;
  for (const literal of all) {
    if (literal.line < start || literal.line >= end || ++count > maxStrings || literal.text.length > 8_000) continue;
    // What is put in stands between two of them.
    const parts = sqlTemplate(literal.text);
    for (const piece of parts.length ? parts : [sqlTokens(literal.text.replace(/\\[nrt]/g, ' '), maxTokens)]) {
      const at = piece.length < 2 ? -1 : indexOfRun(statement, piece);
      if (at < 0) continue;
      covered.fill(true, at, at + piece.length);
      used.push(literal);
      if (at === 0 && piece.length > longest) {
        longest = piece.length;
        line = literal.line + literal.text.slice(0, literal.text.search(/\S/)).split('\n').length - 1;
      }
    }
  }
  const share = (covered.filter((isCovered) => isCovered).length - (statement.length - fixed)) / fixed;
  return line >= 0 && share >= leastAssembled ? { line, share, isExact: false, isPiece: true, used } : undefined;
}

/** Strings that follow one another without a statement between them, as far as lines tell. */
function near(literal: Literal, line: number, all: readonly Literal[], lines: readonly string[]): readonly Literal[] {
  const at = all.indexOf(literal);
  let from = at;
  let to = at;
  const isOne = (first: Literal, second: Literal): boolean =>
    second.line - first.endLine <= 1 &&
    !(second.line > first.endLine && /;\s*$/.test((lines[first.endLine] ?? '').slice(first.endColumn)));
  while (from > 0 && isOne(all[from - 1], all[from]) && all[from - 1].line >= line - above) from--;
  while (to + 1 < all.length && isOne(all[to], all[to + 1]) && all[to + 1].line <= line + below) to++;
  return all.slice(from, to + 1);
}

function finding(source: SourceFile, { line, share, isExact, isPiece, goesOn }: Found, hint: TextHint): Finding {
  const words = isExact ? 'the SQL stands there' : `${Math.round(share * 100)} in 100 of the SQL stands there`;
  return {
    source,
    line,
    rung: 'literal',
    fit: isExact ? (goesOn ? 1.9 : 2) : isPiece ? 1.6 : 1 + Math.round(share * 10) / 20,
    confidence: isExact
      ? literalConfidence.sql
      : isPiece
        ? literalConfidence.sqlPiece
        : literalConfidence.sqlPart * (0.5 + share / 2),
    reason: `from ${hint.from}, ${words}: ${display(hint.text.replace(/\s+/g, ' '), 80)}`,
  };
}
