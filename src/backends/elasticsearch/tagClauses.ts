/**
 * Attributes as Jaeger's documents have them: in a list of key, type and value, or each a field of an object. Which of both is a setting of the collector
 * that may have changed, so both are asked at once. Values are texts in the list, and mostly in the fields: what is found is more than what was asked for.
 */

import { allOf, anyOf, type Clause, exists, isOneOf, MAX_KEYWORD, matches, not, range } from './clauses';
import type { SpanFields, TagList, TagScope, TextField } from './spanFields';

/** What a tag's value has to be, at least. */
export type Wanted =
  | { readonly type: 'any' }
  /** One of these, as they may be written. */
  | { readonly type: 'texts'; readonly texts: readonly string[] }
  | { readonly type: 'pattern'; readonly pattern: string }
  | { readonly type: 'number'; readonly bounds: Readonly<Record<string, number>> }
  /** Not one of these. */
  | { readonly type: 'other'; readonly than: readonly string[] };

/** Some tag of this key, of one of the scopes; undefined where the tags of one of them cannot be asked for. */
export function tagClause(fields: SpanFields, scopes: readonly TagScope[], key: string, wanted: Wanted): Clause | undefined {
  const all = [...fields.lists, ...fields.objects];
  if (!scopes.every((scope) => all.some((one) => one.scope === scope))) return undefined;
  const ofLists = fields.lists.filter(({ scope }) => scopes.includes(scope)).map((list) => inList(list, key, wanted));
  const ofObjects = fields.objects
    .filter(({ scope }) => scopes.includes(scope))
    .flatMap(({ path }) => namesIn(path, key).map((name) => inField(fieldOf(fields, name), wanted)));
  return anyOf([...ofLists, ...ofObjects]);
}

/** The field of a key; whoever keeps dots in it has it as it is. */
export function namesIn(path: string, key: string): string[] {
  return [...new Set([`${path}.${key.replaceAll('.', '@')}`, `${path}.${key}`])];
}

function fieldOf({ types, untoldAs }: SpanFields, name: string): TextField & { readonly isNumber: boolean } {
  const type = types.get(name);
  if (type === undefined) return { name, as: untoldAs, isNumber: false };
  const isNumber = /^(?:long|integer|short|byte|double|float|half_float|scaled_float|unsigned_long)$/.test(type);
  return { name, as: type === 'keyword' ? 'keyword' : type === 'text' ? 'text' : 'other', isNumber };
}

function inList({ path, nested, key, value }: TagList, wantedKey: string, wanted: Wanted): Clause {
  const isKey = wantedKey.length <= MAX_KEYWORD ? isOneOf(key, [wantedKey]) : not(exists(key.name));
  const clause = allOf([isKey, ...valueClauses(path, value, wanted, nested === path)]);
  return nested === undefined ? clause : { nested: { path: nested, query: clause } };
}

/** @param isAlone the tags of a list are told from each other, so that something may be excluded */
function valueClauses(path: string, value: TextField, wanted: Wanted, isAlone: boolean): Clause[] {
  switch (wanted.type) {
    case 'texts':
      return [isOneOf(value, wanted.texts)];
    case 'pattern': {
      const clause = isAlone ? matches(value, wanted.pattern) : undefined;
      return clause ? [clause] : [];
    }
    case 'number':
      // They are texts, without an order.
      return isAlone ? [not({ terms: { [`${path}.type`]: ['string', 'bool', 'binary'] } })] : [];
    case 'other':
      return isAlone && value.as === 'keyword' ? [not(isOneOf(value, wanted.than))] : [];
    case 'any':
      return [];
    default:
      return wanted satisfies never;
  }
}

function inField(field: TextField & { readonly isNumber: boolean }, wanted: Wanted): Clause {
  const { name, as, isNumber } = field;
  const isThere = anyOf([exists(name), { term: { _ignored: name } }]);
  switch (wanted.type) {
    case 'texts':
      return isOneOf(field, wanted.texts);
    case 'number':
      return isNumber ? range(name, wanted.bounds) : isThere;
    case 'pattern': {
      const clause = matches(field, wanted.pattern);
      return clause ? allOf([isThere, clause]) : isThere;
    }
    case 'other':
      return as === 'keyword' ? allOf([isThere, not(isOneOf(field, wanted.than))]) : isThere;
    case 'any':
      return isThere;
    default:
      return wanted satisfies never;
  }
}
