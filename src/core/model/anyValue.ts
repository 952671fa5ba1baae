/**
 * OTLP's `AnyValue`. Whatever it is written in — protobuf, OTLP/JSON, plain JSON, columns — it is read into one form, the one of OTLP/JSON, which
 * keeps the types apart (3 and 3.0 are different), and from there into JavaScript values. Nothing throws; recursion is bounded by
 * `DEEPEST` and what is made by `ValueRoom`, because the input's depth and what its bytes stand for are not; what is left out is an ellipsis.
 * Field numbers: opentelemetry/proto/common/v1/common.proto (v1.11.0).
 */

import type { AttributeValue } from './attributeValue';
import { base64Bytes, base64Text } from './base64';
import {
  type SpanBatch,
  VALUE_BASE64,
  VALUE_BIG_INT,
  VALUE_BOOL,
  VALUE_BYTES,
  VALUE_DOUBLE,
  VALUE_INT,
  VALUE_INTERNED,
  VALUE_JSON,
  VALUE_JSON_ANY,
  VALUE_JSON_STRING,
  VALUE_PROTO,
  VALUE_STRING,
} from './batch';
import { int64Of, oddInt64 } from './int64';
import { jsonText, utf8Text } from './jsonText';
import { ITEM_BYTES, isTooDense, LIST_BYTES, MAP_BYTES, PAIR_BYTES, ValueRoom } from './valueRoom';

export { base64Bytes } from './base64';

/** At most one member; none is OTLP's empty value. */
export interface AnyValueJson {
  readonly stringValue?: string;
  readonly boolValue?: boolean;
  /** Decimal digits. */
  readonly intValue?: string;
  /** A number, or "NaN", "Infinity", "-Infinity". */
  readonly doubleValue?: number | string;
  readonly arrayValue?: { readonly values: readonly AnyValueJson[] };
  readonly kvlistValue?: { readonly values: readonly { readonly key: string; readonly value: AnyValueJson }[] };
  /** Base64. */
  readonly bytesValue?: string;
}

const DEEPEST = 32;
const LEFT_OUT: AnyValueJson = { stringValue: '…' };

/** The value in attribute row `row`, with its type. */
export function anyValueOfRow(batch: Pick<SpanBatch, 'blob' | 'strings' | 'attributes'>, row: number): AnyValueJson {
  const { blob, attributes } = batch;
  const number = attributes.number[row];
  const length = attributes.length[row];
  switch (attributes.type[row]) {
    case VALUE_STRING:
      return { stringValue: utf8Text(blob, number, length) };
    case VALUE_JSON_STRING:
      return { stringValue: jsonText(blob, number, length) };
    case VALUE_INTERNED:
      return { stringValue: batch.strings.get(number) };
    case VALUE_BOOL:
      return { boolValue: number !== 0 };
    case VALUE_INT:
      return { intValue: String(number) };
    case VALUE_BIG_INT:
      return integer(utf8Text(blob, number, length));
    case VALUE_DOUBLE:
      return double(number);
    case VALUE_PROTO:
      return protoAnyValue(blob, number, number + length);
    case VALUE_JSON_ANY:
      return jsonAnyValue(utf8Text(blob, number, length));
    case VALUE_JSON:
      return plainJson(utf8Text(blob, number, length));
    case VALUE_BYTES:
      return { bytesValue: base64Text(blob.subarray(number, number + length)) };
    case VALUE_BASE64:
      return { bytesValue: base64Text(base64Bytes(utf8Text(blob, number, length))) };
    default:
      return {};
  }
}

/** The protobuf `AnyValue` in `bytes[start, end)`. */
export function protoAnyValue(bytes: Uint8Array, start: number, end: number): AnyValueJson {
  return new ProtoValue(bytes, new ValueRoom(end - start)).anyValue(start, Math.min(end, bytes.length), 0);
}

/** An OTLP/JSON `AnyValue` that was parsed already. */
export function jsonAnyValueOf(value: unknown): AnyValueJson {
  return ofJson(value, 0);
}

/** As a JavaScript value. */
export function toValue(any: AnyValueJson): AttributeValue {
  if (any.stringValue !== undefined) return any.stringValue;
  if (any.boolValue !== undefined) return any.boolValue;
  if (any.intValue !== undefined) return smallest(BigInt(any.intValue));
  if (any.doubleValue !== undefined) return Number(any.doubleValue);
  if (any.bytesValue !== undefined) return base64Bytes(any.bytesValue);
  if (any.arrayValue !== undefined) return any.arrayValue.values.map(toValue);
  if (any.kvlistValue === undefined) return undefined;
  const all: Record<string, AttributeValue> = Object.create(null);
  for (const { key, value } of any.kvlistValue.values) all[key] = toValue(value);
  return all;
}

function double(value: number): AnyValueJson {
  return { doubleValue: Number.isFinite(value) ? value : String(value) };
}

/** A number where it is exact. */
function smallest(value: bigint): number | bigint {
  return value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value;
}

class ProtoValue {
  private at = 0;
  constructor(
    private readonly bytes: Uint8Array,
    private readonly room: ValueRoom,
  ) {}

  anyValue(start: number, end: number, depth: number): AnyValueJson {
    if (depth > DEEPEST) return LEFT_OUT;
    let value: AnyValueJson = {};
    this.at = start;
    while (this.at < end) {
      const tag = this.number(end);
      const field = tag >> 3;
      const kind = tag & 7;
      if (kind === 0) {
        const number = this.varint(end);
        if (field === 2) value = { boolValue: number !== 0n };
        else if (field === 3) value = { intValue: BigInt.asIntN(64, number).toString() };
      } else if (kind === 1) {
        if (this.at + 8 > end) return value;
        if (field === 4) value = double(new DataView(this.bytes.buffer, this.bytes.byteOffset).getFloat64(this.at, true));
        this.at += 8;
      } else if (kind === 2) {
        const length = this.number(end);
        const from = this.at;
        const stop = Math.min(end, from + length);
        value = this.sized(field, from, stop, depth) ?? value;
        this.at = stop;
      } else if (kind === 5) this.at += 4;
      else return value;
    }
    return value;
  }

  private sized(field: number, from: number, stop: number, depth: number): AnyValueJson | undefined {
    switch (field) {
      case 1:
        return { stringValue: utf8Text(this.bytes, from, stop - from) };
      case 5: {
        const values: AnyValueJson[] = [];
        this.room.take(LIST_BYTES);
        this.fields(from, stop, (at, to) => {
          if (this.room.take(ITEM_BYTES)) values.push(this.anyValue(at, to, depth + 1));
        });
        if (this.room.isSpent) values.push(LEFT_OUT);
        return { arrayValue: { values } };
      }
      case 6:
        return { kvlistValue: { values: this.pairs(from, stop, depth) } };
      case 7:
        return { bytesValue: base64Text(this.bytes.subarray(from, stop)) };
      default:
        return undefined;
    }
  }

  private pairs(start: number, end: number, depth: number): { key: string; value: AnyValueJson }[] {
    const all: { key: string; value: AnyValueJson }[] = [];
    this.room.take(MAP_BYTES);
    this.fields(start, end, (from, stop) => {
      if (!this.room.take(PAIR_BYTES)) return;
      let key = '';
      let value: AnyValueJson = {};
      this.fields(from, stop, (at, to, field) => {
        if (field === 1) key = utf8Text(this.bytes, at, to - at);
        else if (field === 2) value = this.anyValue(at, to, depth + 1);
      });
      all.push({ key, value });
    });
    if (this.room.isSpent) all.push({ key: '…', value: LEFT_OUT });
    return all;
  }

  /** Calls `visit` with each length-delimited field of a message, as long as there is room. */
  private fields(start: number, end: number, visit: (start: number, end: number, field: number) => void): void {
    let at = start;
    while (at < end && !this.room.isSpent) {
      this.at = at;
      const tag = this.number(end);
      const length = this.number(end);
      const from = this.at;
      at = (tag & 7) === 2 ? Math.min(end, from + length) : from;
      if ((tag & 7) === 2) visit(from, at, tag >> 3);
    }
  }

  /** A tag or a length. */
  private number(end: number): number {
    if (this.at < end && this.bytes[this.at] < 128) return this.bytes[this.at++];
    return Number(this.varint(end));
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

/** An OTLP/JSON `AnyValue` object in text; the text itself when it is no JSON. */
function jsonAnyValue(text: string): AnyValueJson {
  if (isTooDense(text)) return LEFT_OUT;
  // Integers without quotes would lose digits in JSON.parse. Inside of a string the second quote would have a backslash before it.
  const quoted = text.replace(/("(?:int(?:_v|V)|IntV)alue"\s*:\s*)(-?\d{16,})/g, '$1"$2"');
  const parsed = parse(quoted);
  return parsed === undefined ? { stringValue: text } : ofJson(parsed.value, 0);
}

/** A plain JSON value in text. */
function plainJson(text: string): AnyValueJson {
  if (isTooDense(text)) return LEFT_OUT;
  const parsed = parse(text);
  return parsed === undefined ? { stringValue: text } : ofPlain(parsed.value, 0);
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

function ofJson(any: unknown, depth: number): AnyValueJson {
  if (depth > DEEPEST) return LEFT_OUT;
  // A value that does not say its type is one of JSON's own; Go's structs have another object around it.
  if (!isRecord(any)) return ofPlain(any, depth);
  let value: AnyValueJson = {};
  for (const [key, inner] of Object.entries(isRecord(any.Value) ? any.Value : any)) {
    // A member that is null is not given.
    if (inner !== null) value = alternative(key, inner, depth) ?? value;
  }
  return value;
}

function alternative(key: string, inner: unknown, depth: number): AnyValueJson | undefined {
  switch (key) {
    case 'stringValue':
    case 'string_value':
    case 'StringValue':
      return typeof inner === 'string' ? { stringValue: inner } : undefined;
    case 'boolValue':
    case 'bool_value':
    case 'BoolValue':
      return { boolValue: inner === true || inner === 'true' };
    case 'intValue':
    case 'int_value':
    case 'IntValue':
      return integer(inner);
    case 'doubleValue':
    case 'double_value':
    case 'DoubleValue':
      return double(Number(inner));
    case 'bytesValue':
    case 'bytes_value':
    case 'BytesValue':
      return bytesOf(inner);
    case 'arrayValue':
    case 'array_value':
    case 'ArrayValue':
      return { arrayValue: { values: valuesOf(inner).map((item) => ofJson(item, depth + 1)) } };
    case 'kvlistValue':
    case 'kvlist_value':
    case 'KvlistValue':
      return {
        kvlistValue: {
          values: valuesOf(inner)
            .filter(isRecord)
            .map((pair) => pairOf(pair, depth)),
        },
      };
    default:
      return undefined;
  }
}

/** Base64, or numbers in a list. */
function bytesOf(value: unknown): AnyValueJson | undefined {
  if (typeof value === 'string') return { bytesValue: base64Text(base64Bytes(value)) };
  return Array.isArray(value) ? { bytesValue: base64Text(Uint8Array.from(value, Number)) } : undefined;
}

function pairOf(pair: Record<string, unknown>, depth: number): { key: string; value: AnyValueJson } {
  return { key: typeof pair.key === 'string' ? pair.key : '', value: ofJson(pair.value, depth + 1) };
}

/** What a list or a map holds, which may stand there without the object around it. */
function valuesOf(list: unknown): readonly unknown[] {
  if (Array.isArray(list)) return list;
  return isRecord(list) && Array.isArray(list.values) ? list.values : [];
}

/** What an int64 cannot hold is a double. */
function integer(value: unknown): AnyValueJson {
  const exact = typeof value === 'string' ? int64Of(value) : oddInt64(value);
  if (exact !== undefined) return { intValue: exact.toString() };
  const number = typeof value === 'string' || typeof value === 'number' ? Number(value) : 0;
  return Number.isSafeInteger(number) ? { intValue: String(number) } : double(number);
}

function ofPlain(value: unknown, depth: number): AnyValueJson {
  if (depth > DEEPEST) return LEFT_OUT;
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number') return Number.isSafeInteger(value) ? { intValue: String(value) } : double(value);
  if (Array.isArray(value)) return { arrayValue: { values: value.map((item) => ofPlain(item, depth + 1)) } };
  if (!isRecord(value)) return {};
  const values = Object.entries(value).map(([key, inner]) => ({ key, value: ofPlain(inner, depth + 1) }));
  return { kvlistValue: { values } };
}
