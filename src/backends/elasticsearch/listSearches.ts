/** Searches for what there is to ask for: names of services and operations, keys and values of attributes, who calls whom. No document is read for them. */

import type { TimeRange } from '../common/backend';
import { allOf, type Clause, isOneOf, MAX_KEYWORD, range } from './clauses';
import type { Micros } from './documentServer';
import type { SpanFields, TagList, TextField } from './spanFields';
import { namesIn } from './tagClauses';
import { begunIn } from './timeClauses';

/** Names of one list, as many as Jaeger asks for; keys and values of attributes, as many as a person looks through. */
const MOST_NAMES = 10_000;
const MOST_KEYS = 1_000;
const MOST_VALUES = 500;
/** Days of one answer. */
const MOST_DAYS = 1_000;

/** All texts of a field, of the documents that a clause finds. */
export function namesSearch({ name }: TextField, among?: Clause, size = MOST_NAMES): Clause {
  return { size: 0, ...(among && { query: among }), aggs: { found: { terms: { field: name, size } } } };
}

/** Undefined where the index cannot tell the service from others. */
export function operationsSearch(fields: SpanFields, of: TextField, service: string, size?: number): Clause | undefined {
  return service.length > MAX_KEYWORD ? undefined : namesSearch(fields.operation, isOneOf(of, [service]), size);
}

/** The keys of lists; those that are fields are known with them. */
export function keysSearch(fields: SpanFields, times: Micros): Clause {
  const aggs = fields.lists.map((list) => [list.scope, inList(list, { keys: termsOf(list.key, MOST_KEYS) })]);
  return { size: 0, query: allOf(begunIn(fields, times)), aggs: Object.fromEntries(aggs) };
}

/** Keys of attributes that are fields of their own, scoped. */
export function keysOfFields({ objects, types }: SpanFields): string[] {
  return objects.flatMap(({ path, scope }) =>
    [...types]
      .filter(([name, type]) => name.startsWith(`${path}.`) && type !== 'object' && type !== 'nested')
      .map(([name]) => `${scope}.${name.slice(path.length + 1).replaceAll('@', '.')}`),
  );
}

/** Values of an attribute. @param scoped `span.http.route`; undefined for what has no such scope */
export function valuesSearch(fields: SpanFields, scoped: string, times: Micros): Clause | undefined {
  const [, scope, key] = /^(span|resource|event)\.(.+)$/s.exec(scoped) ?? [];
  if (key === undefined || key.length > MAX_KEYWORD) return undefined;
  const aggs: Record<string, Clause> = {};
  for (const list of fields.lists.filter((one) => one.scope === scope)) {
    const types = { terms: { field: `${list.path}.type`, size: 5 } };
    const values = { ...termsOf(list.value, MOST_VALUES), aggs: { types } };
    aggs[list.path] = inList(list, { of: { filter: isOneOf(list.key, [key]), aggs: { values } } });
  }
  for (const { path } of fields.objects.filter((one) => one.scope === scope)) {
    for (const name of namesIn(path, key)) {
      // The words of a text are no values.
      if (fields.types.has(name) && fields.types.get(name) !== 'text') aggs[name] = termsOf({ name, as: 'other' }, MOST_VALUES);
    }
  }
  return { size: 0, query: allOf(begunIn(fields, times)), aggs };
}

function termsOf({ name }: TextField, size: number): { readonly terms: Clause } {
  return { terms: { field: name, size } };
}

function inList({ nested }: TagList, aggs: Clause): Clause {
  return nested === undefined ? { filter: { match_all: {} }, aggs } : { nested: { path: nested }, aggs };
}

/** The days that Jaeger's jobs wrote, newest first. */
export function dependenciesSearch({ startMs, endMs }: TimeRange): Clause {
  const bounds = { gte: new Date(startMs).toISOString(), lte: new Date(endMs).toISOString() };
  return { size: MOST_DAYS, query: range('timestamp', bounds), sort: [{ timestamp: { order: 'desc', unmapped_type: 'date' } }] };
}
