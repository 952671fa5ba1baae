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
  return partsOf(stages).some((part) => part === 'structure' || fieldsOf(part).some(needsStructure));
}

/** Whether it has regular expressions, which take a second for a text in the worst case. */
export function hasRegExp(stages: readonly Stage[]): boolean {
  return partsOf(stages).some((part) => part !== 'structure' && isRegExpIn(part));
}

function isRegExpIn(expression: SpanExpression): boolean {
  switch (expression.type) {
    case 'and':
    case 'or':
      return expression.parts.some(isRegExpIn);
    case 'not':
    case 'minus':
      return isRegExpIn(expression.inner);
    case 'compare':
      return (
        expression.operator === '=~' ||
        expression.operator === '!~' ||
        isRegExpIn(expression.left) ||
        isRegExpIn(expression.right)
      );
    case 'arithmetic':
      return isRegExpIn(expression.left) || isRegExpIn(expression.right);
    case 'field':
    case 'static':
    case 'text':
      return false;
    default:
      return expression satisfies never;
  }
}

/** All expressions of a pipeline, and that it has structural operators. */
function partsOf(stages: readonly Stage[]): (SpanExpression | 'structure')[] {
  return stages.flatMap((stage): (SpanExpression | 'structure')[] => {
    switch (stage.type) {
      case 'spans':
        return [stage.filter];
      case 'structure':
        return ['structure', ...partsOf([stage.left, stage.right])];
      case 'both':
      case 'either':
        return partsOf(stage.parts);
      case 'pipeline':
        return partsOf(stage.stages);
      case 'by':
        return [stage.expression];
      case 'select':
        return stage.fields.map((field): SpanExpression => ({ type: 'field', field }));
      case 'coalesce':
        return [];
      case 'scalarFilter':
        return [...scalarParts(stage.left), ...scalarParts(stage.right)];
      default:
        return stage satisfies never;
    }
  });
}

function scalarParts(scalar: Scalar): (SpanExpression | 'structure')[] {
  switch (scalar.type) {
    case 'static':
      return [];
    case 'aggregate':
      return scalar.expression ? [scalar.expression] : [];
    case 'arithmetic':
      return [...scalarParts(scalar.left), ...scalarParts(scalar.right)];
    case 'scalarPipeline':
      return [...partsOf(scalar.stages), ...scalarParts(scalar.aggregate)];
    default:
      return scalar satisfies never;
  }
}
