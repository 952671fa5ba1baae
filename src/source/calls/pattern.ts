/**
 * An address as it is written: fixed segments, and holes where variables are put in, in the notation of any language. Compared with the address
 * that a span tells from the end on, because its beginning may be said elsewhere.
 */

import type { SourceLanguage } from '../search/languages';
import type { Address } from './address';

/** Stands for a hole in a text. */
export const hole = '\u0000';

export interface Written {
  /** With `hole` for each changing part. */
  readonly text: string;
  /** The last name in each hole: `baseUrl` of `this.baseUrl`; empty where there is none. */
  readonly holes: readonly string[];
}

const maxText = 1_000;
/** `$id` is a hole. */
const dollar: ReadonlySet<SourceLanguage> = new Set(['kotlin', 'php', 'dart', 'groovy', 'scala']);

/** A string of the source, taken apart. */
export function writtenOf(literal: string, language: SourceLanguage): Written {
  // The method may stand before it: `GET /orders/{id}`.
  const source = literal.slice(0, maxText).replace(/^(?:GET|POST|PUT|PATCH|DELETE|HEAD) (?=\/)/, '');
  const holes: string[] = [];
  let text = '';
  for (let i = 0; i < source.length; ) {
    const length = holeAt(source, i, language);
    if (length > 0) {
      text += hole;
      holes.push(nameOf(source.slice(i, i + length)));
      i += length;
    } else {
      text += source[i];
      i++;
    }
  }
  return { text, holes };
}

function holeAt(text: string, at: number, language: SourceLanguage): number {
  const char = text[at];
  const next = text[at + 1];
  if ((char === '$' || char === '#') && next === '{') return braces(text, at + 1, '{', '}') + 1;
  if (char === '{') return braces(text, at, '{', '}');
  if (char === '\\' && next === '(') return braces(text, at + 1, '(', ')') + 1;
  const rest = text.slice(at, at + 120);
  if (char === '$' && dollar.has(language)) return /^\$[A-Za-z_]\w*(?:->\w+|\[[^\]]*\])?/.exec(rest)?.[0].length ?? 0;
  if (char === '%') return /^%(?:\d+\$)?(?:[sdvqi](?![0-9A-F])|\(\w+\)[sd])/.exec(rest)?.[0].length ?? 0;
  const before = text[at - 1];
  if (char === ':' && before === '/') return /^:[A-Za-z_]\w*\??/.exec(rest)?.[0].length ?? 0;
  if (char === '<' && before === '/') return /^<[\w:]+>/.exec(rest)?.[0].length ?? 0;
  return 0;
}

function braces(text: string, at: number, open: string, close: string): number {
  let depth = 0;
  for (let i = at; i < text.length; i++) {
    if (text[i] === open) depth++;
    else if (text[i] === close && --depth === 0) return i + 1 - at;
  }
  return 0;
}

/** The last name of an expression: `baseUrl` of `${this.baseUrl}`, `base` of `base()`. */
export function nameOf(expression: string): string {
  const names = expression
    .slice(0, 200)
    .replace(/\([^()]*\)/g, '')
    .match(/[A-Za-z_]\w*/g);
  return names?.[names.length - 1] ?? '';
}

export interface AddressMatch {
  /** Fixed segments that are those of the address. */
  readonly fixed: number;
  /** Holes that stand for words, which may have been written as well. */
  readonly onWords: number;
  /** The last of them is. */
  readonly isLastOnWord: boolean;
  /** Segments at the beginning that nothing stands for. */
  readonly missing: readonly (string | undefined)[];
  /** Something changing stands before the path: a base address. */
  readonly hasBase: boolean;
  /** The host is written, and is the address's. */
  readonly isHost: boolean;
  /** Names in the query that are written, and those that the address has not. */
  readonly query: number;
}

/** `https://host`, `//host`, and those of which the scheme is put in: `${location.protocol}//${location.host}`, `${scheme}://host`. */
const hostPart = new RegExp(`^(?:(?:[a-z][a-z0-9+.-]{0,20}|${hole})?://|//|${hole}//(?=${hole}))([^/?#]*)`, 'i');

/** Undefined where the address can't come of what is written. */
export function matchAddress(
  written: Written,
  address: Address,
  isValue: (segment: string) => boolean,
): AddressMatch | undefined {
  const { text } = written;
  if (text.length > maxText || /\s/.test(text.trim())) return undefined;
  const host = hostPart.exec(text);
  const isOtherHost =
    host !== null && address.host !== undefined && !host[1].includes(hole) && host[1].toLowerCase() !== address.host;
  if (isOtherHost && !isLocal(host[1]) && !isLocal(address.host ?? '')) return undefined;
  const rest = host ? text.slice(host[0].length) : text;
  const end = rest.search(/[?#]/);
  const path = (end < 0 ? rest : rest.slice(0, end)).trim();
  const parts = path.split('/');
  let hasBase = host !== null || false;
  if (!host && parts[0].startsWith(hole)) {
    hasBase = true;
    // A base may be put together of several; of `${base}${path}` the second is all of it.
    while (parts[0].startsWith(hole)) parts[0] = parts[0].slice(1);
    if (parts.length === 1 && parts[0] === '') return undefined;
  }
  const wanted = address.segments;
  const segments = parts.filter((part) => part !== '' && part !== '.' && part !== '..');
  // The host is all of it.
  if (!segments.length && !wanted.length && host !== null && !isOtherHost && !host[1].includes(hole))
    return { fixed: 0, onWords: 0, isLastOnWord: false, missing: [], hasBase: false, isHost: true, query: 0 };
  if (!segments.length || segments.length > wanted.length) {
    // `/orders${query}`
    return undefined;
  }
  // `${base}/purge/${path}`: what is called so has slashes of its own.
  const inner = written.holes[written.holes.length - 1] ?? '';
  const isLast = segments[segments.length - 1] === hole;
  const isOpen = isLast && severalParts.test(inner);
  const most = wanted.length - segments.length;
  const isTwo = isLast && most > 0 && twoParts.test(inner) && segments[segments.length - 2] !== hole;
  const ways = Array.from({ length: isOpen ? most + 1 : isTwo ? 2 : 1 }, (_, i) => ({ offset: most - i, wide: segments.length }));
  // `/repos/${fullName}/issues`: what is put in between may be two segments.
  for (let wide = 1; most > 0 && wide < segments.length - 1; wide++)
    if (segments[wide] === hole) ways.push({ offset: most - 1, wide });
  let found: { readonly offset: number; readonly fixed: number; readonly onWords: number; readonly last?: string } | undefined;
  for (const { offset, wide } of ways) {
    const compared = segments.map((segment, i) =>
      compare(segment.toLowerCase(), wanted[offset + i + (i > wide ? 1 : 0)], isValue),
    );
    const count = (kind: string): number => compared.filter((same) => same === kind).length;
    const isWide = wide < segments.length;
    if (compared.includes(undefined) || (isWide && count('fixed') < 2)) continue;
    const isEnd = isOpen || (isTwo && offset < most);
    const last = isEnd ? undefined : compared[compared.length - 1];
    const isOpenWord = isEnd && compared[compared.length - 1] === 'word';
    found = { offset, fixed: count('fixed'), onWords: count('word') + Number(isWide) - Number(isOpenWord), last };
    break;
  }
  if (!found) return undefined;
  const { offset, fixed, onWords, last } = found;
  if (fixed === 0 && !(host !== null && !isOtherHost)) return undefined;
  const query = end < 0 || rest[end] !== '?' ? [] : [...rest.slice(end + 1).matchAll(/(?:^|&)([\w.[\]-]+)=/g)];
  return {
    fixed,
    onWords,
    isLastOnWord: last === 'word',
    missing: wanted.slice(0, offset),
    hasBase: hasBase && host === null,
    isHost: host !== null && !isOtherHost && !host[1].includes(hole),
    query: query.reduce((sum, [, key]) => sum + (address.query.has(key.toLowerCase()) ? 1 : -1), 0),
  };
}

const severalParts = /(?:path|file|filename|key|object|rest)$/i;
/** `repos/${repository}`: with who owns it, unless that stands before it. */
const twoParts = /(?:repo|repository|slug|full_?name)$/i;

/** A program that runs elsewhere than its settings of development say. */
function isLocal(host: string): boolean {
  return /^(?:localhost|127\.|0\.0\.0\.0|\[?::1|10\.0\.2\.2|example\.)/i.test(host);
}

function compare(
  written: string,
  wanted: string | undefined,
  isValue: (segment: string) => boolean,
): 'fixed' | 'value' | 'word' | undefined {
  if (!written.includes(hole)) return written === wanted ? 'fixed' : undefined;
  if (wanted === undefined) return 'value';
  const pieces = written.split(hole);
  if (pieces.every((piece) => piece === '')) return isValue(wanted) ? 'value' : 'word';
  let at = 0;
  for (const [i, piece] of pieces.entries()) {
    const isLast = i === pieces.length - 1;
    const found = isLast && piece !== '' ? wanted.length - piece.length : wanted.indexOf(piece, at);
    if (found < at || (i === 0 && found !== 0) || !wanted.startsWith(piece, found)) return undefined;
    at = found + piece.length;
  }
  const fixedLength = pieces.join('').length;
  // `${noun}.list`: what is done is said.
  return fixedLength * 2 >= wanted.length || /^\.[a-z_]{3,}$/.test(pieces[pieces.length - 1]) ? 'fixed' : 'value';
}
