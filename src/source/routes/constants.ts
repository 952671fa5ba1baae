/** Paths that are put together from constants: `Paths.ORDERS + "/{id}"`, `f"{prefix}/orders"`, `[base, "/orders"].concat()`. */

import { type Argument, stringOf, stringsIn } from './arguments';

export interface PathText {
  readonly text: string;
  /** Its beginning could not be read. */
  readonly isCut?: true;
}

const maxLines = 5_000;
const maxText = 300;
/** A longer text is no path. */
const maxPath = 1_000;

/** The paths that an argument says; empty where it says none. */
export function pathsOf({ text }: Pick<Argument, 'text'>, lines: readonly string[]): readonly PathText[] {
  // `path("/orders").and(accept(…))` of functional routes
  const code = text.slice(0, maxText).replace(/^(?:RequestPredicates\.)?path\(\s*("[^"]*")\s*\).*$/s, '$1');
  const whole = stringOf(code);
  if (whole !== undefined) return [filled(whole, lines)];
  if (/^(?:\[(?!\s*\{)|\{\s*"|arrayOf\(|new\s*\[\]|new\s+\w+\[\])/.test(code) && !/concat\(/.test(code) && !code.includes('+'))
    return stringsIn(code).map((each) => ({ text: each }));
  if (
    /^["'`]|\+|^[\w.$:]+$|concat\(|^concat!|^format!|^fmt\.Sprintf|^(?:String\.format|sprintf)\(|^(?:path|url)\.Join(?:Path)?\(/.test(
      code,
    )
  )
    return joined(code, lines);
  return [];
}

/** Holes of a template at its beginning are values, further ones are parameters. */
function filled(text: string, lines: readonly string[]): PathText {
  const hole = /^(?:\/(?=\$))?(\$?)\{([\w.]+)\}(?=\/|$)/.exec(text);
  if (!hole) return { text };
  const value = constantOf(hole[2], lines);
  const rest = text.slice(hole[0].length);
  // `{id}` is a parameter where no constant is called so; `${base}` is always a value.
  if (value !== undefined) return { text: value + rest };
  return hole[1] === '' ? { text } : { text: rest, isCut: true };
}

function joined(code: string, lines: readonly string[], depth = 0): readonly PathText[] {
  const formatted = formats.exec(code);
  if (formatted) {
    // `fmt.Sprintf("%s/orders/%d", base, id)`: what is no constant is a value.
    const given = code.slice(formatted[0].length).match(/[A-Za-z_$][\w.$:]*|,/g) ?? [];
    const values = given.join('').split(',').slice(1);
    let n = 0;
    const filledIn = formatted[1].replace(/%[sdvq]|\{\d?\}/g, (hole) => constantOf(values[n++] ?? '', lines, depth) ?? hole);
    const isOpen = /^(?:%[sdvq]|\{\d?\})/.test(filledIn);
    return [isOpen ? { text: filledIn.replace(/^(?:%[sdvq]|\{\d?\})/, ''), isCut: true } : { text: filledIn }];
  }
  const parts = code.match(/"[^"]*"|'[^']*'|`[^`]*`|[A-Za-z_$][\w.$:]*/g) ?? [];
  let text = '';
  let isCut = false;
  let isAny = false;
  for (const part of parts.slice(0, 12)) {
    if (text.length > maxPath) return [];
    if (/^(?:concat|format|fmt\.Sprintf|join|const|String|(?:path|url)\.Join(?:Path)?)$/.test(part)) continue;
    const value = stringOf(part) ?? constantOf(part, lines, depth);
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

const formats = /^(?:fmt\.Sprintf|format!|String\.format|sprintf)\(\s*["`]([^"`]{0,300})["`]/;

/** Constants that are made of constants. */
const maxDepth = 8;
/** By the lines, which are the same object as long as the text is: each name is looked for once, however often others are made of it. */
const known = new WeakMap<readonly string[], Map<string, string | undefined>>();

/** The text that a name stands for, if the file says so. */
export function constantOf(name: string, lines: readonly string[], depth = 0): string | undefined {
  const last = name.split(/[.:]+/).pop() ?? '';
  if (depth > maxDepth || !/^[A-Za-z_$]\w{1,60}$/.test(last)) return undefined;
  const ofFile = known.get(lines) ?? new Map<string, string | undefined>();
  known.set(lines, ofFile);
  if (ofFile.has(last)) return ofFile.get(last);
  // What is made of itself is nothing.
  ofFile.set(last, undefined);
  const found = statedIn(lines, last, depth);
  const value = found !== undefined && found.length <= maxPath ? found : undefined;
  ofFile.set(last, value);
  return value;
}

function statedIn(lines: readonly string[], last: string, depth: number): string | undefined {
  const stated = new RegExp(
    `(?<![\\w.])${last.replace('$', '\\$')}\\s*(?::\\s*[\\w&' ]+)?\\s*:?=(?![=>])\\s*([$@]{0,2}["'\`\\w].*)$`,
  );
  for (let i = 0, end = Math.min(lines.length, maxLines); i < end; i++) {
    if (lines[i].length > 500 || !lines[i].includes(last)) continue;
    const code = stated.exec(lines[i])?.[1];
    const found = code === undefined ? undefined : textOf(code, last, lines, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** `"/orders"`, `PREFIX + "/orders"`, `$"{Base}/{{id}}"`, `Base` behind the equals sign of a constant. */
function textOf(code: string, name: string, lines: readonly string[], depth: number): string | undefined {
  const [, sign, text, rest] = /^([$@]{0,2})["'`]([^"'`]*)["'`]\s*(.*)$/.exec(code) ?? [];
  if (text !== undefined && !rest.startsWith('+')) {
    if (!sign.includes('$')) return text;
    return text.replace(/\{\{|\}\}|\{([\w.]{1,80})\}/g, (hole, of) =>
      of === undefined ? hole[0] : (constantOf(of, lines, depth) ?? hole),
    );
  }
  if (code.includes('+')) {
    const [found] = joined(code.replace(/\s*;.*$/, ''), lines, depth);
    return found?.isCut ? undefined : found?.text;
  }
  // What a variable has is not known.
  const other = /^((?:\w{1,60}\.){0,4}\p{Lu}\w{0,60})\s*[;,]?\s*$/u.exec(code)?.[1];
  return other === undefined || other === name ? undefined : constantOf(other, lines, depth);
}

const compiled =
  /(?:MustCompile|Compile|re\.compile|new\s+RegExp|Regex::new|Pattern\.compile|new\s+Regex|regex|Regexp\.new)\(\s*[r@]?#?(["'`])(.{1,200}?)\1|=\s*(?:%r\{|\/)(\^?\\?\/.{1,200}?)(?:\}|\/[gimu]*)\s*[,;.]?\s*$/;

/**
 * A regular expression as routes: what is in brackets changes, or is one of some words.
 * @param isName of a constant that has it
 */
export function patternsOf(text: string, lines: readonly string[], isName: boolean): readonly string[] {
  let pattern: string | undefined = text;
  if (isName) {
    const name = text.slice(text.lastIndexOf('.') + 1);
    const line = lines.find((each) => each.length < 500 && each.includes(name) && /=|\bvar\b/.test(each) && compiled.test(each));
    const match = line === undefined ? null : compiled.exec(line);
    pattern = match?.[2] ?? match?.[3] ?? constantOf(text, lines);
  }
  if (pattern === undefined || pattern.length > maxText) return [];
  const words = /\((?:\?:)?(\w[\w-]*(?:\|\w[\w-]*)+)\)/.exec(pattern);
  const one = pattern;
  const each = words
    ? words[1]
        .split('|')
        .slice(0, maxWords)
        .map((word) => one.replace(words[0], word))
    : [one];
  return each.map(asPath).filter((path) => path.startsWith('/'));
}

const maxWords = 12;

function asPath(pattern: string): string {
  return pattern
    .replace(/^\W?\^/, '')
    .replace(/\\\//g, '/')
    .replace(
      /\(\?P?<(\w+)>[^()]*\)|\((?:\?:)?[^()]*\)[?+*]?|\[[^\]]*\][+*]?(?:\{[\d,]*\})?|\\[dw][+*]?|\.[+*]/g,
      (_, name: string | undefined) => `{${name ?? ''}}`,
    )
    .replace(/\\(?=[.-])/g, '')
    .replace(/\/?\??\$.*$/, '')
    .replace(/[#~/]\w{0,3}$/, '');
}
