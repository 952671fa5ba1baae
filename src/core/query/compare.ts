/** What the operators of the query language mean for texts and numbers. */

import type { ComparisonOperator, Literal } from './query';
import { queryRegExp } from './regExp';

/** Whether a difference (left less right) fits an operator. NaN fits none. */
export function compareOrder(difference: number, operator: ComparisonOperator): boolean {
  switch (operator) {
    case '=':
      return difference === 0;
    case '!=':
      return difference !== 0 && !Number.isNaN(difference);
    case '>':
      return difference > 0;
    case '>=':
      return difference >= 0;
    case '<':
      return difference < 0;
    case '<=':
      return difference <= 0;
    case '=~':
    case '!~':
      return false;
    default:
      return operator satisfies never;
  }
}

/** A test for texts. `nil` is an empty text: what every span has, may be empty but not missing. */
export function textTest(operator: ComparisonOperator, value: Literal): (text: string) => boolean {
  if (value.type === 'nil') return operator === '=' ? (text) => text === '' : (text) => text !== '';
  if (value.type !== 'string') return () => false;
  const wanted = value.value;
  if (operator === '=~' || operator === '!~') {
    const pattern = queryRegExp(wanted);
    if (typeof pattern === 'string') return () => false;
    return operator === '=~' ? (text) => pattern.matches(text) : (text) => !pattern.matches(text);
  }
  return (text) => compareOrder(text < wanted ? -1 : text > wanted ? 1 : 0, operator);
}
