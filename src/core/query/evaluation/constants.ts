/** Parts of an expression that are the same for every span: worked out once. */

import type { SpanExpression } from '../query';
import { calculate, negated, type Static, staticOf } from './statics';

export type Constant = { readonly isConstant: true; readonly value: Static } | { readonly isConstant: false };

const NONE: Constant = { isConstant: false };

/** Numbers and values as written, and what arithmetic makes of them. */
export function constantOf(expression: SpanExpression): Constant {
  switch (expression.type) {
    case 'static':
      return { isConstant: true, value: staticOf(expression.value) };
    case 'minus': {
      const inner = constantOf(expression.inner);
      return inner.isConstant ? { isConstant: true, value: negated(inner.value) } : NONE;
    }
    case 'arithmetic': {
      const left = constantOf(expression.left);
      const right = constantOf(expression.right);
      if (!left.isConstant || !right.isConstant) return NONE;
      return { isConstant: true, value: calculate(expression.operator, left.value, right.value) };
    }
    default:
      return NONE;
  }
}
