/** The operators of the query language, and how tightly they bind. Source: grafana/tempo, pkg/traceql/expr.y. */

import type { ArithmeticOperator, ComparisonOperator, StructuralOperator } from './query';

const comparisons: readonly ComparisonOperator[] = ['=', '!=', '>', '>=', '<', '<=', '=~', '!~'];
const arithmetics: readonly ArithmeticOperator[] = ['+', '-', '*', '/', '%', '^'];

/** The structural operators, with what the right side is of the left one. */
export const structures: readonly (readonly [StructuralOperator, string])[] = [
  ['>>', 'descendants'],
  ['>', 'children'],
  ['<<', 'ancestors'],
  ['<', 'parents'],
  ['~', 'siblings'],
  ['!>>', 'not descendants'],
  ['!>', 'not children'],
  ['!<<', 'not ancestors'],
  ['!<', 'not parents'],
  ['!~', 'not siblings'],
  ['&>>', 'both, with descendants'],
  ['&>', 'both, with children'],
  ['&<<', 'both, with ancestors'],
  ['&<', 'both, with parents'],
  ['&~', 'both, with siblings'],
];

export function asComparison(text: string): ComparisonOperator | undefined {
  return comparisons.find((each) => each === text);
}

export function asArithmetic(text: string): ArithmeticOperator | undefined {
  return arithmetics.find((each) => each === text);
}

export function asStructure(text: string): StructuralOperator | undefined {
  return structures.find(([each]) => each === text)?.[0];
}

/** 0: no operator between two operands. Those that are equal go from the left, but for `^`. `!` is 4, for its operand; `-` as a sign is a sum. */
export function bindingOf(text: string): number {
  switch (text) {
    case '&&':
    case '||':
      return 1;
    case '+':
    case '-':
      return 3;
    case '*':
    case '/':
    case '%':
      return 5;
    case '^':
      return 6;
    default:
      return asComparison(text) || asStructure(text) ? 2 : 0;
  }
}

/** The operator that says the same with its sides exchanged; a regular expression stands on the right only. */
export function mirrored(operator: ComparisonOperator): ComparisonOperator | undefined {
  switch (operator) {
    case '>':
      return '<';
    case '>=':
      return '<=';
    case '<':
      return '>';
    case '<=':
      return '>=';
    case '=':
    case '!=':
      return operator;
    default:
      return undefined;
  }
}
