/**
 * Evaluates a query over one trace, as Tempo does: a set of all its spans goes in, and each stage makes sets of sets. A trace is found when one comes out.
 * Source: grafana/tempo, pkg/traceql/ast_execute.go.
 */

import { SpanhopError } from '../../../base/errors';
import type { Steps } from '../../../base/steps';
import type { StringTable } from '../../model/strings';
import { printExpression } from '../print';
import type { SpanExpression, SpansetExpression, Stage } from '../query';
import type { CompiledScalar, CompiledSet, CompiledStage, SpanSet } from './compiled';
import { always, type Cursor, type Read, type Test, type TraceSpans } from './cursor';
import { ExpressionCompiler } from './expressions';
import { related } from './relations';
import { compileScalar, type Said, scalarOf } from './scalars';
import { compareStatics, keyOf, type Static } from './statics';

/** Spans of one step; with regular expressions, of which one may take a second for a text, only a few. */
const SPANS = 1 << 11;
const SLOW_SPANS = 4;

/** @param strings the table that all batches share; what is compiled knows the strings that are in it now */
export function compileStages(stages: readonly Stage[], strings: StringTable): readonly CompiledStage[] {
  const compiler = new ExpressionCompiler(strings);
  const read = (expression: SpanExpression): Read => compiler.read(expression);
  const ofSet = (set: SpansetExpression): CompiledSet => {
    switch (set.type) {
      case 'spans':
        return { type: 'spans', test: compiler.test(set.filter) };
      case 'both':
      case 'either':
        return { type: set.type, parts: set.parts.map(ofSet) };
      case 'structure':
        return { type: 'structure', operator: set.operator, left: ofSet(set.left), right: ofSet(set.right) };
      case 'pipeline':
        return { type: 'pipeline', stages: set.stages.map(ofStage) };
      default:
        return set satisfies never;
    }
  };
  const ofStage = (stage: Stage): CompiledStage => {
    switch (stage.type) {
      case 'by':
        return { type: 'by', name: `by(${printExpression(stage.expression)})`, read: read(stage.expression) };
      case 'select':
        return { type: 'pass' };
      case 'coalesce':
        return { type: 'coalesce' };
      case 'scalarFilter': {
        const { operator } = stage;
        const holds = (left: Static, right: Static): boolean => compareStatics(operator, left, right);
        const scalar = (one: typeof stage.left): CompiledScalar => compileScalar(one, read, (inner) => inner.map(ofStage));
        return { type: 'scalarFilter', holds, left: scalar(stage.left), right: scalar(stage.right) };
      }
      default:
        return ofSet(stage);
    }
  };
  return stages.map(ofStage);
}

/** In steps. @throws SpanhopError `BadQuery` where sets are related that `by` made several of */
export class Evaluation {
  private readonly step: number;

  constructor(
    private readonly at: Cursor,
    private readonly spans: TraceSpans,
    isSlow: boolean,
  ) {
    this.step = isSlow ? SLOW_SPANS : SPANS;
  }

  *run(stages: readonly CompiledStage[], input: SpanSet): Steps<readonly SpanSet[]> {
    let sets: readonly SpanSet[] = [input];
    for (const stage of stages) {
      sets = yield* this.stage(stage, sets);
      if (sets.length === 0) break;
    }
    return sets;
  }

  private *stage(stage: CompiledStage, sets: readonly SpanSet[]): Steps<readonly SpanSet[]> {
    switch (stage.type) {
      case 'pass':
        return sets;
      case 'coalesce':
        return [{ spans: unionOf(sets), attributes: [] }];
      case 'by': {
        const out: SpanSet[] = [];
        for (const set of sets) yield* this.group(set, stage.name, stage.read, out);
        return out;
      }
      case 'scalarFilter': {
        const out: SpanSet[] = [];
        for (const set of sets) {
          const left = yield* this.scalar(stage.left, set);
          const right = yield* this.scalar(stage.right, set);
          const said = [...left.said, ...right.said];
          if (stage.holds(left.value, right.value)) out.push({ spans: set.spans, attributes: [...set.attributes, ...said] });
        }
        return out;
      }
      default: {
        if (sets.length === 1) return yield* this.set(stage, sets[0]);
        const out: SpanSet[] = [];
        for (const set of sets) out.push(...(yield* this.set(stage, set)));
        return out;
      }
    }
  }

  private *set(expression: CompiledSet, input: SpanSet): Steps<readonly SpanSet[]> {
    switch (expression.type) {
      case 'spans':
        return yield* this.filter(expression.test, input);
      case 'pipeline':
        return yield* this.run(expression.stages, input);
      case 'both':
      case 'either': {
        const found: SpanSet[] = [];
        for (const part of expression.parts) {
          const sets = yield* this.set(part, input);
          if (sets.length === 0 && expression.type === 'both') return [];
          found.push(...sets);
        }
        return made(unionOf(found), input);
      }
      case 'structure': {
        const right = yield* this.set(expression.right, input);
        if (right.length === 0) return [];
        const left = yield* this.set(expression.left, input);
        if (left.length > 1 || right.length > 1) throw severalSets();
        const { structure } = this.at;
        if (!structure) return [];
        const lefts = left.length === 0 ? [] : left[0].spans;
        yield;
        return made(related(expression.operator, lefts, right[0].spans, structure), input);
      }
      default:
        return expression satisfies never;
    }
  }

  private *filter(test: Test, input: SpanSet): Steps<readonly SpanSet[]> {
    if (test === always) return input.spans.length === 0 ? [] : [input];
    const { at, spans, step } = this;
    const found: number[] = [];
    for (let i = 0; i < input.spans.length; i++) {
      const span = input.spans[i];
      at.move(span, spans);
      if (test(at)) found.push(span);
      if (i % step === step - 1) yield;
    }
    return made(found, input);
  }

  private *group(input: SpanSet, name: string, read: Read, into: SpanSet[]): Steps<void> {
    const groups = new Map<string, { readonly value: Static; readonly spans: number[] }>();
    const { at, spans, step } = this;
    for (let i = 0; i < input.spans.length; i++) {
      const span = input.spans[i];
      at.move(span, spans);
      const value = read(at);
      const key = keyOf(value);
      const group = groups.get(key);
      if (group) group.spans.push(span);
      else groups.set(key, { value, spans: [span] });
      if (i % step === step - 1) yield;
    }
    for (const { value, spans: members } of groups.values()) {
      into.push({ spans: members, attributes: [...input.attributes, { name, value }] });
    }
  }

  private scalar(scalar: CompiledScalar, set: SpanSet): Steps<Said> {
    return scalarOf(scalar, set, { at: this.at, spans: this.spans, inner: (stages, input) => this.one(stages, input) });
  }

  private *one(stages: readonly CompiledStage[], input: SpanSet): Steps<SpanSet | undefined> {
    const sets = yield* this.run(stages, input);
    if (sets.length > 1) throw severalSets();
    return sets[0];
  }
}

function made(spans: ArrayLike<number>, { attributes }: SpanSet): readonly SpanSet[] {
  return spans.length === 0 ? [] : [{ spans, attributes }];
}

function severalSets(): SpanhopError {
  const message = 'Sets of spans that by() made several of cannot be related to others. Put coalesce() behind by().';
  return new SpanhopError('BadQuery', message);
}

/** Each span once, ascending. */
export function unionOf(sets: readonly SpanSet[]): ArrayLike<number> {
  if (sets.length === 1) return sets[0].spans;
  const all = new Set<number>();
  for (const { spans } of sets) for (let i = 0; i < spans.length; i++) all.add(spans[i]);
  return Uint32Array.from(all).sort();
}
