/**
 * Regular expressions that others wrote (a query, a setting, a link from outside), run in time that grows with the text and no faster: by RE2, which
 * does not backtrack. Its syntax is Go's, as TraceQL's is; written as JavaScript does, it takes named groups, lookbehinds without groups, and one
 * lookahead at the end as well. Other lookaheads and back references cannot be run in linear time, and are refused.
 * Source: github.com/google/re2, "Syntax"; R. Cox, "Regular Expression Matching in the Wild", 2010.
 */

import { RE2JS, RE2JSSyntaxException } from 're2js';
import { formatNumber } from './formatText';

/** Characters of an expression. */
const MAX_LENGTH = 4_096;
/** Characters times the highest repeat count: above it, compiling takes longer than 0.2 s. */
const MAX_UNROLLED = 1_000_000;
/** Instructions. */
const MAX_PROGRAM = 2_000;
/** Instructions times characters of one text. In the worst case each instruction is looked at for each character: about a second in all. */
const MAX_WORK = 100_000_000;
/**
 * Milliseconds that replacing may take in one text, and what it may take beyond for each unit of work. To find one match takes linear time; to find all
 * may take its square, where each match has to be told from a longer one that ends nowhere (`a(?:a*b)?` in a row of `a`).
 */
const MAX_MS = 200;
const MAX_MS_PER_WORK = 1_000 / MAX_WORK;
/** Matches that are found whatever the clock says: they take linear time, of which others on the machine may make any. */
const UNTIMED_MATCHES = 2;

export interface LinearRegExp {
  /** Characters that a text may have: it is not searched when it has more. 50,000 for the most complex expression, millions for a usual one. */
  readonly maxTextLength: number;
  /** Whether it matches the text as a whole. A text that is too long does not match. */
  matches(text: string): boolean;
  /**
   * The text with all that it matches replaced, from left to right. Empty matches are left alone. Of a text that is too long, or takes too
   * long, nobody knows what it holds: all of it is replaced.
   */
  replace(text: string, by: string): string;
}

export interface LinearOptions {
  /** Any case of a letter. */
  readonly ignoreCase?: boolean;
  /** `.` stands for line ends too. */
  readonly dotAll?: boolean;
}

/** The expression compiled, or why it cannot be used: the end of a sentence, without a full stop. */
export function linearRegExp(source: string, { ignoreCase = false, dotAll = false }: LinearOptions = {}): LinearRegExp | string {
  if (source.length > MAX_LENGTH) return `it has more than ${formatNumber(MAX_LENGTH)} characters`;
  if (source.length * largestCount(source) > MAX_UNROLLED) return 'it repeats too much';
  const ahead = splitLookahead(source);
  try {
    const flags = RE2JS.LOOKBEHINDS | (ignoreCase ? RE2JS.CASE_INSENSITIVE : 0) | (dotAll ? RE2JS.DOTALL : 0);
    const compiled = RE2JS.compile(ahead ? `(${ahead.before})(?:${ahead.after})` : source, flags);
    if (compiled.programSize() > MAX_PROGRAM) return 'it is too complex, with what it repeats written out';
    return new Compiled(compiled, ahead ? 1 : 0);
  } catch (error) {
    return explained(error);
  }
}

class Compiled implements LinearRegExp {
  readonly maxTextLength: number;

  /** @param group what is replaced: all, or the first group */
  constructor(
    private readonly expression: RE2JS,
    private readonly group: 0 | 1,
  ) {
    this.maxTextLength = Math.floor(MAX_WORK / Math.max(1, expression.programSize()));
  }

  matches(text: string): boolean {
    return text.length <= this.maxTextLength && this.expression.testExact(text);
  }

  replace(text: string, by: string): string {
    if (text.length > this.maxTextLength) return by;
    // Most texts hold nothing of it, which is found out several times faster than where it is.
    if (!this.expression.test(text)) return text;
    const matcher = this.expression.matcher(text);
    const latest = Date.now() + MAX_MS + text.length * this.expression.programSize() * MAX_MS_PER_WORK;
    let out = '';
    let done = 0;
    let matches = 0;
    for (let from = 0; from <= text.length && matcher.find(from); ) {
      const start = matcher.start(this.group);
      const end = matcher.end(this.group);
      if (++matches > UNTIMED_MATCHES && Date.now() > latest) return by;
      // What was looked ahead at may be part of the next match.
      from = Math.max(end, from + 1, start + 1);
      if (end <= start) continue;
      out += text.slice(done, start) + by;
      done = end;
    }
    return out + text.slice(done);
  }
}

/** The highest number of a counted repetition, at least 1. Looks into classes too, where there is none. */
function largestCount(source: string): number {
  let largest = 1;
  for (const [, least, most] of source.matchAll(/\{(\d{1,9})(?:,(\d{0,9}))?\}/g)) {
    largest = Math.max(largest, Number(least), Number(most ?? 0));
  }
  return largest;
}

/** An expression whose end is a lookahead: `before` and what it looks for. `before(?=after)` matches what the first part of `(before)after` does. */
function splitLookahead(source: string): { readonly before: string; readonly after: string } | undefined {
  const open: number[] = [];
  let inClass = false;
  for (let at = 0; at < source.length; at++) {
    const character = source[at];
    if (character === '\\') at++;
    else if (inClass) inClass = character !== ']';
    else if (character === '[') {
      inClass = true;
      // A bracket that comes first stands for itself.
      if (source[at + 1] === '^') at++;
      if (source[at + 1] === ']') at++;
    } else if (character === '(') open.push(at);
    else if (character === '|' && open.length === 0) return undefined;
    else if (character === ')') {
      const start = open.pop();
      if (start === undefined) return undefined;
      if (open.length > 0 || at < source.length - 1 || !source.startsWith('(?=', start)) continue;
      return { before: source.slice(0, start), after: source.slice(start + 3, at) };
    }
  }
  return undefined;
}

/** RE2's messages in the words of a person who knows other engines. */
function explained(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (/\(\?[=!]/.test(message)) return 'it looks ahead elsewhere than at its end, which cannot be run in a time that is known';
  if (/`\\[1-9k]/.test(message)) return 'it refers back to a group, which cannot be run in a time that is known';
  // Without the expression, to which flags were added.
  return error instanceof RE2JSSyntaxException ? error.error : message;
}
