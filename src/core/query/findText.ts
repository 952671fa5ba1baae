/** What a person types into "find": free text, or a query. */

import { everySpan } from './build';
import { checkQuery, parseQuery } from './parse';
import type { SpanExpression, Stage } from './query';

/** Looks like a comparison: a word, an operator, and more. */
const COMPARISON =
  /^\s*[!(]*\s*((span|resource|event|link|instrumentation|trace)?[.:][\w."/-]+|[A-Za-z][\w.-]*)\s*(=~|!~|!=|>=|<=|=|>|<)\s*\S/;
const FIELD_START =
  /^\s*[!(]*\s*((span|resource|event|link|instrumentation|trace)?[.:]\w|(name|duration|status|statusMessage|kind|rootName|rootServiceName|traceDuration)\s*(=|!|<|>))/;
/** Begins as a pipeline may, without braces: `count() > 10`, `({ … } | by(name)) && { … }`. */
const PIPELINE = /^\(|^(count|avg|min|max|sum|by|select)\s*\(/;

/**
 * What find runs over a trace's spans: `{ status = error }`, `status = error`, `duration > 200ms` are queries, all else is free text
 * (case-insensitive; white space around it does not count). What comes out of the last stage is found.
 * @throws SpanhopError `BadQuery` when the text is meant as a query (it is in braces, or begins with a known field) and cannot be run
 */
export function findTextToStages(text: string): readonly Stage[] {
  const trimmed = text.trim();
  if (trimmed === '') return spans(everySpan);
  if (trimmed.startsWith('{')) return parseQuery(trimmed).stages;
  if (PIPELINE.test(trimmed) && checkQuery(trimmed) === undefined) return parseQuery(trimmed).stages;
  if (!COMPARISON.test(trimmed)) return spans({ type: 'text', text: trimmed });
  if (FIELD_START.test(trimmed) || checkQuery(trimmed) === undefined) return parseQuery(trimmed).stages;
  // `http.status_code = 500`, as attributes are written everywhere else.
  const dotted = `.${trimmed}`;
  if (/^\w+\./.test(trimmed) && checkQuery(dotted) === undefined) return parseQuery(dotted).stages;
  return spans({ type: 'text', text: trimmed });
}

function spans(filter: SpanExpression): readonly Stage[] {
  return [{ type: 'spans', filter }];
}
