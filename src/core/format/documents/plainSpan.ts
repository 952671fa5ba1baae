/** Spans of documents as an OTLP/JSON request says them. Source: opentelemetry-proto docs/specification.md, "JSON Protobuf Encoding". */

import { oddTime } from '../../model/int64';
import { idHexOf } from '../../model/oddIds';
import type { Translation } from './kind';
import { isMembers } from './kind';
import { hexOfAny } from './members';

/** Attributes by key, in any values. */
export type PlainAttributes = Readonly<Record<string, unknown>>;

export interface PlainSpan {
  /** In any notation that `idHexOf` knows. */
  readonly traceId: unknown;
  readonly spanId: unknown;
  /** Undefined, empty or zeros: none. */
  readonly parentSpanId?: unknown;
  readonly traceState?: string;
  readonly name: string;
  /** OTLP's number. */
  readonly kind?: number;
  /** Epoch nanoseconds. */
  readonly start?: bigint;
  readonly end?: bigint;
  readonly attributes?: PlainAttributes;
  readonly events?: readonly { readonly name: string; readonly time?: bigint; readonly attributes?: PlainAttributes }[];
  readonly links?: readonly { readonly traceId: unknown; readonly spanId: unknown; readonly attributes?: PlainAttributes }[];
  /** OTLP's number: 1 is OK, 2 an error. */
  readonly status?: number;
  readonly statusMessage?: string;
  readonly resource?: PlainAttributes;
  readonly scope?: { readonly name?: unknown; readonly version?: unknown; readonly attributes?: PlainAttributes };
  readonly dropped?: { readonly attributes?: number; readonly events?: number; readonly links?: number };
}

export function otlpOf(spans: readonly PlainSpan[]): Translation {
  return { as: 'otlp-json', value: { resourceSpans: spans.map(resourceSpans) } };
}

function resourceSpans(span: PlainSpan): unknown {
  const { scope } = span;
  return {
    resource: { attributes: keyValues(span.resource) },
    scopeSpans: [
      {
        scope: { name: plainText(scope?.name), version: plainText(scope?.version), attributes: keyValues(scope?.attributes) },
        spans: [
          {
            traceId: idOf(span.traceId, 16),
            spanId: idOf(span.spanId, 8),
            parentSpanId: idOf(span.parentSpanId, 8) ?? '',
            traceState: span.traceState,
            name: span.name,
            kind: span.kind ?? 0,
            startTimeUnixNano: span.start?.toString(),
            endTimeUnixNano: span.end?.toString(),
            attributes: keyValues(span.attributes),
            droppedAttributesCount: span.dropped?.attributes,
            events: span.events?.map((event) => ({
              name: event.name,
              timeUnixNano: event.time?.toString(),
              attributes: keyValues(event.attributes),
            })),
            droppedEventsCount: span.dropped?.events,
            links: span.links?.map((link) => ({
              traceId: idOf(link.traceId, 16),
              spanId: idOf(link.spanId, 8),
              attributes: keyValues(link.attributes),
            })),
            droppedLinksCount: span.dropped?.links,
            status: { code: span.status ?? 0, message: span.statusMessage },
          },
        ],
      },
    ],
  };
}

/** An id as it is. Of a text that is none, as people write by hand, one that is the same wherever it stands, so that spans find their parents. */
function idOf(id: unknown, size: 8 | 16): unknown {
  return typeof id === 'string' && idHexOf(id, size) === undefined ? hexOfAny(id, size) : id;
}

function plainText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A list of OTLP's `KeyValue`. */
export function keyValues(attributes: PlainAttributes = {}): unknown[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }));
}

/** An OTLP `AnyValue`. */
function anyValue(value: unknown): unknown {
  switch (typeof value) {
    case 'string':
      return { stringValue: value };
    case 'boolean':
      return { boolValue: value };
    case 'bigint':
      return BigInt.asIntN(64, value) === value ? { intValue: value.toString() } : { stringValue: value.toString() };
    case 'number':
      if (Number.isSafeInteger(value)) return { intValue: String(value) };
      return { doubleValue: Number.isFinite(value) ? value : String(value) };
    default:
      if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } };
      return isMembers(value) ? { kvlistValue: { values: keyValues(value) } } : {};
  }
}

/** Epoch nanoseconds of a time in microseconds with a fraction, as a number or in a string. */
export function nanosOfMicros(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return value * 1000n;
  const micros = typeof value === 'string' ? Number(value) : value;
  if (typeof micros !== 'number' || !Number.isFinite(micros) || Math.abs(micros) > 2 ** 63) return undefined;
  const whole = Math.floor(micros);
  return BigInt(whole) * 1000n + BigInt(Math.round((micros - whole) * 1000));
}

/** Epoch nanoseconds of a time in any form but a number: a date, `[seconds, nanoseconds]`, an object. */
export function nanosOfTime(value: unknown): bigint | undefined {
  const nanos = oddTime(value, 1n);
  return nanos !== undefined && nanos > 0n ? nanos : undefined;
}
