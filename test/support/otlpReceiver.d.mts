export interface Receiver {
  /** Base address, for OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly endpoint: string;
  /** Each ExportTraceServiceRequest that was posted, decompressed. */
  readonly bodies: readonly Buffer[];
  stop(): Promise<void>;
}

export interface JsonAttribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/** A span in OTLP/JSON; 64-bit integers are strings. */
export interface JsonSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind?: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes?: readonly JsonAttribute[];
  readonly events?: readonly { readonly name: string; readonly attributes?: readonly JsonAttribute[] }[];
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly status?: { readonly code?: number; readonly message?: string };
}

export interface JsonRequest {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly JsonAttribute[] };
    readonly scopeSpans: readonly {
      readonly scope?: { readonly name: string; readonly version?: string };
      readonly spans: readonly JsonSpan[];
    }[];
  }[];
}

export type SpanInContext = JsonSpan & { readonly service: unknown; readonly scope: string };

/** Listens on a free port. `silent` takes requests and never answers. */
export function startReceiver(options?: { readonly silent?: boolean }): Promise<Receiver>;
/** An ExportTraceServiceRequest as OTLP/JSON: ids in hex, enums as numbers, 64-bit integers as strings. */
export function decodeRequest(body: Uint8Array): JsonRequest;
/** The protobuf of what `decodeRequest` gives. */
export function encodeRequest(request: JsonRequest): Buffer;
export function spansOf(requests: readonly JsonRequest[]): SpanInContext[];
/** The value of an attribute, integers as strings. */
export function attribute(attributes: readonly JsonAttribute[] | undefined, key: string): unknown;
