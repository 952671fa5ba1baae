/**
 * From a query's tree to its canonical text, which is read to the same tree, here and by Tempo. Brackets stand where
 * they are needed, and wherever `&&` and `||` meet: they bind equally, which few expect.
 */

import { isEverySpan } from './build';
import { literalText, printField } from './literals';
import type { Query, Scalar, SpanExpression, SpansetExpression, Stage } from './query';

/** The whole query, without its time range, which TraceQL has no words for. */
export function printQuery({ stages, hints = [] }: Pick<Query, 'stages' | 'hints'>): string {
  const text = stages.map(printStage).join(' | ');
  if (hints.length === 0) return text;
  return `${text} with (${hints.map(({ name, value }) => `${name} = ${literalText(value)}`).join(', ')})`;
}

export function printStage(stage: Stage): string {
  switch (stage.type) {
    case 'by':
      return `by(${printExpression(stage.expression)})`;
    case 'select':
      return `select(${stage.fields.map(printField).join(', ')})`;
    case 'coalesce':
      return 'coalesce()';
    case 'scalarFilter':
      return `${printScalar(stage.left)} ${stage.operator} ${printScalar(stage.right)}`;
    default:
      return printSet(stage, 0);
  }
}

/** @param binds how tightly what stands around it binds: 0 not at all, 1 as `&&` and `||`, 2 as the structural operators */
function printSet(set: SpansetExpression, binds: number): string {
  switch (set.type) {
    case 'spans':
      return isEverySpan(set.filter) ? '{ }' : `{ ${printExpression(set.filter)} }`;
    case 'both':
    case 'either': {
      const joint = set.type === 'both' ? ' && ' : ' || ';
      return bracketed(set.parts.map((part) => printSet(part, 2)).join(joint), binds > 1);
    }
    case 'structure':
      return bracketed(`${printSet(set.left, 2)} ${set.operator} ${printSet(set.right, 3)}`, binds > 2);
    case 'pipeline':
      return `(${printQuery(set)})`;
    default:
      return set satisfies never;
  }
}

function bracketed(text: string, needed: boolean): string {
  return needed ? `(${text})` : text;
}

// How tightly operators bind, as in Tempo: an operand that binds less has brackets.
const JOINT = 1;
const COMPARISON = 2;
const SUM = 3;
const NOT = 4;
const PRODUCT = 5;
const POWER = 6;
/** What follows `!` or `-`: one word, or brackets. */
const WORD = 7;

function bindingOf(operator: '+' | '-' | '*' | '/' | '%' | '^'): number {
  return operator === '^' ? POWER : operator === '+' || operator === '-' ? SUM : PRODUCT;
}

/**
 * An expression without its braces. Free text, which TraceQL does not have, is printed as the condition nearest to it: a part of the name.
 * @param binds how tightly what stands around it binds
 */
export function printExpression(expression: SpanExpression, binds = 0): string {
  switch (expression.type) {
    case 'static': {
      const text = literalText(expression.value);
      return bracketed(text, text.startsWith('-') && binds > SUM);
    }
    case 'field':
      return printField(expression.field);
    case 'not':
      return bracketed(`!${printExpression(expression.inner, WORD)}`, binds > NOT);
    case 'minus':
      return bracketed(`-${printExpression(expression.inner, WORD)}`, binds > SUM);
    case 'and':
    case 'or': {
      const joint = expression.type === 'and' ? ' && ' : ' || ';
      const text = expression.parts.map((part) => printExpression(part, JOINT + 1)).join(joint);
      return bracketed(text, binds > JOINT);
    }
    case 'compare': {
      const { operator, left, right } = expression;
      return bracketed(
        `${printExpression(left, COMPARISON)} ${operator} ${printExpression(right, COMPARISON + 1)}`,
        binds > COMPARISON,
      );
    }
    case 'arithmetic': {
      const { operator, left, right } = expression;
      const own = bindingOf(operator);
      const [before, after] = operator === '^' ? [own + 1, own] : [own, own + 1];
      return bracketed(`${printExpression(left, before)} ${operator} ${printExpression(right, after)}`, binds > own);
    }
    case 'text':
      return bracketed(`name =~ ${literalText({ type: 'string', value: nearExpression(expression.text) })}`, binds > COMPARISON);
    default:
      return expression satisfies never;
  }
}

function nearExpression(text: string): string {
  return `(?i).*${text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}.*`;
}

export function printScalar(scalar: Scalar, binds = 0): string {
  switch (scalar.type) {
    case 'static': {
      const text = literalText(scalar.value);
      return bracketed(text, text.startsWith('-') && binds > 0);
    }
    case 'aggregate':
      return `${scalar.function}(${scalar.expression ? printExpression(scalar.expression) : ''})`;
    case 'arithmetic': {
      const { operator, left, right } = scalar;
      const own = bindingOf(operator);
      const [before, after] = operator === '^' ? [own + 1, own] : [own, own + 1];
      return bracketed(`${printScalar(left, before)} ${operator} ${printScalar(right, after)}`, binds > own);
    }
    case 'scalarPipeline':
      return `(${printQuery(scalar)} | ${printScalar(scalar.aggregate)})`;
    default:
      return scalar satisfies never;
  }
}
