/**
 * Values while a query runs, with TraceQL's types, and what its operators make of two of them. As in Tempo's engine: what is missing (undefined) takes
 * part in no comparison, values of types that have nothing in common compare as false with every operator, and of a list one element is enough but for
 * `!=`, which all of them must fulfil. Source: grafana/tempo, pkg/traceql/ast_execute.go and enum_operators.go.
 */

import type { ArithmeticOperator, ComparisonOperator, Literal } from '../query';
import { calculated } from '../scalarNumbers';

type Word<T extends 'status' | 'kind'> = Extract<Literal, { readonly type: T }>['value'];

/** One value. Durations are nanoseconds; an integer is a bigint where a number does not hold it. */
export type Single =
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'int'; readonly value: number | bigint }
  | { readonly type: 'float' | 'duration'; readonly value: number }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'status'; readonly value: Word<'status'> }
  | { readonly type: 'kind'; readonly value: Word<'kind'> };

/** Values of one type, at least two: a list of one is its element. */
export interface List {
  readonly type: 'list';
  readonly values: readonly Single[];
}

/** Undefined: `nil`. */
export type Static = Single | List | undefined;

type Numeric = Extract<Single, { readonly value: number | bigint }>;

export function staticOf(literal: Literal): Static {
  switch (literal.type) {
    case 'nil':
      return undefined;
    case 'duration':
      return { type: 'duration', value: literal.valueNs };
    default:
      return literal;
  }
}

export function isNumeric(value: Static): value is Numeric {
  return value !== undefined && (value.type === 'int' || value.type === 'float' || value.type === 'duration');
}

/** Whether a comparison holds. Regular expressions are compared elsewhere. */
export function compareStatics(operator: ComparisonOperator, left: Static, right: Static): boolean {
  if (left === undefined || right === undefined) return false;
  if (left.type === 'list')
    return right.type !== 'list' && ofElements(operator, left, (element) => compareSingles(operator, element, right));
  if (right.type === 'list') return ofElements(operator, right, (element) => compareSingles(operator, left, element));
  return compareSingles(operator, left, right);
}

/** `!=` and `!~` hold where all elements do, others where one does. */
export function ofElements(operator: ComparisonOperator, { values }: List, holds: (element: Single) => boolean): boolean {
  return operator === '!=' || operator === '!~' ? values.every(holds) : values.some(holds);
}

function compareSingles(operator: ComparisonOperator, left: Single, right: Single): boolean {
  if (isNumeric(left) && isNumeric(right)) return orderFits(numberOrder(left, right), operator);
  if (left.type === 'string' && right.type === 'string') return orderFits(compareTexts(left.value, right.value), operator);
  if (left.type !== right.type) return false;
  if (operator === '=') return left.value === right.value;
  return operator === '!=' && left.value !== right.value;
}

/** Whether an order (negative, 0, positive) fits an operator; NaN, which is none, is unlike everything. */
export function orderFits(order: number, operator: ComparisonOperator): boolean {
  switch (operator) {
    case '=':
      return order === 0;
    case '!=':
      return order !== 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '=~':
    case '!~':
      return false;
    default:
      return operator satisfies never;
  }
}

/** Two integers exactly, others as doubles. */
function numberOrder(left: Numeric, right: Numeric): number {
  const a = left.value;
  const b = right.value;
  if (typeof a === 'number' && typeof b === 'number') return a === b ? 0 : a - b;
  // JavaScript compares a bigint with a number exactly.
  return a < b ? -1 : a > b ? 1 : a >= b ? 0 : Number.NaN;
}

/** By code points, as bytes of UTF-8 are ordered: a half of a pair comes behind all other units. */
export function compareTexts(left: string, right: string): number {
  if (left === right) return 0;
  const length = Math.min(left.length, right.length);
  for (let i = 0; i < length; i++) {
    const a = left.charCodeAt(i);
    const b = right.charCodeAt(i);
    if (a === b) continue;
    return isHalf(a) === isHalf(b) ? a - b : isHalf(a) ? 1 : -1;
  }
  return left.length - right.length;
}

function isHalf(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xe000;
}

/** Between two integers an integer of 64 bits, else a float. What cannot be worked out (a text, division by the integer 0) is nothing. */
export function calculate(operator: ArithmeticOperator, left: Static, right: Static): Static {
  if (!isNumeric(left) || !isNumeric(right)) return undefined;
  if (left.type === 'int' && right.type === 'int') return ofIntegers(operator, left.value, right.value);
  return { type: 'float', value: calculated(operator, Number(left.value), Number(right.value)) };
}

function ofIntegers(operator: ArithmeticOperator, left: number | bigint, right: number | bigint): Static {
  if ((operator === '/' || operator === '%') && Number(right) === 0) return undefined;
  if (operator === '^') return { type: 'int', value: whole(calculated('^', Number(left), Number(right))) };
  if (typeof left === 'number' && typeof right === 'number') {
    const value = operator === '/' ? Math.trunc(left / right) : calculated(operator, left, right);
    // -0 is no integer.
    if (Number.isSafeInteger(value)) return { type: 'int', value: value + 0 };
  }
  return { type: 'int', value: smallest(BigInt.asIntN(64, ofBigints(operator, BigInt(left), BigInt(right)))) };
}

function ofBigints(operator: Exclude<ArithmeticOperator, '^'>, left: bigint, right: bigint): bigint {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '%':
      return left % right;
    default:
      return operator satisfies never;
  }
}

const LARGEST = 2n ** 63n - 1n;
const SMALLEST = -(2n ** 63n);

/** A double as an int64; what is beyond is its end. */
function whole(value: number): number | bigint {
  const truncated = Math.trunc(value);
  if (Number.isSafeInteger(truncated)) return truncated + 0;
  if (Number.isNaN(value)) return 0;
  if (truncated >= 2 ** 63) return LARGEST;
  return truncated < -(2 ** 63) ? SMALLEST : BigInt(truncated);
}

/** A number where it is exact. */
export function smallest(value: bigint): number | bigint {
  return value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value;
}

export function negated(value: Static): Static {
  if (!isNumeric(value)) return undefined;
  if (value.type !== 'int') return { type: value.type, value: -value.value };
  return { type: 'int', value: typeof value.value === 'bigint' ? smallest(BigInt.asIntN(64, -value.value)) : 0 - value.value };
}

/** The same for equal values, and for no others: what spans are grouped by. */
export function keyOf(value: Static): string {
  if (value === undefined) return 'nil';
  return value.type === 'list'
    ? `[${value.values.map((one) => JSON.stringify(keyOf(one))).join()}]`
    : `${value.type} ${String(value.value)}`;
}

/** What a value may have been before its format made a text of it: a number or a truth value, as its digits or letters say. */
export function staticsOfText(found: Single): readonly Single[] {
  if (isNumeric(found)) return [{ type: 'float', value: Number(found.value) }];
  if (found.type !== 'string') return [found];
  const text = found.value.trim();
  if (text === 'true' || text === 'false') return [{ type: 'bool', value: text === 'true' }];
  if (/^[+-]?\d{1,19}$/.test(text)) return [{ type: 'int', value: smallest(BigInt(text.replace('+', ''))) }];
  return text !== '' && !Number.isNaN(Number(text)) ? [{ type: 'float', value: Number(text) }] : [];
}
