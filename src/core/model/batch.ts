/**
 * What a decoder produces: columns for the spans of one message, answer or piece of a file, in the order of the input and of any
 * number of traces. Values of attributes stay where they are in the input's bytes (`blob`) until somebody reads them
 * (`values.ts`): most of a trace's bytes are never looked at, and interning them would cost more than all the rest of decoding.
 */

import type { StringTable } from './strings';

/** Kinds as OTLP numbers them (`opentelemetry.proto.trace.v1.Span.SpanKind`). */
export const KIND_UNSPECIFIED = 0;
export const KIND_INTERNAL = 1;
export const KIND_SERVER = 2;
export const KIND_CLIENT = 3;
export const KIND_PRODUCER = 4;
export const KIND_CONSUMER = 5;

/** Status codes as OTLP numbers them (`opentelemetry.proto.trace.v1.Status.StatusCode`). */
export const STATUS_UNSET = 0;
export const STATUS_OK = 1;
export const STATUS_ERROR = 2;

/** Where the value of an attribute is and how it is written: `type` column of `AttributeColumns`. */
/** UTF-8 at blob[number, number + length). */
export const VALUE_STRING = 0;
/** The inside of a JSON string, escapes included, at blob[number, number + length). */
export const VALUE_JSON_STRING = 1;
/** `number` is 0 or 1. */
export const VALUE_BOOL = 2;
/** `number` is the integer, exact. */
export const VALUE_INT = 3;
/** `number` is the double (NaN and infinities too). */
export const VALUE_DOUBLE = 4;
/** An int64 beyond 2^53: decimal text at blob[number, number + length). */
export const VALUE_BIG_INT = 5;
/** An OTLP `AnyValue` message at blob[number, number + length): array, key-value list, or nothing. */
export const VALUE_PROTO = 6;
/** An OTLP/JSON `AnyValue` object at blob[number, number + length). */
export const VALUE_JSON_ANY = 7;
/** Bytes at blob[number, number + length). */
export const VALUE_BYTES = 8;
/** Base64 text at blob[number, number + length). */
export const VALUE_BASE64 = 9;
/** A string of the string table: `number` is its index. For values that a decoder makes or that repeat. */
export const VALUE_INTERNED = 10;
/** A plain JSON value (object, array, number, …) at blob[number, number + length), for formats without `AnyValue`. */
export const VALUE_JSON = 11;
/** An OTLP/JSON `AnyValue` as Tempo's jsonpb writes it is VALUE_JSON_ANY too. No value at all: */
export const VALUE_EMPTY = 12;

/** One row an attribute, of spans, events, links, resources and scopes alike; ranges into it are `[start, end)`. */
export interface AttributeColumns {
  readonly count: number;
  /** Index of the key in the string table. */
  readonly key: Uint32Array;
  readonly type: Uint8Array;
  readonly number: Float64Array;
  readonly length: Uint32Array;
}

export interface EventColumns {
  readonly count: number;
  readonly name: Uint32Array;
  /** Epoch nanoseconds, low and high word. */
  readonly time: Uint32Array;
  readonly attributeStart: Uint32Array;
  readonly attributeEnd: Uint32Array;
}

export interface LinkColumns {
  readonly count: number;
  /** 4 words a row. */
  readonly traceId: Uint32Array;
  /** 2 words a row. */
  readonly spanId: Uint32Array;
  readonly attributeStart: Uint32Array;
  readonly attributeEnd: Uint32Array;
}

/** How much an SDK's limits cost a span. */
export interface Dropped {
  readonly attributes: number;
  readonly events: number;
  readonly links: number;
}

/** What few rows have: kept aside, so that the others pay nothing for it. */
export interface RareFields {
  /** By span row. */
  readonly dropped: ReadonlyMap<number, Dropped>;
  /** Dropped attributes, by event row. */
  readonly eventDropped: ReadonlyMap<number, number>;
  /** By link row; `traceState` is an index of a string, `flags` are OTLP's. */
  readonly links: ReadonlyMap<number, { readonly traceState: number; readonly flags: number; readonly dropped: number }>;
}

export interface Resource {
  /** Index of `service.name`'s value; 0 when there is none. */
  readonly service: number;
  readonly attributeStart: number;
  readonly attributeEnd: number;
  /** Index of a string. */
  readonly schemaUrl?: number;
}

export interface Scope {
  readonly name: number;
  readonly version: number;
  readonly attributeStart: number;
  readonly attributeEnd: number;
  /** Index of a string. */
  readonly schemaUrl?: number;
}

export interface SpanBatch {
  readonly strings: StringTable;
  readonly blob: Uint8Array;
  readonly count: number;
  /** 4 words a span, most significant first (`ids.ts`). */
  readonly traceId: Uint32Array;
  /** 2 words a span. */
  readonly spanId: Uint32Array;
  /** 2 words a span; zeros: no parent. */
  readonly parentSpanId: Uint32Array;
  /** Epoch nanoseconds, low and high word: the same bytes as a little-endian fixed64. */
  readonly start: Uint32Array;
  /** End less start; negative when the data says so. */
  readonly durationNs: Float64Array;
  readonly name: Uint32Array;
  readonly kind: Uint8Array;
  readonly status: Uint8Array;
  readonly statusMessage: Uint32Array;
  /** OTLP `flags`: bits 0–7 W3C trace flags, 8 HAS_IS_REMOTE, 9 IS_REMOTE; and our own bits from 16 on (BATCH_…). */
  readonly flags: Uint32Array;
  readonly traceState: Uint32Array;
  /** Index into `resources`. */
  readonly resource: Uint32Array;
  /** Index into `scopes`. */
  readonly scope: Uint32Array;
  readonly attributeStart: Uint32Array;
  readonly attributeEnd: Uint32Array;
  readonly eventStart: Uint32Array;
  readonly eventEnd: Uint32Array;
  readonly linkStart: Uint32Array;
  readonly linkEnd: Uint32Array;
  readonly attributes: AttributeColumns;
  readonly events: EventColumns;
  readonly links: LinkColumns;
  /** The first is none: of spans that have no resource. */
  readonly resources: readonly Resource[];
  /** The first is none. */
  readonly scopes: readonly Scope[];
  readonly rare?: RareFields;
}

/** The span has no end (yet): still running, or its end was never reported. */
export const BATCH_NO_END = 1 << 16;
/** Zipkin's `shared`: the server's half of a span that client and server report under one id. */
export const BATCH_SHARED = 1 << 17;
/**
 * The span has no start time: its `start` is 0, and its `durationNs`, where it has an end, is its length all the same. Without this mark a span that
 * starts at 0 has its end in `durationNs`.
 */
export const BATCH_NO_START = 1 << 18;
/** Its format makes a text of every attribute (Zipkin, Cloud Trace): a text may have been a number or a truth value. */
export const BATCH_UNTYPED = 1 << 19;
