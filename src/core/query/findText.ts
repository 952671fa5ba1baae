/** What a person types into "find": free text, or a query. */

import { checkQuery, parseQuery } from './parse';
import type { SpanFilter, TraceFilter } from './query';

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
export function findTextToFilter(text: string): SpanFilter {
  const trimmed = text.trim();
  if (trimmed === '') return { type: 'all' };
  if (trimmed.startsWith('{')) return eachSet(parseQuery(trimmed).filter);
  if (!COMPARISON.test(trimmed)) return { type: 'text', text: trimmed };
  if (FIELD_START.test(trimmed) || checkQuery(trimmed) === undefined) return eachSet(parseQuery(trimmed).filter);
  // `http.status_code = 500`, as attributes are written everywhere else.
  const dotted = `.${trimmed}`;
  if (/^\w+\./.test(trimmed) && checkQuery(dotted) === undefined) return eachSet(parseQuery(dotted).filter);
  return { type: 'text', text: trimmed };
}

function eachSet(filter: TraceFilter): SpanFilter {
  return filter.type === 'spans' ? filter.filter : { type: 'or', left: eachSet(filter.left), right: eachSet(filter.right) };
}
