/** What a person types into "find": free text, or a query. */

import { everySpan } from './build';
import { spansOf } from './evaluate';
import { checkQuery, parseQuery } from './parse';
import type { SpanExpression } from './query';

/** Looks like a comparison: a word, an operator, and more. */
const COMPARISON =
  /^\s*[!(]*\s*((span|resource|event|link|instrumentation|trace)?[.:][\w."/-]+|[A-Za-z][\w.-]*)\s*(=~|!~|!=|>=|<=|=|>|<)\s*\S/;
const FIELD_START =
  /^\s*[!(]*\s*((span|resource|event|link|instrumentation|trace)?[.:]\w|(name|duration|status|statusMessage|kind|rootName|rootServiceName|traceDuration)\s*(=|!|<|>))/;

/**
 * The filter that find runs over a trace's spans: `{ status = error }`, `status = error`, `duration > 200ms` are queries, all else is free text
 * (case-insensitive; white space around it does not count). Several span sets find the spans of each.
 * @throws SpanhopError `BadQuery` when the text is meant as a query (it is in braces, or begins with a known field) and cannot be run
 */
export function findTextToFilter(text: string): SpanExpression {
  const trimmed = text.trim();
  if (trimmed === '') return everySpan;
  if (trimmed.startsWith('{')) return spansOf(parseQuery(trimmed).stages);
  if (!COMPARISON.test(trimmed)) return { type: 'text', text: trimmed };
  if (FIELD_START.test(trimmed) || checkQuery(trimmed) === undefined) return spansOf(parseQuery(trimmed).stages);
  // `http.status_code = 500`, as attributes are written everywhere else.
  const dotted = `.${trimmed}`;
  if (/^\w+\./.test(trimmed) && checkQuery(dotted) === undefined) return spansOf(parseQuery(dotted).stages);
  return { type: 'text', text: trimmed };
}
