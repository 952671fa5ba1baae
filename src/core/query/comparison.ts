/** Puts a comparison together, and refuses what can never be true, with what to write instead. */

import { condition } from './build';
import { isKindName, isStatusName } from './names';
import type { ComparisonOperator, Field, Literal, SpanExpression } from './query';
import { queryRegExp } from './regExp';

/** A problem at `[from, to)` of the text. Stays within this folder: callers get a `SpanhopError`. */
export class QueryProblem extends Error {
  constructor(
    readonly from: number,
    readonly to: number,
    message: string,
  ) {
    super(message);
  }
}

/** One side of a comparison: a field or a value. */
export interface Operand {
  readonly type: 'operand';
  readonly field?: Field;
  readonly value?: Literal;
  readonly from: number;
  readonly to: number;
}

const mirrored: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  '=': '=',
  '!=': '!=',
  '>': '<',
  '>=': '<=',
  '<': '>',
  '<=': '>=',
  '=~': '=~',
  '!~': '!~',
};

export function comparison(left: Operand, operator: ComparisonOperator, right: Operand): SpanExpression {
  const field = left.field ?? right.field;
  const value = left.field ? right.value : left.value;
  if (!field) throw new QueryProblem(left.from, right.to, 'one side of a comparison has to be a field.');
  if (!value) throw new QueryProblem(right.from, right.to, 'comparing two fields is not supported.');
  const at = left.field ? right : left;
  return checked(field, left.field ? operator : mirrored[operator], value, at);
}

function checked(field: Field, operator: ComparisonOperator, value: Literal, at: Operand): SpanExpression {
  const refuse = (message: string): never => {
    throw new QueryProblem(at.from, at.to, message);
  };
  if (operator === '=~' || operator === '!~') {
    if (value.type !== 'string') return refuse(`"${operator}" is followed by a regular expression in quotes.`);
    const problem = queryRegExp(value.value);
    if (typeof problem === 'string') return refuse(`the regular expression cannot be read: ${problem}.`);
  }
  const isOrder = operator === '>' || operator === '>=' || operator === '<' || operator === '<=';
  if (isOrder && (value.type === 'bool' || value.type === 'nil' || value.type === 'status' || value.type === 'kind')) {
    return refuse(`"${operator}" compares numbers, durations and texts.`);
  }
  return condition(field, operator, field.scope === 'intrinsic' ? typed(field.name, value, refuse) : value);
}

/** The value as the intrinsic has it. A text where a word is meant (`status = "error"`) is taken as the word. */
function typed(name: string, value: Literal, refuse: (message: string) => never): Literal {
  switch (name) {
    case 'duration':
    case 'traceDuration':
    case 'event:timeSinceStart':
      if (value.type === 'duration') return value;
      return refuse(`${name} is compared with a duration, such as 200ms or 1.5s.`);
    case 'status':
      if (value.type === 'status') return value;
      if (value.type === 'string' && isStatusName(value.value)) return { type: 'status', value: value.value };
      return refuse('status is error, ok or unset.');
    case 'kind':
      if (value.type === 'kind') return value;
      if (value.type === 'string' && isKindName(value.value)) return { type: 'kind', value: value.value };
      return refuse('kind is server, client, producer, consumer, internal or unspecified.');
    default:
      if (value.type === 'string' || value.type === 'nil') return value;
      return refuse(`${name} is compared with a text in quotes.`);
  }
}
