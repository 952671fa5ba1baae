/** From a query's tree to its canonical text, which parses to the same tree. Brackets stand wherever && and || meet. */

import type { Field, Literal, SpanFilter, TraceFilter } from '../../src/core/query/query';

export function printTraceFilter(filter: TraceFilter): string {
  switch (filter.type) {
    case 'spans':
      return filter.filter.type === 'all' ? '{ }' : `{ ${printSpanFilter(filter.filter)} }`;
    case 'and':
    case 'or':
      return `${printSide(filter.left, filter.type, true)} ${jointOf(filter.type)} ${printSide(filter.right, filter.type, false)}`;
    default:
      return filter satisfies never;
  }
}

function printSide(side: TraceFilter, joint: 'and' | 'or', isLeft: boolean): string {
  const text = printTraceFilter(side);
  return side.type === 'spans' || (isLeft && side.type === joint) ? text : `(${text})`;
}

/** The condition without its braces. Free text, which TraceQL does not have, is printed as the condition nearest to it: a part of the name. */
export function printSpanFilter(filter: SpanFilter): string {
  switch (filter.type) {
    case 'all':
      return 'true';
    case 'and':
    case 'or':
      return `${printPart(filter.left, filter.type, true)} ${jointOf(filter.type)} ${printPart(filter.right, filter.type, false)}`;
    case 'not':
      return filter.inner.type === 'all' ? 'false' : `!(${printSpanFilter(filter.inner)})`;
    case 'compare':
      return `${fieldText(filter.field)} ${filter.operator} ${literalText(filter.value)}`;
    case 'text':
      return `name =~ ${literalText({ type: 'string', value: `(?i).*${filter.text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}.*` })}`;
    default:
      return filter satisfies never;
  }
}

function printPart(part: SpanFilter, joint: 'and' | 'or', isLeft: boolean): string {
  const text = printSpanFilter(part);
  const needsBrackets = (part.type === 'and' || part.type === 'or') && !(isLeft && part.type === joint);
  return needsBrackets ? `(${text})` : text;
}

function jointOf(type: 'and' | 'or'): string {
  return type === 'and' ? '&&' : '||';
}

function fieldText(field: Field): string {
  if (field.scope === 'intrinsic') return field.name;
  const key = /^[\p{L}\p{N}_.\-/]+$/u.test(field.name) ? field.name : `"${field.name.replace(/[\\"]/g, '\\$&')}"`;
  return `${field.scope === 'any' ? '' : field.scope}.${key}`;
}

/** The literal as text that parses to it again. */
export function literalText(value: Literal): string {
  switch (value.type) {
    case 'string':
      return quote(value.value);
    case 'number':
      return numberText(value.value);
    case 'bool':
      return String(value.value);
    case 'duration':
      return durationText(value.valueNs);
    case 'status':
    case 'kind':
      return value.value;
    case 'nil':
      return 'nil';
    default:
      return value satisfies never;
  }
}

function quote(text: string): string {
  const escaped = text.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n').replace(/\t/g, '\\t').replace(/\r/g, '\\r');
  return `"${escaped}"`;
}

/** The grammar has no exponents. */
function numberText(value: number): string {
  const text = String(value);
  return text.includes('e') ? value.toFixed(Math.abs(value) < 1 ? 20 : 0).replace(/\.?0+$/, '') : text;
}

function durationText(valueNs: number): string {
  for (const [unit, size] of [
    ['h', 3.6e12],
    ['m', 6e10],
    ['s', 1e9],
    ['ms', 1e6],
    ['us', 1e3],
  ] as const) {
    const value = valueNs / size;
    if (value >= 1 && Number(value.toFixed(3)) === value) return `${value}${unit}`;
  }
  return `${valueNs}ns`;
}
