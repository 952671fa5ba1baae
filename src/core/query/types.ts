/** The types of expressions and what operators may do with them. Source: grafana/tempo, pkg/traceql/enum_operators.go and ast.go. */

import { typeOfField, type ValueType } from './fields';
import type { ArithmeticOperator, ComparisonOperator, SpanExpression } from './query';

/** What the expression's value is; arithmetic has the type of its left side, as far as that is known. */
export function typeOf(expression: SpanExpression): ValueType {
  switch (expression.type) {
    case 'static':
      return expression.value.type;
    case 'field':
      return typeOfField(expression.field);
    case 'not':
    case 'minus':
      return typeOf(expression.inner);
    case 'arithmetic': {
      const left = typeOf(expression.left);
      return left === 'attribute' ? typeOf(expression.right) : left;
    }
    case 'and':
    case 'or':
    case 'compare':
    case 'text':
      return 'bool';
    default:
      return expression satisfies never;
  }
}

export function isNumeric(type: ValueType): boolean {
  return type === 'int' || type === 'float' || type === 'duration';
}

/** Whether two types can stand on the sides of one operator. */
export function areComparable(left: ValueType, right: ValueType): boolean {
  if (left === right || left === 'attribute' || right === 'attribute' || left === 'nil' || right === 'nil') return true;
  return isNumeric(left) && isNumeric(right);
}

/** Whether the operator takes values of a type. */
export function takes(operator: ComparisonOperator | ArithmeticOperator, type: ValueType): boolean {
  if (type === 'attribute' || operator === '=' || operator === '!=') return true;
  if (type === 'string') return !['+', '-', '*', '/', '%', '^'].includes(operator);
  return isNumeric(type) && operator !== '=~' && operator !== '!~';
}

/** Whether a span is asked for anything. */
export function namesField(expression: SpanExpression): boolean {
  switch (expression.type) {
    case 'static':
      return false;
    case 'field':
    case 'text':
      return true;
    case 'not':
    case 'minus':
      return namesField(expression.inner);
    case 'and':
    case 'or':
      return expression.parts.some(namesField);
    case 'compare':
    case 'arithmetic':
      return namesField(expression.left) || namesField(expression.right);
    default:
      return expression satisfies never;
  }
}
