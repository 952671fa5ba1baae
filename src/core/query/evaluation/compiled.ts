/** A query made ready to run over the spans of one string table, and the sets that it makes. */

import type { ArithmeticOperator, Scalar, StructuralOperator } from '../query';
import type { Read, Test } from './cursor';
import type { Static } from './statics';

/** Spans of one trace, ascending, and what grouping and aggregates said of them. */
export interface SpanSet {
  readonly spans: ArrayLike<number>;
  readonly attributes: readonly SetAttribute[];
}

/** By the words of the query: `by(name)`, `count()`. */
export interface SetAttribute {
  readonly name: string;
  readonly value: Static;
}

export type CompiledSet =
  | { readonly type: 'spans'; readonly test: Test }
  | { readonly type: 'both' | 'either'; readonly parts: readonly CompiledSet[] }
  | {
      readonly type: 'structure';
      readonly operator: StructuralOperator;
      readonly left: CompiledSet;
      readonly right: CompiledSet;
    }
  | { readonly type: 'pipeline'; readonly stages: readonly CompiledStage[] };

export type CompiledStage =
  | CompiledSet
  | { readonly type: 'by'; readonly name: string; readonly read: Read }
  | { readonly type: 'pass' | 'coalesce' }
  | {
      readonly type: 'scalarFilter';
      readonly holds: (left: Static, right: Static) => boolean;
      readonly left: CompiledScalar;
      readonly right: CompiledScalar;
    };

export type AggregateFunction = Extract<Scalar, { readonly type: 'aggregate' }>['function'];

export type CompiledScalar =
  | { readonly type: 'static'; readonly value: Static }
  | {
      readonly type: 'aggregate';
      readonly name: string;
      readonly function: AggregateFunction;
      readonly read: Read | undefined;
    }
  | {
      readonly type: 'arithmetic';
      readonly operator: ArithmeticOperator;
      readonly left: CompiledScalar;
      readonly right: CompiledScalar;
    }
  | { readonly type: 'scalarPipeline'; readonly stages: readonly CompiledStage[]; readonly aggregate: CompiledScalar };
