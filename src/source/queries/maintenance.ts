/**
 * Statements that are about no row: `VACUUM orders`, `REFRESH MATERIALIZED VIEW sums`, `SHOW TABLES`. They begin with words that stand in the source as
 * they are; what follows may be put in.
 */

import { sqlTokens } from './sql';

const words =
  /^\s*(vacuum|analyze|analyse|optimize\s+table|refresh\s+materialized\s+view|reindex(?:\s+(?:table|index|database))?|truncate(?:\s+table)?|show\s+(?!create)\w+(?:\s+\w+)?|pragma\s+\w+|lock\s+tables?|listen|notify|checkpoint|flush\s+\w+|set\s+(?:session\s+|local\s+|global\s+)?\w+|deallocate|discard|repair\s+table|check\s+table|alter\s+(?:system|sequence)|kill(?:\s+query)?)(?![\w.])/i;
const maxText = 500;

/** The words that it begins with, as they are written and in the other case; none where it is another statement. */
export function maintenanceNeedles(text: string): readonly string[] {
  const begun = text.length > maxText ? undefined : words.exec(text)?.[1];
  return begun === undefined ? [] : [...new Set([begun, begun.toUpperCase(), begun.toLowerCase()])];
}

/**
 * @param written a string of the source
 * @returns 1 for all of it, 0.5 where the string begins it and goes on with what is put in or added, else 0
 */
export function likeMaintenance(text: string, written: string): 0 | 0.5 | 1 {
  if (written.length > maxText) return 0;
  const begun = words.exec(written)?.[1];
  if (begun === undefined) return 0;
  const plain = (tokens: readonly string[]): readonly string[] => tokens.filter((token) => token !== ';');
  const asked = plain(sqlTokens(text));
  const own = plain(sqlTokens(written));
  const fixed = own.indexOf('?') < 0 ? own : own.slice(0, own.indexOf('?'));
  const isBegun = fixed.length >= sqlTokens(begun).length && fixed.every((token, i) => token === asked[i]);
  if (!isBegun) return 0;
  if (fixed.length === asked.length) return 1;
  // What is whole by itself is another statement: `VACUUM` beside `VACUUM orders`.
  return fixed.length < own.length || /\s$/.test(written) ? 0.5 : 0;
}
