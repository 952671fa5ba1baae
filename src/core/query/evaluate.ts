/**
 * Runs a query over columns. A filter is compiled once into a predicate over (batch, row) that compares string indices and bytes in place; no object is
 * made for a span that is looked at.
 *
 * Comparing is kinder than Tempo's: a text that is a number equals that number, for formats whose tags are all text (Zipkin) or that lose types. As in
 * Tempo, `!=` and `!~` ask for an attribute that exists, and one element of a list is enough.
 */

import { SpanhopError } from '../../base/errors';
import type { Steps } from '../../base/steps';
import type { TraceSource } from '../analysis/sources';
import type { StringTable } from '../model/strings';
import { compileAttribute } from './attributes';
import { allOf } from './build';
import { compileIntrinsic } from './intrinsics';
import type { SpanPredicate, TraceFacts } from './predicate';
import { printExpression, printStage } from './print';
import { comparisonOf } from './pushDown';
import type { Query, SpanExpression, SpansetExpression, Stage } from './query';
import { compileText } from './textSearch';

/** @param strings the table that all batches share; the predicate knows the strings that are in it now, so compile anew after adding spans */
export function compileSpanFilter(filter: SpanExpression, strings: StringTable): SpanPredicate {
  switch (filter.type) {
    case 'and':
    case 'or':
      return joined(filter.type, filter.parts, strings);
    case 'not': {
      const inner = compileSpanFilter(filter.inner, strings);
      return (batch, row, trace) => !inner(batch, row, trace);
    }
    case 'static': {
      const { value } = filter;
      if (value.type !== 'bool') throw notYet(printExpression(filter));
      return () => value.value;
    }
    case 'field':
      return compileComparison(filter, strings);
    case 'compare':
      return compileComparison(filter, strings);
    case 'text':
      return compileText(filter.text, strings);
    case 'minus':
    case 'arithmetic':
      throw notYet(printExpression(filter));
    default:
      return filter satisfies never;
  }
}

function notYet(text: string): SpanhopError {
  return new SpanhopError('BadQuery', `${text.slice(0, 100)} is not supported.`);
}

function compileComparison(expression: SpanExpression, strings: StringTable): SpanPredicate {
  const comparison = comparisonOf(expression);
  if (!comparison || comparison.field.parent) throw notYet(printExpression(expression));
  const { field, operator, value } = comparison;
  return field.scope === 'intrinsic'
    ? compileIntrinsic(field.name, operator, value, strings)
    : compileAttribute(field.scope, field.name, operator, value, strings);
}

function joined(type: 'and' | 'or', parts: readonly SpanExpression[], strings: StringTable): SpanPredicate {
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
export function compileStages(stages: readonly Stage[], strings: StringTable): TracePredicate {
  const [first, ...narrower] = stages;
  if (first.type === 'spans' && narrower.length > 0) {
    const filters = narrower.map((stage) => (stage.type === 'spans' ? stage.filter : undefined));
    if (filters.every((filter) => filter !== undefined)) {
      return compileStage({ type: 'spans', filter: allOf([first.filter, ...filters]) }, strings);
    }
  }
  if (narrower.length > 0) throw notYet(printStage(narrower[0]));
  return compileStage(first, strings);
}

function compileStage(stage: Stage, strings: StringTable): TracePredicate {
  if (stage.type === 'spans') {
    const predicate = compileSpanFilter(stage.filter, strings);
    return (sources, trace) => someSpan(sources, trace, predicate);
  }
  if (stage.type !== 'both' && stage.type !== 'either') throw notYet(printStage(stage));
  const parts = stage.parts.map((part) => compileStage(part, strings));
  // Where one part decides, the others are not looked at.
  const decides = stage.type === 'either';
  return function* (sources, trace) {
    for (const part of parts) if ((yield* part(sources, trace)) === decides) return decides;
    return !decides;
  };
}

/** The spans that find marks: those of each set. */
export function spansOf(stages: readonly Stage[]): SpanExpression {
  const filters = stages.map((stage) => {
    if (stage.type === 'spans' || stage.type === 'both' || stage.type === 'either') return spansOfSet(stage);
    throw notYet(printStage(stage));
  });
  return allOf(filters);
}

function spansOfSet(set: SpansetExpression): SpanExpression {
  if (set.type === 'spans') return set.filter;
  if (set.type === 'both' || set.type === 'either') return { type: 'or', parts: set.parts.map(spansOfSet) };
  throw notYet(printStage(set));
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
export function overlaps(
  query: Pick<Query, 'startUnixNano' | 'endUnixNano'>,
  trace: Pick<TraceFacts, 'startUnixNano' | 'durationNs'>,
): boolean {
  if (query.endUnixNano !== undefined && trace.startUnixNano > query.endUnixNano) return false;
  return query.startUnixNano === undefined || trace.startUnixNano + BigInt(Math.round(trace.durationNs)) >= query.startUnixNano;
}
