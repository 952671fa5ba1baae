/** From a query's tree to its canonical text, which parses to the same tree. Brackets stand wherever && and || meet. */

import { fieldText, literalText } from './fields';
import type { SpanFilter, TraceFilter } from './query';

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
