/**
 * A query as X-Ray's filter expressions say it. They find by an index: requests and failures of whole services, and annotations; what a part within a
 * service says (subsegments, metadata) is in none. So most of what is asked for finds whole traces among which the engine decides, and what the index may
 * not hold is asked for only as `indexed`, which is told.
 * Source: AWS X-Ray developer guide, "Using filter expressions".
 */

import type { Comparison, Condition } from '../../core/query/pushDown';
import type { Field, Literal, Query } from '../../core/query/query';
import { type PushDown, pushDown, type Taken } from '../common/pushDown';

export interface XRayAbilities {
  /** It takes filter expressions. */
  readonly filters: boolean;
  /** What the index may not hold is not asked for. */
  readonly scan: boolean;
  /** Keys of annotations that are known. */
  readonly annotations: ReadonlySet<string>;
}

export interface XRayRequest {
  /** Undefined: all. */
  readonly filter: string | undefined;
  /** Traces may match that the index does not find. */
  readonly indexed: boolean;
  readonly pushDown: PushDown;
}

/** Attributes that X-Ray keeps of the request that a segment served or made. */
const httpKeywords: Readonly<Record<string, string>> = {
  'http.response.status_code': 'http.status',
  'http.request.method': 'http.method',
  'url.full': 'http.url',
  'user_agent.original': 'http.useragent',
  'client.address': 'http.clientip',
};

/** An expression, and whether the index holds all that could fulfil it. */
interface Expression {
  readonly text: string;
  readonly indexed: boolean;
}

export function toXRayRequest(query: Query, abilities: XRayAbilities): XRayRequest {
  const terms: string[] = [];
  let indexed = false;
  const take = (condition: Condition): Taken => {
    const found = abilities.filters ? expressionOf(condition, abilities) : undefined;
    if (found === undefined || (found.indexed && abilities.scan)) return 'no';
    terms.push(found.text);
    indexed ||= found.indexed;
    return 'superset';
  };
  const parts = pushDown(query, take);
  return { filter: terms.length > 0 ? terms.join(' AND ') : undefined, indexed, pushDown: parts };
}

/** Whether a query asks for attributes that may be annotations. */
export function wantsAnnotations(query: Query): boolean {
  let wants = false;
  pushDown(query, ({ field }) => {
    wants ||= isAnnotationKey(field);
    return 'no';
  });
  return wants;
}

function expressionOf(condition: Condition, abilities: XRayAbilities): Expression | undefined {
  if (condition.field.parent) return undefined;
  if (condition.operator !== 'in') return ofComparison(condition, abilities);
  const { field, text } = condition;
  const choices = condition.values.map((value) => ofComparison({ field, operator: '=', value, text }, abilities));
  const known = choices.filter((choice) => choice !== undefined);
  if (known.length < choices.length) return undefined;
  return { text: `(${known.map((choice) => choice.text).join(' OR ')})`, indexed: known.some((choice) => choice.indexed) };
}

function ofComparison(comparison: Comparison, { annotations }: XRayAbilities): Expression | undefined {
  const { field, operator, value } = comparison;
  if (field.scope === 'intrinsic') return ofIntrinsic(comparison);
  if (field.name === 'service.name') return field.scope === 'span' ? undefined : ofService(comparison);
  if (field.scope !== 'span' && field.scope !== 'any') return undefined;
  if (field.name === 'enduser.id') return indexed(compared('user', operator, value));
  if (Object.hasOwn(httpKeywords, field.name)) {
    const isNumber = field.name === 'http.response.status_code';
    const text = isNumber === (value.type === 'string') ? undefined : compared(httpKeywords[field.name], operator, value);
    return indexed(text && `service() { ${text} }`);
  }
  if (!isAnnotationKey(field) || !annotations.has(field.name)) return undefined;
  const keyword = `annotation.${field.name}`;
  if (value.type === 'nil') return operator === '!=' ? indexed(keyword) : undefined;
  return indexed(compared(keyword, operator, value));
}

function isAnnotationKey({ scope, name }: Field): boolean {
  return (scope === 'span' || scope === 'any') && /^[A-Za-z0-9_]{1,500}$/.test(name);
}

function indexed(text: string | undefined): Expression | undefined {
  return text === undefined ? undefined : { text, indexed: true };
}

function ofIntrinsic(comparison: Comparison): Expression | undefined {
  const { field, operator, value } = comparison;
  switch (field.name) {
    case 'rootServiceName':
      return ofService(comparison);
    case 'status':
      if (operator !== '=' || value.type !== 'status' || value.value !== 'error') return undefined;
      return indexed('(service() { fault } OR service() { error } OR service() { throttle })');
    case 'duration':
    case 'traceDuration':
      return value.type === 'duration' ? ofDuration(field.name === 'duration', operator, value.valueNs) : undefined;
    default:
      return undefined;
  }
}

function ofService({ operator, value }: Comparison): Expression | undefined {
  const text = operator === '=' && value.type === 'string' ? serviceFilter(value.value) : undefined;
  return text === undefined ? undefined : { text, indexed: false };
}

/** Finds the traces that a service has a part in; undefined: its name cannot be asked for. */
export function serviceFilter(name: string): string | undefined {
  const text = name === '' ? undefined : quoted(name);
  return text && `service(${text})`;
}

/** X-Ray knows how long a trace took, rounded to milliseconds: no span of it took longer. */
function ofDuration(isSpan: boolean, operator: Comparison['operator'], valueNs: number): Expression | undefined {
  const seconds = (ns: number): string => String(Math.max(0, Math.round(ns / 1e6)) / 1000);
  const atLeast = `duration >= ${seconds(valueNs - 1e6)}`;
  const atMost = `duration <= ${seconds(valueNs + 1e6)}`;
  const isLower = operator === '>' || operator === '>=';
  const isUpper = operator === '<' || operator === '<=';
  if (isLower && valueNs > 2e6) return { text: atLeast, indexed: false };
  if (isSpan) return operator === '=' && valueNs > 2e6 ? { text: atLeast, indexed: false } : undefined;
  if (isUpper) return { text: atMost, indexed: false };
  return operator === '=' ? { text: `${atLeast} AND ${atMost}`, indexed: false } : undefined;
}

/** `keyword operator value`; undefined: filter expressions cannot say it. */
function compared(keyword: string, operator: Comparison['operator'], value: Literal): string | undefined {
  switch (value.type) {
    case 'string': {
      if (operator === '=' || operator === '!=') return said(keyword, operator, value.value);
      return operator === '=~' ? pattern(keyword, value.value) : undefined;
    }
    case 'int':
    case 'float':
      return operator === '=~' || operator === '!~' ? undefined : `${keyword} ${operator} ${plainNumber(value.value)}`;
    case 'bool':
      return operator === '=' || operator === '!=' ? `${keyword} ${operator} ${value.value}` : undefined;
    default:
      return undefined;
  }
}

function said(keyword: string, operator: string, value: string): string | undefined {
  const text = quoted(value);
  return text === undefined ? undefined : `${keyword} ${operator} ${text}`;
}

/** How a quote within a text is written is nowhere said. */
function quoted(value: string): string | undefined {
  return /^[^"\\\p{Cc}]{0,1000}$/u.test(value) ? `"${value}"` : undefined;
}

/** A regular expression of which a text without special characters is a part. It matches whole values. */
function pattern(keyword: string, expression: string): string | undefined {
  const parts = /^(\.\*)?([^.*+?^${}()|[\]\\]+)(\.\*)?$/.exec(expression);
  if (!parts) return undefined;
  const [, before, text, behind] = parts;
  const operator = before ? (behind ? 'CONTAINS' : 'ENDSWITH') : behind ? 'BEGINSWITH' : '=';
  return said(keyword, operator, text);
}

/** Without an exponent, where that can be. */
function plainNumber(value: number | bigint): string {
  const text = String(value);
  return /e/i.test(text) && typeof value === 'number' ? value.toFixed(20).replace(/\.?0+$/, '') : text;
}
