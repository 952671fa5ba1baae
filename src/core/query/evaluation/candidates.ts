/**
 * What a trace must have to be found by a query, as conditions on single rows of batches: a search runs these over whole batches, and looks only at
 * traces that have what is needed. Conditions that are about more than a row (the trace, its structure) count as fulfilled.
 */

import type { StringTable } from '../../model/strings';
import { isEverySpan } from '../build';
import type { SpanExpression, SpansetExpression, Stage } from '../query';
import { never, type Test } from './cursor';
import { ExpressionCompiler } from './expressions';
import { fieldsOf, isOfTrace } from './fieldNeeds';

/** Conditions, each with a bit; and whether a trace whose spans fulfil those of some bits may be found. */
export interface Candidates {
  readonly conditions: readonly SpanExpression[];
  readonly holds: (bits: number) => boolean;
}

/** Bits of a byte. */
const MOST = 8;

/** Undefined: any trace may be found. */
export function candidatesOf(stages: readonly Stage[]): Candidates | undefined {
  const conditions: SpanExpression[] = [];
  const needed = ofStages(stages, conditions);
  return needed && conditions.length > 0 ? { conditions, holds: needed } : undefined;
}

/** Of one string table. A condition that none of its spans can fulfil is undefined. */
export function compileConditions({ conditions }: Candidates, strings: StringTable): readonly (Test | undefined)[] {
  const compiler = new ExpressionCompiler(strings);
  return conditions.map((condition) => {
    const test = compiler.test(condition);
    return test === never ? undefined : test;
  });
}

type Holds = ((bits: number) => boolean) | undefined;

function ofStages(stages: readonly Stage[], into: SpanExpression[]): Holds {
  let holds: Holds;
  for (const stage of stages) if (isSet(stage)) holds = both(holds, ofSet(stage, into));
  return holds;
}

function isSet(stage: Stage): stage is SpansetExpression {
  const { type } = stage;
  return type === 'spans' || type === 'both' || type === 'either' || type === 'structure' || type === 'pipeline';
}

function ofSet(set: SpansetExpression, into: SpanExpression[]): Holds {
  switch (set.type) {
    case 'spans': {
      const needed = ofRow(set.filter);
      if (!needed || into.length === MOST) return undefined;
      const bit = 1 << into.length;
      into.push(needed);
      return (bits) => (bits & bit) !== 0;
    }
    case 'both':
      return set.parts.map((part) => ofSet(part, into)).reduce(both);
    case 'either': {
      const before = into.length;
      const parts = set.parts.map((part) => ofSet(part, into));
      if (parts.every((part) => part !== undefined)) return (bits) => parts.some((part) => part(bits));
      into.length = before;
      return undefined;
    }
    case 'structure': {
      const right = ofSet(set.right, into);
      return set.operator.startsWith('!') ? right : both(right, ofSet(set.left, into));
    }
    case 'pipeline':
      return ofStages(set.stages, into);
    default:
      return set satisfies never;
  }
}

function both(left: Holds, right: Holds): Holds {
  if (!left || !right) return left ?? right;
  return (bits) => left(bits) && right(bits);
}

/** What of a condition can be told of a row, and must be true of it; undefined: nothing. */
function ofRow(filter: SpanExpression): SpanExpression | undefined {
  if (isEverySpan(filter)) return undefined;
  if (filter.type !== 'and') return fieldsOf(filter).some(isOfTrace) ? undefined : filter;
  const parts = filter.parts.map(ofRow).filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : { ...filter, parts };
}
