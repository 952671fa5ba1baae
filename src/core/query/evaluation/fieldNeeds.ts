/** Which fields an expression reads, and what has to be known of a trace for them. */

import type { Field, Scalar, SpanExpression, Stage } from '../query';
import { intrinsicNeed } from './intrinsics';

export function fieldsOf(expression: SpanExpression): Field[] {
  switch (expression.type) {
    case 'field':
      return [expression.field];
    case 'static':
    case 'text':
      return [];
    case 'not':
    case 'minus':
      return fieldsOf(expression.inner);
    case 'and':
    case 'or':
      return expression.parts.flatMap(fieldsOf);
    case 'compare':
    case 'arithmetic':
      return [...fieldsOf(expression.left), ...fieldsOf(expression.right)];
    default:
      return expression satisfies never;
  }
}

export function isOfEvent({ scope, name }: Field): boolean {
  return scope === 'event' || (scope === 'intrinsic' && intrinsicNeed(name) === 'event');
}

export function isOfLink({ scope, name }: Field): boolean {
  return scope === 'link' || (scope === 'intrinsic' && intrinsicNeed(name) === 'link');
}

/** Fields that are not in a span's own row. */
export function isOfTrace(field: Field): boolean {
  return needsStructure(field) || (field.scope === 'intrinsic' && intrinsicNeed(field.name) === 'facts');
}

function needsStructure({ scope, name, parent }: Field): boolean {
  return parent === true || (scope === 'intrinsic' && intrinsicNeed(name) === 'structure');
}

/** Whether a pipeline asks who is whose parent. */
export function asksStructure(stages: readonly Stage[]): boolean {
  return stages.some((stage) => {
    switch (stage.type) {
      case 'spans':
        return fieldsOf(stage.filter).some(needsStructure);
      case 'structure':
        return true;
      case 'both':
      case 'either':
        return asksStructure(stage.parts);
      case 'pipeline':
        return asksStructure(stage.stages);
      case 'by':
        return fieldsOf(stage.expression).some(needsStructure);
      case 'select':
        return stage.fields.some(needsStructure);
      case 'coalesce':
        return false;
      case 'scalarFilter':
        return scalarAsks(stage.left) || scalarAsks(stage.right);
      default:
        return stage satisfies never;
    }
  });
}

function scalarAsks(scalar: Scalar): boolean {
  switch (scalar.type) {
    case 'static':
      return false;
    case 'aggregate':
      return scalar.expression !== undefined && fieldsOf(scalar.expression).some(needsStructure);
    case 'arithmetic':
      return scalarAsks(scalar.left) || scalarAsks(scalar.right);
    case 'scalarPipeline':
      return asksStructure(scalar.stages) || scalarAsks(scalar.aggregate);
    default:
      return scalar satisfies never;
  }
}
