/** What a person types into "find": free text, or a query. */

import { everySpan } from './build';
import { asComparison } from './operators';
import { checkQuery, parseQuery } from './parse';
import type { SpanExpression, Stage } from './query';
import { maxQueryLength } from './read';
import { type Token, tokenize } from './tokens';

/**
 * What find runs over a trace's spans: `{ status = error }`, `status = error`, `max(duration) > 1s` are queries, all else is free text
 * (case-insensitive; white space around it does not count). What comes out of the last stage is found.
 * @throws SpanhopError `BadQuery` when the text is meant as a query (it is in braces, or compares a field) and cannot be run
 */
export function findTextToStages(text: string): readonly Stage[] {
  const trimmed = text.trim();
  if (trimmed === '') return spans(everySpan);
  if (trimmed.startsWith('{')) return parseQuery(trimmed).stages;
  // No query is as long as a log that was pasted: how it begins tells what it was meant as.
  const isLong = trimmed.length > maxQueryLength;
  const tokens = tokenize(isLong ? trimmed.slice(0, 1000) : trimmed);
  if (isLong && !comparesField(tokens)) return spans({ type: 'text', text: trimmed });
  // A word alone is one to look for, also where it could be read as a field that is true.
  if (!tokens.some(relates)) return spans({ type: 'text', text: trimmed });
  if (comparesField(tokens) || checkQuery(trimmed) === undefined) return parseQuery(trimmed).stages;
  // `http.status_code = 500`, as attributes are written everywhere else.
  const dotted = `.${trimmed}`;
  if (/^\w+\./.test(trimmed) && checkQuery(dotted) === undefined) return parseQuery(dotted).stages;
  return spans({ type: 'text', text: trimmed });
}

function relates({ type, text }: Token): boolean {
  return (
    type === 'operator' && (asComparison(text) !== undefined || text === '&&' || text === '||' || text === '|' || text === '!')
  );
}

/** It begins as a comparison does, whatever follows. */
function comparesField(tokens: readonly Token[]): boolean {
  const first = tokens.findIndex(({ type, text }) => type !== 'operator' || (text !== '!' && text !== '('));
  const operator = tokens[first + 1];
  return tokens[first].type === 'field' && operator?.type === 'operator' && asComparison(operator.text) !== undefined;
}

function spans(filter: SpanExpression): readonly Stage[] {
  return [{ type: 'spans', filter }];
}
