/**
 * Where a span's name stands as a string: best in the call or annotation that begins the span. A constant leads on to where it is used, a helper
 * that makes spans, or their names, to who calls it (followed.ts).
 */

import { literalConfidence } from '../model/confidence';
import type { TextHint } from '../model/sourceHints';
import type { Literal } from '../search/lexer';
import { isCommentLine, type LiteralFiles, quotedAround } from '../search/literalFiles';
import type { Finding } from '../search/rankFindings';
import type { SourceFile } from '../search/sourceSearch';
import { display } from '../uri/paths';
import { beginsSpan } from './beginning';
import { constantAt, followConstant, followHelper, isSpanHelper } from './followed';
import { type Filled, fill, spanNameNeedles } from './template';

const maxRead = 20;

export async function findSpanName(hint: TextHint, files: LiteralFiles): Promise<readonly Finding[]> {
  const name = hint.text.trim();
  const findings: Finding[] = [];
  let read = 0;
  for (const needle of files.search.begin(spanNameNeedles(name))) {
    const { hits } = await files.search.find(needle);
    for (const hit of hits) {
      if (read >= maxRead || hit.text.length > 5_000 || isCommentLine(hit.text)) continue;
      // Needles of pieces may begin with a quote.
      const inside = needle.replace(/^["'`}]+|["']$/g, '');
      const column = quotedAround(hit, inside).find((each) => needle !== name || each.text === name)?.column;
      if (column === undefined) continue;
      const source = files.search.file(hit.file);
      const lines = source && (await files.search.context.lines(source.file));
      if (!source || !lines) continue;
      read++;
      const literal = await files.at(source, hit.line, column);
      if (!literal || isExported(lines, literal.line) || isSubscribed(codeBefore(lines, literal))) continue;
      findings.push(...(await judge(hint, name, { source, lines, literal }, files)));
    }
    if (findings.length) break;
  }
  return findings;
}

interface Place {
  readonly source: SourceFile;
  readonly lines: readonly string[];
  readonly literal: Literal;
}

async function judge(hint: TextHint, name: string, place: Place, files: LiteralFiles): Promise<readonly Finding[]> {
  const { source, lines, literal } = place;
  const isBeginning = beginsSpan(lines, literal, name);
  const isName = literal.text === name;
  const filled = isName
    ? undefined
    : fill(literal.text, name, codeBefore(lines, literal), codeAfter(lines, literal), isBeginning);
  if (!isName && !filled) return [];
  // `SpanNameOfBill = "bill.pay"`: only what it is called speaks of spans.
  const constant = isName ? constantAt(lines, literal) : undefined;
  const isSaid = isBeginning && (constant === undefined || beginsSpan(lines, literal, constant));
  const isStart = isSaid || (isName && (await isSpanHelper(source, lines, literal, files.search)));
  const followed =
    isName && !isStart
      ? await followConstant(source, constant, literal.line, files.search)
      : filled && holeOf(filled) !== undefined
        ? await followHelper(source, lines, literal, holeOf(filled) ?? '', firstValue(filled), files)
        : [];
  const what = isName ? 'it stands' : 'a text that gives it stands';
  const sure = isName ? (isStart ? literalConfidence.spanStart : literalConfidence.spanName) : literalConfidence.spanTemplate;
  const behind = followed.length ? 0.2 : 0;
  const own: Finding = {
    source,
    line: literal.line,
    column: literal.column,
    rung: 'literal',
    fit: 1 + (isName ? 0.6 : 0) + (isStart ? 0.4 : 0) - behind,
    confidence: sure - (isStart || isName ? 0 : 0.1),
    reason: `from the ${hint.from}, ${what} in ${display(lines[literal.line].trim(), 80)}`,
  };
  const others = followed.map(
    (each): Finding => ({
      source: each.source,
      line: each.line,
      column: each.column,
      rung: 'literal',
      fit: own.fit + behind + 0.1,
      confidence: literalConfidence.spanFollowed,
      reason: `from the ${hint.from}, ${what} in ${each.by}, which is used in ${display(each.text.trim(), 80)}`,
    }),
  );
  return [...others, own];
}

/** A template of one name, and nothing but that. */
function holeOf({ holes }: Filled): string | undefined {
  return holes.length === 1 && /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(holes[0]) ? holes[0] : undefined;
}

function firstValue({ values }: Filled): string {
  return values[0] ?? '';
}

function codeBefore(lines: readonly string[], { line, column }: Literal): string {
  const own = (lines[line] ?? '').slice(0, Math.max(0, column - 1));
  const before = own.trim() === '' ? (lines[line - 1] ?? '') : own;
  return before.slice(-200).replace(/["'`@$fF]+$/, '');
}

function codeAfter(lines: readonly string[], { endLine, endColumn }: Literal): string {
  const own = (lines[endLine] ?? '').slice(endColumn + 1);
  return (own.trim() === '' ? (lines[endLine + 1] ?? '') : own).slice(0, 200).replace(/^["'`]+/, '');
}

/** Who asks to be told of what has a name did not give it. */
function isSubscribed(before: string): boolean {
  return /\bnotifications\.(?:monotonic_)?subscribe\s*\(?\s*$/i.test(before);
}

/** In a list of what a module of Python exports: a name there is of a definition, which is found by its name. */
function isExported(lines: readonly string[], line: number): boolean {
  for (let i = line; i >= Math.max(0, line - 60); i--) {
    const text = lines[i];
    if (/^\s*__all__\b/.test(text)) return true;
    if (i < line && !/^\s*(?:["'][\w.]+["'][\s,]*)*(?:#.{0,200})?$/.test(text.slice(0, 400))) return false;
  }
  return false;
}
