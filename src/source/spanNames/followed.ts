/**
 * One step from the string of a span's name to where the span begins: from a constant to its uses, from a helper that puts the name together to those
 * who call it with the rest of it, from a call to the helper that makes the span.
 */

import { functionAt } from '../outline/functions';
import type { Literal } from '../search/lexer';
import type { LiteralFiles } from '../search/literalFiles';
import type { SourceFile, SourceSearch } from '../search/sourceSearch';
import { definitionsIn, findDefinitions } from '../symbols/findDefinitions';
import { makesSpans } from './beginning';

export interface Followed {
  readonly source: SourceFile;
  readonly line: number;
  readonly column: number;
  readonly text: string;
  /** The constant or the helper. */
  readonly by: string;
}

const maxUses = 12;
const maxHelpers = 3;
/** Lines of a helper that are looked at. */
const maxBody = 40;
const minName = 3;

/** What the string is the value of; undefined where that is called like anything. */
export function constantAt(lines: readonly string[], { line, column }: Literal): string | undefined {
  const before = (lines[line] ?? '').slice(0, Math.max(0, column - 1)).slice(-300);
  const name = /([\p{L}_$][\p{L}\p{N}_$]*)\s*(?::\s*[\w.<>&' ]{1,60})?(?::?=|:|=>)\s*[@$fFrR]?$/u.exec(before)?.[1];
  return name === undefined ||
    name.length < minName ||
    /^(?:name|key|value|title|label|text|type|id|message|(?:span|operation|trace)_?name)$/i.test(name)
    ? undefined
    : name;
}

/** Where a constant is used to begin a span. */
export async function followConstant(
  source: SourceFile,
  name: string | undefined,
  line: number,
  search: SourceSearch,
): Promise<readonly Followed[]> {
  if (name === undefined) return [];
  const { hits, truncated } = await search.find(name);
  const found: Followed[] = [];
  for (const { file, line: at, column: from, text } of truncated ? [] : hits) {
    if (found.length >= maxUses) break;
    const isOwn = file === source.file && at === line;
    const use = isOwn || !isWord(text, from, name) ? undefined : search.file(file);
    if (use?.standing !== 'source' || !makesSpans(text.replaceAll(name, ''))) continue;
    found.push({ source: use, line: at, column: from, text, by: name });
  }
  return found;
}

/** Whether the string is given to a helper that begins a span with it. */
export async function isSpanHelper(
  source: SourceFile,
  lines: readonly string[],
  { line, column }: Literal,
  search: SourceSearch,
): Promise<boolean> {
  const own = (lines[line] ?? '').slice(0, Math.max(0, column - 1));
  const before = (own.trim() === '' ? (lines[line - 1] ?? '') : own).slice(-300);
  const name = /([\p{L}_$][\p{L}\p{N}_$]*)\s*(?:<[^<>()]{0,80}>)?\(\s*[@$fFrR]?$/u.exec(before)?.[1];
  if (name === undefined || name.length < minName) return false;
  const near = await definitionsIn(source, name, search);
  const helpers = near.length ? near : (await findDefinitions(name, search)).found;
  for (const helper of helpers.slice(0, maxHelpers)) {
    const text = (await search.context.lines(helper.source.file)) ?? [];
    const end = functionAt(text, helper.line)?.end ?? helper.line + maxBody;
    if (makesSpans(text.slice(helper.line, Math.min(end, helper.line + maxBody)).join('\n'))) return true;
  }
  return false;
}

/** Calls of the function that the string is in, which give it what the name has in the place of the hole. */
export async function followHelper(
  source: SourceFile,
  lines: readonly string[],
  { line }: Literal,
  hole: string,
  value: string,
  { search }: LiteralFiles,
): Promise<readonly Followed[]> {
  const helper = functionAt(lines, line);
  if (!helper?.name || helper.name.length < minName) return [];
  const head = lines
    .slice(helper.start, line + 1)
    .join('\n')
    .slice(0, 2_000);
  if (!new RegExp(`[(,\\s&*$]${hole.replace(/\$/g, '\\$')}\\b`, 'u').test(head)) return [];
  const { hits } = await search.find(`${helper.name}(`);
  const found: Followed[] = [];
  for (const { file, line: at, column, text } of hits) {
    if (found.length >= maxUses) break;
    const given = text.slice(column + helper.name.length);
    const use = ['"', "'", '`'].some((quote) => given.includes(`${quote}${value}${quote}`)) ? search.file(file) : undefined;
    if (!use || (file === source.file && at === helper.start)) continue;
    found.push({ source: use, line: at, column, text, by: helper.name });
  }
  return found;
}

function isWord(text: string, at: number, name: string): boolean {
  const from = Math.max(0, text.indexOf(name, Math.max(0, at - 1)));
  return !/[\p{L}\p{N}_$]/u.test(text[from - 1] ?? ' ') && !/[\p{L}\p{N}_$]/u.test(text[from + name.length] ?? ' ');
}
