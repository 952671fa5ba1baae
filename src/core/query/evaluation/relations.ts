/**
 * Structural operators: which spans of one set stand to a span of the other as they say. Each takes time that grows with the trace, not with pairs of
 * spans. Source: grafana/tempo, documentation of TraceQL, "Structural"; tempodb/encoding/vparquet5/block_traceql.go.
 */

import type { StructuralOperator } from '../query';
import type { Structure } from './structure';

type Relation = '>' | '>>' | '<' | '<<' | '~';

/**
 * Spans of the right side that are what the operator says of some span on the left, of no such span (`!`), or those of both sides that are a pair (`&`).
 * @param left, @param right spans, ascending; so are those that come out
 */
export function related(
  operator: StructuralOperator,
  left: ArrayLike<number>,
  right: ArrayLike<number>,
  structure: Structure,
): number[] {
  const negated = operator.startsWith('!');
  const both = operator.startsWith('&');
  const relation = relationOf(operator);
  const isRelated = relatedTo(relation, left, structure);
  const found: number[] = [];
  for (let i = 0; i < right.length; i++) if (isRelated(right[i]) !== negated) found.push(right[i]);
  if (!both) return found;
  const isPartner = relatedTo(mirrored[relation], right, structure);
  for (let i = 0; i < left.length; i++) if (isPartner(left[i])) found.push(left[i]);
  return Array.from(new Set(found)).sort((a, b) => a - b);
}

function relationOf(operator: StructuralOperator): Relation {
  switch (operator) {
    case '!>':
    case '&>':
      return '>';
    case '!>>':
    case '&>>':
      return '>>';
    case '!<':
    case '&<':
      return '<';
    case '!<<':
    case '&<<':
      return '<<';
    case '!~':
    case '&~':
      return '~';
    default:
      return operator;
  }
}

const mirrored: Readonly<Record<Relation, Relation>> = { '>': '<', '>>': '<<', '<': '>', '<<': '>>', '~': '~' };

/** Whether a span is (`>`) a child, a descendant, a parent, an ancestor, a sibling of one of `others`. */
function relatedTo(relation: Relation, others: ArrayLike<number>, structure: Structure): (span: number) => boolean {
  switch (relation) {
    case '>':
      return childOf(others, structure);
    case '>>':
      return descendantOf(others, structure);
    case '<':
      return parentOf(others, structure);
    case '<<':
      return ancestorOf(others, structure);
    case '~':
      return siblingOf(others, structure);
    default:
      return relation satisfies never;
  }
}

function childOf(parents: ArrayLike<number>, { count, left, parent }: Structure): (span: number) => boolean {
  const isIn = marked(parents, count);
  return (span) => left[span] !== 0 && parent[span] >= 0 && isIn[parent[span]] === 1;
}

function parentOf(children: ArrayLike<number>, { count, left, parent }: Structure): (span: number) => boolean {
  const isParent = new Uint8Array(count);
  for (let i = 0; i < children.length; i++) {
    const child = children[i];
    if (left[child] !== 0 && parent[child] >= 0) isParent[parent[child]] = 1;
  }
  return (span) => isParent[span] === 1;
}

function descendantOf(ancestors: ArrayLike<number>, { count, order, left, right }: Structure): (span: number) => boolean {
  const isIn = marked(ancestors, count);
  const isBelow = new Uint8Array(count);
  // Ranges of bounds are in each other or apart: one that began before and reaches further holds the span.
  let reach = 0;
  for (let i = 0; i < order.length; i++) {
    const span = order[i];
    if (reach > left[span]) isBelow[span] = 1;
    if (isIn[span] === 1 && right[span] > reach) reach = right[span];
  }
  return (span) => isBelow[span] === 1;
}

function ancestorOf(descendants: ArrayLike<number>, { count, order, left, parent }: Structure): (span: number) => boolean {
  const isAbove = new Uint8Array(count);
  const isIn = marked(descendants, count);
  // Children before their parents.
  for (let i = order.length - 1; i >= 0; i--) {
    const span = order[i];
    if (parent[span] >= 0 && (isIn[span] === 1 || isAbove[span] === 1)) isAbove[parent[span]] = 1;
  }
  return (span) => left[span] !== 0 && isAbove[span] === 1;
}

function siblingOf(others: ArrayLike<number>, { count, left, parent }: Structure): (span: number) => boolean {
  // By parent; the last is of roots.
  const below = new Uint32Array(count + 1);
  const placeOf = (span: number): number => (parent[span] >= 0 ? parent[span] : count);
  for (let i = 0; i < others.length; i++) if (left[others[i]] !== 0) below[placeOf(others[i])]++;
  const isIn = marked(others, count);
  return (span) => left[span] !== 0 && below[placeOf(span)] > isIn[span];
}

function marked(spans: ArrayLike<number>, count: number): Uint8Array {
  const marks = new Uint8Array(count);
  for (let i = 0; i < spans.length; i++) marks[spans[i]] = 1;
  return marks;
}
