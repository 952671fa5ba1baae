/** Tests of texts: what an operator says of a text and one of the query. */

import type { ComparisonOperator } from '../query';
import { queryRegExp } from '../regExp';
import { compareTexts, orderFits } from './statics';

export type TextTest = (text: string) => boolean;

/** An expression that cannot be run matches nothing; queries from text have none. */
export function textTest(operator: ComparisonOperator, wanted: string): TextTest {
  if (operator === '=') return (text) => text === wanted;
  if (operator === '!=') return (text) => text !== wanted;
  if (operator !== '=~' && operator !== '!~') return (text) => orderFits(compareTexts(text, wanted), operator);
  const pattern = queryRegExp(wanted);
  if (typeof pattern === 'string') return () => false;
  return operator === '=~' ? (text) => pattern.matches(text) : (text) => !pattern.matches(text);
}
