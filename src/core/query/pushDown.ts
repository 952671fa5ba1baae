/**
 * What a backend may be asked for: conditions that one and the same span of every match fulfils. What is certain is taken from the whole query (sets
 * that a pipeline narrows, parts of `&&`, sides of a relation); all else is the rest, which only the engine can decide.
 */

import { condition } from './build';
import { typeOfField } from './fields';
import { mirrored } from './operators';
import { printExpression, printStage } from './print';
import type {
  ComparisonOperator,
  Field,
  Literal,
  Placed,
  Query,
  SpanExpression,
  SpansetExpression,
  Stage,
  StructuralOperator,
} from './query';

/** One comparison of a field with a value. */
export interface Comparison extends Placed {
  readonly field: Field;
  readonly operator: ComparisonOperator;
  readonly value: Literal;
  /** As the language writes it. `from` and `to` say where it was typed. */
  readonly text: string;
}

/** Equality with one of several values: `.a = 1 || .a = 2`. */
export interface Choice extends Placed {
  readonly field: Field;
  readonly operator: 'in';
  readonly values: readonly Literal[];
  readonly text: string;
}

export type Condition = Comparison | Choice;

/** A part of the query as text, and where it was typed. */
export interface QueryPart extends Placed {
  readonly text: string;
}

export interface Conditions {
  /** All hold for one span of every match. */
  readonly conditions: readonly Condition[];
  /** The other parts: whoever finds by the conditions alone finds too much, unless this is empty. */
  readonly rest: readonly QueryPart[];
}

/** The conditions that a server may be asked for, and what is left to filter here. */
export function conditionsOf(query: Query): Conditions {
  const found = certainOf(query.stages);
  const set = found.others.reduce(
    (best, other) => (other.conditions.length > best.conditions.length ? other : best),
    found.spans,
  );
  const rest = [...found.rest, ...set.rest];
  for (const other of [found.spans, ...found.others]) if (other !== set) rest.push(...other.parts);
  return { conditions: set.conditions, rest };
}

/** What is certain of one set of spans. */
interface CertainSet {
  readonly conditions: readonly Condition[];
  /** What else its spans have to fulfil. */
  readonly rest: readonly QueryPart[];
  /** All of it, for the case that another set is asked for. */
  readonly parts: readonly QueryPart[];
}

interface Certain {
  /** Of each span that comes out. */
  readonly spans: CertainSet;
  /** Of sets that must have a span each, which need not come out. */
  readonly others: readonly CertainSet[];
  readonly rest: readonly QueryPart[];
}

const nothing: CertainSet = { conditions: [], rest: [], parts: [] };

/** What each stage leaves fulfils what the ones before asked for. */
function certainOf(stages: readonly Stage[]): Certain {
  let spans = nothing;
  let others: readonly CertainSet[] = [];
  let rest: readonly QueryPart[] = [];
  for (const stage of stages) {
    const next = certainOfStage(stage);
    spans = joined(spans, next.spans);
    others = [...others, ...next.others];
    rest = [...rest, ...next.rest];
  }
  return { spans, others, rest };
}

function joined(left: CertainSet, right: CertainSet): CertainSet {
  return {
    conditions: [...left.conditions, ...right.conditions],
    rest: [...left.rest, ...right.rest],
    parts: [...left.parts, ...right.parts],
  };
}

function certainOfStage(stage: Stage): Certain {
  switch (stage.type) {
    case 'by':
    case 'coalesce':
    case 'select':
      // They change how spans are grouped and shown, and not whether a trace is found.
      return { spans: nothing, others: [], rest: [] };
    case 'scalarFilter':
      return { spans: nothing, others: [], rest: [partOf(stage, printStage(stage))] };
    default:
      return certainOfSet(stage);
  }
}

function certainOfSet(set: SpansetExpression): Certain {
  switch (set.type) {
    case 'spans':
      return { spans: certainOfFilter(set.filter), others: [], rest: [] };
    case 'either':
      return { spans: nothing, others: [], rest: [partOf(set, printStage(set))] };
    case 'both': {
      const parts = set.parts.map(certainOfSet);
      return {
        spans: nothing,
        others: parts.flatMap(({ spans, others }) => [spans, ...others]),
        // That there is a span of each set.
        rest: [...parts.flatMap(({ rest }) => rest)],
      };
    }
    case 'structure':
      return certainOfStructure(set);
    case 'pipeline':
      return certainOf(set.stages);
    default:
      return set satisfies never;
  }
}

const isNegated = (operator: StructuralOperator): boolean => operator.startsWith('!');
const isUnion = (operator: StructuralOperator): boolean => operator.startsWith('&');

function certainOfStructure(set: Extract<SpansetExpression, { readonly type: 'structure' }>): Certain {
  const left = certainOfSet(set.left);
  const right = certainOfSet(set.right);
  const whole = partOf(set, printStage(set));
  // A span that is nobody's child needs no span on the left.
  const needed = isNegated(set.operator) ? [] : [left.spans, ...left.others];
  const others = [...needed, ...right.others];
  // The spans that come out are the right ones, or those of both sides.
  return isUnion(set.operator)
    ? { spans: nothing, others: silent([...others, right.spans]), rest: [whole] }
    : { spans: { ...right.spans, rest: [], parts: [] }, others: silent(others), rest: [whole] };
}

/** The whole relation is told, not its parts again. */
function silent(sets: readonly CertainSet[]): CertainSet[] {
  return sets.map(({ conditions }) => ({ conditions, rest: [], parts: [] }));
}

function partOf({ from, to }: Placed, text: string): QueryPart {
  return { text, ...(from === undefined ? {} : { from, to }) };
}

function certainOfFilter(filter: SpanExpression): CertainSet {
  const conditions: Condition[] = [];
  const rest: QueryPart[] = [];
  const parts: QueryPart[] = [];
  const open: SpanExpression[] = [filter];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const opened = opening(next);
    if (opened) {
      open.push(...opened.reverse());
      continue;
    }
    const part = partOf(next, printExpression(next));
    const certain = asCondition(next, part);
    parts.push(part);
    if (certain) conditions.push(certain);
    else rest.push(part);
  }
  return { conditions, rest, parts };
}

/** The parts that must all hold, of what is a conjunction or by De Morgan's rule becomes one. */
function opening(expression: SpanExpression): SpanExpression[] | undefined {
  if (expression.type === 'and') return [...expression.parts];
  if (expression.type === 'static' && expression.value.type === 'bool' && expression.value.value) return [];
  if (expression.type !== 'not') return undefined;
  const { inner } = expression;
  if (inner.type === 'not') return [inner.inner];
  if (inner.type === 'or') return inner.parts.map((part) => ({ type: 'not', inner: part, from: part.from, to: part.to }));
  if (inner.type !== 'compare') return undefined;
  const negated = negation(inner);
  return negated && [negated];
}

const opposites: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  '=': '!=',
  '!=': '=',
  '>': '<=',
  '>=': '<',
  '<': '>=',
  '<=': '>',
  '=~': '!~',
  '!~': '=~',
};

/** What every span has: the opposite of a comparison is one. An attribute that is missing fulfils neither. */
const everPresent: readonly string[] = ['name', 'duration', 'status', 'kind', 'statusMessage'];

function negation(compare: Extract<SpanExpression, { readonly type: 'compare' }>): SpanExpression | undefined {
  const plain = comparisonOf(compare);
  if (!plain) return undefined;
  const { field, operator, value } = plain;
  const isExistence = value.type === 'nil';
  if (!isExistence && !(field.scope === 'intrinsic' && !field.parent && everPresent.includes(field.name))) return undefined;
  return { ...condition(field, opposites[operator], value), from: compare.from, to: compare.to };
}

/** A comparison of a field with a value, on whichever side the value is. */
function comparisonOf(expression: SpanExpression): Pick<Comparison, 'field' | 'operator' | 'value'> | undefined {
  if (expression.type === 'field' && expression.field.scope !== 'intrinsic') {
    return { field: expression.field, operator: '=', value: { type: 'bool', value: true } };
  }
  if (expression.type !== 'compare') return undefined;
  const { left, operator, right } = expression;
  if (left.type === 'field' && right.type === 'static') return ofType(left.field, operator, right.value);
  if (left.type !== 'static' || right.type !== 'field') return undefined;
  const turned = mirrored(operator);
  return turned && ofType(right.field, turned, left.value);
}

/** A plain number beside a duration is nanoseconds. */
function ofType(field: Field, operator: ComparisonOperator, value: Literal): Pick<Comparison, 'field' | 'operator' | 'value'> {
  const isNumber = value.type === 'int' || value.type === 'float';
  if (!isNumber || typeOfField(field) !== 'duration') return { field, operator, value };
  return { field, operator, value: { type: 'duration', valueNs: Number(value.value) } };
}

function asCondition(expression: SpanExpression, part: QueryPart): Condition | undefined {
  const comparison = comparisonOf(expression);
  if (comparison) return comparison.field.parent ? undefined : { ...comparison, ...part };
  return expression.type === 'or' ? choiceOf(expression.parts, part) : undefined;
}

/** Equalities on one field. */
function choiceOf(parts: readonly SpanExpression[], part: QueryPart): Condition | undefined {
  const comparisons = parts.map(comparisonOf);
  const first = comparisons[0]?.field;
  if (!first || first.parent) return undefined;
  const values: Literal[] = [];
  for (const comparison of comparisons) {
    if (comparison?.operator !== '=' || comparison.value.type === 'nil') return undefined;
    if (comparison.field.scope !== first.scope || comparison.field.name !== first.name) return undefined;
    values.push(comparison.value);
  }
  return { field: first, operator: 'in', values, ...part };
}
