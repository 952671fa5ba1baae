/** Nodes of a query's tree that callers put together. */

import type { ComparisonOperator, Field, Literal, Query, SpanExpression, Stage } from './query';

/** `{ }`: every span. */
export const everySpan: SpanExpression = { type: 'static', value: { type: 'bool', value: true } };

/** Matches every trace. */
export const everything: Query = { stages: [{ type: 'spans', filter: everySpan }] };

export function isEverySpan(filter: SpanExpression): boolean {
  return filter.type === 'static' && filter.value.type === 'bool' && filter.value.value;
}

export function isEverything({ stages }: { readonly stages: readonly Stage[] }): boolean {
  return stages.every((stage) => stage.type === 'spans' && isEverySpan(stage.filter));
}

/** `field operator value` */
export function condition(field: Field, operator: ComparisonOperator, value: Literal): SpanExpression {
  return { type: 'compare', operator, left: { type: 'field', field }, right: { type: 'static', value } };
}

/** All of them of one span. */
export function allOf(parts: readonly SpanExpression[]): SpanExpression {
  const needed = parts.filter((part) => !isEverySpan(part)).flatMap((part) => (part.type === 'and' ? part.parts : [part]));
  return needed.length === 0 ? everySpan : needed.length === 1 ? needed[0] : { type: 'and', parts: needed };
}

/** A number as a literal: an integer where it is one. */
export function numberLiteral(value: number): Literal {
  return Number.isSafeInteger(value) ? { type: 'int', value } : { type: 'float', value };
}
