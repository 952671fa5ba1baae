/**
 * SQL in the attributes of a span: under the names of the conventions, and under those of who instruments by hand (the payload of a
 * notification of ActiveSupport has `sql`, others write `jdbc.query` or `app.statement`).
 */

import { textAttribute } from './attributes';

export const statementKeys: readonly string[] = ['db.query.text', 'db.statement'];
/** The usual ones of `otherKey`, to be looked for without reading all of a span. */
export const otherStatementKeys: readonly string[] = [
  'sql',
  'query',
  'statement',
  ...['db', 'database', 'payload', 'event', 'orm', 'jdbc', 'rails'].flatMap((of) => [`${of}.sql`, `${of}.query`]),
  'sql.query',
  'sql.statement',
  'db.sql.query',
  'database.statement',
];
const otherKey = /^(?:[\w.-]{1,80}\.)?(?:sql|query|statement)$/i;
const maxKeys = 200;

export function isSql(text: string): boolean {
  return /^\s*(?:--[^\n]*\n\s*|\/\*(?:[^*]|\*(?!\/))*\*\/\s*)*\(?\s*(?:select|insert|update|delete|with|merge|replace|call|exec|create|alter|drop|truncate|begin|commit|vacuum|pragma|refresh|analyze|lock|notify|listen|copy|explain|show|optimize|reindex|checkpoint|set\s+\w+|repair|flush|kill|deallocate)\b/i.test(
    text.slice(0, 500),
  );
}

/** `query` may be what somebody typed: more of the language has to be there than a verb. */
function isStatement(text: string): boolean {
  return (
    isSql(text) &&
    /\b(?:select\b[^;]{1,3000}\bfrom|insert\s+(?:\w+\s+){0,2}into|replace\s+into|merge\s+into|update\b[^;]{1,400}\bset|delete\s+from)\s/i.test(
      text.slice(0, 4_000),
    )
  );
}

/** Of an attribute that no convention names; undefined where one of theirs has the statement. */
export function otherStatement(
  attributes: Readonly<Record<string, unknown>>,
): { readonly key: string; readonly text: string } | undefined {
  if (statementKeys.some((key) => textAttribute(attributes, key) !== undefined)) return undefined;
  for (const key of Object.keys(attributes).slice(0, maxKeys)) {
    const text = otherKey.test(key) ? textAttribute(attributes, key) : undefined;
    if (text !== undefined && isStatement(text)) return { key, text };
  }
  return undefined;
}
