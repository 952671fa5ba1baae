/**
 * OTLP's `AnyValue` from protobuf or JSON bytes into JavaScript values, and plain JSON and base64 beside it. Nothing throws; recursion is
 * bounded by `DEEPEST`, because the input's depth is not.
 * Field numbers: opentelemetry/proto/common/v1/common.proto (v1.11.0).
 */

import { utf8Text } from './jsonText';
import type { AttributeValue } from './values';

const DEEPEST = 32;
const TOO_DEEP = '…';

/** The value of the `AnyValue` message in `bytes[start, end)`. */
export function anyValueOfProto(bytes: Uint8Array, start: number, end: number): AttributeValue {
  return new ProtoValue(bytes).anyValue(start, Math.min(end, bytes.length), 0);
}

class ProtoValue {
  private at = 0;
  constructor(private readonly bytes: Uint8Array) {}

  anyValue(start: number, end: number, depth: number): AttributeValue {
    if (depth > DEEPEST) return TOO_DEEP;
    let value: AttributeValue;
    this.at = start;
    while (this.at < end) {
      const tag = Number(this.varint(end));
      const kind = tag & 7;
      if (kind === 0) {
        const number = this.varint(end);
        if (tag >> 3 === 2) value = number !== 0n;
        else if (tag >> 3 === 3) value = smallest(BigInt.asIntN(64, number));
      } else if (kind === 1) {
        if (this.at + 8 > end) return value;
        if (tag >> 3 === 4) value = new DataView(this.bytes.buffer, this.bytes.byteOffset).getFloat64(this.at, true);
        this.at += 8;
      } else if (kind === 2) {
        const length = Number(this.varint(end));
        const from = this.at;
        const stop = Math.min(end, from + length);
        if (tag >> 3 === 1) value = utf8Text(this.bytes, from, stop - from);
        else if (tag >> 3 === 5) value = this.list(from, stop, depth);
        else if (tag >> 3 === 6) value = this.map(from, stop, depth);
        else if (tag >> 3 === 7) value = this.bytes.slice(from, stop);
        this.at = stop;
      } else if (kind === 5) this.at += 4;
      else return value;
    }
    return value;
  }

  private list(start: number, end: number, depth: number): AttributeValue {
    const all: AttributeValue[] = [];
    this.fields(start, end, (from, stop) => all.push(this.anyValue(from, stop, depth + 1)));
    return all;
  }

  private map(start: number, end: number, depth: number): AttributeValue {
    const all: Record<string, AttributeValue> = Object.create(null);
    this.fields(start, end, (from, stop) => {
      let key = '';
      let value: AttributeValue;
      this.fields(from, stop, (at, to, number) => {
        if (number === 1) key = utf8Text(this.bytes, at, to - at);
        else if (number === 2) value = this.anyValue(at, to, depth + 1);
      });
      all[key] = value;
    });
    return all;
  }

  /** Calls `visit` with each length-delimited field of a message. */
  private fields(start: number, end: number, visit: (start: number, end: number, number: number) => void): void {
    let at = start;
    while (at < end) {
      this.at = at;
      const tag = Number(this.varint(end));
      const length = Number(this.varint(end));
      const from = this.at;
      at = (tag & 7) === 2 ? Math.min(end, from + length) : from;
      if ((tag & 7) === 2) visit(from, at, tag >> 3);
    }
  }

  private varint(end: number): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n && this.at < end; shift += 7n) {
      const byte = this.bytes[this.at++];
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) break;
    }
    return value;
  }
}

/** A number where it is exact. */
function smallest(value: bigint): number | bigint {
  return value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value;
}

/** The value of an OTLP/JSON `AnyValue` object; its text when it is no JSON. */
export function anyValueOfJson(text: string): AttributeValue {
  // Integers without quotes would lose digits in JSON.parse. Inside of a string the second quote would have a backslash before it.
  const quoted = text.replace(/("int(?:_v|V)alue"\s*:\s*)(-?\d{16,})/g, '$1"$2"');
  const parsed = parse(quoted);
  return parsed === undefined ? text : ofJson(parsed.value, 0);
}

/** A plain JSON value; its text when it is no JSON. */
export function plainValue(text: string): AttributeValue {
  const parsed = parse(text);
  return parsed === undefined ? text : plain(parsed.value, 0);
}

function parse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function ofJson(any: unknown, depth: number): AttributeValue {
  if (depth > DEEPEST) return TOO_DEEP;
  if (!isRecord(any)) return undefined;
  let value: AttributeValue;
  for (const [key, inner] of Object.entries(any)) {
    switch (key) {
      case 'stringValue':
      case 'string_value':
        value = typeof inner === 'string' ? inner : undefined;
        break;
      case 'boolValue':
      case 'bool_value':
        value = inner === true || inner === 'true';
        break;
      case 'intValue':
      case 'int_value':
        value = integer(inner);
        break;
      case 'doubleValue':
      case 'double_value':
        value = Number(inner);
        break;
      case 'bytesValue':
      case 'bytes_value':
        value = typeof inner === 'string' ? base64Bytes(inner) : undefined;
        break;
      case 'arrayValue':
      case 'array_value':
        value = valuesOf(inner).map((item) => ofJson(item, depth + 1));
        break;
      case 'kvlistValue':
      case 'kvlist_value':
        value = map(valuesOf(inner), depth);
        break;
    }
  }
  return value;
}

function valuesOf(list: unknown): readonly unknown[] {
  return isRecord(list) && Array.isArray(list.values) ? list.values : [];
}

function map(pairs: readonly unknown[], depth: number): AttributeValue {
  const all: Record<string, AttributeValue> = Object.create(null);
  for (const pair of pairs) {
    if (isRecord(pair)) all[typeof pair.key === 'string' ? pair.key : ''] = ofJson(pair.value, depth + 1);
  }
  return all;
}

function integer(value: unknown): AttributeValue {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return undefined;
  try {
    return smallest(BigInt(value));
  } catch {
    return Number(value);
  }
}

function plain(value: unknown, depth: number): AttributeValue {
  if (depth > DEEPEST) return TOO_DEEP;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map((item) => plain(item, depth + 1));
  if (!isRecord(value)) return undefined;
  const all: Record<string, AttributeValue> = Object.create(null);
  for (const [key, inner] of Object.entries(value)) all[key] = plain(inner, depth + 1);
  return all;
}

/** Bytes of base64 in either alphabet, with or without padding; reading stops at the first other character. */
export function base64Bytes(text: string): Uint8Array {
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let length = 0;
  let bits = 0;
  let held = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = base64Digit(text.charCodeAt(i));
    if (digit < 0) break;
    bits = (bits << 6) | digit;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes[length++] = (bits >>> held) & 255;
  }
  return bytes.slice(0, length);
}

function base64Digit(code: number): number {
  if (code >= 65 && code <= 90) return code - 65;
  if (code >= 97 && code <= 122) return code - 71;
  if (code >= 48 && code <= 57) return code + 4;
  if (code === 43 || code === 45) return 62;
  return code === 47 || code === 95 ? 63 : -1;
}
