/**
 * Spans of any copy of the OpenTelemetry SDK, 1.x or 2.x, as protobuf. Written here, because the exporters that could do it are those of the program,
 * or would be most of what we bring along.
 * Sources: opentelemetry/proto/trace/v1/trace.proto, resource/v1/resource.proto; how the SDK's own exporter reads spans:
 * @opentelemetry/otlp-transformer, `sdkSpanToOtlpSpan`.
 */

import type { ProtoWriter } from '../../../core/format/proto/writer';
import type { ScopeLike, SpanLike } from '../spans/spanProcessor';
import { attributes, count } from './encodeValue';

const VARINT = 0;
const I64 = 1;
const LEN = 2;
const I32 = 5;

const SAMPLED = 1;
/** Bits of `Span.flags`: whether it is known that the parent is in another process, and that it is. */
const HAS_IS_REMOTE = 0x100;
const IS_REMOTE = 0x200;

type HrTime = readonly [number, number];
type Ids = ReturnType<SpanLike['spanContext']>;

/** What a resource may have beside its attributes, in one version of the SDK or another. */
interface ResourceLike {
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly schemaUrl?: string;
  /** Some attributes are still being found out. */
  readonly asyncAttributesPending?: boolean;
  /** SDK 2.x: pairs of a key and a value, or the promise of one. */
  getRawAttributes?(): readonly (readonly [string, unknown])[];
  /** SDK 1.x */
  readonly _syncAttributes?: Readonly<Record<string, unknown>>;
}

interface AttributedScope extends ScopeLike {
  readonly attributes?: object;
}

/** Whether somebody wants to have it. */
export function isSampled(span: SpanLike): boolean {
  return (span.spanContext().traceFlags & SAMPLED) !== 0;
}

/** A span's parent is in another process, or it has none. SDK 1.x does not say where a parent is. */
export function isEntry({ parentSpanContext, parentSpanId }: SpanLike): boolean {
  return parentSpanContext ? parentSpanContext.isRemote === true : !parentSpanId;
}

/** A `Span`. @param ended false: as one that is in progress, whatever it says itself */
export function encodeSpan(writer: ProtoWriter, span: SpanLike, ended: boolean): void {
  const own = span.spanContext();
  const { parentSpanContext, status } = span;
  ids(writer, own);
  traceState(writer, own);
  const parent = parentSpanContext?.spanId ?? span.parentSpanId;
  if (parent) hex(writer, (4 << 3) | LEN, parent, 2);
  writer.text((5 << 3) | LEN, String(span.name));
  count(writer, (6 << 3) | VARINT, span.kind + 1);
  time(writer, (7 << 3) | I64, span.startTime);
  if (ended) time(writer, (8 << 3) | I64, span.endTime);
  attributes(writer, (9 << 3) | LEN, span.attributes);
  count(writer, (10 << 3) | VARINT, span.droppedAttributesCount);
  for (const event of span.events) {
    const start = writer.open((11 << 3) | LEN, 1);
    time(writer, (1 << 3) | I64, event.time);
    writer.text((2 << 3) | LEN, String(event.name));
    attributes(writer, (3 << 3) | LEN, event.attributes);
    count(writer, (4 << 3) | VARINT, event.droppedAttributesCount);
    writer.close(start, 1);
  }
  count(writer, (12 << 3) | VARINT, span.droppedEventsCount);
  for (const link of span.links) {
    const start = writer.open((13 << 3) | LEN, 1);
    ids(writer, link.context);
    traceState(writer, link.context);
    attributes(writer, (4 << 3) | LEN, link.attributes);
    count(writer, (5 << 3) | VARINT, link.droppedAttributesCount);
    flags(writer, (6 << 3) | I32, link.context, link.context.isRemote ?? false);
    writer.close(start, 1);
  }
  count(writer, (14 << 3) | VARINT, span.droppedLinksCount);
  if (status.code > 0) {
    const start = writer.open((15 << 3) | LEN, 1);
    if (status.message) writer.text((2 << 3) | LEN, String(status.message));
    count(writer, (3 << 3) | VARINT, status.code);
    writer.close(start, 1);
  }
  // SDK 1.x knows nothing of it.
  const known = span.instrumentationScope ? false : undefined;
  flags(writer, (16 << 3) | I32, own, parentSpanContext?.isRemote ?? known);
}

/** A `ResourceSpans` without spans. */
export function encodeResource(writer: ProtoWriter, resource: ResourceLike): void {
  const start = writer.open((1 << 3) | LEN, 2);
  attributes(writer, (1 << 3) | LEN, settledAttributes(resource));
  writer.close(start, 2);
  if (resource.schemaUrl) writer.text((3 << 3) | LEN, String(resource.schemaUrl));
}

/** A `ScopeSpans` without spans. */
export function encodeScope(writer: ProtoWriter, scope: AttributedScope | undefined): void {
  const start = writer.open((1 << 3) | LEN, 1);
  if (scope?.name) writer.text((1 << 3) | LEN, String(scope.name));
  if (scope?.version) writer.text((2 << 3) | LEN, String(scope.version));
  attributes(writer, (3 << 3) | LEN, scope?.attributes);
  writer.close(start, 1);
  if (scope?.schemaUrl) writer.text((3 << 3) | LEN, String(scope.schemaUrl));
}

/** Some attributes of a resource may still be found out. To read the others in the usual way makes the SDK print an error. */
function settledAttributes(resource: ResourceLike): Readonly<Record<string, unknown>> {
  if (!resource.asyncAttributesPending) return resource.attributes;
  const raw = resource.getRawAttributes?.();
  if (!raw) return resource._syncAttributes ?? {};
  const settled: Record<string, unknown> = {};
  // The first of a name counts. Source: @opentelemetry/resources 2.x, ResourceImpl.ts.
  for (const [key, value] of raw) if (!isPromise(value)) settled[key] ??= value;
  return settled;
}

function isPromise(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'then' in value;
}

function ids(writer: ProtoWriter, { traceId, spanId }: Ids): void {
  hex(writer, (1 << 3) | LEN, traceId, 4);
  hex(writer, (2 << 3) | LEN, spanId, 2);
}

const words = new Uint32Array(4);

function hex(writer: ProtoWriter, tag: number, id: string, count: number): void {
  for (let i = 0; i < count; i++) words[i] = Number.parseInt(id.slice(i * 8, i * 8 + 8), 16);
  writer.words(tag, words, 0, count);
}

function traceState(writer: ProtoWriter, ids: Ids): void {
  const text = ids.traceState?.serialize();
  if (text) writer.text((3 << 3) | LEN, text);
}

function flags(writer: ProtoWriter, tag: number, { traceFlags }: Ids, isRemote: boolean | undefined): void {
  writer.varint(tag);
  writer.fixed32(((traceFlags & 0xff) | (isRemote === undefined ? 0 : HAS_IS_REMOTE) | (isRemote ? IS_REMOTE : 0)) >>> 0);
}

/** Seconds and nanoseconds as 64 bits of nanoseconds, without bigints: in halves of 16 bits, so that no number is over 2^53. */
function time(writer: ProtoWriter, tag: number, [seconds, nanoseconds]: HrTime): void {
  const whole = Math.max(0, Math.floor(seconds));
  const low = (whole % 65_536) * 1e9 + Math.max(0, Math.round(nanoseconds));
  const high = Math.floor(whole / 65_536) * 1e9;
  const lower = (high % 65_536) * 65_536 + low;
  writer.varint(tag);
  writer.fixed64(lower % 2 ** 32, (Math.floor(high / 65_536) + Math.floor(lower / 2 ** 32)) % 2 ** 32);
}
