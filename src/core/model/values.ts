/**
 * Values of attributes, read from a batch's bytes when somebody wants them, and compared with a query's operand without being read where that is
 * possible. Reading never throws: bytes were only located when the batch was made, so a damaged value is what can be read of it.
 */

import { anyValueOfRow, toValue } from './anyValue';
import type { AttributeValue } from './attributeValue';
import {
  type SpanBatch,
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
import { jsonText, utf8Text } from './jsonText';

/** The value in attribute row `row`. */
export function readValue(batch: SpanBatch, row: number): AttributeValue {
  const { blob, attributes } = batch;
  const number = attributes.number[row];
  const length = attributes.length[row];
  switch (attributes.type[row]) {
    case VALUE_STRING:
      return utf8Text(blob, number, length);
    case VALUE_JSON_STRING:
      return jsonText(blob, number, length);
    case VALUE_INTERNED:
      return batch.strings.get(number);
    case VALUE_BOOL:
      return number !== 0;
    case VALUE_INT:
    case VALUE_DOUBLE:
      return number;
    case VALUE_BYTES:
      return blob.slice(number, number + length);
    default:
      return toValue(anyValueOfRow(batch, row));
  }
}

/** Whether the value in attribute row `row` may be a list or a map. */
export function mayNest({ attributes }: SpanBatch, row: number): boolean {
  const type = attributes.type[row];
  return type === VALUE_PROTO || type === VALUE_JSON_ANY || type === VALUE_JSON;
}

/** Attributes `[start, end)` as a map without prototype, in their order; of duplicate keys the last wins. */
export function readAttributes(batch: SpanBatch, start: number, end: number): Record<string, AttributeValue> {
  const all: Record<string, AttributeValue> = Object.create(null);
  for (let row = start; row < end; row++) all[batch.strings.get(batch.attributes.key[row])] = readValue(batch, row);
  return all;
}

/** Row of the last attribute in `[start, end)` whose key has index `key` in the string table; -1 when there is none. */
export function findAttribute(batch: SpanBatch, start: number, end: number, key: number): number {
  const keys = batch.attributes.key;
  for (let row = end - 1; row >= start; row--) if (keys[row] === key) return row;
  return -1;
}

/** A value of a query, prepared for comparing it with many. */
export interface Operand {
  readonly value: string | number | bigint | boolean;
  /** UTF-8 of a string. */
  readonly bytes: Uint8Array;
  /** No byte of the string is written differently inside JSON. */
  readonly plain: boolean;
}

export function operand(value: string | number | bigint | boolean): Operand {
  const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : new Uint8Array(0);
  return { value, bytes, plain: bytes.every((byte) => byte >= 32 && byte !== 34 && byte !== 92) };
}

/** Whether the value in `row` equals the operand. A number equals a number whatever its type (1 and 1.0); text and number are never equal. */
export function valueEquals(batch: SpanBatch, row: number, { value, bytes, plain }: Operand): boolean {
  const { attributes, blob } = batch;
  const number = attributes.number[row];
  const length = attributes.length[row];
  switch (attributes.type[row]) {
    case VALUE_STRING:
      return typeof value === 'string' && length === bytes.length && equalBytes(blob, number, bytes);
    case VALUE_JSON_STRING:
      if (typeof value !== 'string' || length < bytes.length) return false;
      if (plain && length === bytes.length) return equalBytes(blob, number, bytes);
      return jsonText(blob, number, length) === value;
    case VALUE_INTERNED:
      return typeof value === 'string' && batch.strings.get(number) === value;
    case VALUE_BOOL:
      return value === (number !== 0);
    case VALUE_INT:
    case VALUE_DOUBLE:
      return typeof value === 'bigint' ? Number(value) === number && Number.isSafeInteger(number) : value === number;
    case VALUE_BIG_INT:
    case VALUE_PROTO:
      return (typeof value === 'bigint' || typeof value === 'number') && compareNumbers(readValue(batch, row), value) === 0;
    case VALUE_JSON:
    case VALUE_JSON_ANY:
      return readValue(batch, row) === value;
    default:
      return false;
  }
}

function equalBytes(blob: Uint8Array, at: number, bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) if (blob[at + i] !== bytes[i]) return false;
  return true;
}

/** Exact for a number and a bigint, too. */
function compareNumbers(left: AttributeValue, right: AttributeValue): number | undefined {
  const numeric = (value: AttributeValue): value is number | bigint => typeof value === 'number' || typeof value === 'bigint';
  if (!numeric(left) || !numeric(right)) return undefined;
  if (left < right) return -1;
  if (left > right) return 1;
  return left >= right ? 0 : undefined;
}

/** The value as text for display and for matching by a regular expression: strings as they are, bytes in hex, lists and maps as JSON. */
export function valueText(value: AttributeValue): string {
  if (typeof value === 'string') return value;
  if (value === undefined) return '';
  if (value instanceof Uint8Array) return hexOf(value);
  if (typeof value === 'object') return JSON.stringify(value, (_, inner) => plainForJson(inner)) ?? '';
  return String(value);
}

function plainForJson(value: unknown): unknown {
  if (value instanceof Uint8Array) return hexOf(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  return value === undefined ? null : value;
}

function hexOf(bytes: Uint8Array): string {
  let hex = '';
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0');
  return hex;
}
