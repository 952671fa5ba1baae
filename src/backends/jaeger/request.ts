/**
 * A query as Jaeger can take it. Both of Jaeger's APIs match per span: service, operation, durations and attributes (compared as
 * strings) must hold for one span of the trace.
 */

import { type Comparison, conditionsOf } from '../../core/query/pushDown';
import type { Query } from '../../core/query/query';

/** What is asked of the server, and what is left for the engine. */
export interface JaegerRequest {
  readonly service: string | undefined;
  readonly operation: string | undefined;
  readonly minDurationNs: number | undefined;
  readonly maxDurationNs: number | undefined;
  readonly attributes: Readonly<Record<string, string>>;
  /** The query wants spans in error. Kept apart: see `jaeger.ts`. */
  readonly errors: boolean;
  readonly startUnixNano: bigint;
  readonly endUnixNano: bigint;
  /** The server's answer is not filtered by these; as text. */
  readonly rest: readonly string[];
}

/** Default window of a search, as Jaeger's own: the last 48 hours. */
const defaultWindowNs = 48n * 3_600_000_000_000n;

/**
 * Splits a query. The time window is always there, because `/api/v3` refuses a search without one.
 * @param nowUnixNano epoch nanoseconds; spans that start a little later (clock skew) are included
 */
export function toJaegerRequest(query: Query, nowUnixNano: bigint): JaegerRequest {
  const { conditions, rest: undecided } = conditionsOf(query);
  const attributes: Record<string, string> = Object.create(null);
  const rest: string[] = [];
  let service: string | undefined;
  let operation: string | undefined;
  let minDurationNs: number | undefined;
  let maxDurationNs: number | undefined;
  let errors = false;
  for (const comparison of conditions) {
    if (comparison.operator === 'in') {
      rest.push(comparison.text);
      continue;
    }
    const { field, operator, value } = comparison;
    if (isService(comparison) && value.type === 'string' && service === undefined) service = value.value;
    else if (
      field.scope === 'intrinsic' &&
      field.name === 'name' &&
      operator === '=' &&
      value.type === 'string' &&
      operation === undefined
    )
      operation = value.value;
    else if (
      field.scope === 'intrinsic' &&
      field.name === 'status' &&
      operator === '=' &&
      value.type === 'status' &&
      value.value === 'error'
    )
      errors = true;
    else if (field.scope === 'intrinsic' && field.name === 'duration' && value.type === 'duration' && isLower(operator)) {
      minDurationNs = Math.max(minDurationNs ?? 0, value.valueNs);
      if (operator === '>') rest.push(comparison.text);
    } else if (field.scope === 'intrinsic' && field.name === 'duration' && value.type === 'duration' && isUpper(operator)) {
      maxDurationNs = Math.min(maxDurationNs ?? Number.POSITIVE_INFINITY, value.valueNs);
      if (operator === '<') rest.push(comparison.text);
    } else {
      const text = attributeText(comparison);
      if (text !== undefined && !(field.name in attributes)) attributes[field.name] = text;
      else rest.push(comparison.text);
    }
  }
  rest.push(...undecided.map(({ text }) => text));
  const endUnixNano = query.endUnixNano ?? nowUnixNano + 60_000_000_000n;
  return {
    service,
    operation,
    minDurationNs,
    maxDurationNs,
    attributes,
    errors,
    startUnixNano: query.startUnixNano ?? endUnixNano - defaultWindowNs,
    endUnixNano,
    rest,
  };
}

function isService({ field, operator }: Comparison): boolean {
  return operator === '=' && field.name === 'service.name' && (field.scope === 'resource' || field.scope === 'any');
}

function isLower(operator: string): boolean {
  return operator === '>' || operator === '>=';
}

function isUpper(operator: string): boolean {
  return operator === '<' || operator === '<=';
}

/** An attribute comparison that Jaeger can make: equality with a plain value, of a span, its resource or its events. */
function attributeText({ field, operator, value }: Comparison): string | undefined {
  if (operator !== '=') return undefined;
  if (field.scope !== 'any' && field.scope !== 'span' && field.scope !== 'resource' && field.scope !== 'event') return undefined;
  switch (value.type) {
    case 'string':
      return value.value;
    case 'int':
    case 'float':
    case 'bool':
      return String(value.value);
    case 'duration':
    case 'status':
    case 'kind':
    case 'nil':
      return undefined;
    default:
      return value satisfies never;
  }
}
