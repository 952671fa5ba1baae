/**
 * The query language's typed tree: TraceQL as it finds traces and spans (its metrics are left out). `parse.ts` makes it from text, `print.ts` text from
 * it; `evaluate.ts` runs it over columns, backends push down what they can. Source of the language: Grafana Tempo documentation, "TraceQL";
 * precedence and types: grafana/tempo, pkg/traceql.
 *
 * A tree that was read from text is at most `maxDepth` nodes deep, however long it is, so it may be walked by recursion: a chain of one joint
 * (`a && b && c`) is one node with all its parts.
 */

/** Levels of a tree. */
export const maxDepth = 200;

/** Where a field is looked for. `any`: a span's attributes, or else its resource's. */
export type FieldScope = 'intrinsic' | 'any' | 'span' | 'resource' | 'event' | 'link' | 'instrumentation';

export interface Field {
  readonly scope: FieldScope;
  /**
   * An attribute's key, or an intrinsic by the one name that `fields.ts` gives to all its spellings: name, duration, status, statusMessage, kind,
   * rootName, rootServiceName, traceDuration, trace:id, span:id, span:parentID, span:childCount, event:name, event:timeSinceStart, link:traceID,
   * link:spanID, instrumentation:name, instrumentation:version, nestedSetLeft, nestedSetRight, nestedSetParent.
   */
  readonly name: string;
  /** `parent.…`: of the parent span. */
  readonly parent?: true;
}

/** Where a node stands in the text that it was read from: UTF-16 offsets. Absent where there was none. */
export interface Placed {
  readonly from?: number;
  readonly to?: number;
}

export type ComparisonOperator = '=' | '!=' | '>' | '>=' | '<' | '<=' | '=~' | '!~';

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%' | '^';

/**
 * What is written as a value. As in Tempo, numbers of integers, floats and durations (nanoseconds) compare with each other, but an attribute only with a
 * value of its own type.
 */
export type Literal =
  | { readonly type: 'string'; readonly value: string }
  /** An int64: a number, or a bigint beyond 2^53. */
  | { readonly type: 'int'; readonly value: number | bigint }
  | { readonly type: 'float'; readonly value: number }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'duration'; readonly valueNs: number }
  | { readonly type: 'status'; readonly value: 'unset' | 'ok' | 'error' }
  | { readonly type: 'kind'; readonly value: 'unspecified' | 'internal' | 'server' | 'client' | 'producer' | 'consumer' }
  /** Stands beside `=` and `!=` only. */
  | { readonly type: 'nil' };

/** Of one span. `{ }` is `{ true }`; a negative number is a value, and no `minus`. */
export type SpanExpression = Placed &
  (
    | { readonly type: 'static'; readonly value: Literal }
    | { readonly type: 'field'; readonly field: Field }
    | { readonly type: 'not' | 'minus'; readonly inner: SpanExpression }
    /** Two parts or more. */
    | { readonly type: 'and' | 'or'; readonly parts: readonly SpanExpression[] }
    | {
        readonly type: 'compare';
        readonly operator: ComparisonOperator;
        readonly left: SpanExpression;
        readonly right: SpanExpression;
      }
    | {
        readonly type: 'arithmetic';
        readonly operator: ArithmeticOperator;
        readonly left: SpanExpression;
        readonly right: SpanExpression;
      }
    /** Free text in the name, the service, keys or values of attributes and events; case-insensitive. For find, not part of TraceQL. */
    | { readonly type: 'text'; readonly text: string }
  );

/** Child, descendant, parent, ancestor, sibling; with `!` their negations, with `&` both sides of them. */
export type StructuralOperator =
  | '>'
  | '>>'
  | '<'
  | '<<'
  | '~'
  | '!>'
  | '!>>'
  | '!<'
  | '!<<'
  | '!~'
  | '&>'
  | '&>>'
  | '&<'
  | '&<<'
  | '&~';

/** Finds sets of spans of one trace. */
export type SpansetExpression = Placed &
  (
    | { readonly type: 'spans'; readonly filter: SpanExpression }
    /** `&&` and `||` between sets; two parts or more. */
    | { readonly type: 'both' | 'either'; readonly parts: readonly SpansetExpression[] }
    | {
        readonly type: 'structure';
        readonly operator: StructuralOperator;
        readonly left: SpansetExpression;
        readonly right: SpansetExpression;
      }
    /** `( … | … )` as a part of the others. */
    | { readonly type: 'pipeline'; readonly stages: readonly Stage[] }
  );

/** What stands between the bars of a pipeline. */
export type Stage =
  | SpansetExpression
  | (Placed &
      (
        | { readonly type: 'by'; readonly expression: SpanExpression }
        | { readonly type: 'select'; readonly fields: readonly Field[] }
        | { readonly type: 'coalesce' }
        | {
            readonly type: 'scalarFilter';
            /** No regular expression. */
            readonly operator: ComparisonOperator;
            readonly left: Scalar;
            readonly right: Scalar;
          }
      ));

/** One value of a set of spans. */
export type Scalar = Placed &
  (
    | { readonly type: 'static'; readonly value: Literal }
    /** `count` has no expression, the others have one. */
    | {
        readonly type: 'aggregate';
        readonly function: 'count' | 'min' | 'max' | 'avg' | 'sum';
        readonly expression?: SpanExpression;
      }
    | { readonly type: 'arithmetic'; readonly operator: ArithmeticOperator; readonly left: Scalar; readonly right: Scalar }
    /** `({ … } | count())`: of its own set. */
    | { readonly type: 'scalarPipeline'; readonly stages: readonly Stage[]; readonly aggregate: Scalar }
  );

/** `with (most_recent = true)`: a word to Tempo's engine that changes nothing of what is asked. */
export interface Hint {
  readonly name: string;
  readonly value: Literal;
}

/** A trace is found when a set of its spans comes out of the last stage. */
export interface Query {
  /** One or more. */
  readonly stages: readonly Stage[];
  readonly hints?: readonly Hint[];
  /** Epoch nanoseconds; undefined: no bound. A trace is in when it overlaps. */
  readonly startUnixNano?: bigint;
  readonly endUnixNano?: bigint;
}
