/**
 * Integers of 64 bits as JSON has them, which has none of its own: digits in a string (protobuf's JSON), halves (protobuf.js and Long), seconds
 * with nanoseconds (google.protobuf.Timestamp, OpenTelemetry's times in JavaScript), dates, and what other writers found.
 */

/** What is longer is neither a number nor an id. */
const LONGEST = 400;
const BILLION = 1_000_000_000n;

/** The int64 that a text is, in decimal digits; undefined when it is none. */
export function int64Of(text: string): bigint | undefined {
  const trimmed = text.trim();
  if (!/^[+-]?\d{1,20}$/.test(trimmed)) return undefined;
  const exact = BigInt(trimmed.replace('+', ''));
  return BigInt.asIntN(64, exact) === exact ? exact : undefined;
}

/**
 * The integer that a value of parsed JSON stands for, where it is neither a number nor decimal digits alone: halves, each with a sign or without
 * (protobuf.js, Long), a BigInt as text, MongoDB's form. Undefined: it is none.
 */
export function oddInt64(value: unknown): bigint | undefined {
  if (typeof value === 'string') return /^-?\d{1,20}n$/.test(value) ? BigInt(value.slice(0, -1)) : undefined;
  if (!isObject(value)) return undefined;
  if (value.low !== undefined && value.high !== undefined)
    return joined(whole(value.low), whole(value.high), value.unsigned === true);
  return whole(value.$numberLong);
}

/**
 * `oddInt64` of a time, which may be seconds with nanoseconds as well, as an object or a list, or a date.
 * @param perNano the units of the time in a nanosecond, as its divisor: 1 for nanoseconds, 1000 for microseconds
 */
export function oddTime(value: unknown, perNano: bigint): bigint | undefined {
  const known = oddInt64(value);
  if (known !== undefined) return known;
  const nanos = oddNanos(value);
  return nanos === undefined ? undefined : nanos / perNano;
}

function oddNanos(value: unknown): bigint | undefined {
  if (typeof value === 'string') return nanosOfDate(value);
  if (Array.isArray(value)) return value.length === 2 ? nanosOf(whole(value[0]), whole(value[1])) : undefined;
  if (!isObject(value) || value.seconds === undefined) return undefined;
  return nanosOf(whole(value.seconds) ?? oddInt64(value.seconds), whole(value.nanos ?? 0));
}

/** `oddTime` of a text of JSON. */
export function oddTimeOfJson(json: string, perNano: bigint): bigint | undefined {
  const value = shortJson(json);
  return value === undefined ? undefined : oddTime(value, perNano);
}

/** `oddInt64` of a text of JSON. */
export function oddInt64OfJson(json: string): bigint | undefined {
  return oddInt64(shortJson(json));
}

/** The value of a text of JSON that is not too long for a number or an id; undefined when it is, or is no JSON. */
export function shortJson(json: string): unknown {
  if (json.length > LONGEST) return undefined;
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/**
 * Nanoseconds since the epoch of a date as RFC 3339 has it: `2024-06-01T10:00:00.123456789Z`. A space may stand for the T, and the zone may be
 * missing, which is UTC; Go's have the zone's name behind it (`2024-06-01 10:00:00.5 +0000 UTC`). Undefined: it is no such date.
 */
export function nanosOfDate(text: string): bigint | undefined {
  const match =
    /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:[.,](\d{1,12}))?\s?(Z|z|UTC|[+-]\d\d:?\d\d(?: (?:[A-Z]{1,5}|[+-]\d{2,4}))?)?$/.exec(
      text.trim(),
    );
  if (!match) return undefined;
  const [, day, time, fraction = '', zone = 'Z'] = match;
  const offset = /^[+-]/.test(zone) ? `${zone.slice(0, 3)}:${zone.slice(3).replace(':', '').slice(0, 2)}` : 'Z';
  const ms = Date.parse(`${day}T${time}${offset}`);
  return Number.isNaN(ms) ? undefined : BigInt(ms / 1000) * BILLION + BigInt(fraction.slice(0, 9).padEnd(9, '0'));
}

function nanosOf(seconds: bigint | undefined, fraction: bigint | undefined): bigint | undefined {
  return seconds === undefined || fraction === undefined ? undefined : seconds * BILLION + fraction;
}

function joined(low: bigint | undefined, high: bigint | undefined, unsigned: boolean): bigint | undefined {
  if (low === undefined || high === undefined || !isWord(low) || !isWord(high)) return undefined;
  const bits = (BigInt.asUintN(32, high) << 32n) | BigInt.asUintN(32, low);
  return unsigned ? bits : BigInt.asIntN(64, bits);
}

/** 32 bits, with a sign or without. */
function isWord(value: bigint): boolean {
  return value >= -0x80000000n && value <= 0xffffffffn;
}

function whole(value: unknown): bigint | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : undefined;
  return typeof value === 'string' && /^-?\d{1,20}$/.test(value) ? BigInt(value) : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
