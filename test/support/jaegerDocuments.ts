/**
 * Spans of an OTLP request as Jaeger's documents. Source: jaegertracing/jaeger internal/storage/v2/elasticsearch/tracestore/to_dbmodel.go,
 * internal/storage/v1/elasticsearch/spanstore/writer.go, at v1.76.0; compared with what a real one stored.
 */

import type { Json } from './documentIndex';

interface AnyJson {
  readonly stringValue?: string;
  readonly boolValue?: boolean;
  readonly intValue?: string | number;
  readonly doubleValue?: number | string;
  readonly bytesValue?: string;
  readonly arrayValue?: { readonly values?: readonly AnyJson[] };
  readonly kvlistValue?: { readonly values?: readonly PairJson[] };
}
interface PairJson {
  readonly key: string;
  readonly value: AnyJson;
}
interface SpanJson {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name?: string;
  readonly kind?: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano?: string;
  readonly status?: { readonly code?: number; readonly message?: string };
  readonly traceState?: string;
  readonly flags?: number;
  readonly attributes?: readonly PairJson[];
  readonly events?: readonly {
    readonly timeUnixNano?: string;
    readonly name?: string;
    readonly attributes?: readonly PairJson[];
  }[];
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
}
export interface RequestJson {
  readonly resourceSpans: readonly {
    readonly resource?: { readonly attributes?: readonly PairJson[] };
    readonly scopeSpans: readonly {
      readonly scope?: { readonly name?: string; readonly version?: string };
      readonly spans: readonly SpanJson[];
    }[];
  }[];
}

/** `lists`: as Jaeger does; `fields`: with `tags-as-fields.all`; `logzio`: under the names that Logz.io gives them. */
export type TagLayout = 'lists' | 'fields' | 'logzio';

interface Tag {
  readonly key: string;
  readonly type: string;
  readonly value: unknown;
}

const kinds = [undefined, 'internal', 'server', 'client', 'producer', 'consumer'];
const micros = (nanos: string | undefined): number => Number(BigInt(nanos ?? 0) / 1000n);

function plainOf(any: AnyJson): unknown {
  if (any.arrayValue) return (any.arrayValue.values ?? []).map(plainOf);
  if (any.kvlistValue) return Object.fromEntries((any.kvlistValue.values ?? []).map(({ key, value }) => [key, plainOf(value)]));
  if (any.intValue !== undefined) return Number(any.intValue);
  return any.stringValue ?? any.boolValue ?? any.doubleValue ?? any.bytesValue ?? null;
}

function tagOf({ key, value }: PairJson): Tag {
  if (value.bytesValue !== undefined)
    return { key, type: 'binary', value: Buffer.from(value.bytesValue, 'base64').toString('hex') };
  if (value.arrayValue || value.kvlistValue) return { key, type: 'string', value: JSON.stringify(plainOf(value)) };
  if (value.boolValue !== undefined) return { key, type: 'bool', value: value.boolValue };
  if (value.doubleValue !== undefined) return { key, type: 'float64', value: Number(value.doubleValue) };
  if (value.intValue !== undefined) return { key, type: 'int64', value: int64(value.intValue) };
  return { key, type: 'string', value: value.stringValue ?? null };
}

/** One beyond 2^53 is a number there, which JSON of JavaScript cannot have: the server writes it (`documentJson`). */
function int64(value: string | number): unknown {
  return Number.isSafeInteger(Number(value)) ? Number(value) : `int64!${value}`;
}

/** JSON of documents, with the int64 in them. */
export function documentJson(documents: unknown): string {
  return JSON.stringify(documents).replace(/"int64!(-?\d+)"/g, '$1');
}

function text(key: string, value: string | undefined): Tag[] {
  return value === undefined || value === '' ? [] : [{ key, type: 'string', value }];
}

function laidOut(tags: readonly Tag[], layout: TagLayout, isSpan: boolean): Json {
  const asFields = layout === 'lists' ? [] : tags.filter(({ type, value }) => type !== 'binary' && value !== null);
  const others = tags.filter((tag) => !asFields.includes(tag));
  const object = Object.fromEntries(asFields.map(({ key, value }) => [key.replaceAll('.', '@'), value]));
  const isOwn = layout === 'logzio' && isSpan;
  return { [isOwn ? 'JaegerTags' : 'tags']: others, ...(asFields.length > 0 && { [isOwn ? 'JaegerTag' : 'tag']: object }) };
}

/** Each a document of the index of its day. */
export function jaegerDocuments({ resourceSpans }: RequestJson, layout: TagLayout = 'lists'): Json[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const attributes = resource?.attributes ?? [];
    const name = attributes.find(({ key }) => key === 'service.name')?.value.stringValue;
    const process = {
      serviceName: name ?? 'missing-service-name',
      ...laidOut(attributes.filter(({ key }) => key !== 'service.name').map(tagOf), layout, false),
    };
    return scopeSpans.flatMap(({ scope, spans }) =>
      spans.map((span) => {
        const kind = kinds[span.kind ?? 0];
        const tags = [
          ...text('otel.scope.name', scope?.name),
          ...text('otel.scope.version', scope?.version),
          ...(span.attributes ?? []).map(tagOf),
          ...text('span.kind', kind),
          ...(span.status?.code === 2 ? [{ key: 'error', type: 'bool', value: true }] : []),
          ...(span.status?.code === 1 ? text('otel.status_code', 'OK') : []),
          ...text('otel.status_description', span.status?.message),
          ...text('w3c.tracestate', span.traceState),
        ];
        const start = micros(span.startTimeUnixNano);
        const logs = (span.events ?? []).map((event) => ({
          timestamp: micros(event.timeUnixNano),
          fields: [...text('event', event.name), ...(event.attributes ?? []).map(tagOf)],
        }));
        const parent = span.parentSpanId ? [{ refType: 'CHILD_OF', traceID: span.traceId, spanID: span.parentSpanId }] : [];
        const links = (span.links ?? []).map(({ traceId, spanId }) => ({
          refType: 'FOLLOWS_FROM',
          traceID: traceId,
          spanID: spanId,
        }));
        return {
          traceID: span.traceId,
          spanID: span.spanId,
          ...(span.flags && { flags: span.flags }),
          operationName: span.name ?? '',
          references: [...parent, ...links],
          startTime: start,
          startTimeMillis: Math.floor(start / 1000),
          duration: Math.max(
            0,
            Number((BigInt(span.endTimeUnixNano ?? span.startTimeUnixNano) - BigInt(span.startTimeUnixNano)) / 1000n),
          ),
          ...laidOut(tags, layout, true),
          logs,
          process,
          ...(layout === 'logzio' && { type: 'jaegerSpan' }),
        };
      }),
    );
  });
}

/** Documents that list the services and operations of spans. */
export function serviceDocuments(spans: readonly Json[]): Json[] {
  const pairs = new Map<string, Json>();
  for (const { process, operationName } of spans) {
    const { serviceName } = Object(process);
    pairs.set(`${serviceName}\n${operationName}`, { serviceName, operationName });
  }
  return [...pairs.values()];
}
