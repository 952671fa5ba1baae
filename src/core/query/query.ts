/**
 * The query language's typed tree: the part of TraceQL that finds traces and spans (span-set filters). `parse.ts` makes it from text,
 * `evaluate.ts` runs it over columns, backends push down what they can. Source of the language: Grafana Tempo documentation, "TraceQL".
 */

/** Where a field is looked for. `any`: a span's attributes, then its resource's, then those of its events. */
export type FieldScope = 'intrinsic' | 'any' | 'span' | 'resource' | 'event' | 'link' | 'instrumentation';

export interface Field {
  readonly scope: FieldScope;
  /** An attribute's key, or an intrinsic: name, duration, status, statusMessage, kind, rootName, rootServiceName, traceDuration, trace:id, span:id. */
  readonly name: string;
}

export type Operator = '=' | '!=' | '>' | '>=' | '<' | '<=' | '=~' | '!~';

export type Literal =
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'duration'; readonly valueNs: number }
  | { readonly type: 'status'; readonly value: 'unset' | 'ok' | 'error' }
  | { readonly type: 'kind'; readonly value: 'unspecified' | 'internal' | 'server' | 'client' | 'producer' | 'consumer' }
  | { readonly type: 'nil' };

export type SpanFilter =
  | { readonly type: 'all' }
  | { readonly type: 'and' | 'or'; readonly left: SpanFilter; readonly right: SpanFilter }
  | { readonly type: 'not'; readonly inner: SpanFilter }
  | { readonly type: 'compare'; readonly field: Field; readonly operator: Operator; readonly value: Literal }
  /** Free text in the name, the service, keys or values of attributes and events; case-insensitive. For find, not part of TraceQL. */
  | { readonly type: 'text'; readonly text: string };

/** A trace matches when the span sets do: `{…} && {…}` are two sets of one trace, each of which must have a span. */
export type TraceFilter =
  | { readonly type: 'spans'; readonly filter: SpanFilter }
  | { readonly type: 'and' | 'or'; readonly left: TraceFilter; readonly right: TraceFilter };

export interface Query {
  readonly filter: TraceFilter;
  /** Epoch nanoseconds; undefined: no bound. A trace is in when it overlaps. */
  readonly startUnixNano?: bigint;
  readonly endUnixNano?: bigint;
}
