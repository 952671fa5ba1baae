/** Entries of an object as JavaScript writes it, with where their values begin: strings and comments are passed over, nothing is evaluated. */

export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface Entry {
  /** Undefined where another object is spread. */
  readonly key: string | undefined;
  /** From 0, of the key. */
  readonly line: number;
  /** Of the value; of a shorthand the key itself. */
  readonly at: Position;
  /** The beginning of the value on one line; all of it where it is short. */
  readonly text: string;
}

/** Lines, characters of one and entries that are looked at. */
const maxLines = 4_000;
const maxLine = 1_000;
const maxEntries = 400;
const maxText = 300;

/** @param open of the brace, or of the bracket that arguments stand in: those are entries without a key */
export function entriesOf(lines: readonly string[], open: Position): readonly Entry[] {
  const found: Entry[] = [];
  const isList = lines[open.line]?.[open.column] === '(';
  let depth = 0;
  let text = '';
  let start: Position | undefined;
  const end = (): void => {
    const entry = start && (isList ? bare(text.trim(), start) : entryOf(text.trim(), start, lines));
    if (entry && found.length < maxEntries) found.push(entry);
    text = '';
    start = undefined;
  };
  let isComment = false;
  let quote = '';
  for (let line = open.line; line < Math.min(lines.length, open.line + maxLines); line++) {
    const row = lines[line].slice(0, maxLine);
    if (quote !== '`') quote = '';
    for (let i = line === open.line ? open.column : 0; i < row.length; i++) {
      const char = row[i];
      if (isComment) {
        if (char === '*' && row[i + 1] === '/') {
          isComment = false;
          i++;
        }
        continue;
      }
      if (quote === '' && char === '/' && row[i + 1] === '/') break;
      if (quote === '' && char === '/' && row[i + 1] === '*') {
        isComment = true;
        i++;
        continue;
      }
      if (quote === '') {
        if (char === '"' || char === "'" || char === '`') quote = char;
        if (/[([{]/.test(char)) {
          depth++;
          if (depth === 1) continue;
        }
        if (/[)\]}]/.test(char) && --depth === 0) {
          end();
          return found;
        }
        if (char === ',' && depth === 1) {
          end();
          continue;
        }
      } else if (char === '\\') i++;
      else if (char === quote) quote = '';
      if (start === undefined && /\s/.test(char)) continue;
      start ??= { line, column: i };
      if (text.length < maxText) text += char;
    }
    if (start !== undefined && text.length < maxText) text += ' ';
  }
  return found;
}

function bare(text: string, start: Position): Entry {
  return { key: undefined, line: start.line, at: start, text };
}

function entryOf(text: string, start: Position, lines: readonly string[]): Entry {
  if (text.startsWith('...')) return bare(text.slice(3).trim(), start);
  const [, key, other] = /^(?:['"]([\w$./-]{1,100})['"]|([\w$]{1,100}))\s*(?::|$|\()/.exec(text) ?? [];
  const name = key ?? other;
  if (name === undefined) return bare(text, start);
  const colon = /^[^:]*:\s*/.exec(text);
  if (!colon || /^[^:]*\(/.test(text)) return { key: name, line: start.line, at: start, text };
  return { key: name, line: start.line, at: valueAt(lines, start), text: text.slice(colon[0].length) };
}

/** Behind the colon of a key; on one of the lines below it, where nothing stands behind. */
function valueAt(lines: readonly string[], key: Position): Position {
  let column = lines[key.line].indexOf(':', key.column) + 1;
  for (let line = key.line; line < Math.min(lines.length, key.line + 4); line++) {
    const found = lines[line].slice(column, maxLine).search(/\S/);
    if (found >= 0) return { line, column: column + found };
    column = 0;
  }
  return key;
}

/** The next opening brace or bracket at or behind a place, on its line or the one below. */
export function openingAt(lines: readonly string[], { line, column }: Position, bracket: '{' | '('): Position | undefined {
  for (let at = line; at < Math.min(lines.length, line + 2); at++) {
    const found = lines[at].slice(0, maxLine).indexOf(bracket, at === line ? column : 0);
    if (found >= 0) return { line: at, column: found };
  }
  return undefined;
}
