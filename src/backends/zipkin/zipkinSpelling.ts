/**
 * A query in the words of Zipkin's data, for the filter here. Names of services and spans are lower-case in it, and attributes of a resource are tags
 * of its spans. A person writes what the program wrote: `name = "GET /cart"`, `resource.deployment.environment = "prod"`. Each is looked for as it is
 * written and as the data have it, so that what keeps to neither is found too. (That tags are texts is known to the filter, `BATCH_UNTYPED`.)
 */

import { condition } from '../../core/query/build';
import type { ComparisonOperator, Field, Literal, Query, SpanExpression, SpansetExpression, Stage } from '../../core/query/query';

export function asZipkinHasIt(query: Query): Query {
  return { ...query, stages: query.stages.map(stage) };
}

function stage(one: Stage): Stage {
  switch (one.type) {
    case 'by':
    case 'select':
    case 'coalesce':
    case 'scalarFilter':
      return one;
    default:
      return set(one);
  }
}

function set(one: SpansetExpression): SpansetExpression {
  switch (one.type) {
    case 'spans':
      return { ...one, filter: filter(one.filter) };
    case 'both':
    case 'either':
      return { ...one, parts: one.parts.map(set) };
    case 'structure':
      return { ...one, left: set(one.left), right: set(one.right) };
    case 'pipeline':
      return { ...one, stages: one.stages.map(stage) };
    default:
      return one satisfies never;
  }
}

function filter(one: SpanExpression): SpanExpression {
  switch (one.type) {
    case 'and':
    case 'or':
      return { ...one, parts: one.parts.map(filter) };
    case 'not':
      return { ...one, inner: filter(one.inner) };
    case 'compare':
      return compared(one);
    default:
      return one;
  }
}

const mirrored: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  '=': '=',
  '!=': '!=',
  '>': '<',
  '>=': '<=',
  '<': '>',
  '<=': '>=',
  '=~': '=~',
  '!~': '!~',
};

function compared(one: Extract<SpanExpression, { readonly type: 'compare' }>): SpanExpression {
  const { operator, left, right } = one;
  const isMirrored = left.type === 'static';
  const field = isMirrored ? right : left;
  const value = isMirrored ? left : right;
  if (field.type !== 'field' || value.type !== 'static') return one;
  const direct = isMirrored ? mirrored[operator] : operator;
  const fields = placesOf(field.field);
  const values = spellingsOf(field.field, direct, value.value);
  if (fields.length === 1 && values.length === 1 && values[0] === value.value) return one;
  const isNegative = direct === '!=' || direct === '!~';
  // What is not there at all is in none of the places.
  const isAbsence = value.value.type === 'nil' && direct === '=';
  const each = fields.map((place) =>
    joined(
      isNegative,
      values.map((spelt) => condition(place, direct, spelt)),
    ),
  );
  return joined(isAbsence, each);
}

function joined(isAll: boolean, parts: readonly SpanExpression[]): SpanExpression {
  return parts.length === 1 ? parts[0] : { type: isAll ? 'and' : 'or', parts };
}

/** A resource's attributes, but for those that Zipkin has an endpoint for, are tags of its spans. */
function placesOf(field: Field): readonly Field[] {
  const isTag = field.scope === 'resource' && field.name !== 'service.name';
  return isTag ? [field, { ...field, scope: 'span' }] : [field];
}

const lowered: readonly string[] = ['name', 'rootName', 'rootServiceName'];

function isLowered({ scope, name }: Field): boolean {
  if (scope === 'intrinsic') return lowered.includes(name);
  if (name === 'service.name') return scope === 'resource' || scope === 'any';
  return name === 'peer.service' && (scope === 'span' || scope === 'any');
}

function spellingsOf(field: Field, operator: ComparisonOperator, value: Literal): readonly Literal[] {
  if (value.type !== 'string' || !isLowered(field)) return [value];
  if (operator === '=~' || operator === '!~') return [{ type: 'string', value: `(?i)${value.value}` }];
  const lower = value.value.toLowerCase();
  const isEquality = operator === '=' || operator === '!=';
  return isEquality && lower !== value.value ? [value, { type: 'string', value: lower }] : [value];
}
