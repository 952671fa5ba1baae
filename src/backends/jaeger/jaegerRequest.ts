/**
 * A query as Jaeger can take it. Both of Jaeger's APIs match per span: service, operation, durations and attributes (compared as
 * strings) must hold for one span of the trace.
 */

import type { Comparison, Condition } from '../../core/query/pushDown';
import type { Query } from '../../core/query/query';
import { type PushDown, pushDown, type Taken } from '../common/pushDown';
import type { TimeWindow } from '../common/times';

/** What the server that is asked can do. */
export interface JaegerAbilities {
  /** Which attributes are taken. */
  readonly attributes: 'all' | 'span' | 'none';
  /** `error=true` finds the spans in error, and no others. */
  readonly errors: boolean;
}

/** What is asked of the server. */
export interface JaegerRequest extends TimeWindow {
  readonly service: string | undefined;
  readonly operation: string | undefined;
  readonly minDurationNs: number | undefined;
  readonly maxDurationNs: number | undefined;
  readonly attributes: Readonly<Record<string, string>>;
  /** The query wants spans in error. Kept apart: see `jaeger.ts`. */
  readonly errors: boolean;
  readonly pushDown: PushDown;
}

/** @param query with the window that is asked for, which is always there because `/api/v3` refuses a search without one */
export function toJaegerRequest(query: Query & TimeWindow, abilities: JaegerAbilities): JaegerRequest {
  const asked = new Asked(abilities);
  const parts = pushDown(query, (condition) => asked.take(condition));
  return {
    service: asked.service,
    operation: asked.operation,
    minDurationNs: asked.minDurationNs,
    maxDurationNs: asked.maxDurationNs,
    attributes: asked.attributes,
    errors: asked.errors,
    startUnixNano: query.startUnixNano,
    endUnixNano: query.endUnixNano,
    pushDown: parts,
  };
}

class Asked {
  readonly attributes: Record<string, string> = Object.create(null);
  service: string | undefined;
  operation: string | undefined;
  minDurationNs: number | undefined;
  maxDurationNs: number | undefined;
  errors = false;

  constructor(private readonly abilities: JaegerAbilities) {}

  take(condition: Condition): Taken {
    if (condition.operator === 'in' || condition.field.parent) return 'no';
    const { field, operator, value } = condition;
    if (field.name === 'service.name' && field.scope !== 'intrinsic') {
      // Unscoped, it may be an attribute of the span that says otherwise.
      if (field.scope !== 'resource' || operator !== '=' || value.type !== 'string' || this.service !== undefined) return 'no';
      this.service = value.value;
      return 'exact';
    }
    if (field.scope !== 'intrinsic') return this.takeAttribute(condition);
    switch (field.name) {
      case 'name':
        if (operator !== '=' || value.type !== 'string' || value.value === '' || this.operation !== undefined) return 'no';
        this.operation = value.value;
        return 'exact';
      case 'status':
        if (operator !== '=' || value.type !== 'status' || value.value !== 'error') return 'no';
        this.errors = true;
        return this.abilities.errors ? 'exact' : 'no';
      case 'duration':
        return value.type === 'duration' ? this.takeDuration(operator, value.valueNs) : 'no';
      default:
        return 'no';
    }
  }

  private takeDuration(operator: Comparison['operator'], valueNs: number): Taken {
    // A duration of nothing is made one nanosecond, or a microsecond, by some of its storages: bounds near it are not asked for.
    switch (operator) {
      case '>':
      case '>=':
        if (valueNs <= 1000) return 'no';
        this.minDurationNs = Math.max(this.minDurationNs ?? 0, valueNs);
        return operator === '>=' ? 'exact' : 'superset';
      case '<':
      case '<=':
        if (valueNs <= 1000) return 'no';
        this.maxDurationNs = Math.min(this.maxDurationNs ?? Number.POSITIVE_INFINITY, valueNs);
        return operator === '<=' ? 'exact' : 'superset';
      default:
        return 'no';
    }
  }

  /** Attributes are compared as texts, wherever they are: of the span, its resource or its events. */
  private takeAttribute(condition: Comparison): Taken {
    const { field } = condition;
    const text = attributeText(condition);
    const { attributes } = this.abilities;
    if (text === undefined || field.name in this.attributes || attributes === 'none') return 'no';
    if (attributes === 'span' && (field.scope !== 'span' || text.startsWith('~'))) return 'no';
    // What is in no tag is in no index, or has another meaning there.
    if (field.name === 'error' || field.name.startsWith('otel.') || field.name === 'span.kind') return 'no';
    this.attributes[field.name] = text;
    return 'superset';
  }
}

/** Equality with a plain value, of a span, its resource or its events; undefined: nothing that Jaeger could compare. */
function attributeText({ field, operator, value }: Comparison): string | undefined {
  if (operator !== '=') return undefined;
  if (field.scope !== 'any' && field.scope !== 'span' && field.scope !== 'resource' && field.scope !== 'event') return undefined;
  switch (value.type) {
    case 'string':
      return value.value === '' ? undefined : value.value;
    case 'bool':
    case 'int':
      return String(value.value);
    default:
      // How servers write a float (`1`, `1.0`, `1e+06`) differs.
      return undefined;
  }
}
