/** What products call the members of a span: looked up by paths, ids in decimal digits or of any text, times in any unit. */

import { nanosOfDate } from '../../model/int64';
import { idHexOf } from '../../model/oddIds';
import { isMembers, membersOf, scalarOf } from './kind';
import { type Members, parseDocument } from './literal';

/** The first that is there of `a.b.c`, as one name, as members of members, or as both; of a list of one, that one, as Elasticsearch has fields. */
export function at(document: Members, ...paths: readonly string[]): unknown {
  for (const path of paths) {
    const found = inner(document, path);
    const value = Array.isArray(found) && found.length === 1 ? found[0] : found;
    if (value !== undefined && value !== null && value !== '') return value;
  }
  return undefined;
}

function inner(document: Members, path: string): unknown {
  const own = document[path];
  if (own !== undefined && own !== null) return own;
  for (let dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
    const member = document[path.slice(0, dot)];
    const found = isMembers(member) ? inner(member, path.slice(dot + 1)) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** 16 digits of hex of a 64-bit number in decimal digits, which may be negative; undefined for none, and for 0. */
export function hexOfDecimal(value: unknown): string | undefined {
  const text = scalarOf(value);
  if (!/^-?\d{1,20}$/.test(text)) return undefined;
  const id = BigInt(text);
  if (id === 0n || id >= 2n ** 64n || id < -(2n ** 63n)) return undefined;
  return BigInt.asUintN(64, id).toString(16).padStart(16, '0');
}

/** UTF-16 units of an id. Of what is none the rest makes no difference, and it may be megabytes that each of many spans has. */
export const LONGEST_ID = 500;

/** An id as it is, or one of as many digits that is the same for the same text: for products whose ids are any text. @param size bytes */
export function hexOfAny(value: unknown, size: 8 | 16): string | undefined {
  const text = scalarOf(value).slice(0, LONGEST_ID);
  if (text === '' || /^[0-]+$/.test(text)) return undefined;
  const known = /^[0-9a-f-]+$/i.test(text) ? idHexOf(text, size) : undefined;
  if (known !== undefined) return known;
  const first = hashOf(text, 0xcbf29ce484222325n);
  return size === 8 ? first : first + hashOf(text, 0x84222325cbf29ce4n);
}

/** FNV-1a, 64 bits. Source: draft-eastlake-fnv. */
function hashOf(text: string, seed: bigint): string {
  let hash = seed;
  for (let i = 0; i < text.length; i++) hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(i))) * 0x100000001b3n);
  return hash.toString(16).padStart(16, '0');
}

/** Nanoseconds of a number of some unit, which may have a fraction, as a number or in a string; of 64 bits. @param unit nanoseconds in it */
export function nanosOf(value: unknown, unit: number): bigint | undefined {
  const text = scalarOf(value);
  if (/^-?\d{1,20}$/.test(text)) {
    const nanos = BigInt(text) * BigInt(unit);
    return BigInt.asIntN(64, nanos) === nanos ? nanos : undefined;
  }
  const number = Number(text);
  if (text === '' || !Number.isFinite(number) || Math.abs(number * unit) > 2 ** 63) return undefined;
  // A double of seconds since the epoch holds microseconds.
  const isExact = Math.abs(number * unit) <= Number.MAX_SAFE_INTEGER;
  return isExact || unit < 1000 ? BigInt(Math.round(number * unit)) : BigInt(Math.round(number * (unit / 1000))) * 1000n;
}

/** Epoch nanoseconds of a date, or of a number of some unit. @param unit nanoseconds in it */
export function nanosOfStart(value: unknown, unit = 1): bigint | undefined {
  const nanos = typeof value === 'string' ? (nanosOfDate(value) ?? nanosOf(value, unit)) : nanosOf(value, unit);
  return nanos !== undefined && nanos > 0n ? nanos : undefined;
}

/** Epoch nanoseconds of a date, or of a number whose unit only its size tells: seconds, milliseconds, microseconds or nanoseconds. */
export function nanosOfAnyUnit(value: unknown): bigint | undefined {
  const size = Math.abs(Number(scalarOf(value)));
  const unit = size < 1e11 ? 1e9 : size < 1e14 ? 1e6 : size < 1e17 ? 1e3 : 1;
  return nanosOfStart(value, unit);
}

/** Nanoseconds of a `TimeSpan` of .NET's: `1.00:00:00.0123456`. */
export function nanosOfTimeSpan(text: string): bigint | undefined {
  const match = /^(?:(\d{1,8})\.)?(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?$/.exec(text);
  if (!match) return undefined;
  const [, days = '0', hours, minutes, seconds, fraction = ''] = match;
  const whole = ((BigInt(days) * 24n + BigInt(hours)) * 60n + BigInt(minutes)) * 60n + BigInt(seconds);
  return whole * 1_000_000_000n + BigInt(fraction.padEnd(9, '0'));
}

/** An object, or the JSON of one; without members for anything else. */
export function objectOf(value: unknown): Members {
  return (typeof value === 'string' ? parseDocument(value) : undefined) ?? membersOf(value);
}

/** Deeper members stay together. */
const FLATTENED = 10;

/** Members of members under one name each, with dots: where a dot in a name was taken for a member. */
export function flatOf(members: Members, depth = 0): Members {
  const found: Record<string, unknown> = Object.create(null);
  for (const [key, value] of Object.entries(members)) {
    if (!isMembers(value) || depth >= FLATTENED) found[key] = value;
    else for (const [name, inner] of Object.entries(flatOf(value, depth + 1))) found[`${key}.${name}`] = inner;
  }
  return found;
}

/** OTLP's number of a kind in any notation: `SPAN_KIND_SERVER`, `Server`, `server`. */
export function kindOf(value: unknown): number {
  const word = scalarOf(value)
    .toLowerCase()
    .replace(/^span_kind_/, '');
  return Math.max(0, ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'].indexOf(word));
}

/** OTLP's number of a status in any notation. */
export function statusOf(value: unknown): number {
  const word = scalarOf(value)
    .toLowerCase()
    .replace(/^status_code_/, '');
  return word === 'error' || word === '2' ? 2 : word === 'ok' || word === '1' ? 1 : 0;
}
