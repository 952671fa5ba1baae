/**
 * What of a query a backend could take: the comparisons that every match must fulfil on one and the same span. A filter that is a
 * conjunction gives all its parts; of anything else (`||`, negation, two span sets) only the parts that are certain are given, and
 * `complete` is false: the backend may find too much, and the engine filters.
 */

import type { Field, Literal, Operator, Query, SpanFilter, TraceFilter } from './query';

export interface Comparison {
  readonly field: Field;
  readonly operator: Operator;
  readonly value: Literal;
}

export interface Conjunction {
  readonly comparisons: readonly Comparison[];
  /** The comparisons are the whole query. */
  readonly complete: boolean;
}

/** The certain comparisons of a query. */
export function conjunction(query: Query): Conjunction {
  const comparisons: Comparison[] = [];
  const complete = collectTrace(query.filter, comparisons);
  return { comparisons, complete };
}

function collectTrace(filter: TraceFilter, into: Comparison[]): boolean {
  switch (filter.type) {
    case 'spans':
      return collectSpans(filter.filter, into);
    case 'and': {
      // The two sets may match different spans: only one of them can be asked for.
      const left: Comparison[] = [];
      collectTrace(filter.left, left);
      if (left.length > 0) into.push(...left);
      else collectTrace(filter.right, into);
      return false;
    }
    case 'or':
      return false;
    default:
      return filter satisfies never;
  }
}

function collectSpans(filter: SpanFilter, into: Comparison[]): boolean {
  const open: SpanFilter[] = [filter];
  let complete = true;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    switch (next.type) {
      case 'all':
        break;
      case 'and':
        open.push(next.right, next.left);
        break;
      case 'compare':
        into.push({ field: next.field, operator: next.operator, value: next.value });
        break;
      case 'or':
      case 'not':
      case 'text':
        complete = false;
        break;
      default:
        next satisfies never;
    }
  }
  return complete;
}
