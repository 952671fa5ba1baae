/**
 * What a query that can be read must not say: comparisons that could never hold. As Tempo validates, but that what Tempo calls "not yet supported" is
 * (fields of the parent, values of sets on both sides). Source: grafana/tempo, pkg/traceql/ast_validate.go.
 */

import type { ValueType } from './fields';
import { literalText, printField } from './literals';
import { QueryProblem } from './problem';
import type { Field, Placed, Scalar, SpanExpression, SpansetExpression, Stage } from './query';
import { areComparable, isNumeric, namesField, takes, typeOf } from './types';

/** Takes what is wrong. */
type Note = (problem: QueryProblem) => void;

/** Why an expression of Go's (RE2) cannot be read; undefined when it can. */
export type RegExpProblem = (source: string) => string | undefined;

/** Notes all that is wrong, in the order of the text but where one thing follows from another. */
export function validate(stages: readonly Stage[], note: Note, regExpProblem: RegExpProblem): void {
  new Validator(note, regExpProblem).stages(stages);
}

class Validator {
  constructor(
    private readonly note: Note,
    private readonly regExpProblem: RegExpProblem,
  ) {}

  stages(stages: readonly Stage[]): void {
    for (const stage of stages) this.stage(stage);
  }

  private stage(stage: Stage): void {
    switch (stage.type) {
      case 'by':
        this.expression(stage.expression);
        if (!namesField(stage.expression))
          this.refuse(stage.expression, 'by() groups by a field of the spans, as in by(resource.service.name).');
        return;
      case 'select':
      case 'coalesce':
        return;
      case 'scalarFilter':
        this.scalar(stage.left);
        this.scalar(stage.right);
        return;
      default:
        this.set(stage);
    }
  }

  private set(set: SpansetExpression): void {
    switch (set.type) {
      case 'spans':
        this.condition(set.filter);
        return;
      case 'both':
      case 'either':
        for (const part of set.parts) this.set(part);
        return;
      case 'structure':
        this.set(set.left);
        this.set(set.right);
        return;
      case 'pipeline':
        this.stages(set.stages);
        return;
      default:
        set satisfies never;
    }
  }

  private scalar(scalar: Scalar): void {
    switch (scalar.type) {
      case 'static':
        return;
      case 'arithmetic':
        this.scalar(scalar.left);
        this.scalar(scalar.right);
        return;
      case 'scalarPipeline':
        this.stages(scalar.stages);
        this.scalar(scalar.aggregate);
        return;
      case 'aggregate':
        this.aggregate(scalar);
        return;
      default:
        scalar satisfies never;
    }
  }

  private aggregate({ function: name, expression }: Extract<Scalar, { readonly type: 'aggregate' }>): void {
    if (!expression) return;
    this.expression(expression);
    const type = typeOf(expression);
    if (type !== 'attribute' && !isNumeric(type)) {
      this.refuse(expression, `${name}() is of a number or a duration, as in ${name}(duration).`);
    } else if (!namesField(expression)) {
      this.refuse(expression, `${name}() is of a field of the spans, as in ${name}(duration).`);
    }
  }

  /** What has to be true or false. */
  private condition(expression: SpanExpression): void {
    this.expression(expression);
    const type = typeOf(expression);
    if (type !== 'attribute' && type !== 'bool') this.refuse(expression, 'a comparison is expected, as in status = error.');
  }

  private expression(expression: SpanExpression): void {
    switch (expression.type) {
      case 'field':
      case 'text':
        return;
      case 'static':
        if (expression.value.type === 'nil') this.refuse(expression, 'nil stands beside = or != only, as in .key != nil.');
        return;
      case 'and':
      case 'or':
        for (const part of expression.parts) this.condition(part);
        return;
      case 'not':
        this.expression(expression.inner);
        this.negated(expression.inner);
        return;
      case 'minus':
        this.expression(expression.inner);
        if (!takes('-', typeOf(expression.inner))) this.refuse(expression.inner, 'only numbers and durations have a sign.');
        return;
      case 'arithmetic':
        this.arithmetic(expression);
        return;
      case 'compare':
        this.comparison(expression);
        return;
      default:
        expression satisfies never;
    }
  }

  private negated(inner: SpanExpression): void {
    const type = typeOf(inner);
    if (type === 'attribute' || type === 'bool') return;
    this.refuse(inner, '"!" negates a condition, which stands in brackets: !(name = "a").');
  }

  private arithmetic({ operator, left, right }: Extract<SpanExpression, { readonly type: 'arithmetic' }>): void {
    for (const side of [left, right]) {
      this.expression(side);
      if (!takes(operator, typeOf(side)) || typeOf(side) === 'bool') {
        this.refuse(side, `"${operator}" calculates with numbers and durations.`);
      }
    }
  }

  private comparison(comparison: Extract<SpanExpression, { readonly type: 'compare' }>): void {
    const { operator, left, right } = comparison;
    const isEquality = operator === '=' || operator === '!=';
    if (isEquality && (isNil(left) || isNil(right))) {
      this.existence(operator, isNil(left) ? right : left);
      return;
    }
    this.expression(left);
    this.expression(right);
    const [leftType, rightType] = [typeOf(left), typeOf(right)];
    if (operator === '=~' || operator === '!~') this.pattern(operator, left, right);
    else if (!takes(operator, leftType)) this.refuse(left, unordered(operator, leftType));
    else if (!takes(operator, rightType)) this.refuse(right, unordered(operator, rightType));
    else if (!areComparable(leftType, rightType)) this.mismatch(left, right);
  }

  private existence(operator: '=' | '!=', expression: SpanExpression): void {
    if (isNil(expression)) return;
    this.expression(expression);
    if (operator === '!=' || expression.type !== 'field' || !isEverywhere(expression.field)) return;
    this.refuse(expression, `${printField(expression.field)} is there in every span, and never nil: leave the condition out.`);
  }

  private pattern(operator: '=~' | '!~', left: SpanExpression, right: SpanExpression): void {
    const leftType = typeOf(left);
    if (right.type !== 'static' || right.value.type !== 'string') {
      this.refuse(right, `"${operator}" is followed by a regular expression in quotes.`);
    } else if (leftType !== 'attribute' && leftType !== 'string') {
      this.refuse(left, `"${operator}" matches texts, and this is none: use = or !=.`);
    } else {
      const problem = this.regExpProblem(right.value.value);
      if (problem !== undefined) this.refuse(right, `the regular expression cannot be read: ${problem}.`);
    }
  }

  /** The side that is a value is to be mended; of two fields, the right one. */
  private mismatch(left: SpanExpression, right: SpanExpression): void {
    const [wrong, other] = left.type === 'static' && right.type !== 'static' ? [left, right] : [right, left];
    const name = other.type === 'field' ? printField(other.field) : typeNames[typeOf(other)];
    this.refuse(wrong, `${name} ${expectedValue(typeOf(other), wrong)}`);
  }

  private refuse({ from = 0, to = 0 }: Placed, message: string): void {
    this.note(new QueryProblem(from, to, message));
  }
}

function isNil(expression: SpanExpression): boolean {
  return expression.type === 'static' && expression.value.type === 'nil';
}

function isEverywhere({ scope, name, parent }: Field): boolean {
  if (parent) return false;
  return scope === 'intrinsic' || (scope === 'resource' && name === 'service.name');
}

function unordered(operator: string, type: ValueType): string {
  return `"${operator}" compares numbers, durations and texts; for ${typeNames[type]}, use = or !=.`;
}

const typeNames: Readonly<Record<ValueType, string>> = {
  attribute: 'an attribute',
  int: 'a number',
  float: 'a number',
  string: 'a text',
  bool: 'a condition',
  duration: 'a duration',
  status: 'a status',
  kind: 'a kind',
  nil: 'nil',
};

function expectedValue(type: ValueType, wrong: SpanExpression): string {
  switch (type) {
    case 'duration':
      return 'is compared with a duration, such as 200ms or 1.5s.';
    case 'status':
      return `is error, ok or unset${inQuotes(wrong)}.`;
    case 'kind':
      return `is server, client, producer, consumer, internal or unspecified${inQuotes(wrong)}.`;
    case 'string':
      return `is compared with a text in quotes${wrong.type === 'static' ? `: "${literalText(wrong.value)}"` : ''}.`;
    case 'int':
    case 'float':
      return 'is compared with a number, without quotes.';
    case 'bool':
      return 'is true or false.';
    default:
      return 'is compared with something of its own kind.';
  }
}

function inQuotes(wrong: SpanExpression): string {
  return wrong.type === 'static' && wrong.value.type === 'string' ? ', without quotes' : '';
}
