/**
 * Functions of a text by indentation, which holds in every language as people and formatters write it, and needs no knowledge of strings or
 * comments: the function around a line begins at the nearest line above that is indented less and reads like the head of one.
 */

import { type Header, headerAt } from './headers';
import { KeptByLines } from './keptByLines';
import { indentOf, isBlank } from './textLines';

export interface FunctionText {
  readonly name: string | undefined;
  /** Names of classes, modules and functions around it, outermost first. */
  readonly containers: readonly string[];
  /** Line of its head. */
  readonly start: number;
  /** Line after its last one. */
  readonly end: number;
}

/** Lines that are looked at above a line; a longer function is not compared. */
const maxLines = 5000;
const maxNamed = 200;
/** Lines of attributes above a head: descriptions of an API take many. */
const maxMarks = 60;

/** The innermost function with a name around a line, else the innermost callback; undefined outside of functions. */
export function functionAt(lines: readonly string[], line: number): FunctionText | undefined {
  return aroundLines.of(lines, line, () => findAround(lines, line));
}

const aroundLines = new KeptByLines<FunctionText | undefined>();

function findAround(lines: readonly string[], line: number): FunctionText | undefined {
  let inner: { readonly header: Header; readonly start: number } | undefined;
  const containers: string[] = [];
  for (const start of ancestors(lines, line)) {
    const header = headerAt(lines, start);
    if (!header) continue;
    if (header.kind === 'function' && (!inner || (inner.header.name === undefined && header.name !== undefined))) {
      inner = { header, start };
      containers.length = 0;
    } else if (header.name !== undefined) containers.unshift(header.name);
  }
  if (!inner) return undefined;
  const end = endOf(lines, inner.start, inner.header.end);
  return line < end ? { name: inner.header.name, containers, start: inner.start, end } : undefined;
}

const maxHead = 60;

/**
 * What is handed over on the spot at a line, within a function that has a name: `router.get('/orders', guard, async (req, res) => { … })` of
 * `function routes(router) {`. Undefined where the line is the head of a function, or hands nothing over.
 */
export function callbackAt(lines: readonly string[], line: number): FunctionText | undefined {
  const around = functionAt(lines, line);
  if (around?.name === undefined || around.start >= line) return undefined;
  // The line of its path stands below the one of its call.
  const isBelow = /^\s*["'`][^"'`]*["'`],?\s*$/.test(lines[line]) && /\(\s*$/.test(lines[line - 1] ?? '');
  const start = isBelow ? line - 1 : line;
  if (headerAt(lines, start)?.name !== undefined) return undefined;
  const end = endOf(lines, start, start + 1);
  const given = lines.slice(start, Math.min(end, start + maxHead));
  const isHanded = given.some((text) => text.length < 1_000 && /(?:=>|\bfunction\b[^()]*\([^()]*\))\s*\{\s*$/.test(text));
  return isHanded && /[({]\s*$|=>|\bfunction\b/.test(lines[start]) ? { name: undefined, containers: [], start, end } : undefined;
}

/** `export const getCabin = cache(async (id) => {`, and over lines `= action`, `.input(…)`, `.handler(async () => {`: what is made of a function bears its name. */
const made =
  /^(?:export\s+)?(?:const|let|var)\s+([\w$]+)\s*(?::[^=]{0,200})?=\s*(?:await\s+)?[\w$.]+(?:<[^()]{0,200}>)?(?:\(|\s*$)/;

/** Where a value that a line begins to name ends, if a function is a part of it. */
export function madeAt(lines: readonly string[], line: number): { readonly name: string; readonly end: number } | undefined {
  const name = lines[line].length < 1_000 ? made.exec(lines[line])?.[1] : undefined;
  if (name === undefined) return undefined;
  const end = endOf(lines, line, line + 1);
  return lines.slice(line, Math.min(end, line + maxHead)).some((text) => text.length < 1_000 && /=>|\bfunction\b/.test(text))
    ? { name, end }
    : undefined;
}

/** Where what a line begins ends, by its indentation: an entry of an object with a chain of calls below it. */
export function entryEnd(lines: readonly string[], line: number): number {
  return Math.min(endOf(lines, line, line + 1), line + maxEntry);
}

const maxEntry = 400;

/** All functions of a name. */
export function functionsNamed(lines: readonly string[], name: string): readonly FunctionText[] {
  return byName.of(lines, name, () => findNamed(lines, name));
}

const byName = new KeptByLines<readonly FunctionText[]>();

function findNamed(lines: readonly string[], name: string): readonly FunctionText[] {
  const found: FunctionText[] = [];
  // `get_order!` and `open?` are called so as well where nothing else is.
  const marked: FunctionText[] = [];
  for (let i = 0; i < lines.length && found.length + marked.length < maxNamed; i++) {
    if (!lines[i].includes(name)) continue;
    const header = headerAt(lines, i);
    const isMarked = header?.name === `${name}!` || header?.name === `${name}?`;
    if (header?.kind !== 'function' || !(header.name === name || isMarked)) {
      const value = header?.name === undefined ? madeAt(lines, i) : undefined;
      if (value?.name === name) found.push({ name, containers: [], start: i, end: value.end });
      continue;
    }
    const containers: string[] = [];
    for (const above of ancestors(lines, i)) {
      const around = above === i ? undefined : headerAt(lines, above)?.name;
      if (around !== undefined) containers.unshift(around);
    }
    (isMarked ? marked : found).push({ name, containers, start: i, end: endOf(lines, i, header.end) });
  }
  return found.length ? found : marked;
}

/** `fun find(id: Int = 0): Cabin` of an interface has none; `fun find(id: Int) = …` does. */
export function hasBody(lines: readonly string[], { start, end }: Pick<FunctionText, 'start' | 'end'>): boolean {
  const text = lines
    .slice(start, Math.min(end, start + 30))
    .join('\n')
    .slice(0, 3_000);
  // What a call makes of a function is given its body.
  if (/^[^(]*=\s*[\w$.]+\($/.test(text.slice(0, text.indexOf('(') + 1))) return true;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '(') depth++;
    else if (text[at] === ')' && --depth === 0) return /[{=]/.test(text.slice(at + 1));
  }
  return true;
}

/** The line itself, and above it the lines that are indented less and less. */
function* ancestors(lines: readonly string[], line: number): Generator<number> {
  if (line < 0 || line >= lines.length) return;
  let limit = isBlank(lines[line]) ? indentAround(lines, line) : indentOf(lines[line]);
  if (isContinuation(lines[line])) limit++;
  else if (isMark(lines[line])) {
    // An attribute or a decorator belongs to what stands below it.
    let below = line + 1;
    while (below < lines.length && below < line + maxMarks && (isBesideMark(lines[below]) || indentOf(lines[below]) > limit))
      below++;
    if (below < lines.length && indentOf(lines[below]) === limit) yield below;
  } else if (!isBlank(lines[line])) yield line;
  for (let i = line - 1; i >= 0 && i > line - maxLines && limit > 0; i--) {
    const text = lines[i];
    if (isBlank(text) || isOutOfLine(text)) continue;
    const indent = indentOf(text);
    if (indent >= limit) continue;
    if (isContinuation(text)) limit = indent + 1;
    else {
      limit = indent;
      if (!isMark(text)) yield i;
    }
  }
}

/** Closes something, or goes on with it: its own head stands above at the same indentation. */
function isContinuation(text: string): boolean {
  return /^\s*(?:[)\]}{>]|(?:else|elif|elsif|catch|except|finally|rescue|ensure|end|then)\b)/.test(text);
}

/** Directives of a preprocessor and labels stand where they like. */
function isOutOfLine(text: string): boolean {
  return /^\s*(?:#\s*(?:if|ifdef|ifndef|else|elif|endif|region|endregion|pragma|define|undef|include|line)\b|(?!default\b)\w+:\s*$|(?:public|private|protected|default)\s*:\s*$)/.test(
    text,
  );
}

function isMark(text: string): boolean {
  return /^\s*(?:@[\w.]+(?:\(.*)?$|\[[\w.]+(?:\(.*\))?\]\s*$|#\[.*\]\s*$)/.test(text);
}

/** Between an attribute and what it is of: another, the end of one that takes several lines, a comment. */
function isBesideMark(text: string): boolean {
  return isMark(text) || /^\s*(?:[)\]}]+\s*$|\/\/)/.test(text);
}

/** Blank lines belong to what stands around them, whichever is deeper. */
function indentAround(lines: readonly string[], line: number): number {
  let up = line;
  let down = line;
  while (up > 0 && isBlank(lines[up])) up--;
  while (down < lines.length - 1 && isBlank(lines[down])) down++;
  return Math.max(indentOf(lines[up]), indentOf(lines[down]));
}

/** The line after a function whose head ends before `from`. */
function endOf(lines: readonly string[], start: number, from: number): number {
  const indent = indentOf(lines[start]);
  let end = from;
  for (let i = from; i < lines.length; i++) {
    const text = lines[i];
    if (isBlank(text) || isOutOfLine(text)) continue;
    const deep = indentOf(text);
    if (deep > indent) end = i + 1;
    else if (deep < indent || !isContinuation(text)) break;
    else {
      end = i + 1;
      // `}` and `end` alone close it; `} else {`, `): void {` and `{` go on.
      if (/^\s*(?:[}\])]+[;,)]*|end)\s*(?:$|\/\/|#|while\b)/.test(text)) break;
    }
  }
  return end;
}
