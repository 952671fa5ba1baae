/** What stands before a call in its chain: `router.route("/orders").get(list)`, `web::scope("/api").service(…)`, `r.Group("/x").Use(a).GET(…)`. */

import { type Arguments, argumentsAt, type Notation } from './arguments';

export interface Link {
  readonly name: string;
  /** From 0, of the name. */
  readonly line: number;
  readonly column: number;
  readonly args: Arguments | undefined;
}

export interface Chain {
  /** Nearest first. */
  readonly links: readonly Link[];
  /** The last word of what the first link is called on: `router`; undefined where it is called on nothing. */
  readonly head: string | undefined;
}

const maxLinks = 60;
const maxLines = 300;

/** The chain that ends before the name at a place. */
export function chainBefore(lines: readonly string[], line: number, column: number, notation: Notation): Chain {
  const links: Link[] = [];
  const at = { line, column };
  while (links.length < maxLinks) {
    if (!back(lines, at, line) || !/[.:>]/.test(charAt(lines, at))) return { links, head: undefined };
    // The dot, the colons, the arrow.
    const text = lines[at.line].slice(0, at.column);
    const mark = /(?:\?\.|\.|::|->)$/.exec(text)?.[0];
    if (mark === undefined) return { links, head: undefined };
    at.column -= mark.length;
    if (!back(lines, at, line)) return { links, head: undefined };
    const before = lines[at.line].slice(0, at.column);
    const generic = /(?:::)?<[\w\s,.:<>]{0,60}>$/.exec(before);
    if (before.endsWith(')')) {
      at.column--;
      if (!openingOf(lines, at, line)) return { links, head: undefined };
      const open = { ...at };
      const word = /[\w$!]+$/.exec(lines[at.line].slice(Math.max(0, at.column - 80), at.column).trimEnd())?.[0];
      if (word === undefined) return { links, head: undefined };
      at.column = lines[at.line].slice(0, at.column).trimEnd().length - word.length;
      links.push({ name: word, line: at.line, column: at.column, args: argumentsAt(lines, open.line, open.column, notation) });
      continue;
    }
    const head = /([\w$]+)!?$/.exec((generic ? before.slice(0, -generic[0].length) : before).slice(-80))?.[1];
    return { links, head: head?.replace(/^\$/, '') };
  }
  return { links, head: undefined };
}

interface Place {
  line: number;
  column: number;
}

function charAt(lines: readonly string[], { line, column }: Place): string {
  return lines[line]?.[column - 1] ?? '';
}

/** What stands behind two slashes that no string is around. */
export function withoutComment(text: string): string {
  const from = text.search(/\s\/\/(?:\s|$)/);
  return from >= 0 && text.slice(0, from).split(/["'`]/).length % 2 === 1 ? text.slice(0, from) : text;
}

/** Over white space and line ends, backwards. */
function back(lines: readonly string[], at: Place, from: number): boolean {
  for (;;) {
    const text = withoutComment((lines[at.line] ?? '').slice(0, at.column)).trimEnd();
    if (text !== '' && !/^\s*(?:\/\/|\/?\*|#)/.test(text)) {
      at.column = text.length;
      return true;
    }
    if (at.line === 0 || from - at.line > maxLines) return false;
    at.line--;
    at.column = lines[at.line].length;
  }
}

/** From a closing bracket to the one that opens it. */
function openingOf(lines: readonly string[], at: Place, from: number): boolean {
  let depth = 0;
  for (;;) {
    const text = lines[at.line];
    if (text.length > 2_000) return false;
    for (; at.column >= 0; at.column--) {
      const char = text[at.column];
      if (char === '"' || char === '`') {
        const begin = text.lastIndexOf(char, at.column - 1);
        if (begin >= 0) at.column = begin;
      } else if (char === ')') depth++;
      else if (char === '(' && --depth === 0) return true;
    }
    if (at.line === 0 || from - at.line > maxLines) return false;
    at.line--;
    at.column = lines[at.line].length - 1;
  }
}
