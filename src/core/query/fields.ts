/** Fields of the query language, by every spelling that TraceQL has, with the types that Tempo gives them. */

import type { Field, FieldScope } from './query';

/** What the value of an expression is; `attribute`: only the data says. Source: grafana/tempo, pkg/traceql/enum_statics.go. */
export type ValueType = 'attribute' | 'int' | 'float' | 'string' | 'bool' | 'duration' | 'status' | 'kind' | 'nil';

interface Intrinsic {
  readonly name: string;
  readonly type: ValueType;
  /** What it is, for who is choosing. */
  readonly what: string;
  /** Without a scope, and with one, as far as there are such spellings. */
  readonly spellings: readonly string[];
}

const intrinsic = (name: string, type: ValueType, what: string, ...spellings: string[]): Intrinsic => ({
  name,
  type,
  what,
  spellings,
});

/** All of them, the most useful first. Source: Grafana Tempo documentation, "Intrinsic fields". */
export const intrinsics: readonly Intrinsic[] = [
  intrinsic('status', 'status', 'error, ok, unset', 'status', 'span:status'),
  intrinsic('duration', 'duration', 'of the span, such as 200ms', 'duration', 'span:duration'),
  intrinsic('name', 'string', 'of the span', 'name', 'span:name'),
  intrinsic('kind', 'kind', 'server, client, producer, consumer, internal', 'kind', 'span:kind'),
  intrinsic('statusMessage', 'string', 'text', 'statusMessage', 'span:statusMessage'),
  intrinsic('traceDuration', 'duration', 'of the whole trace', 'traceDuration', 'trace:duration'),
  intrinsic('rootName', 'string', 'name of the root span', 'rootName', 'trace:rootName'),
  intrinsic('rootServiceName', 'string', 'service of the root span', 'rootServiceName', 'trace:rootService'),
  intrinsic('trace:id', 'string', 'of the trace', 'trace:id'),
  intrinsic('span:id', 'string', 'of the span', 'span:id'),
  intrinsic('span:parentID', 'string', 'id of the parent span', 'span:parentID'),
  intrinsic('span:childCount', 'int', 'number of child spans', 'span:childCount'),
  intrinsic('event:name', 'string', 'name of an event', 'event:name'),
  intrinsic('event:timeSinceStart', 'duration', 'from the start of the span to an event', 'event:timeSinceStart'),
  intrinsic('link:traceID', 'string', 'id of a linked trace', 'link:traceID'),
  intrinsic('link:spanID', 'string', 'id of a linked span', 'link:spanID'),
  // Tempo reads these two as attributes.
  intrinsic('instrumentation:name', 'attribute', 'name of the instrumentation scope', 'instrumentation:name'),
  intrinsic('instrumentation:version', 'attribute', 'version of the instrumentation scope', 'instrumentation:version'),
  intrinsic('nestedSetLeft', 'int', 'position in the tree of spans', 'nestedSetLeft'),
  intrinsic('nestedSetRight', 'int', 'end in the tree of spans', 'nestedSetRight'),
  intrinsic('nestedSetParent', 'int', 'position of the parent; -1: root', 'nestedSetParent'),
];

const bySpelling = new Map(intrinsics.flatMap((each) => each.spellings.map((spelling) => [spelling, each] as const)));

/** The intrinsic of that spelling; undefined when there is none. */
export function intrinsicField(text: string): Field | undefined {
  const found = bySpelling.get(text);
  return found && { scope: 'intrinsic', name: found.name };
}

/** What an attribute's key may have before its dot. */
export const attributeScopes = ['span', 'resource', 'event', 'link', 'instrumentation'] as const satisfies readonly FieldScope[];

/** What an intrinsic may have before its colon. */
export const intrinsicScopes: readonly string[] = ['span', 'trace', 'event', 'link', 'instrumentation'];

export function typeOfField({ scope, name }: Field): ValueType {
  return scope === 'intrinsic' ? (bySpelling.get(name)?.type ?? 'attribute') : 'attribute';
}
