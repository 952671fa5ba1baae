/** What a value is, beyond its type: JSON to be laid out, SQL. Found by its look, never trusted. */

import { layOutJson } from './jsonLayout';

export type ValueShape = 'json' | 'sql' | 'plain';

const sqlStart =
  /^\s*(?:select\s|insert\s+into\s|update\s+\S+\s+set\s|delete\s+from\s|with\s+\S+\s+as\s*\(|create\s+(?:table|index)\s|merge\s+into\s|begin\b|commit\b)/i;

/** @param key the attribute's, which may say it too */
export function shapeOf(key: string, text: string): ValueShape {
  const first = /\S/.exec(text)?.[0];
  if ((first === '{' || first === '[') && layOutJson(text) !== undefined) return 'json';
  if (sqlStart.test(text) || /^db\.(?:statement|query\.text)$/.test(key)) return 'sql';
  return 'plain';
}
