/**
 * A query's tokens, in one pass over its text. Source: grafana/tempo, pkg/traceql/lexer.go; numbers, strings and comments are those of Go
 * (text/scanner). A lexer of our own, because Grafana's grammar for editors knows neither all escapes nor all durations, and splits what is not a
 * query yet into other parts than a completion needs.
 */

import { parseDuration } from './durations';
import { attributeScopes, intrinsicField, intrinsicScopes } from './fields';
import { readGoString } from './goString';
import { isKindName, isStatusName } from './names';
import type { Field, Literal } from './query';

export interface Token {
  /** A word is none of the others: a function, or a mistake. What is bad has a problem. */
  readonly type: 'field' | 'value' | 'word' | 'operator' | 'bad' | 'end';
  readonly text: string;
  /** UTF-16 offsets in the query. */
  readonly from: number;
  readonly to: number;
  readonly field?: Field;
  readonly value?: Literal;
  readonly problem?: string;
}

const GAP = /(?:\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)+/y;
const WORD = /[\p{L}_][\p{L}\p{Nd}_]*/uy;
const NUMBER = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const NUMBER_END = /[\p{L}\p{N}_.]*/uy;
const STRING = /"(?:[^"\\\n]|\\[^\n])*"?|`[^`]*`?/y;
const KEY_PART = /[^\s{}()=~!<>&|^,"]+|"(?:[^"\\]|\\[\s\S])*"?/y;
const OPERATOR = /&&|\|\||[&!](?:>>|<<|[<>~])|!=|=~|>=|<=|>>|<<|[=!<>~|+\-*/%^{}(),]/y;
const OTHER = /[^\s{}(),|&"`]+|./suy;

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** All tokens, in order, with an `end` at last. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    at += match(GAP, text, at)?.length ?? 0;
    if (at >= text.length) break;
    const token = tokenAt(text, at);
    tokens.push(token);
    at = token.to;
  }
  tokens.push({ type: 'end', text: '', from: text.length, to: text.length });
  return tokens;
}

/** The field that a text names, and nothing else: `span.http.route`, `."a key"`, `name`; undefined when it names none. */
export function readField(text: string): Field | undefined {
  const [{ field, to }] = tokenize(text);
  return to === text.length ? field : undefined;
}

function tokenAt(text: string, from: number): Token {
  const first = text[from];
  if (first === '"' || first === '`') return stringToken(text, from);
  if (/\d/.test(first) || (first === '.' && /\d/.test(text[from + 1] ?? ''))) return numberToken(text, from);
  if (first === '.') return keyToken(text, from, from + 1, { scope: 'any' });
  const word = match(WORD, text, from);
  if (word !== undefined) return wordToken(text, from, word);
  if (text.startsWith('/*', from)) return bad(text, from, text.length, 'the comment has no end: */ is missing.');
  const operator = match(OPERATOR, text, from);
  if (operator !== undefined) return { type: 'operator', text: operator, from, to: from + operator.length };
  const other = match(OTHER, text, from) ?? first;
  return bad(text, from, from + other.length, `${other} has no meaning here.`);
}

function bad(text: string, from: number, to: number, problem: string): Token {
  return { type: 'bad', text: text.slice(from, to), from, to, problem };
}

function valueToken(text: string, from: number, to: number, value: Literal): Token {
  return { type: 'value', text: text.slice(from, to), from, to, value };
}

function stringToken(text: string, from: number): Token {
  const literal = match(STRING, text, from) ?? '';
  const to = from + literal.length;
  const read = readGoString(literal);
  return 'problem' in read
    ? bad(text, from, to, read.problem)
    : valueToken(text, from, to, { type: 'string', value: read.value });
}

const INT64_MAX = (1n << 63n) - 1n;

function numberToken(text: string, from: number): Token {
  const number = match(NUMBER, text, from) ?? '';
  const rest = match(NUMBER_END, text, from + number.length) ?? '';
  const whole = number + rest;
  const to = from + whole.length;
  // `5e` begins as a float would; `1e3s` is none of Go's durations.
  const valueNs = parseDuration(whole);
  if (valueNs === Number.POSITIVE_INFINITY)
    return bad(text, from, to, `${whole} is longer than 292 years, the longest duration.`);
  if (valueNs !== undefined) return valueToken(text, from, to, { type: 'duration', valueNs });
  if (rest !== '') {
    const isKey = text[from] === '.';
    const advice = isKey ? ` A key that begins with a digit is in quotes: ."${whole.slice(1)}".` : '';
    return bad(text, from, to, `${whole} is no value.${advice}`);
  }
  if (!/^\d+$/.test(number)) {
    const value = Number(number);
    return Number.isFinite(value)
      ? valueToken(text, from, to, { type: 'float', value })
      : bad(text, from, to, `${number} is more than a number can be.`);
  }
  const value = Number(number);
  if (Number.isSafeInteger(value)) return valueToken(text, from, to, { type: 'int', value });
  const exact = BigInt(number);
  if (exact <= INT64_MAX) return valueToken(text, from, to, { type: 'int', value: exact });
  return bad(text, from, to, `${number} is more than a whole number can be (${INT64_MAX}): write it with a point, ${number}.0.`);
}

function wordToken(text: string, from: number, word: string): Token {
  const end = from + word.length;
  if (text[end] === '.') {
    if (word === 'parent') return parentToken(text, from, end + 1);
    const scope = attributeScopes.find((each) => each === word);
    if (scope) return keyToken(text, from, end + 1, { scope });
  }
  if (text[end] === ':' && intrinsicScopes.includes(word)) return scopedToken(text, from, end + 1);
  const value = wordValue(word);
  if (value) return valueToken(text, from, end, value);
  const field = intrinsicField(word);
  return field ? { type: 'field', text: word, from, to: end, field } : { type: 'word', text: word, from, to: end };
}

function wordValue(word: string): Literal | undefined {
  if (word === 'true' || word === 'false') return { type: 'bool', value: word === 'true' };
  if (word === 'nil') return { type: 'nil' };
  if (isStatusName(word)) return { type: 'status', value: word };
  if (isKindName(word)) return { type: 'kind', value: word };
  if (word === 'maxInt') return { type: 'int', value: INT64_MAX };
  return word === 'minInt' ? { type: 'int', value: -INT64_MAX - 1n } : undefined;
}

/** `span:duration` */
function scopedToken(text: string, from: number, nameFrom: number): Token {
  const to = nameFrom + (match(WORD, text, nameFrom)?.length ?? 0);
  const spelling = text.slice(from, to);
  const field = intrinsicField(spelling);
  if (field) return { type: 'field', text: spelling, from, to, field };
  return bad(text, from, to, `there is no field ${spelling}.`);
}

/** `parent.a`, `parent.span.a`; `parent.name` is the parent's name. */
function parentToken(text: string, from: number, keyFrom: number): Token {
  for (const scope of ['span', 'resource'] as const) {
    if (text.startsWith(`${scope}.`, keyFrom)) return keyToken(text, from, keyFrom + scope.length + 1, { scope, parent: true });
  }
  const token = keyToken(text, from, keyFrom, { scope: 'any', parent: true });
  const intrinsic = intrinsicField(text.slice(keyFrom, token.to));
  return intrinsic ? { ...token, field: { ...intrinsic, parent: true } } : token;
}

/** A key ends where an operator, a bracket or a gap begins; quoted parts of it may hold any character: `a."b c".d`. */
function keyToken(text: string, from: number, keyFrom: number, where: Omit<Field, 'name'>): Token {
  let to = keyFrom;
  let name = '';
  for (let part = match(KEY_PART, text, to); part !== undefined; part = match(KEY_PART, text, to)) {
    to += part.length;
    if (part[0] !== '"') name += part;
    else if (part.length < 2 || !isClosed(part)) return bad(text, from, to, `the key ${part} has no closing quote.`);
    else {
      const wrong = /\\[^\\"]/.exec(part.replace(/\\[\\"]/g, '  '));
      if (wrong) return bad(text, from, to, `${wrong[0]} is no escape: in a key, only \\" and \\\\ are.`);
      name += part.slice(1, -1).replace(/\\([\\"])/g, '$1');
    }
  }
  if (to === keyFrom) return bad(text, from, to, `the key of an attribute is expected after "${text.slice(from, to)}".`);
  return { type: 'field', text: text.slice(from, to), from, to, field: { ...where, name } };
}

function isClosed(quoted: string): boolean {
  return /^"(?:[^"\\]|\\[\s\S])*"$/.test(quoted);
}
