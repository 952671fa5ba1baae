/**
 * The statements of a function, each with all its lines: a query is a chain of calls over many of them. Told by brackets and by how lines
 * begin and end, which is the same in all languages; the body of a closure is no part of the statement that it stands in, but has its own.
 */

import { headerAt } from '../outline/headers';

export interface SourceStatement {
  /** From 0. */
  readonly line: number;
  /** The line after its last one. */
  readonly end: number;
  /** Its lines, joined by line breaks. */
  readonly text: string;
}

const maxLines = 60;
const maxText = 6_000;
const maxLine = 2_000;
const maxStatements = 800;

/** Goes on with the line above. */
const goesOn = /^\s*(?:\?\.|!!?\.|\.(?!\.)|->|::|&&|\|\||[+?:|](?!\w)|[)\]}]|and\b|or\b)/;
/** A query of LINQ in words, and how each of its lines begins. */
const inWords = /(?:[=(]|\breturn|\bin)\s*\(?\s*from\s+(?:[\w<>]+\s+)?\w+\s+in\s/;
const wordOf = /^\s*(?:where|orderby|select|join|group|let|from|on|into)\s/;
/** Goes on below. */
const isOpen = /(?:[=(,[.+|&?\\]|=>|->|\breturn|\bawait|:=)\s*$/;
/** Ends with the beginning of a body. */
const opensBody =
  /(?:=>|->|\)|\|)\s*\{\s*$|\b(?:do|else|try|finally|begin)\s*(?:\|[^|]*\|)?\s*\{?\s*$|\{\s*(?:\|[^|]*\||[\w, ]+->)\s*$|\b(?:then|in)\s*$|\b(?:if|for|while|with|switch|unless|elif|else|def|try|except|using|foreach|func|fn|class)\b.*[:{]\s*$|\):\s*$/;

/** Of a function: its head is none of them, but what follows it on its last line is. */
export function bodyStatements(lines: readonly string[], start: number, end: number): readonly SourceStatement[] {
  const header = start < lines.length ? headerAt(lines, start) : undefined;
  if (header?.kind !== 'function' || header.name === undefined) return statementsIn(lines, start, end);
  const last = Math.min(header.end, end, lines.length) - 1;
  const at = /(?:=>|\{|[)\w>?]\s*=(?![=>])|\bdo\b)(?=\s*\S)(?!.*=>)/.exec(lines[last].slice(0, maxLine));
  if (!at || /^\s*[({,]?\s*$/.test(lines[last].slice(at.index + at[0].length))) return statementsIn(lines, header.end, end);
  const from = at.index + at[0].length;
  const blank = [...lines.slice(0, last), ' '.repeat(from) + lines[last].slice(from), ...lines.slice(last + 1, end)];
  return statementsIn(blank, last, end);
}

/** Of the lines from `start` to before `end`, in order. */
export function statementsIn(lines: readonly string[], start: number, end: number): readonly SourceStatement[] {
  const found: SourceStatement[] = [];
  const last = Math.min(end, lines.length);
  for (let line = start; line < last && found.length < maxStatements; ) {
    if (lines[line].trim() === '') {
      line++;
      continue;
    }
    const to = endOf(lines, line, last);
    found.push({
      line,
      end: to,
      text: lines
        .slice(line, to)
        .map((text) => text.slice(0, maxLine))
        .join('\n')
        .slice(0, maxText),
    });
    line = to;
  }
  return found;
}

function endOf(lines: readonly string[], start: number, last: number): number {
  let depth = 0;
  for (let line = start; line < last && line < start + maxLines; line++) {
    const text = withoutComment(lines[line]);
    depth += balance(text);
    // A brace on a line of its own begins a body, unless it goes on with what stands above it.
    if (opensBody.test(text.slice(-200)) || (line === start && text.trim() === '{')) return line + 1;
    const next = nextLine(lines, line + 1, last);
    if (depth > 0 || (isOpen.test(text.slice(-40)) && !/:\s*$/.test(text))) continue;
    if (next !== undefined && inWords.test(lines[start].slice(0, 300)) && wordOf.test(next.slice(0, 80))) continue;
    if (next !== undefined && depth === 0 && goesOn.test(next.slice(0, 200)) && !/^\s*[}\])]/.test(next)) continue;
    return line + 1;
  }
  return Math.min(last, start + maxLines);
}

/** The next line that is no comment and not empty. */
function nextLine(lines: readonly string[], from: number, last: number): string | undefined {
  for (let line = from; line < last && line < from + 6; line++) if (withoutComment(lines[line]).trim() !== '') return lines[line];
  return undefined;
}

function withoutComment(line: string): string {
  if (/^\s*(?:\/\/|#(?![[{])|\*|\/\*|--\s)/.test(line)) return '';
  const at = line.slice(0, maxLine).search(/(?:^|\s)(?:\/\/|#)\s/);
  return (at < 0 ? line.slice(0, maxLine) : line.slice(0, at)).trimEnd();
}

/** Brackets that are opened on a line, less those that are closed; what stands in quotes on it does not count. */
function balance(text: string): number {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (char === '"' || char === "'" || char === '`') {
      const close = text.indexOf(char, i + 1);
      if (close > 0) i = close;
    } else if (char === '(' || char === '[' || char === '{') depth++;
    else if (char === ')' || char === ']' || char === '}') depth--;
  }
  return depth;
}
