/** Changes of texts that are no JSON, or not only: what consoles print, and logs. Lines lost, doubled and moved, and values in odd places. */

import type { Edit } from './edits';
import type { Random } from './random';

const encoder = new TextEncoder();
const odd = [
  ...['0', '-1', '1e999', '18446744073709551616', '9'.repeat(500), '0001-01-01T00:00:00Z', '9999-12-31T23:59:60.999999999Z'],
  ...[
    '{',
    '}',
    '[',
    ']',
    '"',
    "'",
    '`',
    '\\',
    '(',
    ')',
    '<',
    '>',
    '=>',
    ': ',
    ' = ',
    '#<',
    '...',
    '//',
    '\u001b[',
    '\ufeff',
    '\0',
    '\r',
  ],
  ...[
    '__proto__',
    'constructor',
    '{"__proto__":1}',
    '{ low: -1, high: 4294967296 }',
    '[Object: null prototype] {',
    'Map(1) { 1 => ',
  ],
  ...['{['.repeat(100), '{"a":'.repeat(201), '['.repeat(300), '2024-06-10T06:13:21.1Z stdout P ', 'web-1  | ', '\ud800'],
].map((text) => encoder.encode(text));

/** A word, a number, or a mark. */
const token = /[\w.+-]+|[^\w\s]/g;
const NEWLINE = 10;

export interface TextMap {
  readonly tokens: readonly { readonly from: number; readonly to: number }[];
  /** Where lines begin, and the end. */
  readonly lines: readonly number[];
}

export function mapText(bytes: Uint8Array): TextMap {
  // A byte is a character there, so that offsets are those of bytes.
  const text = String.fromCharCode(...bytes);
  const tokens = [...text.matchAll(token)].map(({ 0: found, index }) => ({ from: index, to: index + found.length }));
  const lines = [0];
  for (const [at, byte] of bytes.entries()) if (byte === NEWLINE) lines.push(at + 1);
  if (lines.at(-1) !== bytes.length) lines.push(bytes.length);
  return { tokens, lines };
}

export function textEdit(bytes: Uint8Array, { tokens, lines }: TextMap, random: Random): Edit {
  const { from, to } = random.of(tokens);
  const line = random.below(lines.length - 1);
  const [start, end] = [lines[line], lines[line + 1]];
  switch (random.below(6)) {
    case 0:
      return { from, to, bytes: random.of(odd) };
    case 1: {
      const other = random.of(tokens);
      return { from, to, bytes: bytes.subarray(other.from, other.to) };
    }
    case 2:
      return { from: start, to: end, bytes: new Uint8Array(0) };
    case 3:
      return { from: start, to: start, bytes: bytes.subarray(start, end) };
    case 4: {
      const other = random.below(lines.length - 1);
      return { from: start, to: end, bytes: bytes.subarray(lines[other], lines[other + 1]) };
    }
    default:
      return { from, to: from, bytes: random.of(odd) };
  }
}
