/** Fields and values as the query language writes them. */

import { intrinsicField } from './fields';
import type { Field, Literal } from './query';

/** `span.http.method`, `."a key"`, `name` */
export function printField(field: Field): string {
  const { scope, name, parent } = field;
  const ofParent = parent ? 'parent.' : '';
  if (scope === 'intrinsic') return `${ofParent}${name}`;
  const prefix = scope === 'any' ? ofParent || '.' : `${ofParent}${scope}.`;
  return `${prefix}${isPlainKey(field) ? name : `"${name.replace(/[\\"]/g, '\\$&')}"`}`;
}

/** What would end a key is in quotes, and so is what would be taken for something else: a number, the parent's scope or intrinsic. */
function isPlainKey({ scope, name, parent }: Field): boolean {
  if (!/^[^\s{}()=~!<>&|^,"]+$/.test(name)) return false;
  if (scope !== 'any') return true;
  return parent ? !/^(?:span|resource)\./.test(name) && intrinsicField(name) === undefined : !/^\d/.test(name);
}

/** The literal as text that is read to it again. */
export function literalText(value: Literal): string {
  switch (value.type) {
    case 'string':
      return quote(value.value);
    case 'int':
      return intText(value.value);
    case 'float':
      return floatText(value.value);
    case 'bool':
      return String(value.value);
    case 'duration':
      return durationText(value.valueNs);
    case 'status':
    case 'kind':
      return value.value;
    case 'nil':
      return 'nil';
    default:
      return value satisfies never;
  }
}

const escapes: Readonly<Record<string, string>> = { '\n': '\\n', '\t': '\\t', '\r': '\\r' };

function quote(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what has to be escaped
  const escaped = text.replace(/[\\"]/g, '\\$&').replace(/[\0-\x1f\x7f\ufeff]/g, (one) => escapes[one] ?? unicodeEscape(one));
  return `"${escaped}"`;
}

function unicodeEscape(one: string): string {
  return `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** The least int64 has a name, for its digits without the sign are too many. */
function intText(value: number | bigint): string {
  return BigInt(value) === -(1n << 63n) ? 'minInt' : String(value);
}

function floatText(value: number): string {
  const text = Object.is(value, -0) ? '-0' : String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

function durationText(valueNs: number): string {
  if (valueNs < 0) return `-${durationText(-valueNs)}`;
  for (const [unit, size] of [
    ['h', 3.6e12],
    ['m', 6e10],
    ['s', 1e9],
    ['ms', 1e6],
    ['us', 1e3],
  ] as const) {
    const value = valueNs / size;
    if (value >= 1 && Number(value.toFixed(3)) === value) return `${value}${unit}`;
  }
  return `${Math.round(valueNs)}ns`;
}
