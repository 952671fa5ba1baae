// Trees of queries, compared and made at random.
import { intrinsics } from '../../src/core/query/fields';
import { structures } from '../../src/core/query/operators';
import type {
  ArithmeticOperator,
  ComparisonOperator,
  Field,
  Literal,
  Query,
  Scalar,
  SpanExpression,
  SpansetExpression,
  Stage,
} from '../../src/core/query/query';
import { typeOf } from '../../src/core/query/types';
import { Random } from '../fuzz/random';

/** The tree without where its parts stood in a text. */
export function withoutPlaces(query: Query): unknown {
  return JSON.parse(
    JSON.stringify(query, (key, value) =>
      key === 'from' || key === 'to' ? undefined : typeof value === 'bigint' ? `${value}n` : value,
    ),
  );
}

const keys = [
  'a',
  'http.status_code',
  'a key',
  '7',
  'span.x',
  'q"u\\o',
  'größe',
  'name',
  'a=b',
  'x-y/z',
  '😀 ',
  'a\nb',
  'parent.a',
];
const texts = [
  '',
  'a',
  'GET /cart',
  'a "quoted" \\ text',
  'line\nbreak\t',
  '\x00\x7f\ufeff',
  'größe 😀',
  '`',
  '/* no */ // comment',
  '}',
];

/** Queries as the parser would make them: what it folds or turns is folded and turned. */
export class RandomQueries {
  private readonly random = new Random();

  constructor(seed: number) {
    this.random.seed(seed);
  }

  query(): Query {
    const stages = this.stages(3);
    return this.random.below(8) === 0
      ? { stages, hints: [{ name: 'most_recent', value: { type: 'bool', value: true } }] }
      : { stages };
  }

  private oneOf<T>(items: readonly T[]): T {
    return this.random.of(items);
  }

  private list<T>(least: number, most: number, make: () => T): T[] {
    return Array.from({ length: least + this.random.below(most - least + 1) }, make);
  }

  private stages(depth: number): Stage[] {
    const stages = this.list(1, 3, () => this.stage(depth));
    return stages[0].type === 'coalesce' ? [{ type: 'spans', filter: this.condition(depth) }, ...stages] : stages;
  }

  private stage(depth: number): Stage {
    switch (this.random.below(7)) {
      case 0:
        return { type: 'by', expression: { type: 'field', field: this.field() } };
      case 1:
        return { type: 'select', fields: this.list(1, 3, () => this.field()) };
      case 2:
        return { type: 'coalesce' };
      case 3:
        return {
          type: 'scalarFilter',
          operator: this.oneOf<ComparisonOperator>(['=', '!=', '<', '<=', '>', '>=']),
          left: this.scalar(depth),
          right: this.oneOf([this.scalar(depth), { type: 'static', value: this.numberValue() }]),
        };
      default: {
        const set = this.set(depth);
        return set.type === 'pipeline' ? { type: 'spans', filter: this.condition(depth) } : set;
      }
    }
  }

  private set(depth: number): SpansetExpression {
    const kind = depth <= 0 ? 9 : this.random.below(8);
    if (kind === 0 || kind === 1) {
      const type = kind === 0 ? 'both' : 'either';
      return { type, parts: this.list(2, 4, () => this.other(type, () => this.set(depth - 1))) };
    }
    if (kind === 2) {
      return {
        type: 'structure',
        operator: this.oneOf(structures)[0],
        left: this.set(depth - 1),
        right: this.set(depth - 1),
      };
    }
    if (kind === 3) {
      const stages: Stage[] = this.stages(depth - 2);
      if (stages.length > 1 || !['spans', 'both', 'either', 'structure'].includes(stages[0].type))
        return { type: 'pipeline', stages };
    }
    return { type: 'spans', filter: this.condition(depth) };
  }

  /** The same joint twice is one. */
  private other<T extends { readonly type: string }>(type: string, make: () => T): T {
    for (;;) {
      const made = make();
      if (made.type !== type) return made;
    }
  }

  private scalar(depth: number): Scalar {
    const kind = depth <= 0 ? 9 : this.random.below(6);
    if (kind === 0) {
      return {
        type: 'arithmetic',
        operator: this.arithmetic(),
        left: this.scalar(depth - 1),
        right: this.oneOf([this.scalar(depth - 1), { type: 'static', value: this.numberValue() }]),
      };
    }
    if (kind === 1) return { type: 'scalarPipeline', stages: this.stages(depth - 2), aggregate: this.aggregate(depth) };
    return this.aggregate(depth);
  }

  private aggregate(depth: number): Scalar {
    const name = this.oneOf(['count', 'min', 'max', 'avg', 'sum'] as const);
    if (name === 'count') return { type: 'aggregate', function: name };
    const sized: SpanExpression = { type: 'field', field: { scope: 'any', name: 'size' } };
    return {
      type: 'aggregate',
      function: name,
      expression: { type: 'arithmetic', operator: '+', left: sized, right: this.number(depth - 1) },
    };
  }

  private arithmetic(): ArithmeticOperator {
    return this.oneOf(['+', '-', '*', '/', '%', '^']);
  }

  private condition(depth: number): SpanExpression {
    const kind = depth <= 0 ? 9 : this.random.below(10);
    if (kind === 0 || kind === 1) {
      const type = kind === 0 ? 'and' : 'or';
      return { type, parts: this.list(2, 5, () => this.other(type, () => this.condition(depth - 1))) };
    }
    if (kind === 2) return { type: 'not', inner: this.condition(depth - 1) };
    if (kind === 3) return { type: 'field', field: this.attribute() };
    if (kind === 4) return { type: 'static', value: { type: 'bool', value: this.random.below(2) === 0 } };
    return this.comparison(depth);
  }

  private comparison(depth: number): SpanExpression {
    const field: SpanExpression = { type: 'field', field: this.attribute() };
    const ordered = this.oneOf<ComparisonOperator>(['=', '!=', '<', '<=', '>', '>=']);
    switch (this.random.below(5)) {
      case 0:
        return {
          type: 'compare',
          operator: this.oneOf<ComparisonOperator>(['=~', '!~']),
          left: field,
          right: { type: 'static', value: { type: 'string', value: 'a.*|b' } },
        };
      case 1:
        return { type: 'compare', operator: '!=', left: field, right: { type: 'static', value: { type: 'nil' } } };
      case 2:
        return { type: 'compare', operator: ordered, left: this.number(depth), right: this.number(depth) };
      case 3:
        return { type: 'compare', operator: '=', left: field, right: { type: 'static', value: this.value() } };
      default: {
        const right = this.oneOf(texts);
        return {
          type: 'compare',
          operator: ordered,
          left: field,
          right: { type: 'static', value: { type: 'string', value: right } },
        };
      }
    }
  }

  /** Something to calculate with, whose type is a number's. */
  private number(depth: number): SpanExpression {
    const kind = depth <= 0 ? 9 : this.random.below(5);
    if (kind === 0) {
      const [left, right] = [this.number(depth - 1), this.number(depth - 1)];
      return { type: 'arithmetic', operator: this.arithmetic(), left, right };
    }
    if (kind === 1) {
      const inner = this.number(depth - 1);
      if (inner.type !== 'static') return { type: 'minus', inner };
    }
    if (kind === 2) return { type: 'static', value: this.numberValue() };
    const field: SpanExpression = { type: 'field', field: this.field() };
    return ['attribute', 'int', 'duration'].includes(typeOf(field)) ? field : { type: 'field', field: this.attribute() };
  }

  private numberValue(): Literal {
    switch (this.random.below(4)) {
      case 0:
        return { type: 'float', value: this.oneOf([0.5, -1.25, 3, 1e21, -2e-7, 1.7976931348623157e308]) };
      case 1:
        return { type: 'duration', valueNs: this.oneOf([0, 1, 999, 1001, 2e8, 5.4e12, -3e9, 123_456_789, 9e18]) };
      default:
        return {
          type: 'int',
          value: this.oneOf([0, 1, -5, 200, Number.MAX_SAFE_INTEGER, 2n ** 62n, -(2n ** 63n), 2n ** 63n - 1n]),
        };
    }
  }

  private value(): Literal {
    switch (this.random.below(4)) {
      case 0:
        return { type: 'bool', value: this.random.below(2) === 0 };
      case 1:
        return { type: 'status', value: this.oneOf(['unset', 'ok', 'error'] as const) };
      case 2:
        return {
          type: 'kind',
          value: this.oneOf(['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const),
        };
      default:
        return this.numberValue();
    }
  }

  private attribute(): Field {
    const scope = this.oneOf(['any', 'span', 'resource', 'event', 'link', 'instrumentation'] as const);
    const name = this.oneOf(keys);
    const mayBeParents = scope === 'any' || scope === 'span' || scope === 'resource';
    return mayBeParents && this.random.below(4) === 0 ? { scope, name, parent: true } : { scope, name };
  }

  private field(): Field {
    if (this.random.below(2) === 0) return this.attribute();
    const { name } = this.oneOf(intrinsics);
    return this.random.below(5) === 0 ? { scope: 'intrinsic', name, parent: true } : { scope: 'intrinsic', name };
  }
}
