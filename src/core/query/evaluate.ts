/**
 * Runs a query over columns. A filter is compiled once into a predicate over (batch, row) that compares string indices and bytes in place; no object is
 * made for a span that is looked at.
 *
 * Comparing is kinder than Tempo's: a text that is a number equals that number, for formats whose tags are all text (Zipkin) or that lose types. As in
 * Tempo, `!=` and `!~` ask for an attribute that exists, and one element of a list is enough.
 */

import type { Steps } from '../../base/steps';
import type { TraceSource } from '../analysis/sources';
import type { StringTable } from '../model/strings';
import { compileAttribute } from './attributes';
import { compileIntrinsic } from './intrinsics';
import type { SpanPredicate, TraceFacts } from './predicate';
import type { Query, SpanFilter, TraceFilter } from './query';
import { compileText } from './textSearch';

/** @param strings the table that all batches share; the predicate knows the strings that are in it now, so compile anew after adding spans */
export function compileSpanFilter(filter: SpanFilter, strings: StringTable): SpanPredicate {
  switch (filter.type) {
    case 'all':
      return () => true;
    case 'and':
    case 'or':
      return joined(filter.type, flatten(filter, filter.type), strings);
    case 'not': {
      const inner = compileSpanFilter(filter.inner, strings);
      return (batch, row, trace) => !inner(batch, row, trace);
    }
    case 'compare': {
      const { field, operator, value } = filter;
      return field.scope === 'intrinsic'
        ? compileIntrinsic(field.name, operator, value, strings)
        : compileAttribute(field.scope, field.name, operator, value, strings);
    }
    case 'text':
      return compileText(filter.text, strings);
    default:
      return filter satisfies never;
  }
}

/** The parts of a chain of the same joint, however long, without recursion. */
function flatten(filter: SpanFilter, type: 'and' | 'or'): SpanFilter[] {
  const parts: SpanFilter[] = [];
  const open: SpanFilter[] = [filter];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.type === type) open.push(next.right, next.left);
    else parts.push(next);
  }
  return parts;
}

function joined(type: 'and' | 'or', parts: readonly SpanFilter[], strings: StringTable): SpanPredicate {
  const compiled = parts.map((part) => compileSpanFilter(part, strings));
  const stop = type === 'or';
  return (batch, row, trace) => {
    for (const predicate of compiled) if (predicate(batch, row, trace) === stop) return stop;
    return !stop;
  };
}

/** In steps: an expression over the values of a million spans takes a second. */
export type TracePredicate = (sources: readonly TraceSource[], trace: TraceFacts) => Steps<boolean>;

/** Spans of one step, with an expression that is slow to match. */
const SPANS = 1 << 10;

/** Whether a trace matches: each span set has a span of its own or the same one. */
export function compileTraceFilter(filter: TraceFilter, strings: StringTable): TracePredicate {
  if (filter.type === 'spans') {
    const predicate = compileSpanFilter(filter.filter, strings);
    return (sources, trace) => someSpan(sources, trace, predicate);
  }
  const left = compileTraceFilter(filter.left, strings);
  const right = compileTraceFilter(filter.right, strings);
  // Where the left side decides, the right one is not looked at.
  const decides = filter.type === 'or';
  return function* (sources, trace) {
    return (yield* left(sources, trace)) === decides ? decides : yield* right(sources, trace);
  };
}

function* someSpan(sources: readonly TraceSource[], trace: TraceFacts, predicate: SpanPredicate): Steps<boolean> {
  let looked = 0;
  for (const { batch, rows } of sources) {
    for (let k = 0; k < rows.length; k++) {
      if (predicate(batch, rows[k], trace)) return true;
      if (++looked % SPANS === 0) yield;
    }
  }
  return false;
}

/** Whether a trace overlaps the time range of a query. */
export function overlaps(query: Query, trace: Pick<TraceFacts, 'startUnixNano' | 'durationNs'>): boolean {
  if (query.endUnixNano !== undefined && trace.startUnixNano > query.endUnixNano) return false;
  return query.startUnixNano === undefined || trace.startUnixNano + BigInt(Math.round(trace.durationNs)) >= query.startUnixNano;
}
