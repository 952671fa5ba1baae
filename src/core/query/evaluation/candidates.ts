/**
 * What a trace must have to be found by a query, as conditions on single rows of batches: a search runs these over whole batches, and looks only at
 * traces that have what is needed. Conditions that are about more than a row (the trace, its structure) count as fulfilled.
 */

import type { StringTable } from '../../model/strings';
import { allOf, isEverySpan } from '../build';
import type { SpanExpression, SpansetExpression, Stage } from '../query';
import { attributeTest, type SpanAttributeTest } from './attributeTests';
import { never, type Test } from './cursor';
import { ExpressionCompiler } from './expressions';
import { fieldsOf, isOfTrace } from './fieldNeeds';
import { staticOf } from './statics';
import { textTest } from './textTests';

/** Conditions, each with a bit; and whether a trace whose spans fulfil those of some bits may be found. */
export interface Candidates {
  readonly conditions: readonly SpanExpression[];
  readonly holds: (bits: number) => boolean;
  /** So many spans the trace must have, and so many must fulfil the condition, where there is only one. */
  readonly least: number;
}

/** Bits of a byte. */
const MOST = 8;

/** Undefined: any trace may be found. */
export function candidatesOf(stages: readonly Stage[]): Candidates | undefined {
  const conditions: SpanExpression[] = [];
  const needed = ofStages(withAggregates(stages), conditions);
  const least = leastCount(stages);
  if (!needed && least < 2) return undefined;
  return { conditions, holds: needed ?? (() => true), least };
}

/** What an aggregate of one set asks of one of its spans: the largest is above a value when some span is, and so is the average. */
function withAggregates(stages: readonly Stage[]): readonly Stage[] {
  const [first, ...rest] = stages;
  if (first.type !== 'spans') return stages;
  const parts: SpanExpression[] = [first.filter];
  for (const stage of rest) {
    // What grouping takes apart is still of the set.
    if (stage.type === 'by' || stage.type === 'select' || stage.type === 'coalesce') continue;
    if (stage.type !== 'scalarFilter') break;
    const part = conditionOf(stage);
    if (part) parts.push(part);
  }
  return [{ type: 'spans', filter: allOf(parts) }, ...rest];
}

type ScalarFilter = Extract<Stage, { readonly type: 'scalarFilter' }>;

function conditionOf({ operator, left, right }: ScalarFilter): SpanExpression | undefined {
  if (left.type !== 'aggregate' || !left.expression || right.type !== 'static') return undefined;
  const isAbove = operator === '>' || operator === '>=';
  const isBelow = operator === '<' || operator === '<=';
  const { function: name, expression } = left;
  if (!(isAbove && (name === 'max' || name === 'avg')) && !(isBelow && (name === 'min' || name === 'avg'))) return undefined;
  // Aggregates compare numbers of any type, which attributes do not.
  const zero: SpanExpression = { type: 'static', value: { type: 'int', value: 0 } };
  const isTyped = expression.type === 'field' && expression.field.scope === 'intrinsic';
  const value: SpanExpression = isTyped ? expression : { type: 'arithmetic', operator: '+', left: expression, right: zero };
  return { type: 'compare', operator, left: value, right };
}

function leastCount(stages: readonly Stage[]): number {
  let least = 1;
  for (const stage of stages) {
    if (stage.type !== 'scalarFilter' || stage.left.type !== 'aggregate' || stage.left.function !== 'count') continue;
    if (stage.right.type !== 'static' || stage.right.value.type !== 'int') continue;
    const value = Number(stage.right.value.value);
    if (stage.operator === '>') least = Math.max(least, value + 1);
    else if (stage.operator === '>=' || stage.operator === '=') least = Math.max(least, value);
  }
  return least;
}

/** A condition that is ready for the rows of one string table. */
export interface RowCondition {
  readonly test: Test;
  /** An attribute of the span that has to be there: its key, and what is needed of its value. Rows without it need no look. */
  readonly attribute: { readonly key: number; readonly test: SpanAttributeTest } | undefined;
}

/** Of one string table. A condition that none of its spans can fulfil is undefined. */
export function compileConditions({ conditions }: Candidates, strings: StringTable): readonly (RowCondition | undefined)[] {
  const compiler = new ExpressionCompiler(strings);
  return conditions.map((condition) => {
    const test = compiler.test(condition);
    if (test === never) return undefined;
    const parts = condition.type === 'and' ? condition.parts : [condition];
    return { test, attribute: parts.map((part) => attributeOf(part, strings)).find((attribute) => attribute !== undefined) };
  });
}

function attributeOf(part: SpanExpression, strings: StringTable): RowCondition['attribute'] {
  if (part.type !== 'compare' || part.left.type !== 'field' || part.right.type !== 'static') return undefined;
  const { field } = part.left;
  const wanted = staticOf(part.right.value);
  if (field.scope !== 'span' || field.parent || wanted === undefined || wanted.type === 'list') return undefined;
  const text = wanted.type === 'string' ? textTest(part.operator, wanted.value) : () => false;
  return { key: strings.find(field.name), test: attributeTest(part.operator, wanted, text, strings) };
}

type Holds = ((bits: number) => boolean) | undefined;

function ofStages(stages: readonly Stage[], into: SpanExpression[]): Holds {
  let holds: Holds;
  for (const stage of stages) if (isSet(stage)) holds = both(holds, ofSet(stage, into));
  return holds;
}

function isSet(stage: Stage): stage is SpansetExpression {
  const { type } = stage;
  return type === 'spans' || type === 'both' || type === 'either' || type === 'structure' || type === 'pipeline';
}

function ofSet(set: SpansetExpression, into: SpanExpression[]): Holds {
  switch (set.type) {
    case 'spans': {
      const needed = ofRow(set.filter);
      if (!needed || into.length === MOST) return undefined;
      const bit = 1 << into.length;
      into.push(needed);
      return (bits) => (bits & bit) !== 0;
    }
    case 'both':
      return set.parts.map((part) => ofSet(part, into)).reduce(both);
    case 'either': {
      const before = into.length;
      const parts = set.parts.map((part) => ofSet(part, into));
      if (parts.every((part) => part !== undefined)) return (bits) => parts.some((part) => part(bits));
      into.length = before;
      return undefined;
    }
    case 'structure': {
      const right = ofSet(set.right, into);
      return set.operator.startsWith('!') ? right : both(right, ofSet(set.left, into));
    }
    case 'pipeline':
      return ofStages(set.stages, into);
    default:
      return set satisfies never;
  }
}

function both(left: Holds, right: Holds): Holds {
  if (!left || !right) return left ?? right;
  return (bits) => left(bits) && right(bits);
}

/** What of a condition can be told of a row, and must be true of it; undefined: nothing. */
function ofRow(filter: SpanExpression): SpanExpression | undefined {
  if (isEverySpan(filter)) return undefined;
  if (filter.type !== 'and') return fieldsOf(filter).some(isOfTrace) ? undefined : filter;
  const parts = filter.parts.map(ofRow).filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : { ...filter, parts };
}
