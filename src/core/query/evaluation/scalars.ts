/** One value of a set of spans: how many there are, the least, largest, average or sum of an expression, and arithmetic with those. */

import type { Steps } from '../../../base/steps';
import { printScalar } from '../print';
import type { Scalar, SpanExpression, Stage } from '../query';
import type { CompiledScalar, CompiledStage, SetAttribute, SpanSet } from './compiled';
import type { Cursor, Read, TraceSpans } from './cursor';
import { calculate, compareStatics, isNumeric, type Static, staticOf } from './statics';
import { numberOf } from './untyped';

/** A value, and what the aggregates that it is made of said. */
export interface Said {
  readonly value: Static;
  readonly said: readonly SetAttribute[];
}

/** What a scalar is worked out with. */
export interface ScalarContext {
  readonly at: Cursor;
  readonly spans: TraceSpans;
  /** The set that a pipeline of its own makes; undefined: none. */
  inner(stages: readonly CompiledStage[], input: SpanSet): Steps<SpanSet | undefined>;
}

/** Spans of one step. */
const SPANS = 1 << 11;

export function compileScalar(
  scalar: Scalar,
  read: (expression: SpanExpression) => Read,
  stages: (stages: readonly Stage[]) => readonly CompiledStage[],
): CompiledScalar {
  switch (scalar.type) {
    case 'static':
      return { type: 'static', value: staticOf(scalar.value) };
    case 'aggregate': {
      const { expression } = scalar;
      return { type: 'aggregate', name: printScalar(scalar), function: scalar.function, read: expression && read(expression) };
    }
    case 'arithmetic': {
      const left = compileScalar(scalar.left, read, stages);
      return { type: 'arithmetic', operator: scalar.operator, left, right: compileScalar(scalar.right, read, stages) };
    }
    case 'scalarPipeline':
      return { type: 'scalarPipeline', stages: stages(scalar.stages), aggregate: compileScalar(scalar.aggregate, read, stages) };
    default:
      return scalar satisfies never;
  }
}

/** The value is undefined where no span has what is asked for. */
export function* scalarOf(scalar: CompiledScalar, set: SpanSet, context: ScalarContext): Steps<Said> {
  switch (scalar.type) {
    case 'static':
      return { value: scalar.value, said: [] };
    case 'aggregate': {
      const value = yield* aggregate(scalar, set, context);
      return { value, said: value === undefined ? [] : [{ name: scalar.name, value }] };
    }
    case 'arithmetic': {
      const left = yield* scalarOf(scalar.left, set, context);
      const right = yield* scalarOf(scalar.right, set, context);
      return { value: calculate(scalar.operator, left.value, right.value), said: [...left.said, ...right.said] };
    }
    case 'scalarPipeline': {
      const inner = yield* context.inner(scalar.stages, set);
      return inner ? yield* scalarOf(scalar.aggregate, inner, context) : { value: undefined, said: [] };
    }
    default:
      return scalar satisfies never;
  }
}

function* aggregate(
  { function: name, read }: Extract<CompiledScalar, { readonly type: 'aggregate' }>,
  { spans: members }: SpanSet,
  { at, spans }: ScalarContext,
): Steps<Static> {
  if (name === 'count' || !read) return { type: 'int', value: members.length };
  const isTotal = name === 'sum' || name === 'avg';
  let counted = 0;
  let value: Static;
  for (let i = 0; i < members.length; i++) {
    at.move(members[i], spans);
    const one = numberOf(read(at), at);
    if (isNumeric(one)) {
      counted++;
      if (value === undefined) value = one;
      else if (isTotal) value = sum(value, one);
      else if (compareStatics(name === 'min' ? '<' : '>', one, value)) value = one;
    }
    if (i % SPANS === SPANS - 1) yield;
  }
  return name === 'avg' ? average(value, counted) : value;
}

/** Durations stay durations. */
function sum(left: Static, right: Static): Static {
  const total = calculate('+', left, right);
  return left?.type === 'duration' && right?.type === 'duration' && total?.type === 'float'
    ? { type: 'duration', value: total.value }
    : total;
}

/** Of durations a whole number of nanoseconds, of integers a float. */
function average(total: Static, count: number): Static {
  if (!isNumeric(total)) return undefined;
  const value = Number(total.value) / count;
  return total.type === 'duration' ? { type: 'duration', value: Math.trunc(value) } : { type: 'float', value };
}
