/** Attribute values as text for the details, with their type, redacted and cut. */

import type { AttributeValue } from '../../core/model/attributeValue';
import { type SpanBatch, VALUE_DOUBLE } from '../../core/model/batch';
import { readValue } from '../../core/model/values';
import type { ShownAttribute, ShownValue } from '../../protocol/details';
import { HIDDEN, isList, isMap, type Redactor } from './redactor';

/** UTF-16 units of a value that are shown; more is asked for by copying or exporting. */
export const MAX_SHOWN = 16_384;

/** UTF-16 units of a stack; real ones have up to 36,000 (Rust). */
export const MAX_STACK = 256 * 1024;

/** Attributes `[start, end)` of the batch, in their order. */
export function shownAttributes(batch: SpanBatch, start: number, end: number, redactor: Redactor): ShownAttribute[] {
  const out: ShownAttribute[] = [];
  for (let row = start; row < end; row++) {
    const key = batch.strings.get(batch.attributes.key[row]);
    out.push(shownAttribute(key, redactor, () => shownRow(batch, row, redactor)));
  }
  return out;
}

/** @param value only asked for where it may be shown */
export function shownAttribute(key: string, redactor: Redactor, value: () => ShownValue): ShownAttribute {
  return { key: redactor.key(key), value: redactor.hides(key) ? { text: HIDDEN, type: 'redacted' } : value() };
}

function shownRow(batch: SpanBatch, row: number, redactor: Redactor): ShownValue {
  const shown = shownValue(readValue(batch, row), redactor);
  return shown.type === 'int' && batch.attributes.type[row] === VALUE_DOUBLE ? { ...shown, type: 'double' } : shown;
}

/** One value. Integers and doubles are told apart by their look where the batch does not. */
export function shownValue(value: AttributeValue, redactor: Redactor): ShownValue {
  const text = fullText(redactor.value('', value));
  switch (typeof value) {
    case 'string':
      return cut(text, 'string');
    case 'number':
      return { text, type: Number.isInteger(value) ? 'int' : 'double' };
    case 'bigint':
      return { text, type: 'int' };
    case 'boolean':
      return { text, type: 'bool' };
    case 'undefined':
      return { text: '', type: 'empty' };
    default:
      return cut(text, value instanceof Uint8Array ? 'bytes' : isList(value) ? 'list' : 'map');
  }
}

/** The whole value as text, as it is. */
export function fullText(value: AttributeValue): string {
  if (typeof value === 'object') return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : jsonOf(value);
  return typeof value === 'number' ? doubleText(value) : String(value ?? '');
}

function cut(text: string, type: ShownValue['type']): ShownValue {
  if (text.length <= MAX_SHOWN) return { text, type };
  // Not between the halves of a surrogate pair.
  const half = text.charCodeAt(MAX_SHOWN - 1) >>> 10 === 0x36;
  return { text: text.slice(0, half ? MAX_SHOWN - 1 : MAX_SHOWN), type, fullLength: text.length };
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
