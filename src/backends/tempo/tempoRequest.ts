/**
 * A query as Tempo takes it: its own language, so as the text that it is. An older Tempo refuses what came later to the language: it is asked for the
 * conditions alone that one span of each match fulfils, then for the simplest of them, and the rest is filtered here.
 */

import { printQuery } from '../../core/query/print';
import { type Condition, conditionsOf } from '../../core/query/pushDown';
import type { Query } from '../../core/query/query';
import { type PushDown, pushDown } from '../common/pushDown';

/** How much of a query is asked for, most first. */
export const askings = ['whole', 'conditions', 'plain'] as const;
export type Asking = (typeof askings)[number];

export interface TempoRequest {
  readonly asking: Asking;
  readonly text: string;
  readonly pushDown: PushDown;
}

export function toTempoRequest(query: Query, asking: Asking): TempoRequest {
  if (asking === 'whole' && isForTempo(query.stages)) {
    const { conditions, rest } = conditionsOf(query);
    const exact = [...conditions, ...rest].map(({ text, from, to }) => ({ text, from, to }));
    return { asking, text: printQuery(query), pushDown: { exact, superset: [], here: [] } };
  }
  const taken: string[] = [];
  const parts = pushDown(query, (condition) => {
    if (asking === 'plain' && !isPlain(condition)) return 'no';
    taken.push(condition.operator === 'in' ? `(${condition.text})` : condition.text);
    return 'exact';
  });
  const text = taken.length === 0 ? '{ }' : `{ ${taken.join(' && ')} }`;
  return { asking: asking === 'whole' ? 'conditions' : asking, text, pushDown: parts };
}

/** What is asked when a request was refused; undefined: there is no less to ask for. */
export function lessThan(request: TempoRequest, query: Query): TempoRequest | undefined {
  return askings
    .slice(askings.indexOf(request.asking) + 1)
    .map((asking) => toTempoRequest(query, asking))
    .find(({ text }) => text !== request.text);
}

/** Words that TraceQL had from the beginning. Source: Grafana Tempo documentation, v2.0, "Query with TraceQL". */
const firstIntrinsics: readonly string[] = ['name', 'status', 'duration'];

function isPlain(condition: Condition): boolean {
  const { scope, name, parent } = condition.field;
  if (parent || condition.operator === 'in' || condition.value.type === 'nil' || condition.value.type === 'kind') return false;
  return scope === 'intrinsic' ? firstIntrinsics.includes(name) : scope === 'any' || scope === 'span' || scope === 'resource';
}

/** What every span has, so that a sum of it is a number. */
const everPresent: readonly string[] = ['duration', 'traceDuration'];

/**
 * Free text is not of its language. What is negated as a whole is, and finds nothing: the spans that fulfil it are fetched, and then the rest is left of
 * them. A power of integers has its operands the other way round, and a sum of what some spans lack is no number (all seen on main at ad33aa8faf). The
 * depth of a query's tree is bounded.
 */
function isForTempo(node: unknown): boolean {
  if (Array.isArray(node)) return node.every(isForTempo);
  if (typeof node !== 'object' || node === null) return true;
  const member = (name: string): unknown => Reflect.get(node, name);
  switch (member('type')) {
    case 'text':
    case 'not':
      return false;
    case 'arithmetic':
      if (member('operator') === '^') return false;
      break;
    case 'aggregate':
      if ((member('function') === 'sum' || member('function') === 'avg') && !isEverPresent(member('expression'))) return false;
      break;
  }
  return Object.values(node).every(isForTempo);
}

function isEverPresent(expression: unknown): boolean {
  if (typeof expression !== 'object' || expression === null) return false;
  const field: unknown = Reflect.get(expression, 'field');
  if (typeof field !== 'object' || field === null || Reflect.get(field, 'scope') !== 'intrinsic') return false;
  return everPresent.some((name) => name === Reflect.get(field, 'name')) && Reflect.get(field, 'parent') !== true;
}
