/**
 * Where a span's name stands as a string: best in the call or annotation that begins the span. A name with a number in it may come of a
 * template (`process order ${id}`, `f"process order {id}"`, `"process order " + id`), of which the fixed pieces are looked for.
 */

import { literalConfidence } from '../model/confidence';
import type { TextHint } from '../model/sourceHints';
import { isCommentLine, type LiteralFiles, quotedAround } from '../search/literalFiles';
import type { Finding } from '../search/rankFindings';
import { display } from '../uri/paths';

const maxRead = 20;
const spanCalls =
  /span|trace[dr]?\b|tracer|\.Start\(|StartActivity|instrument|in_span|observe|WithSpan|telemetry|measure|monitor|withSpan|@Timed|task\(|@shared_task/i;
/** Parts that change from call to call. */
const changing = /\b(?:[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{12,}|\d+(?:\.\d+)*)\b/gi;

export function spanNameNeedles(name: string): readonly string[] {
  const piece = fixedPiece(name);
  return [name.trim(), ...(piece === undefined ? [] : [piece])].filter((needle) => needle.length >= 3 && !needle.includes('\n'));
}

/**
 * The longest part of a name without what changes; where nothing looks as if it did, all but the last word. Undefined where too little is
 * left.
 */
function fixedPiece(name: string): string | undefined {
  const pieces = name.split(changing);
  if (pieces.length === 1) return allButLastWord(name);
  const [longest = ''] = pieces.map(fromWordToWord).sort((a, b) => b.length - a.length);
  return longest.length >= 5 && /\p{L}{3}/u.test(longest) ? longest : undefined;
}

/** With the space before it. */
function allButLastWord(name: string): string | undefined {
  let end = name.length;
  while (end > 0 && !/\s/.test(name[end - 1])) end--;
  if (end === name.length || name[end - 1] !== ' ') return undefined;
  const before = name.slice(0, end);
  return /\p{L}{3}/u.test(before) && !/[\n\r\u2028\u2029]/.test(before) ? before : undefined;
}

/** Without what stands before the first and behind the last letter or digit. */
function fromWordToWord(piece: string): string {
  let end = piece.length;
  while (end > 0 && !/\w/.test(piece[end - 1])) end--;
  let start = 0;
  while (start < end && !/\w/.test(piece[start])) start++;
  return piece.slice(start, end);
}

export async function findSpanName(hint: TextHint, files: LiteralFiles): Promise<readonly Finding[]> {
  const name = hint.text.trim();
  const findings: Finding[] = [];
  let read = 0;
  for (const needle of spanNameNeedles(name)) {
    const { hits } = await files.search.find(needle);
    for (const hit of hits) {
      if (read >= maxRead || hit.text.length > 5_000 || isCommentLine(hit.text)) continue;
      const column = quotedAround(hit, needle).find((each) => needle !== name || each.text === name)?.column;
      if (column === undefined) continue;
      const source = files.search.file(hit.file);
      const lines = source && (await files.search.context.lines(source.file));
      if (!source || !lines) continue;
      read++;
      const literal = await files.at(source, hit.line, column);
      if (!literal) continue;
      const isName = literal.text === name;
      if (!isName && !gives(literal.text, name, lines[literal.endLine]?.slice(literal.endColumn + 1) ?? '')) continue;
      const beside = [lines[hit.line], lines[hit.line - 1] ?? '', lines[hit.line - 2] ?? ''];
      const isStart =
        spanCalls.test(beside[0].replace(name, '')) || (/[(,]\s*$/.test(beside[1]) && spanCalls.test(`${beside[1]}${beside[2]}`));
      const sure = isName ? (isStart ? literalConfidence.spanStart : literalConfidence.spanName) : literalConfidence.spanTemplate;
      findings.push({
        source,
        line: hit.line,
        column,
        rung: 'literal',
        fit: 1 + (isName ? 0.6 : 0) + (isStart ? 0.4 : 0),
        confidence: sure - (isStart || isName ? 0 : 0.1),
        reason: `from the ${hint.from}, ${isName ? 'it stands' : 'a text that gives it stands'} in ${display(lines[hit.line].trim(), 80)}`,
      });
    }
    if (findings.length) break;
  }
  return findings;
}

/** Whether a template, or a beginning to which something is added, gives the name. */
function gives(template: string, name: string, after: string): boolean {
  if (template.length > 300 || template.includes('\n')) return false;
  const pieces = template.split(/\$\{[^{}]*\}|#\{[^{}]*\}|\{[^{}]*\}|%[-+\d.]*[sdvqxif]|\$[A-Za-z_]\w*/);
  if (pieces.length === 1) {
    const endsAtWord = /\W$/.test(template) || /^\W/.test(name.slice(template.length));
    return template.length >= 5 && endsAtWord && name.startsWith(template) && /^\s*(?:\+|\.|<<|%|,|&)/.test(after);
  }
  if (pieces.join('').trim().length < 5) return false;
  let at = 0;
  for (const [i, piece] of pieces.entries()) {
    const found = i === pieces.length - 1 && piece !== '' ? name.lastIndexOf(piece) : name.indexOf(piece, at);
    if (found < at || (i === 0 && found !== 0)) return false;
    at = found + piece.length;
  }
  return pieces[pieces.length - 1] === '' || at === name.length;
}
