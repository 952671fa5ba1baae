/** Paths that are put together from constants: `Paths.ORDERS + "/{id}"`, `f"{prefix}/orders"`, `[base, "/orders"].concat()`. */

import { type Argument, stringOf, stringsIn } from './arguments';

export interface PathText {
  readonly text: string;
  /** Its beginning could not be read. */
  readonly isCut?: true;
}

const maxLines = 5_000;
const maxText = 300;

/** The paths that an argument says; empty where it says none. */
export function pathsOf({ text }: Pick<Argument, 'text'>, lines: readonly string[]): readonly PathText[] {
  const code = text.slice(0, maxText);
  const whole = stringOf(code);
  if (whole !== undefined) return [filled(whole, lines)];
  if (/^(?:\[|\{\s*"|arrayOf\(|new\s*\[\]|new\s+\w+\[\])/.test(code) && !/concat\(/.test(code) && !code.includes('+'))
    return stringsIn(code).map((each) => ({ text: each }));
  if (/^["'`]|\+|^[\w.$:]+$|concat\(|^concat!|^format!|^fmt\.Sprintf|^(?:path|url)\.Join(?:Path)?\(/.test(code))
    return joined(code, lines);
  return [];
}

/** Holes of a template at its beginning are values, further ones are parameters. */
function filled(text: string, lines: readonly string[]): PathText {
  const hole = /^(\$?)\{([\w.]+)\}(?=\/|$)/.exec(text);
  if (!hole) return { text };
  const value = constantOf(hole[2], lines);
  const rest = text.slice(hole[0].length);
  // `{id}` is a parameter where no constant is called so; `${base}` is always a value.
  if (value !== undefined) return { text: value + rest };
  return hole[1] === '' ? { text } : { text: rest, isCut: true };
}

function joined(code: string, lines: readonly string[]): readonly PathText[] {
  const parts = code.match(/"[^"]*"|'[^']*'|`[^`]*`|[A-Za-z_$][\w.$:]*/g) ?? [];
  let text = '';
  let isCut = false;
  let isAny = false;
  for (const part of parts.slice(0, 12)) {
    if (/^(?:concat|format|fmt\.Sprintf|join|const|String|(?:path|url)\.Join(?:Path)?)$/.test(part)) continue;
    const value = stringOf(part) ?? constantOf(part, lines);
    if (value === undefined) {
      if (text === '') isCut = true;
      else text += '/{}';
    } else {
      text += value.replace(/^%s/, '');
      isAny = true;
    }
  }
  return isAny ? [isCut ? { text, isCut } : { text }] : [];
}

/** The text that a name stands for, if the file says so. */
export function constantOf(name: string, lines: readonly string[]): string | undefined {
  const last = name.split(/[.:]+/).pop() ?? '';
  if (!/^[A-Za-z_$]\w{1,60}$/.test(last)) return undefined;
  const stated = new RegExp(`(?<![\\w.])${last.replace('$', '\\$')}\\s*(?::\\s*[\\w&' ]+)?\\s*:?=\\s*(["'\`])([^"'\`]*)\\1`);
  for (let i = 0, end = Math.min(lines.length, maxLines); i < end; i++) {
    if (lines[i].length > 500 || !lines[i].includes(last)) continue;
    const found = stated.exec(lines[i]);
    if (found) return found[2];
  }
  return undefined;
}
