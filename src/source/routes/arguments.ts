/**
 * The arguments of a call or an annotation, over as many lines as they take: enough to tell a path from a handler. Bodies of functions are
 * skipped by their braces and kept in part only.
 */

export interface Argument {
  /** Without white space around it; the beginning of a long one. */
  readonly text: string;
  /** From 0, of its first character. */
  readonly line: number;
  readonly column: number;
}

export interface Arguments {
  readonly list: readonly Argument[];
  /** From 0, of what closes them. */
  readonly endLine: number;
  readonly endColumn: number;
}

const maxLines = 200;
const maxKept = 600;
const maxLine = 2_000;
/** Characters that are read for one call: brackets that nobody closes are many in one file. */
const maxRead = 20_000;
const maxArguments = 24;

/** How comments and quotes are written, as far as arguments go. */
export interface Notation {
  /** Begins a comment up to the end of the line. */
  readonly comment: '//' | '#';
  /** A single quote is a quote, not a lifetime or a character. */
  readonly hasSingleQuotes: boolean;
}

/** `open` is the column of the bracket; or of the first character of arguments without brackets (Ruby, Elixir), which end with their line. */
export function argumentsAt(
  lines: readonly string[],
  line: number,
  open: number,
  notation: Notation,
  isBare = false,
): Arguments | undefined {
  const list: Argument[] = [];
  const stack: string[] = [];
  let text = '';
  let start: { line: number; column: number } | undefined;
  const finish = (): void => {
    if (start && text.trim() !== '' && list.length < maxArguments)
      list.push({ text: text.trim().replace(/^\*\s+|\s+\*$/g, ''), ...start });
    text = '';
    start = undefined;
  };
  let left = maxRead;
  for (let i = line, last = Math.min(lines.length, line + maxLines); i < last && left > 0; i++) {
    const code = lines[i].length > maxLine ? lines[i].slice(0, maxLine) : lines[i];
    left -= code.length;
    for (let at = i === line ? open : 0; at < code.length; at++) {
      const char = code[at];
      if (i === line && at === open && !isBare) continue;
      if (code.startsWith(notation.comment, at) && (notation.comment !== '#' || at === 0 || /\s/.test(code[at - 1]))) break;
      if (isBare && !stack.length && /^\s(?:do\b|#|$)/.test(code.slice(at, at + 4))) {
        finish();
        return { list, endLine: i, endColumn: at };
      }
      if (!stack.length && char === ',') {
        finish();
        continue;
      }
      if (')]}'.includes(char)) {
        if (!stack.length) {
          finish();
          return { list, endLine: i, endColumn: at };
        }
        stack.pop();
      } else if ('([{'.includes(char)) stack.push(char);
      if (start === undefined && !/\s/.test(char)) start = { line: i, column: at };
      let end = at;
      if (char === '"' || char === '`' || (char === "'" && notation.hasSingleQuotes)) end = closing(code, at);
      if (start !== undefined && text.length < maxKept) text += code.slice(at, end + 1);
      at = end;
    }
    if (isBare && !stack.length && !/[,(]\s*$/.test(code)) {
      finish();
      return { list, endLine: i, endColumn: code.length };
    }
    if (start !== undefined && text.length < maxKept) text += ' ';
  }
  finish();
  return list.length ? { list, endLine: Math.min(lines.length - 1, line + maxLines), endColumn: 0 } : undefined;
}

/** Column of the quote that closes the one at `at`; that itself where the string goes on over lines. */
function closing(code: string, at: number): number {
  for (let i = at + 1; i < code.length; i++) {
    if (code[i] === '\\') i++;
    else if (code[i] === code[at]) return i;
  }
  return at;
}

/** What a string literal says, without quotes and the letters before them; undefined where it is no literal alone. */
export function stringOf(text: string): string | undefined {
  const found = /^(?:[rRfFbBuU@$]{0,2})(["'`])(.*)\1$/s.exec(text);
  if (!found) return undefined;
  return found[2].includes(found[1]) ? undefined : found[2];
}

/** The strings of a list or of one string: `{"/a", "/b"}`, `['GET', 'POST']`, `"/a"`. */
export function stringsIn(text: string): readonly string[] {
  return [...text.slice(0, maxKept).matchAll(/(["'`])((?:(?!\1).)*)\1/g)].map((match) => match[2]);
}

/** The value of a named argument in any notation: `path = "/x"`, `prefix: '/x'`, `'prefix' => 'x'`, `:at => "/x"`. */
export function namedArgument(list: readonly Argument[], names: readonly string[]): string | undefined {
  for (const { text } of list) {
    const found = /^[:'"]?(\w+)['"]?\s*(?:=>|=(?!=)|:(?!:))\s*(.+)$/s.exec(text);
    if (found && names.includes(found[1])) return found[2];
  }
  return undefined;
}

/** Without those that are named. */
export function positional(list: readonly Argument[]): readonly Argument[] {
  return list.filter(({ text }) => !/^[:'"]?\w+['"]?\s*(?:=>|=(?![=>])|:(?!:))\s*\S/s.test(text) || /^\w+\s*=>/.test(text));
}

/** `router.get('order-list', '/orders', list)` of Koa's router: without the name before the path. */
export function unnamed(list: readonly Argument[]): readonly Argument[] {
  // `server.get({ path: '/orders', name: 'list' }, list)` of Restify.
  const path =
    list.length > 1 ? /^\{[^{}]{0,80}\b(?:path|url):\s*(["'`]\/[^"'`]{0,200}["'`])/.exec(list[0].text)?.[1] : undefined;
  if (path !== undefined) return [{ ...list[0], text: path }, ...list.slice(1)];
  const isNamed = list.length > 2 && /^["'`][\w.:-]{1,100}["'`]$/.test(list[0].text) && /^["'`]\//.test(list[1].text);
  return isNamed ? list.slice(1) : list;
}
