/** What is wrong with a query that is being typed, without regular expressions, whose reader is a large package. */

import type { QueryIssue } from './problem';
import { readText } from './read';
import { tokenize } from './tokens';

/** All places that are in error, in the order of the text. */
export function problemsOf(text: string): readonly QueryIssue[] {
  return readText(text, () => undefined).issues;
}

/** Those of parts that a person has finished: what is still being typed is not wrong yet, and what it lacks may come. */
export function settledProblems(text: string, caret: number): readonly QueryIssue[] {
  let begun = 0;
  for (const { type, text: sign, from, to } of tokenize(text.slice(0, caret)))
    if (type === 'operator' && /^(?:&&|\|\|?|[{(,])$/.test(sign) && to <= caret) begun = from;
  return problemsOf(text).filter(({ to }) => to <= begun);
}
