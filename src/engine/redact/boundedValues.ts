/** Attribute values as text for the details, with their type, redacted and cut. */

import type { AttributeValue } from '../../core/model/attributeValue';
import { type SpanBatch, VALUE_DOUBLE } from '../../core/model/batch';
import { readValue } from '../../core/model/values';
import type { ShownAttribute, ShownValue } from '../../protocol/details';
import { HIDDEN } from './hidden';
import { isList, isMap, type Redactor } from './redactor';

/** How much of a text is given, UTF-16 units. */
export interface Bounds {
  readonly value: number;
  readonly stack: number;
}

/** What the details show; a stack is read as a whole, and real ones have up to 36,000 (Rust). More is asked for by copying, opening or exporting. */
export const shownBounds: Bounds = { value: 16_384, stack: 256 * 1024 };
/** All of it. */
export const noBounds: Bounds = { value: Number.POSITIVE_INFINITY, stack: Number.POSITIVE_INFINITY };

/** Attributes `[start, end)` of the batch, in their order. */
export function shownAttributes(
  batch: SpanBatch,
  start: number,
  end: number,
  redactor: Redactor,
  bounds: Bounds,
): ShownAttribute[] {
  const out: ShownAttribute[] = [];
  for (let row = start; row < end; row++) {
    const key = batch.strings.get(batch.attributes.key[row]);
    out.push(shownAttribute(key, redactor, () => shownRow(batch, row, redactor, bounds)));
  }
  return out;
}

/** @param value only asked for where it may be shown */
export function shownAttribute(key: string, redactor: Redactor, value: () => ShownValue): ShownAttribute {
  return { key: redactor.key(key), value: redactor.hides(key) ? { text: HIDDEN, type: 'redacted' } : value() };
}

function shownRow(batch: SpanBatch, row: number, redactor: Redactor, bounds: Bounds): ShownValue {
  const shown = shownValue(readValue(batch, row), redactor, bounds);
  return shown.type === 'int' && batch.attributes.type[row] === VALUE_DOUBLE ? { ...shown, type: 'double' } : shown;
}

/** One value. Integers and doubles are told apart by their look where the batch does not. */
export function shownValue(value: AttributeValue, redactor: Redactor, { value: most }: Bounds): ShownValue {
  const text = fullText(redactor.value('', value));
  switch (typeof value) {
    case 'string':
      return cut(text, 'string', most);
    case 'number':
      return { text, type: Number.isInteger(value) ? 'int' : 'double' };
    case 'bigint':
      return { text, type: 'int' };
    case 'boolean':
      return { text, type: 'bool' };
    case 'undefined':
      return { text: '', type: 'empty' };
    default:
      return cut(text, value instanceof Uint8Array ? 'bytes' : isList(value) ? 'list' : 'map', most);
  }
}

/** The whole value as text, as it is. */
export function fullText(value: AttributeValue): string {
  if (typeof value === 'object') return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : jsonOf(value);
  return typeof value === 'number' ? doubleText(value) : String(value ?? '');
}

function cut(text: string, type: ShownValue['type'], most: number): ShownValue {
  return text.length <= most ? { text, type } : { text: beginning(text, most), type, fullLength: text.length };
}

/** The first `most` units, or one less: not between the halves of a surrogate pair. */
export function beginning(text: string, most: number): string {
  if (text.length <= most) return text;
  const half = text.charCodeAt(most - 1) >>> 10 === 0x36;
  return text.slice(0, half ? most - 1 : most);
}

function doubleText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

/** Pretty JSON; what JSON lacks (int64, bytes, NaN) as a string. */
function jsonOf(value: AttributeValue): string {
  return (
    JSON.stringify(
      plain(value),
      (_, item: unknown) => (typeof item === 'number' && !Number.isFinite(item) ? String(item) : item),
      2,
    ) ?? ''
  );
}

function plain(value: AttributeValue): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (isList(value)) return value.map(plain);
  if (isMap(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
  return value ?? null;
}
