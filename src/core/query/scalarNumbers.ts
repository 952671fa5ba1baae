/** Calculating with numbers that stand in the query, as Tempo does: whole numbers stay whole, in 64 bits. */

import type { ArithmeticOperator, Literal } from './query';

/** The number, or what is wrong. */
export function foldNumbers(operator: ArithmeticOperator, left: Literal, right: Literal): Literal | string {
  if (operator === '%' || operator === '^')
    return `"${operator}" is nothing between two plain numbers: write the number that is meant.`;
  if (left.type === 'int' && right.type === 'int') return foldInts(operator, BigInt(left.value), BigInt(right.value));
  if ((left.type === 'int' || left.type === 'float') && (right.type === 'int' || right.type === 'float')) {
    return { type: 'float', value: calculated(operator, Number(left.value), Number(right.value)) };
  }
  return 'durations are not calculated with here: write the duration that is meant.';
}

function foldInts(operator: '+' | '-' | '*' | '/', left: bigint, right: bigint): Literal | string {
  if (operator === '/' && right === 0n) return 'nothing can be divided by 0.';
  const exact =
    operator === '+' ? left + right : operator === '-' ? left - right : operator === '*' ? left * right : left / right;
  const value = BigInt.asIntN(64, exact);
  const short = Number(value);
  return { type: 'int', value: Number.isSafeInteger(short) ? short : value };
}

/** Of two numbers as floats. */
export function calculated(operator: ArithmeticOperator, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '%':
      return left % right;
    case '^':
      return left ** right;
    default:
      return operator satisfies never;
  }
}
