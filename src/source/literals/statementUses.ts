/**
 * From the text of a statement that a class or a module keeps to the functions that run it. `private static final String FIND = "select …"` says what
 * is asked, `jdbc.query(FIND, …)` asks it; `find: db.prepare("select …")` makes it ready, `store.find.all(…)` runs it; `-- name: FindOrders :many` names
 * a function that a generator writes (sqlc, aiosql), `queries.FindOrders(…)` calls that. Of several uses the spans around tell which.
 */

import { functionAt } from '../outline/functions';
import { isCode } from '../search/languages';
import { isCommentLine } from '../search/literalFiles';
import type { Finding } from '../search/rankFindings';
import type { SourceFile, SourceSearch } from '../search/sourceSearch';
import { display } from '../uri/paths';

/** Ends with the equals sign, before the text or on the lines above it; what only makes a text of texts may stand between. */
const named =
  /^\s*(?:(?:export|public|private|protected|internal|static|final|readonly|const|val|var|let|pub(?:\([^)]{0,20}\))?)\s{1,20}){0,6}(?:(?:string|String|&(?:'static\s)?str)\s{1,20})?\$?([A-Za-z_]\w{2,80})\s{0,20}(?::\s{0,20}[\w&'<>]{1,40}(?:\s[\w<>]{1,40})?\s{0,20})?:?=\s{0,20}(?:\(\s{0,20})?(?:(?:\w{1,30}\.)?(?:format|[sS]printf|text|sql|dedent|raw|[pP]repare\w{0,20})\s?\(\s{0,20})?[rRfFbu$@]{0,2}["'`]{0,3}\s*$/;
/** The same of what a field of an object is given that was made ready before: `find: p.P(`, `s.find, err = db.PrepareContext(ctx, `, `$this->find = $db->prepare(`. */
const prepared =
  /(?:(?:\.|->|@)(?<field>[A-Za-z_]\w{2,60})(?:\s{0,5},\s{0,5}\w{1,20})?\s{0,20}:?=|^\s*(?<entry>[A-Za-z_]\w{2,60})\s{0,5}:)\s{0,20}(?:await\s{1,5})?(?:[\w$.>-]{0,60}(?:\.|->|::))?(?:[pP]|(?:must|Must)?[pP]rep\w{0,30})\((?:\s{0,5}\w{1,20}\s{0,5},){0,2}\s{0,20}["'`]{0,3}\s*$/;
const runs = /^\s*(?:async\s+)?(?:def|func|function|fn|fun)\b|=>\s*[{(]|\)\s*\{\s*$/;
const maxAbove = 12;
const maxUses = 8;
const maxLine = 500;

/** The findings, with those that run what is kept in a constant before its text. */
export async function withUses(findings: readonly Finding[], search: SourceSearch): Promise<readonly Finding[]> {
  const all: Finding[] = [];
  for (const each of findings) {
    const uses = await usesOf(each, search);
    all.push(...uses, uses.length ? { ...each, fit: each.fit - behind } : each);
  }
  return all;
}

/** The text tells what was asked, and not where. */
const behind = 0.6;

async function usesOf(finding: Finding, search: SourceSearch): Promise<readonly Finding[]> {
  const { source, line } = finding;
  const lines = source.standing === 'source' && isCode(source.language) ? await search.context.lines(source.file) : undefined;
  if (!lines) return [];
  const around = functionAt(lines, line);
  if (around) {
    const field = nameAbove(lines, line, (text) => {
      const { field, entry } = prepared.exec(text)?.groups ?? {};
      return field ?? entry;
    });
    const isElsewhere = ({ at }: Use): boolean => at < around.start || at >= around.end;
    const found = field === undefined ? [] : (await usesIn(source, `.${field}`, line, search)).filter(isElsewhere);
    return found.slice(0, maxUses).map((use) => used(finding, use, field ?? ''));
  }
  const name = nameAbove(lines, line, (text) => named.exec(text)?.[1]);
  if (name === undefined) return [];
  const own = await usesIn(source, name, line, search);
  // To look for the others takes a search of its own: worth it for a file that has statements and nothing that runs them.
  const isForOthers =
    !own.length && /[A-Z_]/.test(name.slice(1)) && name.length >= 6 && !lines.some((text) => runs.test(text.slice(0, 200)));
  const uses = isForOthers ? await elsewhere(name, source, search) : own;
  return uses.slice(0, maxUses).map((use) => used(finding, use, name));
}

function used(finding: Finding, { file, at, column }: Use, name: string): Finding {
  const reason = `${finding.reason}, and ${display(name, 60)} is used here`;
  return { ...finding, source: file, line: at, column, reason };
}

interface Use {
  readonly file: SourceFile;
  readonly at: number;
  readonly column: number;
}

function nameAbove(lines: readonly string[], line: number, nameIn: (before: string) => string | undefined): string | undefined {
  for (let i = line; i >= 0 && i > line - maxAbove; i--) {
    const text = (lines[i] ?? '').slice(0, maxLine);
    // The text may begin on the line itself.
    const open = i === line ? text.search(/["'`]/) : text.length;
    const name = open < 0 ? undefined : nameIn(text.slice(0, open));
    if (name !== undefined) return name;
    if (i < line && /[;{}]\s*$/.test(text)) return undefined;
  }
  return undefined;
}

/** @param name of a field: with the full stop before it */
async function usesIn(file: SourceFile, name: string, defined: number | undefined, search: SourceSearch): Promise<Use[]> {
  const lines = (await search.context.lines(file.file)) ?? [];
  const isField = name.startsWith('.');
  const word = new RegExp(isField ? `(?:\\.|->|@)${name.slice(1)}(?![\\w$(])` : `(?<![\\w$])${name}(?![\\w$])`);
  const found: Use[] = [];
  for (let at = 0; at < lines.length && found.length < maxUses; at++) {
    const text = lines[at];
    if (!text.includes(isField ? name.slice(1) : name) || text.length > maxLine || isCommentLine(text) || at === defined)
      continue;
    const column = text.search(word);
    if (column < 0 || !functionAt(lines, at)) continue;
    // `jdbc.query(` above is where the statement begins.
    const isArgument = text.slice(0, column).trim() === '' && /[(,]\s*$/.test(lines[at - 1] ?? '');
    // `stmt := s.find`, and what is done with that below.
    const kept = isField ? keptAs.exec(text) : null;
    const ran = kept ? runOf(kept[1], lines, at) : undefined;
    if (ran !== undefined) {
      found.push({ file, at: ran, column: lines[ran].search(/\S/) });
      continue;
    }
    found.push({ file, at: isArgument ? at - 1 : at, column: isArgument ? (lines[at - 1] ?? '').search(/\S/) : column });
  }
  return found;
}

const keptAs = /^\s*(?:const|let|var|\w{1,30}\s)?\s{0,5}\$?(\w{1,40})\s{0,5}:?=\s{0,5}[\w$]{1,40}(?:\.|->)\w{1,60};?\s*$/;
const maxKept = 20;

function runOf(name: string, lines: readonly string[], from: number): number | undefined {
  const run = new RegExp(`(?<![\\w$.])\\$?${name}(?:\\.|->)\\w{1,40}\\(`);
  for (let at = from + 1; at < Math.min(lines.length, from + maxKept) && !runs.test(lines[at].slice(0, 200)); at++)
    if (run.test(lines[at].slice(0, maxLine))) return at;
  return undefined;
}

async function elsewhere(name: string, source: SourceFile, search: SourceSearch): Promise<readonly Use[]> {
  const files = new Map<string, SourceFile>();
  for (const { file, language } of (await search.find(name)).hits) {
    const other = file !== source.file && language === source.language ? search.file(file) : undefined;
    if (other?.standing === 'source' && files.size < maxUses) files.set(file, other);
  }
  const found: Use[] = [];
  for (const file of files.values()) found.push(...(await usesIn(file, name, undefined, search)));
  return found;
}
