/**
 * Comparing attributes with a value of the query, where they are in the columns. As in Tempo's store, the types have to be the same: `503` finds
 * integers, `"503"` texts, `503.0` doubles, and a duration no attribute. Source: grafana/tempo, tempodb/encoding/vparquet5/block_traceql.go.
 *
 * Formats whose tags are all text (Zipkin, X-Ray, Cloud Trace, …) have lost their types, and where a span says so, a text that reads as a number or
 * as true or false is one.
 */

import { type AnyValueJson, anyValueOfRow } from '../../model/anyValue';
import {
  BATCH_UNTYPED,
  type SpanBatch,
  VALUE_BIG_INT,
  VALUE_BOOL,
  VALUE_DOUBLE,
  VALUE_INT,
  VALUE_INTERNED,
  VALUE_JSON,
  VALUE_JSON_ANY,
  VALUE_JSON_STRING,
  VALUE_PROTO,
  VALUE_STRING,
} from '../../model/batch';
import type { StringTable } from '../../model/strings';
import { operand, readValue, valueEquals } from '../../model/values';
import type { ComparisonOperator } from '../query';
import { ByteSearch, neededText } from './neededText';
import { compareStatics, type List, ofElements, orderFits, type Single, type Static, smallest, staticsOfText } from './statics';
import { memoTest } from './stringMemo';
import type { TextTest } from './textTests';

/** Tests the attribute in a row of a batch's attribute columns. */
export type AttributeTest = (batch: SpanBatch, attribute: number) => boolean;

/** Of a span in row `row`, whose format may have lost types; -1: of no single span. */
export type SpanAttributeTest = (batch: SpanBatch, attribute: number, row: number) => boolean;

export function attributeTest(
  operator: ComparisonOperator,
  wanted: Single,
  text: TextTest,
  strings: StringTable,
): SpanAttributeTest {
  const strict = strictTest(operator, wanted, text, strings);
  return (batch, at, row) =>
    strict(batch, at) ||
    (row >= 0 && (batch.flags[row] & BATCH_UNTYPED) !== 0 && looselyFits(operator, wanted, staticOfAttribute(batch, at)));
}

function strictTest(operator: ComparisonOperator, wanted: Single, text: TextTest, strings: StringTable): AttributeTest {
  switch (wanted.type) {
    case 'string':
      return textTestOf(operator, wanted, text, strings);
    case 'int':
      return intTest(operator, wanted);
    case 'float': {
      const { value } = wanted;
      return ofType(wanted, operator, VALUE_DOUBLE, ({ attributes }, at) => fits(attributes.number[at], value, operator));
    }
    case 'bool': {
      const value = wanted.value ? 1 : 0;
      if (operator !== '=' && operator !== '!=') return () => false;
      const isWanted = operator === '=';
      return ofType(wanted, operator, VALUE_BOOL, ({ attributes }, at) => (attributes.number[at] === value) === isWanted);
    }
    case 'duration':
    case 'status':
    case 'kind':
      return () => false;
    default:
      return wanted satisfies never;
  }
}

function fits(left: number, right: number, operator: ComparisonOperator): boolean {
  return orderFits(left === right ? 0 : left - right, operator);
}

/** A test of values that have one type of column; what may be a list is read. */
function ofType(wanted: Single, operator: ComparisonOperator, type: number, test: AttributeTest): AttributeTest {
  return (batch, at) => {
    const found = batch.attributes.type[at];
    if (found === type) return test(batch, at);
    return mayBeRead(found) && readFits(operator, wanted, staticOfAttribute(batch, at));
  };
}

function intTest(operator: ComparisonOperator, wanted: Extract<Single, { readonly type: 'int' }>): AttributeTest {
  const { value } = wanted;
  return (batch, at) => {
    const type = batch.attributes.type[at];
    if (type === VALUE_INT && typeof value === 'number') return fits(batch.attributes.number[at], value, operator);
    if (type !== VALUE_INT && type !== VALUE_BIG_INT && !mayBeRead(type)) return false;
    return readFits(operator, wanted, staticOfAttribute(batch, at));
  };
}

function textTestOf(
  operator: ComparisonOperator,
  wanted: Extract<Single, { readonly type: 'string' }>,
  text: TextTest,
  strings: StringTable,
): AttributeTest {
  const interned = memoTest(strings, text);
  const isEquality = operator === '=' || operator === '!=';
  const isWanted = operator === '=';
  const searched = operand(wanted.value);
  const known = isEquality ? undefined : new ValueMemo(text, operator, wanted.value);
  return (batch, at) => {
    const { type, number } = batch.attributes;
    switch (type[at]) {
      case VALUE_INTERNED:
        return interned(number[at]);
      case VALUE_STRING:
      case VALUE_JSON_STRING:
        return known ? known.matches(batch, at) : valueEquals(batch, at, searched) === isWanted;
      case VALUE_PROTO:
      case VALUE_JSON_ANY:
      case VALUE_JSON:
        return textFits(operator, text, staticOfAttribute(batch, at));
      default:
        return false;
    }
  };
}

/** A value, or the elements of a list, that are texts. */
export function textFits(operator: ComparisonOperator, text: TextTest, found: Static): boolean {
  const test = (one: Single): boolean => one.type === 'string' && text(one.value);
  return found !== undefined && (found.type === 'list' ? ofElements(operator, found, test) : test(found));
}

/** Of the same type, or a list of it. */
function readFits(operator: ComparisonOperator, wanted: Single, found: Static): boolean {
  if (found === undefined) return false;
  const type = found.type === 'list' ? found.values[0].type : found.type;
  return type === wanted.type && compareStatics(operator, found, wanted);
}

function mayBeRead(type: number): boolean {
  return type === VALUE_PROTO || type === VALUE_JSON_ANY || type === VALUE_JSON;
}

/** Where types were lost: what the text may have been, compared as numbers are; and a number as its text. */
function looselyFits(operator: ComparisonOperator, wanted: Single, found: Static): boolean {
  if (found === undefined) return false;
  if (found.type === 'list') return ofElements(operator, found, (one) => looselyFits(operator, wanted, one));
  if (operator === '!=' && !looselyFits('=', wanted, found)) return isAlike(wanted, found);
  if (wanted.type === 'string') return compareStatics(operator, { type: 'string', value: String(found.value) }, wanted);
  return staticsOfText(found).some((one) => compareStatics(operator, one, wanted));
}

/** Whether a value could have been of the type that is wanted. */
function isAlike(wanted: Single, found: Single): boolean {
  return (
    wanted.type === 'string' ||
    staticsOfText(found).some((one) => compareStatics('=', one, wanted) || compareStatics('!=', one, wanted))
  );
}

/** Memory of a test's answers by a value's bytes: names, routes and addresses repeat, and a regular expression takes a microsecond or more. */
class ValueMemo {
  /** Per place: 0 none, else 1 no, 2 yes; and where the bytes are that it is of. */
  private readonly answers = new Uint8Array(PLACES);
  private readonly starts = new Uint32Array(PLACES);
  private readonly lengths = new Uint32Array(PLACES);
  private readonly types = new Uint8Array(PLACES);
  private readonly blobs: Uint8Array[] = [];

  private readonly needed: ByteSearch | undefined;
  private readonly isNegated: boolean;

  constructor(
    private readonly test: TextTest,
    operator: ComparisonOperator,
    wanted: string,
  ) {
    this.isNegated = operator === '!~';
    const needed = operator === '=~' || operator === '!~' ? neededText(wanted) : '';
    // Of what JSON may write in another way only a backslash tells.
    this.needed = /^[\w .,:;!?@$%*()=&~^+#-]+$/.test(needed) ? new ByteSearch(needed) : undefined;
  }

  matches(batch: SpanBatch, at: number): boolean {
    const { blob, attributes } = batch;
    const start = attributes.number[at];
    const length = attributes.length[at];
    if (this.needed && !this.needed.isIn(blob, start, start + length)) {
      if (attributes.type[at] === VALUE_STRING || !hasBackslash(blob, start, length)) return this.isNegated;
    }
    if (length > LONGEST) return this.ask(batch, at);
    let hash = length;
    for (let i = start; i < start + length; i++) hash = Math.imul(hash ^ blob[i], 0x01000193);
    const place = (hash ^ (hash >>> 15)) & (PLACES - 1);
    const isKnown =
      this.answers[place] !== 0 &&
      this.lengths[place] === length &&
      this.types[place] === attributes.type[at] &&
      equalBytes(this.blobs[place], this.starts[place], blob, start, length);
    if (!isKnown) {
      this.answers[place] = this.ask(batch, at) ? 2 : 1;
      this.lengths[place] = length;
      this.types[place] = attributes.type[at];
      this.starts[place] = start;
      this.blobs[place] = blob;
    }
    return this.answers[place] === 2;
  }

  private ask(batch: SpanBatch, at: number): boolean {
    const value = readValue(batch, at);
    return typeof value === 'string' && this.test(value);
  }
}

function hasBackslash(blob: Uint8Array, start: number, length: number): boolean {
  for (let at = start; at < start + length; at++) if (blob[at] === 92) return true;
  return false;
}

/** Different values that are remembered, and how long they may be. */
const PLACES = 1 << 14;
const LONGEST = 256;

function equalBytes(a: Uint8Array, atA: number, b: Uint8Array, atB: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (a[atA + i] !== b[atB + i]) return false;
  return true;
}

/** The value in an attribute row with its type; undefined for what no query compares: maps, bytes, lists of several types, nothing. */
export function staticOfAttribute(batch: SpanBatch, at: number): Static {
  const { type, number } = batch.attributes;
  switch (type[at]) {
    case VALUE_STRING:
    case VALUE_JSON_STRING:
    case VALUE_INTERNED: {
      const value = readValue(batch, at);
      return typeof value === 'string' ? { type: 'string', value } : undefined;
    }
    case VALUE_BOOL:
      return { type: 'bool', value: number[at] !== 0 };
    case VALUE_INT:
      return { type: 'int', value: number[at] };
    case VALUE_DOUBLE:
      return { type: 'float', value: number[at] };
    case VALUE_BIG_INT:
    case VALUE_PROTO:
    case VALUE_JSON_ANY:
    case VALUE_JSON:
      return staticOfAny(anyValueOfRow(batch, at));
    default:
      return undefined;
  }
}

function staticOfAny(any: AnyValueJson): Static {
  if (any.arrayValue === undefined) return singleOf(any);
  const values: Single[] = [];
  for (const element of any.arrayValue.values) {
    const one = singleOf(element);
    if (one === undefined || (values.length > 0 && values[0].type !== one.type)) return undefined;
    values.push(one);
  }
  return values.length > 1 ? ({ type: 'list', values } satisfies List) : values[0];
}

function singleOf(any: AnyValueJson): Single | undefined {
  if (any.stringValue !== undefined) return { type: 'string', value: any.stringValue };
  if (any.boolValue !== undefined) return { type: 'bool', value: any.boolValue };
  if (any.intValue !== undefined) return { type: 'int', value: smallest(BigInt(any.intValue)) };
  return any.doubleValue === undefined ? undefined : { type: 'float', value: Number(any.doubleValue) };
}
