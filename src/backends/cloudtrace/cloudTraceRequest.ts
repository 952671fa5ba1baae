/**
 * A query as Cloud Trace's filters say it: terms that all must hold, of a trace and not of one span, without "or". What may stand in several labels is
 * asked for in one request each.
 * Sources: googleapis google/devtools/cloudtrace/v1/trace.proto; cloud.google.com/trace, "Trace filters".
 */

import { isOfResource, labelsOf, serviceLabels } from '../../core/format/clouds/cloudTraceLabels';
import type { Comparison, Condition } from '../../core/query/pushDown';
import type { Query } from '../../core/query/query';
import { type PushDown, pushDown } from '../common/pushDown';

export interface CloudTraceRequest {
  /** Together they find all; undefined stands for no filter. */
  readonly filters: readonly (string | undefined)[];
  readonly pushDown: PushDown;
}

/** Requests of one search. */
const mostFilters = 6;
/** Names of spans are cut before so many bytes. */
const longestName = 100;
/** They stand before a colon with another meaning. */
const keywords: ReadonlySet<string> = new Set(['root', 'span', 'latency', 'label', 'method', 'url']);

const errorTerms: readonly string[] = [
  'label:/error/message',
  'label:/error/name',
  '/http/status_code:5',
  'http.response.status_code:5',
  'http.status_code:5',
];

export function toCloudTraceRequest(query: Query): CloudTraceRequest {
  let filters: string[][] = [[]];
  const parts = pushDown(query, (condition) => {
    const choices = termsOf(condition);
    if (choices === undefined || choices.length * filters.length > mostFilters) return 'no';
    filters = filters.flatMap((terms) => choices.map((term) => [...terms, term]));
    return 'superset';
  });
  return { filters: filters.map((terms) => (terms.length > 0 ? terms.join(' ') : undefined)), pushDown: parts };
}

/** Terms of which one holds of every match; undefined: no filter says it. */
function termsOf(condition: Condition): readonly string[] | undefined {
  if (condition.field.parent) return undefined;
  if (condition.operator !== 'in') return ofComparison(condition);
  const { field, text } = condition;
  const choices = condition.values.map((value) => ofComparison({ field, operator: '=', value, text }));
  return choices.some((choice) => choice === undefined) ? undefined : choices.flatMap((choice) => choice ?? []);
}

function ofComparison(comparison: Comparison): readonly string[] | undefined {
  const { field, operator, value } = comparison;
  if (field.scope === 'intrinsic') return ofIntrinsic(comparison);
  const isService = field.name === 'service.name' && field.scope !== 'span';
  if (!isService && (isOfResource(field.name) || (field.scope !== 'span' && field.scope !== 'any'))) return undefined;
  const labels = isService ? serviceLabels : labelsOf(field.name);
  if (!labels.every((label) => /^[A-Za-z0-9._/-]{1,127}$/.test(label) && !keywords.has(label))) return undefined;
  if (value.type === 'nil') return operator === '!=' ? labels.map((label) => `label:${label}`) : undefined;
  const term = termOf(operator, textOf(comparison));
  return term && labels.map((label) => term(label));
}

function textOf({ value }: Comparison): string | undefined {
  return value.type === 'string' || value.type === 'int' ? String(value.value) : undefined;
}

function ofIntrinsic(comparison: Comparison): readonly string[] | undefined {
  const { field, operator, value } = comparison;
  switch (field.name) {
    case 'name':
    case 'rootName': {
      const term = value.type === 'string' ? termOf(operator, value.value, longestName) : undefined;
      return term && [term(field.name === 'name' ? 'span' : 'root')];
    }
    case 'status':
      return operator === '=' && value.type === 'status' && value.value === 'error' ? errorTerms : undefined;
    case 'duration':
    case 'traceDuration': {
      const isLower = operator === '>' || operator === '>=' || operator === '=';
      return isLower && value.type === 'duration' && value.valueNs > 0 ? [`latency:${Math.floor(value.valueNs)}ns`] : undefined;
    }
    default:
      return undefined;
  }
}

/** Makes the term for a label; undefined: none. @param most characters that are kept of a value */
function termOf(
  operator: Comparison['operator'],
  text: string | undefined,
  most = 16_000,
): ((label: string) => string) | undefined {
  if (text === undefined || text === '') return undefined;
  const prefix = operator === '=~' ? /^([^.*+?^${}()|[\]\\]+)(?:\.\*)?$/.exec(text)?.[1] : text;
  if ((operator !== '=' && operator !== '=~') || prefix === undefined) return undefined;
  const isWhole = operator === '=' && text.length <= most;
  const value = quoted(prefix.slice(0, most));
  return value === undefined ? undefined : (label) => `${isWhole ? '+' : ''}${label}:${value}`;
}

function quoted(value: string): string | undefined {
  if (/^[a-zA-Z0-9./_][a-zA-Z0-9./_-]*$/.test(value)) return value;
  return /\p{Cc}/u.test(value) ? undefined : `"${value.replace(/[\\"]/g, '\\$&')}"`;
}
