/** Queries as the exported API and the user interface give them, made into the query language's tree. */

import { SpanhopError } from '../../base/errors';
import { allOf, condition, everything, numberLiteral } from '../../core/query/build';
import type { ComparisonOperator, FieldScope, Literal, Query, SpanExpression } from '../../core/query/query';

/** A query as fields, all of which must hold; the exported API's `TraceQuery` is one. */
export interface QueryFields {
  readonly service?: string;
  readonly operation?: string;
  readonly status?: StatusName;
  readonly kind?: KindName;
  /** Milliseconds. */
  readonly minDurationMs?: number;
  /** Milliseconds. */
  readonly maxDurationMs?: number;
  /** Equal, all of them on one span. A key without a scope (`span.`, `resource.`, `event.`) is looked for in all three. */
  readonly attributes?: Readonly<Record<string, unknown>>;
  /** Epoch milliseconds. */
  readonly start?: number;
  /** Epoch milliseconds. */
  readonly end?: number;
}

type StatusName = Extract<Literal, { readonly type: 'status' }>['value'];
type KindName = Extract<Literal, { readonly type: 'kind' }>['value'];

/** A query from text of the search language, a plain object, or nothing (all traces). Rejects with BadQuery. */
export async function toQuery(query: string | QueryFields | undefined): Promise<Query> {
  if (query === undefined) return everything;
  if (typeof query === 'string')
    return query.trim() === '' ? everything : (await import('../../core/query/language')).parseQuery(query);
  return fromObject(query);
}

function fromObject(query: QueryFields): Query {
  if (typeof query !== 'object' || query === null) throw new SpanhopError('BadQuery', 'A query is text or an object.');
  const parts: SpanExpression[] = [];
  const add = (scope: FieldScope, name: string, operator: ComparisonOperator, value: Literal): void => {
    parts.push(condition({ scope, name }, operator, value));
  };
  if (query.service !== undefined) add('resource', 'service.name', '=', { type: 'string', value: query.service });
  if (query.operation !== undefined) add('intrinsic', 'name', '=', { type: 'string', value: query.operation });
  if (query.status !== undefined) add('intrinsic', 'status', '=', { type: 'status', value: query.status });
  if (query.kind !== undefined) add('intrinsic', 'kind', '=', { type: 'kind', value: query.kind });
  if (query.minDurationMs !== undefined) add('intrinsic', 'duration', '>=', duration('minDurationMs', query.minDurationMs));
  if (query.maxDurationMs !== undefined) add('intrinsic', 'duration', '<=', duration('maxDurationMs', query.maxDurationMs));
  for (const [key, value] of Object.entries(query.attributes ?? {})) {
    const [scope, name] = splitScope(key);
    add(scope, name, '=', toLiteral(key, value));
  }
  return {
    stages: [{ type: 'spans', filter: allOf(parts) }],
    startUnixNano: nanoseconds('start', query.start),
    endUnixNano: nanoseconds('end', query.end),
  };
}

function splitScope(key: string): [FieldScope, string] {
  for (const scope of ['span', 'resource', 'event'] as const) {
    if (key.startsWith(`${scope}.`)) return [scope, key.slice(scope.length + 1)];
  }
  return ['any', key];
}

function toLiteral(key: string, value: unknown): Literal {
  switch (typeof value) {
    case 'string':
      return { type: 'string', value };
    case 'number':
      return numberLiteral(value);
    case 'boolean':
      return { type: 'bool', value };
    default:
      throw new SpanhopError('BadQuery', `The attribute "${key}" must be compared with a text, a number, true or false.`);
  }
}

function duration(name: string, milliseconds: number): Literal {
  if (!Number.isFinite(milliseconds) || milliseconds < 0) {
    throw new SpanhopError('BadQuery', `${name} must be a number of milliseconds, 0 or more.`);
  }
  return { type: 'duration', valueNs: milliseconds * 1e6 };
}

function nanoseconds(name: string, milliseconds: number | undefined): bigint | undefined {
  if (milliseconds === undefined) return undefined;
  if (!Number.isFinite(milliseconds)) throw new SpanhopError('BadQuery', `${name} must be a time in milliseconds since 1970.`);
  return BigInt(Math.round(milliseconds * 1000)) * 1000n;
}
