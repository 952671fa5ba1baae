/** Queries as they are run: read, or refused. */

import { SpanhopError } from '../../base/errors';
import type { QueryIssue } from './problem';
import type { Query } from './query';
import { readText } from './read';
import { queryRegExp } from './regExp';

/**
 * Reads a query. The braces may be left out around a single span set: `status = error`.
 * @throws SpanhopError `BadQuery`, its message with the position and what to write instead
 */
export function parseQuery(text: string): Query {
  const { stages, hints, issues } = readText(text, regExpProblem);
  const [issue] = issues;
  if (issue)
    throw new SpanhopError('BadQuery', issue.message, `at ${issue.from} to ${issue.to} of ${JSON.stringify(text.slice(0, 500))}`);
  return hints.length === 0 ? { stages } : { stages, hints };
}

/** What is wrong with a query first; undefined when it can be run. */
export function checkQuery(text: string): QueryIssue | undefined {
  return readText(text, regExpProblem).issues[0];
}

function regExpProblem(source: string): string | undefined {
  const problem = queryRegExp(source);
  return typeof problem === 'string' ? problem : undefined;
}
