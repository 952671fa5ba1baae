/**
 * Spans as plain records with all that OTLP knows of one, for comparing what went into a server with what came out. What went in is read from
 * OTLP/JSON by this file alone, what came out by the decoders under test.
 */
import { decodeBytes, otlpJsonPieces } from '../../src/core/format/format';
import type { AnyValueJson } from '../../src/core/model/anyValue';
import { StringTable } from '../../src/core/model/strings';

export type Attributes = Readonly<Record<string, AnyValueJson>>;

export interface PlainEvent {
  readonly name: string;
  /** Epoch nanoseconds. */
  readonly time: bigint;
  readonly attributes: Attributes;
  readonly dropped: number;
}

export interface PlainLink {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceState: string;
  readonly flags: number;
  readonly attributes: Attributes;
  readonly dropped: number;
}

export interface PlainSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty: none. */
  readonly parentSpanId: string;
  readonly name: string;
  /** OTLP's number. */
  readonly kind: number;
  /** Epoch nanoseconds. */
  readonly start: bigint;
  readonly end: bigint;
  readonly traceState: string;
  readonly flags: number;
  /** OTLP's number. */
  readonly status: number;
  readonly statusMessage: string;
  readonly attributes: Attributes;
  readonly events: readonly PlainEvent[];
  readonly links: readonly PlainLink[];
  /** Of attributes, events, links. */
  readonly dropped: readonly [number, number, number];
  readonly resource: Attributes;
  readonly resourceSchemaUrl: string;
  readonly scopeName: string;
  readonly scopeVersion: string;
  readonly scopeAttributes: Attributes;
  readonly scopeSchemaUrl: string;
}

type Json = Readonly<Record<string, unknown>>;

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const jsonOf = (value: unknown): Json => (isJson(value) ? value : {});
const listOf = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.map(jsonOf) : []);
const textOf = (value: unknown): string => (value === undefined || value === null ? '' : String(value));
const numberOf = (value: unknown): number => Number(value ?? 0);
const bigOf = (value: unknown): bigint => BigInt(textOf(value) || '0');

/** One spelling for each value: integers as text, no members that are not set. */
function anyValue(value: unknown): AnyValueJson {
  const { stringValue, boolValue, intValue, doubleValue, arrayValue, kvlistValue, bytesValue } = jsonOf(value);
  if (stringValue !== undefined) return { stringValue: textOf(stringValue) };
  if (boolValue !== undefined) return { boolValue: boolValue === true };
  if (intValue !== undefined) return { intValue: textOf(intValue) };
  if (doubleValue !== undefined) return { doubleValue: typeof doubleValue === 'string' ? doubleValue : Number(doubleValue) };
  if (arrayValue !== undefined) return { arrayValue: { values: listOf(jsonOf(arrayValue).values).map(anyValue) } };
  if (kvlistValue !== undefined) {
    const pairs = listOf(jsonOf(kvlistValue).values).map(({ key, value }) => ({ key: textOf(key), value: anyValue(value) }));
    return { kvlistValue: { values: pairs.sort((a, b) => (a.key < b.key ? -1 : 1)) } };
  }
  if (bytesValue !== undefined) return { bytesValue: textOf(bytesValue) };
  return {};
}

/** In the order of their keys; no server promises another. */
function attributesOf(pairs: unknown): Attributes {
  const sorted = listOf(pairs).map(({ key, value }): [string, AnyValueJson] => [textOf(key), anyValue(value)]);
  return Object.fromEntries(sorted.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

/** The spans of an ExportTraceServiceRequest in OTLP/JSON. */
export function plainSpans(request: unknown): PlainSpan[] {
  const spans: PlainSpan[] = [];
  for (const { resource, scopeSpans, schemaUrl } of listOf(jsonOf(request).resourceSpans))
    for (const { scope, spans: inScope, schemaUrl: scopeSchemaUrl } of listOf(scopeSpans))
      for (const span of listOf(inScope)) {
        const { name, version, attributes } = jsonOf(scope);
        spans.push({
          traceId: textOf(span.traceId).toLowerCase(),
          spanId: textOf(span.spanId).toLowerCase(),
          parentSpanId: textOf(span.parentSpanId).toLowerCase().replace(/^0+$/, ''),
          name: textOf(span.name),
          kind: numberOf(span.kind),
          start: bigOf(span.startTimeUnixNano),
          end: bigOf(span.endTimeUnixNano),
          traceState: textOf(span.traceState),
          flags: numberOf(span.flags),
          status: numberOf(jsonOf(span.status).code),
          statusMessage: textOf(jsonOf(span.status).message),
          attributes: attributesOf(span.attributes),
          events: listOf(span.events).map((event) => ({
            name: textOf(event.name),
            time: bigOf(event.timeUnixNano),
            attributes: attributesOf(event.attributes),
            dropped: numberOf(event.droppedAttributesCount),
          })),
          links: listOf(span.links).map((link) => ({
            traceId: textOf(link.traceId).toLowerCase(),
            spanId: textOf(link.spanId).toLowerCase(),
            traceState: textOf(link.traceState),
            flags: numberOf(link.flags),
            attributes: attributesOf(link.attributes),
            dropped: numberOf(link.droppedAttributesCount),
          })),
          dropped: [numberOf(span.droppedAttributesCount), numberOf(span.droppedEventsCount), numberOf(span.droppedLinksCount)],
          resource: attributesOf(jsonOf(resource).attributes),
          resourceSchemaUrl: textOf(schemaUrl),
          scopeName: textOf(name),
          scopeVersion: textOf(version),
          scopeAttributes: attributesOf(attributes),
          scopeSchemaUrl: textOf(scopeSchemaUrl),
        });
      }
  return spans;
}

/** The spans of a body in any format, read by our decoders and written by our encoder. */
export function decodedSpans(bytes: Uint8Array): PlainSpan[] {
  const { batches } = decodeBytes(bytes, { strings: new StringTable() });
  return batches.flatMap((batch) => {
    const rows = Uint32Array.from({ length: batch.count }, (_, row) => row);
    return plainSpans(
      JSON.parse(Buffer.concat([...otlpJsonPieces([{ batch, rows }])].flatMap((piece) => piece ?? [])).toString()),
    );
  });
}

/** By trace id. */
export function byTrace(spans: readonly PlainSpan[]): Map<string, PlainSpan[]> {
  const traces = new Map<string, PlainSpan[]>();
  for (const span of spans) {
    const trace = traces.get(span.traceId);
    if (trace) trace.push(span);
    else traces.set(span.traceId, [span]);
  }
  return traces;
}
