/**
 * What a person searches for in the Traces view: a form's fields and, for those who know it, text of the search language. Pure data that
 * is remembered; `queryOf` makes the query of it.
 */

import { allOf, condition, isEverySpan, numberLiteral } from '../../core/query/build';
import type { Completion, Vocabulary } from '../../core/query/completion';
import type { QueryIssue } from '../../core/query/problem';
import type { Field, Literal, Query, SpanExpression, Stage } from '../../core/query/query';

export interface TraceSearch {
  readonly service?: string;
  readonly operation?: string;
  readonly errorsOnly?: boolean;
  /** Nanoseconds. */
  readonly minDurationNs?: number;
  readonly maxDurationNs?: number;
  /** `key = value`, all on one span. */
  readonly attributes?: readonly { readonly key: string; readonly value: string }[];
  /** Milliseconds back from now. */
  readonly lookbackMs?: number;
  /** Free text, or text of the search language, in addition to the fields. */
  readonly text?: string;
}

/** True when nothing is asked for. */
export function isEmptySearch(search: TraceSearch): boolean {
  return describeSearch(search) === '';
}

/** A typed value compares as what it looks like: `true`, `200`, else text. Backends that compare as strings take any of them. */
function literal(text: string): Literal {
  if (text === 'true' || text === 'false') return { type: 'bool', value: text === 'true' };
  if (/^-?\d+(\.\d+)?$/.test(text) && String(Number(text)) === text) return numberLiteral(Number(text));
  return { type: 'string', value: text };
}

/** What the form's fields ask of one span. */
function fieldsFilter(search: TraceSearch): SpanExpression {
  const parts: SpanExpression[] = [];
  const add = (scope: Field['scope'], name: string, operator: '=' | '>=' | '<=', value: Literal): void => {
    parts.push(condition({ scope, name }, operator, value));
  };
  if (search.service) add('resource', 'service.name', '=', { type: 'string', value: search.service });
  if (search.operation) add('intrinsic', 'name', '=', { type: 'string', value: search.operation });
  if (search.errorsOnly) add('intrinsic', 'status', '=', { type: 'status', value: 'error' });
  if (search.minDurationNs !== undefined) add('intrinsic', 'duration', '>=', { type: 'duration', valueNs: search.minDurationNs });
  if (search.maxDurationNs !== undefined) add('intrinsic', 'duration', '<=', { type: 'duration', valueNs: search.maxDurationNs });
  for (const { key, value } of search.attributes ?? []) add('any', key, '=', literal(value));
  return allOf(parts);
}

/** The query of a search at a moment. Rejects with BadQuery when its text cannot be read. */
export async function queryOf(search: TraceSearch, nowMs: number): Promise<Query> {
  const written = search.text ? textStages(search.text, await loadLanguage()) : undefined;
  return {
    stages: combine(fieldsFilter(search), written),
    startUnixNano: search.lookbackMs === undefined ? undefined : BigInt(nowMs - search.lookbackMs) * 1_000_000n,
  };
}

/**
 * The search as it would be typed, but for its time range: what a person may save, or go on with by hand. Undefined where it has no words for that:
 * fields beside a text that is no query.
 */
export function searchText(search: TraceSearch, language: QueryLanguage): string | undefined {
  const fields = fieldsFilter(search);
  if (!search.text) return isEverySpan(fields) ? undefined : language.printQuery({ stages: combine(fields, undefined) });
  if (isEverySpan(fields)) return search.text;
  const written = textStages(search.text, language);
  const isWords = written.some((stage) => stage.type === 'spans' && stage.filter.type === 'text');
  return isWords ? undefined : language.printQuery({ stages: combine(fields, written) });
}

/** The reader of the search language, loaded when the first text is read. */
export type QueryLanguage = typeof import('../../core/query/language');

export function loadLanguage(): Promise<QueryLanguage> {
  return import('../../core/query/language');
}

/** What a person typed: a query in braces, one comparison without (`status = error`), or words to look for. Throws BadQuery. */
export function textStages(text: string, { findTextToStages }: QueryLanguage): readonly Stage[] {
  return findTextToStages(text);
}

/** Keys of attributes for completion: those that were seen in spans, then those that a backend tells with their scopes. */
export function keysOf(seen: readonly string[], told: readonly string[], { readField }: QueryLanguage): readonly string[] {
  const names = told.map((tag) => {
    const field = readField(tag);
    return field?.scope === 'intrinsic' ? undefined : (field?.name ?? tag);
  });
  return [...new Set([...seen, ...names.filter((name) => name !== undefined)])];
}

/** All places of a typed query that are wrong, in its order. */
export function issuesOf(text: string, { problemsOf }: QueryLanguage): readonly QueryIssue[] {
  return problemsOf(text);
}

/** What may follow at the end of a text that is being typed. */
export function completionsOf(text: string, words: Vocabulary, { completeQuery }: QueryLanguage): readonly Completion[] {
  return completeQuery(text, words);
}

/** The fields and the text's one span set must hold for one span; a text of several sets stays beside the fields. */
function combine(fields: SpanExpression, written: readonly Stage[] | undefined): readonly Stage[] {
  const ofFields: Stage = { type: 'spans', filter: fields };
  if (written === undefined) return [ofFields];
  if (isEverySpan(fields)) return written;
  const [first, ...others] = written;
  switch (first.type) {
    case 'spans':
      return [{ type: 'spans', filter: allOf([fields, first.filter]) }, ...others];
    case 'both':
    case 'either':
    case 'structure':
    case 'pipeline':
      return [{ type: 'both', parts: [ofFields, first] }, ...others];
    default:
      return [ofFields, ...written];
  }
}

const units: readonly (readonly [string, number])[] = [
  ['ns', 1],
  ['us', 1e3],
  ['µs', 1e3],
  ['ms', 1e6],
  ['s', 1e9],
  ['m', 60e9],
  ['min', 60e9],
  ['h', 3600e9],
];

/** `200ms`, `1.5 s`, `200` (milliseconds) in nanoseconds; undefined when it is none. */
export function parseDuration(text: string): number | undefined {
  const match = /^\s*(\d+(?:[.,]\d+)?)\s*([a-zµ]*)\s*$/i.exec(text);
  if (!match) return undefined;
  const unit = match[2] === '' ? 1e6 : units.find(([name]) => name === match[2].toLowerCase())?.[1];
  return unit === undefined ? undefined : Number(match[1].replace(',', '.')) * unit;
}

/** `key = value`, `key=value` or `key="a value"`, several separated by commas or new words; undefined with text that is none. */
export function parseAttributes(text: string): { key: string; value: string }[] | undefined {
  const found: { key: string; value: string }[] = [];
  const pattern = /\s*([^\s=,"]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^\s,"]+)\s*(?:,|&&|$|\s)/y;
  const trimmed = text.trim();
  while (pattern.lastIndex < trimmed.length) {
    const match = pattern.exec(trimmed);
    if (!match) return undefined;
    const value = match[2].startsWith('"') ? match[2].slice(1, -1).replaceAll(/\\(.)/g, '$1') : match[2];
    found.push({ key: match[1], value });
  }
  return found;
}

export function formatAttributes(attributes: readonly { readonly key: string; readonly value: string }[]): string {
  return attributes
    .map(({ key, value }) => `${key}=${/[\s,"=]/.test(value) || value === '' ? JSON.stringify(value) : value}`)
    .join(', ');
}

const ranges: readonly (readonly [number, string])[] = [
  [15 * 60_000, 'last 15 minutes'],
  [60 * 60_000, 'last hour'],
  [6 * 3_600_000, 'last 6 hours'],
  [24 * 3_600_000, 'last day'],
  [2 * 24 * 3_600_000, 'last 2 days'],
  [7 * 24 * 3_600_000, 'last 7 days'],
  [30 * 24 * 3_600_000, 'last 30 days'],
];

/** Time ranges to choose from: milliseconds and words. */
export const timeRanges = ranges;

/** How far back, in milliseconds: `last 2 days`. */
export function describeRange(lookbackMs: number): string {
  return ranges.find(([ms]) => ms === lookbackMs)?.[1] ?? `last ${Math.round(lookbackMs / 60_000)} min`;
}

/** Not rounded, unlike durations that were measured: what was asked for. `1.234 s` */
export function exactDuration(ns: number): string {
  return ns >= 1e9 ? `${ns / 1e9} s` : ns >= 1e6 ? `${ns / 1e6} ms` : ns >= 1e3 ? `${ns / 1e3} µs` : `${ns} ns`;
}

/** What is asked, for a message line: `service = cart · status = error · duration ≥ 200 ms`; empty when nothing is. */
export function describeSearch(search: TraceSearch): string {
  const parts: string[] = [];
  if (search.service) parts.push(`service = ${search.service}`);
  if (search.operation) parts.push(`operation = ${search.operation}`);
  if (search.errorsOnly) parts.push('status = error');
  if (search.minDurationNs !== undefined) parts.push(`duration ≥ ${exactDuration(search.minDurationNs)}`);
  if (search.maxDurationNs !== undefined) parts.push(`duration ≤ ${exactDuration(search.maxDurationNs)}`);
  if (search.attributes?.length) parts.push(formatAttributes(search.attributes));
  if (search.text) parts.push(/[{=<>]/.test(search.text) ? search.text : `"${search.text}"`);
  if (search.lookbackMs !== undefined) parts.push(describeRange(search.lookbackMs));
  return parts.join(' · ');
}

/** A remembered search, checked: what is not of the right type is left out. */
export function readSearch(value: unknown): TraceSearch {
  if (typeof value !== 'object' || value === null) return {};
  const entries = new Map<string, unknown>(Object.entries(value));
  const textOf = (name: string): string | undefined => {
    const entry = entries.get(name);
    return typeof entry === 'string' && entry !== '' ? entry : undefined;
  };
  const numberOf = (name: string): number | undefined => {
    const entry = entries.get(name);
    return typeof entry === 'number' && Number.isFinite(entry) && entry >= 0 ? entry : undefined;
  };
  const attributes = entries.get('attributes');
  return {
    service: textOf('service'),
    operation: textOf('operation'),
    errorsOnly: entries.get('errorsOnly') === true,
    minDurationNs: numberOf('minDurationNs'),
    maxDurationNs: numberOf('maxDurationNs'),
    attributes: Array.isArray(attributes)
      ? attributes.filter(
          (entry): entry is { key: string; value: string } =>
            typeof entry === 'object' && entry !== null && typeof entry.key === 'string' && typeof entry.value === 'string',
        )
      : undefined,
    lookbackMs: numberOf('lookbackMs'),
    text: textOf('text'),
  };
}
