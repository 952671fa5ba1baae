/** A second, simple reading of OTLP/JSON through `JSON.parse`, which the decoders are compared with. Ids in hex, enums as numbers. */

import type { AttributeValue } from '../../../src/core/model/attributeValue';
import type { PlainSpan } from './spans';

interface AnyJson {
  stringValue?: string;
  boolValue?: boolean;
  intValue?: string | number;
  doubleValue?: number | string;
  bytesValue?: string;
  arrayValue?: { values?: AnyJson[] };
  kvlistValue?: { values?: PairJson[] };
}
interface PairJson {
  key: string;
  value: AnyJson;
}
interface SpanJson {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name?: string;
  kind?: number;
  startTimeUnixNano: string;
  endTimeUnixNano?: string;
  status?: { code?: number; message?: string };
  traceState?: string;
  flags?: number;
  attributes?: PairJson[];
  events?: { timeUnixNano?: string; name?: string; attributes?: PairJson[] }[];
  links?: { traceId: string; spanId: string; attributes?: PairJson[] }[];
}
export interface RequestJson {
  resourceSpans: {
    resource?: { attributes?: PairJson[] };
    scopeSpans: { scope?: { name?: string; version?: string; attributes?: PairJson[] }; spans: SpanJson[] }[];
  }[];
}

export function anyOf(any: AnyJson): AttributeValue {
  if (any.stringValue !== undefined) return any.stringValue;
  if (any.boolValue !== undefined) return any.boolValue;
  if (any.doubleValue !== undefined) return Number(any.doubleValue);
  if (any.bytesValue !== undefined) return new Uint8Array(Buffer.from(any.bytesValue, 'base64'));
  if (any.arrayValue !== undefined) return (any.arrayValue.values ?? []).map(anyOf);
  if (any.kvlistValue !== undefined) return mapOf(any.kvlistValue.values);
  if (any.intValue === undefined) return undefined;
  return Number.isSafeInteger(Number(any.intValue)) ? Number(any.intValue) : BigInt(any.intValue);
}

export function mapOf(pairs: readonly PairJson[] = []): Record<string, AttributeValue> {
  return Object.fromEntries(pairs.map(({ key, value }) => [key, anyOf(value)]));
}

export function referenceSpans(request: RequestJson): PlainSpan[] {
  return request.resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ scope, spans }) =>
      spans.map((span): PlainSpan => {
        const attributes = mapOf(resource?.attributes);
        const service = attributes['service.name'];
        const ended = span.endTimeUnixNano !== undefined && span.endTimeUnixNano !== '0';
        return {
          traceId: span.traceId.toLowerCase(),
          spanId: span.spanId.toLowerCase(),
          parentSpanId: (span.parentSpanId ?? '').toLowerCase(),
          name: span.name ?? '',
          kind: span.kind ?? 0,
          startNs: BigInt(span.startTimeUnixNano),
          durationNs: ended ? Number(BigInt(span.endTimeUnixNano ?? 0) - BigInt(span.startTimeUnixNano)) : 0,
          status: span.status?.code ?? 0,
          statusMessage: span.status?.message ?? '',
          traceState: span.traceState ?? '',
          flags: span.flags ?? 0,
          running: !ended,
          undated: false,
          shared: false,
          service: typeof service === 'string' ? service : '',
          resource: attributes,
          scope: { name: scope?.name ?? '', version: scope?.version ?? '', attributes: mapOf(scope?.attributes) },
          attributes: mapOf(span.attributes),
          events: (span.events ?? []).map((event) => ({
            name: event.name ?? '',
            timeNs: BigInt(event.timeUnixNano ?? 0),
            attributes: mapOf(event.attributes),
          })),
          links: (span.links ?? []).map((link) => ({
            traceId: link.traceId.toLowerCase(),
            spanId: link.spanId.toLowerCase(),
            attributes: mapOf(link.attributes),
          })),
        };
      }),
    ),
  );
}
