/**
 * The conditions of a query as searches of spans' documents. All of them hold for one document, which is one span. Exact is what stands in fields of its
 * own: service, name, duration. Tags are texts there whatever they were, may be too long for the index, and some of them become fields of a span
 * here: the servers find all that fulfil a condition on them, and more.
 */

import type { Choice, Comparison, Condition } from '../../core/query/pushDown';
import type { ComparisonOperator, Field, Literal, Query } from '../../core/query/query';
import { queryRegExp } from '../../core/query/regExp';
import { type PushDown, pushDown, type Taken } from '../common/pushDown';
import { anyOf, type Clause, isOneOf, MAX_KEYWORD, matches, not, range } from './clauses';
import { spanIdSpellings, traceIdSpellings } from './idSpellings';
import type { SpanFields, TagScope, TextField } from './spanFields';
import { tagClause, type Wanted } from './tagClauses';

export interface SpanConditions {
  /** All of them hold. */
  readonly clauses: readonly Clause[];
  readonly pushDown: PushDown;
}

export function spanConditions(query: Query, fields: SpanFields): SpanConditions {
  const clauses: Clause[] = [];
  const parts = pushDown(query, (condition) => {
    const asked = askedOf(condition, fields);
    if (asked) clauses.push(asked.clause);
    return asked?.taken ?? 'no';
  });
  return { clauses, pushDown: parts };
}

interface Asked {
  readonly clause: Clause;
  readonly taken: Exclude<Taken, 'no'>;
}

const superset = (clause: Clause | undefined): Asked | undefined => clause && { clause, taken: 'superset' };

/** Undefined: the server is not asked for it. */
function askedOf(condition: Condition, fields: SpanFields): Asked | undefined {
  const { field } = condition;
  if (field.parent) return undefined;
  if (field.scope === 'intrinsic') return ofIntrinsic(field.name, condition, fields);
  if (field.scope === 'resource' && field.name === 'service.name') return ofText(fields.service, condition);
  const scopes = scopesOf(field);
  const wanted = wantedOf(condition);
  if (scopes.length === 0 || !wanted) return undefined;
  const inTags = tagClause(fields, scopes, field.name, wanted);
  if (field.scope !== 'any' || field.name !== 'service.name') return superset(inTags);
  const ofService = ofText(fields.service, condition);
  return inTags && ofService && superset(anyOf([inTags, ofService.clause]));
}

/** Attributes of scopes and links are in no document. */
function scopesOf({ scope }: Field): readonly TagScope[] {
  switch (scope) {
    case 'span':
    case 'resource':
    case 'event':
      return [scope];
    case 'any':
      return ['span', 'resource', 'event'];
    default:
      return [];
  }
}

function ofIntrinsic(name: string, condition: Condition, fields: SpanFields): Asked | undefined {
  switch (name) {
    case 'name':
      return ofText(fields.operation, condition);
    case 'duration':
      return ofDuration(condition);
    case 'status':
      return superset(eachOf(condition, (value) => statusClause(fields, value)));
    case 'kind':
      return superset(eachOf(condition, (value) => kindClause(fields, value)));
    case 'statusMessage':
      return ofTag('span', ['otel.status_description'], condition, fields);
    case 'instrumentation:name':
      return ofTag('span', ['otel.scope.name', 'otel.library.name'], condition, fields);
    case 'instrumentation:version':
      return ofTag('span', ['otel.scope.version', 'otel.library.version'], condition, fields);
    case 'event:name':
      return ofTag('event', ['event', 'message'], condition, fields);
    case 'trace:id':
      return superset(ofIds(condition, fields.traceId, traceIdSpellings));
    case 'span:id':
      return superset(ofIds(condition, 'spanID', spanIdSpellings));
    case 'link:traceID':
      return superset(inReferences(ofIds(condition, 'references.traceID', traceIdSpellings), fields));
    case 'link:spanID':
      return superset(inReferences(ofIds(condition, 'references.spanID', spanIdSpellings), fields));
    default:
      return undefined;
  }
}

/** All values of an equality, or of a choice of several. */
function equalTo(condition: Condition): readonly Literal[] | undefined {
  if (condition.operator === 'in') return condition.values;
  return condition.operator === '=' ? [condition.value] : undefined;
}

function textsIn(values: readonly Literal[] | undefined): string[] | undefined {
  const texts = values?.flatMap((value) => (value.type === 'string' ? value.value : []));
  return texts && texts.length === values?.length ? texts : undefined;
}

/** A text that stands in a field of its own. */
function ofText(field: TextField, condition: Condition): Asked | undefined {
  const texts = textsIn(equalTo(condition));
  if (texts?.every(({ length }) => length <= MAX_KEYWORD))
    return { clause: isOneOf(field, texts), taken: field.as === 'keyword' ? 'exact' : 'superset' };
  if (condition.operator === 'in' || condition.value.type !== 'string') return undefined;
  const { operator, value } = condition;
  if (operator === '=~') return superset(matches(field, value.value));
  const isPlain = operator === '!=' && field.as === 'keyword' && value.value.length <= MAX_KEYWORD;
  return isPlain ? superset(not(isOneOf(field, [value.value]))) : undefined;
}

const boundNames: Readonly<Partial<Record<ComparisonOperator, string>>> = { '>': 'gt', '>=': 'gte', '<': 'lt', '<=': 'lte' };

/** Documents have whole microseconds, and so has what becomes of them here. */
function ofDuration(condition: Condition): Asked | undefined {
  if (condition.operator === 'in') return undefined;
  const { operator, value } = condition;
  const ns = value.type === 'duration' ? value.valueNs : undefined;
  if (ns === undefined || !Number.isFinite(ns)) return undefined;
  const bounds = (given: Readonly<Record<string, number>>): Asked => ({ clause: range('duration', given), taken: 'exact' });
  switch (operator) {
    case '>':
      return bounds({ gt: Math.floor(ns / 1000) });
    case '>=':
      return bounds({ gte: Math.ceil(ns / 1000) });
    case '<':
      return bounds({ lt: Math.ceil(ns / 1000) });
    case '<=':
      return bounds({ lte: Math.floor(ns / 1000) });
    case '=':
      return bounds({ gte: Math.ceil(ns / 1000), lte: Math.floor(ns / 1000) });
    default:
      return undefined;
  }
}

/** One of the values; undefined where one of them cannot be asked for. */
function eachOf(condition: Condition, clauseOf: (value: Literal) => Clause | undefined): Clause | undefined {
  const clauses: Clause[] = [];
  for (const value of equalTo(condition) ?? []) {
    const clause = clauseOf(value);
    if (!clause) return undefined;
    clauses.push(clause);
  }
  return clauses.length > 0 ? anyOf(clauses) : undefined;
}

function statusClause(fields: SpanFields, status: Literal): Clause | undefined {
  if (status.type !== 'status' || status.value === 'unset') return undefined;
  const texts = [status.value.toUpperCase()];
  const code = tagClause(fields, ['span'], 'otel.status_code', { type: 'texts', texts });
  if (status.value === 'ok') return code;
  // `error` may be anything but false, as programs of OpenTracing's time wrote it.
  const error = tagClause(fields, ['span'], 'error', { type: 'other', than: ['false'] });
  return code && error && anyOf([error, code]);
}

/** Kinds are in lower case; other writers had other ways. */
function kindClause(fields: SpanFields, kind: Literal): Clause | undefined {
  if (kind.type !== 'kind' || kind.value === 'unspecified') return undefined;
  const texts = [kind.value, kind.value.toUpperCase(), kind.value[0].toUpperCase() + kind.value.slice(1)];
  return tagClause(fields, ['span'], 'span.kind', { type: 'texts', texts });
}

/** A text of a span that documents have as one of some tags. */
function ofTag(scope: TagScope, keys: readonly string[], condition: Condition, fields: SpanFields): Asked | undefined {
  const texts = textsIn(equalTo(condition));
  const isPattern = condition.operator === '=~' && condition.value.type === 'string';
  const wanted = texts || isPattern ? wantedOf(condition) : undefined;
  // What a span does not have is empty, and an empty text may be asked for.
  if (!wanted || texts?.includes('') || (wanted.type === 'pattern' && mayBeEmpty(wanted.pattern))) return undefined;
  const clauses = keys.map((key) => tagClause(fields, [scope], key, wanted)).filter((clause) => clause !== undefined);
  return clauses.length > 0 ? superset(anyOf(clauses)) : undefined;
}

function mayBeEmpty(pattern: string): boolean {
  const expression = queryRegExp(pattern);
  return typeof expression === 'string' || expression.matches('');
}

function ofIds(
  condition: Condition,
  field: string,
  spellings: (id: string) => readonly string[] | undefined,
): Clause | undefined {
  const texts = textsIn(equalTo(condition));
  const ids = texts?.map(spellings);
  return ids?.every((id) => id !== undefined) ? { terms: { [field]: ids.flat() } } : undefined;
}

function inReferences(clause: Clause | undefined, { hasNestedReferences }: SpanFields): Clause | undefined {
  return clause && hasNestedReferences ? { nested: { path: 'references', query: clause } } : clause;
}

/** What the value of an attribute has to be; undefined where one may be missing. */
function wantedOf(condition: Condition): Wanted | undefined {
  if (condition.operator === 'in') return wantedOfChoice(condition);
  return wantedOfComparison(condition);
}

function wantedOfChoice({ values }: Choice): Wanted {
  const texts = values.map(writingsOf);
  return texts.every((each) => each !== undefined) ? { type: 'texts', texts: texts.flat() } : { type: 'any' };
}

function wantedOfComparison({ operator, value }: Comparison): Wanted | undefined {
  if (value.type === 'nil') return operator === '!=' ? { type: 'any' } : undefined;
  const number = numberOf(value);
  const bound = boundNames[operator];
  if (operator === '=') {
    const texts = writingsOf(value);
    return texts ? { type: 'texts', texts } : { type: 'any' };
  }
  if (operator === '=~' && value.type === 'string') return { type: 'pattern', pattern: value.value };
  if (bound !== undefined && number !== undefined) return { type: 'number', bounds: { [bound]: number } };
  // An attribute that is missing fulfils nothing.
  return { type: 'any' };
}

function numberOf(value: Literal): number | undefined {
  const number =
    value.type === 'duration' ? value.valueNs : value.type === 'int' || value.type === 'float' ? Number(value.value) : Number.NaN;
  return Number.isSafeInteger(number) || (Number.isFinite(number) && value.type === 'float') ? number : undefined;
}

/** A value in the ways in which documents may have it; undefined where they may have it in no way that is in the index. */
function writingsOf(value: Literal): string[] | undefined {
  switch (value.type) {
    case 'string':
      return value.value.length <= MAX_KEYWORD ? [value.value] : undefined;
    case 'bool':
      return [String(value.value)];
    case 'int':
      return [String(value.value), `${value.value}.0`];
    case 'duration':
      return [String(value.valueNs), `${value.valueNs}.0`];
    case 'float':
      // Go and Java differ from each other in how they write what is very small or large.
      return Number.isInteger(value.value) && Math.abs(value.value) < 1e7
        ? [String(value.value), `${value.value}.0`]
        : Math.abs(value.value) >= 1e-3 && Math.abs(value.value) < 1e7
          ? [String(value.value)]
          : undefined;
    default:
      return undefined;
  }
}
