/**
 * The code around a string, with each string as one character: what is called with it, what stands beside it, where its statement begins. No
 * parser: brackets, and the ends and beginnings of lines.
 */

import type { SourceLanguage } from '../search/languages';
import type { Literal } from '../search/lexer';

export interface CodeWindow {
  /** Code; string `k` of `literals` is the character `literalMark(k)`. */
  readonly code: string;
  readonly literals: readonly Literal[];
  /** Where lines of the file begin in the code. */
  readonly starts: readonly { readonly offset: number; readonly line: number }[];
}

const firstMark = 0xe000;
const maxLiterals = 2_000;
/** Lines are cut: nobody calls over more. */
const maxLine = 2_000;
const maxCode = 40_000;
export const anyLiteral = /[\ue000-\ue7ff]/;

export function literalIndex(mark: string): number {
  const index = mark.charCodeAt(0) - firstMark;
  return index >= 0 && index < maxLiterals ? index : -1;
}

/** @param all strings of the file, in order */
export function windowAround(
  lines: readonly string[],
  all: readonly Literal[],
  from: number,
  to: number,
  language: SourceLanguage,
): CodeWindow {
  const literals: Literal[] = [];
  const starts: { offset: number; line: number }[] = [];
  let next = firstLiteral(all, from);
  let code = '';
  let column = 0;
  for (let line = Math.max(0, from); line <= Math.min(to, lines.length - 1) && code.length < maxCode; ) {
    if (column === 0) starts.push({ offset: code.length, line });
    const text = lines[line].slice(0, maxLine);
    const literal = all[next];
    if (literal && literal.line === line && literal.column >= column && literals.length < maxLiterals) {
      const before = text.slice(column, literal.column);
      const open = /(?:\b[A-Za-z]{1,3}|[$@]{1,2})?(?:#*["'`]+)?$/.exec(before);
      code += before.slice(0, open ? open.index : before.length) + String.fromCharCode(firstMark + literals.length);
      literals.push(literal);
      next++;
      if (literal.endLine > line) {
        line = literal.endLine;
        starts.push({ offset: code.length, line });
      }
      const after = /^["'`]+#*/.exec((lines[line] ?? '').slice(literal.endColumn));
      column = literal.endColumn + (after ? after[0].length : 0);
      continue;
    }
    code += `${withoutComment(text.slice(column), language)}\n`;
    line++;
    column = 0;
    while (all[next] && all[next].line < line) next++;
  }
  return { code, literals, starts };
}

function firstLiteral(all: readonly Literal[], line: number): number {
  let low = 0;
  let high = all.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (all[middle].line < line) low = middle + 1;
    else high = middle;
  }
  return low;
}

function withoutComment(code: string, language: SourceLanguage): string {
  const isHash = language === 'python' || language === 'ruby' || language === 'elixir';
  const at = isHash ? code.search(/(?:^|\s)#(?![{[])/) : code.indexOf('//');
  return at < 0 ? code : code.slice(0, at);
}

/** Line of the file, from 0. */
export function lineOf({ starts }: CodeWindow, offset: number): number {
  let found = starts[0]?.line ?? 0;
  for (const start of starts) {
    if (start.offset > offset) break;
    found = start.line;
  }
  return found;
}

/** Where a string stands in the code; -1 where it is not in the window. */
export function offsetOf(window: CodeWindow, literal: Literal): number {
  const index = window.literals.indexOf(literal);
  return index < 0 ? -1 : window.code.indexOf(String.fromCharCode(firstMark + index));
}

export interface EnclosingCall {
  /** `this.http.get`, `webClient.post().uri`, `@GetMapping`, `new URL`. */
  readonly callee: string;
  /** Where it begins in the code. */
  readonly start: number;
  /** Of its last name. */
  readonly name: number;
  /** Of the bracket behind it. */
  readonly open: number;
}

const maxBack = 3_000;
const maxCalls = 5;
const goesOn = /[([{,=+\-*/.:?&|<>%\\]\s*$/;
const goesOnBelow = /^\s*(?:[.+?:)\]}&|]|<>|->)/;

/** `path = "/orders"`, `url("/orders")`: what the block of a request says of it. */
const saysAddress =
  /(?:^|[\s{;])(?:(?:this\.)?(?:path|url|uri|endpoint|encodedPath|urlString)\s*=\s*[^\n;={}]{0,120}|(?:path|url|uri|appendPathSegments|takeFrom)\([^\n(){};]{0,120})$/;
/** Blocks of the address within the one of the request. */
const ofAddress = /^(?:url|uri|headers|parameters|apply|also|request|builder)$/;
/** What of Kotlin stands before a brace and takes no block as its last argument. */
const noBlock = /^(?:else|try|finally|do|init|get|set|object|companion|when|return)$|(?:^|\.)\p{Lu}\w*$/u;

/**
 * The calls in whose arguments a place is, innermost first, as far as its statement goes. Of Kotlin the block behind a call is one:
 * `getRequest<Order> { path = "/orders/$id" }`.
 */
const heads = /\b(?:function\*?|async|static|public|private|protected|override)\s+$/;

export function callsAround(code: string, at: number, language?: SourceLanguage): readonly EnclosingCall[] {
  const calls: EnclosingCall[] = [];
  let isSaid = language === 'kotlin' && saysAddress.test(code.slice(Math.max(0, at - 160), at));
  let depth = 0;
  for (let i = at - 1, end = Math.max(0, at - maxBack); i >= end && calls.length < maxCalls; i--) {
    const char = code[i];
    if (char === ')' || char === ']' || char === '}') depth++;
    else if (char === '(' || char === '[' || char === '{') {
      if (depth > 0) {
        depth--;
        continue;
      }
      if (char === '[') continue;
      const chain = chainBefore(code, char === '{' && isSaid ? withoutArguments(code, i) : i);
      const isBlock = char === '{' && isSaid && chain.callee !== '' && !noBlock.test(chain.callee) && !isHead(code, chain.start);
      if (char === '{' && !isBlock && !isObject(code, i, chain)) return calls;
      if (isBlock) isSaid = ofAddress.test(chain.callee);
      if (/^(?:if|while|for|switch|catch|foreach|elif|function|fn|func|def)$/.test(chain.callee)) return calls;
      // `static async list(kind = 'orders') {`
      if (char === '(' && /^[\w$]+$/.test(chain.callee) && heads.test(code.slice(Math.max(0, chain.start - 40), chain.start)))
        return calls;
      if (chain.callee !== '' && chain.callee !== 'return') calls.push({ ...chain, open: i });
      if (chain.callee !== '') i = chain.start;
    } else if (isSaid) continue;
    else if (depth === 0 && char === ';') return calls;
    else if (
      depth === 0 &&
      char === '\n' &&
      !goesOn.test(code.slice(Math.max(0, i - 200), i)) &&
      !goesOnBelow.test(code.slice(i, i + 200))
    )
      return calls;
  }
  return calls;
}

/** The bracket that opens what a call is given before its block; else the brace's own place. */
function withoutArguments(code: string, brace: number): number {
  const least = Math.max(0, brace - maxChain);
  const end = withoutSpace(code, brace, least);
  return code[end - 1] === ')' ? opening(code, end - 1, '(', ')', least) : brace;
}

/** `fun list(page: Int) {`, `class Orders(client: Client) {`: what begins a body. */
function isHead(code: string, start: number): boolean {
  return /\b(?:fun|class|interface|object|constructor|catch|if|while|for|when|enum)\s[^\n;{}=]{0,160}$|\b(?:fun|class)\s*$|:\s*$/.test(
    code.slice(Math.max(0, start - 200), start).replace(/[\s\S]*[\n;{}]/, ''),
  );
}

/** Whether a brace opens a value, and not a block. */
function isObject(code: string, at: number, chain: { callee: string; start: number }): boolean {
  if (chain.callee === 'return') return true;
  if (chain.callee !== '') {
    const before = code.slice(Math.max(0, chain.start - 40), chain.start);
    // What a function returns: `(id: number): Observable<Order> {`; what it throws.
    if (/\)\s*(?::|->|throws\b)\s*[\w\s,.<>|[\]]*$/.test(before)) return false;
    // What a class goes on from: `class OrderProxy : IOrderProxy {`.
    if (bases.test(code.slice(Math.max(0, chain.start - 200), chain.start))) return false;
    return (
      /^[&*]?(?:[\w.]+\.)?\p{Lu}/u.test(chain.callee) &&
      !/\b(?:class|interface|struct|enum|object|trait|impl|for|namespace|extends|implements|record|module|func|type|:)\s*[\w\s,.<>]*$/.test(
        before,
      )
    );
  }
  return /[(,=:[?|]\s*$/.test(code.slice(Math.max(0, at - 60), at)) && !/=>\s*$/.test(code.slice(Math.max(0, at - 60), at));
}

const bases = /\b(?:class|interface|struct|record)\s+\w+(?:<[^<>{}]{0,60}>)?\s*(?:\([^(){}]{0,120}\)\s*)?:\s*[\w\s,.<>]{0,120}$/;

const maxChain = 600;

/** The names, dots and calls before a bracket: `client.get().uri`. */
function chainBefore(code: string, open: number): { callee: string; start: number; name: number } {
  const least = Math.max(0, open - maxChain);
  let i = withoutSpace(code, open, least);
  if (code[i - 1] === '!') i--;
  let start = i;
  let name = -1;
  for (;;) {
    let at = withoutSpace(code, start, least);
    if (code[at - 1] === '>' && !/[=-]/.test(code[at - 2] ?? '')) at = opening(code, at - 1, '<', '>', least);
    // `list[Order](` of Go
    else if (name < 0 && at === open && code[at - 1] === ']') at = opening(code, at - 1, '[', ']', least);
    const end = at;
    while (at > least && /[\p{L}\p{N}_$]/u.test(code[at - 1])) at--;
    if (at === end) {
      const close = code[at - 1];
      const back = close === ')' ? '(' : close === ']' ? '[' : undefined;
      if (back === undefined || name < 0) break;
      const from = opening(code, at - 1, back, close, least);
      if (from === at - 1 || from <= least) break;
      start = from;
      continue;
    }
    if (name < 0) name = at;
    start = at;
    const before = withoutSpace(code, at, least);
    const link = /(?:\?\.|!!\.|!\.|::|->|\|>|\.|@|:)$/.exec(code.slice(Math.max(least, before - 3), before))?.[0];
    if (link === undefined || (link === ':' && !/[(\s,]:$/.test(code.slice(Math.max(0, before - 2), before)))) break;
    if (link === ':') break;
    start = before - link.length;
    if (link === '@') break;
  }
  if (name < 0) return { callee: '', start: open, name: open };
  return { callee: code.slice(start, i).replace(/\s+/g, ''), start, name };
}

function withoutSpace(code: string, from: number, least: number): number {
  let at = from;
  while (at > least && /\s/.test(code[at - 1])) at--;
  return at;
}

/** Where the bracket that closes at `at` opens; `at` itself where it doesn't. */
function opening(code: string, at: number, open: string, close: string, least: number): number {
  let depth = 0;
  for (let i = at; i >= least; i--) {
    if (code[i] === close) depth++;
    else if (code[i] === open && --depth === 0) return i;
  }
  return at;
}

/** The bounds of the value that a place is in: one argument, one member of an object, what is assigned or returned. */
export function valueAround(code: string, at: number): { readonly start: number; readonly end: number } {
  let start = at;
  let depth = 0;
  for (let i = at - 1, least = Math.max(0, at - 1_000); i >= least; i--) {
    const char = code[i];
    if (char === ')' || char === ']' || char === '}') depth++;
    else if (char === '(' || char === '[' || char === '{') {
      if (depth === 0) break;
      depth--;
    } else if (depth === 0 && isBoundary(code, i)) break;
    start = i;
  }
  let end = at;
  depth = 0;
  for (let i = at, most = Math.min(code.length, at + 1_000); i < most; i++) {
    const char = code[i];
    if (char === '(' || char === '[' || char === '{') depth++;
    else if (char === ')' || char === ']' || char === '}') {
      if (depth === 0) break;
      depth--;
    } else if (depth === 0 && isBoundary(code, i)) break;
    end = i + 1;
  }
  const lead = /^\s*(?:(?:return|await|yield|const|let|var|val)\b\s*)*/.exec(code.slice(start, at))?.[0].length ?? 0;
  return { start: start + lead, end };
}

function isBoundary(code: string, i: number): boolean {
  switch (code[i]) {
    case ';':
    case ',':
      return true;
    case '=':
      return !/[=!<>]/.test(code[i - 1] ?? '') && code[i + 1] !== '=';
    case '>':
      return code[i - 1] === '=';
    case '?':
      return code[i + 1] !== '.';
    case ':':
      return code[i - 1] !== ':' && code[i + 1] !== ':';
    case '&':
    case '|':
      return code[i - 1] === code[i] || code[i + 1] === code[i];
    case '\n':
      return !goesOn.test(code.slice(Math.max(0, i - 200), i)) && !goesOnBelow.test(code.slice(i, i + 200));
    default:
      return false;
  }
}
