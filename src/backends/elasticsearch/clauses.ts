/**
 * Parts of a search in the servers' own language, as they find at least what is asked for: a keyword of more than 256 characters is in no index, a text is
 * there by its words, and a number is a text wherever Jaeger's templates are.
 * Sources: elastic.co, "Query DSL"; jaegertracing/jaeger internal/storage/v1/elasticsearch/mappings (`ignore_above`).
 */

import type { TextField } from './spanFields';

/** A part of a search, or the whole of one. */
export interface Clause {
  readonly [name: string]: unknown;
}

/** Characters of the longest text that Jaeger's templates, and servers that guess, put into an index. */
export const MAX_KEYWORD = 256;

export const anyOf = (should: readonly Clause[]): Clause =>
  should.length === 1 ? should[0] : { bool: { should, minimum_should_match: 1 } };

export const allOf = (filter: readonly Clause[]): Clause => (filter.length === 1 ? filter[0] : { bool: { filter } });

export const not = (clause: Clause): Clause => ({ bool: { must_not: [clause] } });

export const exists = (field: string): Clause => ({ exists: { field } });

/** Bounds as the servers name them: `gte`, `gt`, `lte`, `lt`. */
export const range = (field: string, bounds: Readonly<Record<string, number | string>>): Clause => ({
  range: { [field]: bounds },
});

/** Any of the texts, each of at most `MAX_KEYWORD` characters. */
export function isOneOf({ name, as }: TextField, texts: readonly string[]): Clause {
  if (as === 'keyword') return texts.length === 1 ? { term: { [name]: texts[0] } } : { terms: { [name]: texts } };
  // All of its words, in any order; a text without a word is not looked for.
  const match = (query: string): Clause => ({
    match: { [name]: { query, operator: 'and', zero_terms_query: 'all', lenient: true } },
  });
  return anyOf(texts.map(match));
}

/** What the servers' regular expressions say as Go's do: letters, digits, dots, and these, and no empty parts, which they refuse. */
const plainPattern = /^[\p{L}\p{N} _\-/:,%=!;.*+|()]{1,300}$/u;
const emptyPart = /^[|*+]|[|(][|)*+]|\|$/;

/**
 * The text matches a regular expression; undefined where the servers would read it in another way. A text that is too long for the index is
 * found as well.
 */
export function matches({ name, as }: TextField, pattern: string): Clause | undefined {
  if (as !== 'keyword' || !plainPattern.test(pattern) || emptyPart.test(pattern)) return undefined;
  return anyOf([{ regexp: { [name]: { value: pattern, flags: 'NONE' } } }, not(exists(name))]);
}
