/** What a statement of the source says that a query does not, or as it does: conditions, other columns, what is looked through in memory. */

import type { ModelNames } from './models';
import { columnKey } from './nouns';
import type { Query } from './query';
import { askedIn, asksByObject, derivedKeys, keysIn } from './sourceWords';
import { conditionsOf } from './statement';

/** `current_user.orders.where(…)` compares `user_id`, whatever else is named there. */
export function ofOwner(text: string, { statement }: Query): number {
  const [, owner] = /^\s*[@$]?(?:\w{1,60}(?:\.|->)){0,3}?(\w{1,60})(?:\.|->)\w/.exec(text.slice(0, 300)) ?? [];
  const key = columnKey(owner ?? '').replace(/^current/, '');
  return key.length >= 3 && statement?.compared.some((column) => columnKey(column) === `${key}id`) ? 0.5 : 0;
}

/** Conditions that are written as SQL, `Where("token = ?", token)`: those of the statement, or others. */
export function conditions(text: string, { statement }: Query): number {
  if (!statement?.conditions.size) return 0;
  let sum = 0;
  for (const [, quoted] of text.slice(0, 3_000).matchAll(/["'`]([^"'`\n]{3,300})["'`]/g))
    for (const each of conditionsOf(quoted)) sum += statement.conditions.has(each) ? 0.5 : -0.4;
  return Math.max(-1.2, Math.min(1.2, sum));
}

/** `orders.select { |order| … }` of Ruby chooses of what is there. */
export const choosing = /\.(?:select|find|detect|reject|count|sum|any\?|all\?)\s?(?:\{|do)\s?\|/;

/** `order.Lines.FirstOrDefault(…)` looks through what an order has. */
export function isOfRow(text: string, names: ModelNames): boolean {
  const [, name] = /^\s*(?:await\s+)?([a-z]\w{0,60})[?!]?\.\w/.exec(text.slice(0, 200)) ?? [];
  return name !== undefined && names.strong.has(columnKey(name));
}

/** What is asked for by other columns alone is another query. */
export function comparesOthers(text: string, { statement }: Query): boolean {
  const given = askedIn(text);
  // `identity__owner=` of Django compares the owner.
  const asked = [...keysIn(given), ...(given.match(/\b[a-z]\w*__\w+/g) ?? []).flatMap((each) => each.split('__').map(columnKey))];
  const told = new Set(statement?.compared.map(columnKey));
  return told.size > 0 && asked.length > 0 && !asked.some((key) => told.has(key) || told.has(`${key}id`));
}

/** What a call names and the query does not. */
export function unlike(text: string, { statement }: Query, names: ModelNames): number {
  if (!statement) return 0;
  const told = new Set([...statement.compared, ...statement.assigned, ...statement.ordered, ...statement.values].map(columnKey));
  const shown = new Set([...statement.selected, ...statement.tables].map(columnKey));
  let sum = 0;
  const asked = statement.operation === 'select' ? new Set(keysIn(askedIn(text))) : undefined;
  const isObject = asked !== undefined && asksByObject(text);
  for (const key of keysIn(text)) {
    if (told.has(key) || told.has(`${key}id`) || names.strong.has(key)) continue;
    const isCompared = asked?.has(key) || (key === 'id' && /\bid\s?(?:\.\s?eq\b|==)/i.test(text));
    // What else an object holds says what it brings along.
    const isBeside = isObject && !isCompared;
    sum += isBeside
      ? 0.03
      : (shown.has(key) && !isCompared) || names.related.has(key)
        ? 0.1
        : statement.operation === 'insert'
          ? 0.15
          : 0.35;
  }
  // `.from(EVSE).join(CHARGE_BOX)` of jOOQ is about another table.
  const tables = [
    ...text
      .slice(0, 3_000)
      .matchAll(/\.(?:from|selectFrom|insertInto|deleteFrom|update|delete)\(\s{0,20}([A-Z][A-Z0-9_]{2,60})\b/g),
  ];
  if (tables.length && !tables.some(([, table]) => names.means(table) >= 0.6)) sum += 1.5;
  const isByKey = statement.compared.some((column) => names.isKey(column));
  for (const key of derivedKeys(text)) if (!told.has(key) && !(isByKey && key === 'id')) sum += 0.5;
  // All of a table, where a call asks for a part of it.
  if (
    statement.operation === 'select' &&
    !statement.compared.length &&
    /\b(?:where|filter|find_?by|findBy)\w*\W/i.test(text) &&
    // What may be nothing is given by its name.
    !/\bwhere\s*(?:,|:\s*[a-z]\w*\s*[,}\n])/.test(text)
  )
    sum += 0.8;
  return Math.min(2, sum);
}

/** One that was loaded is written by its key, which a statement for several does not compare. */
export function isOfOne(text: string, { statement }: Query): boolean {
  return (
    statement !== undefined &&
    /^(?:update|delete)$/.test(statement.operation) &&
    statement.compared.length > 0 &&
    !statement.compared.some((column) => /id$|^(?:pk|key|code|slug|name)$/i.test(column)) &&
    /\.(?:update|save|destroy|update_attributes?|increment|decrement|toggle)!|\.(?:update_columns?|touch|save|save_quietly)\b(?!_)/.test(
      text.slice(0, 2_000),
    )
  );
}
