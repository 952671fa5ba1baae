/** The formats of trace data. */

/**
 * `otlp-json`: one or more OTLP/JSON objects, an array of them, or Jaeger's /api/v3 answer. `otlp-jsonl`: one OTLP/JSON object a line.
 * `otlp-proto`: an OTLP protobuf message, or several with a length of 4 bytes (big endian) before each, as the OpenTelemetry
 * Collector's file exporter writes them. `jaeger`: JSON of Jaeger's UI and its /api. `zipkin`: Zipkin v2 JSON; `zipkin-proto`: its protobuf. `tempo`: JSON of
 * Tempo's /api/traces and /api/v2/traces, and the protobuf of the latter. The others are documents of a kind (`mixed/kinds.ts`); `mixed`:
 * of several.
 */
export type TraceFormat =
  | 'otlp-json'
  | 'otlp-jsonl'
  | 'otlp-proto'
  | 'jaeger'
  | 'zipkin'
  | 'zipkin-proto'
  | 'tempo'
  | 'python-console'
  | 'go-stdout'
  | 'js-console'
  | 'js-spans'
  | 'java-log'
  | 'dotnet-console'
  | 'php-console'
  | 'ruby-console'
  | 'rust-console'
  | 'cpp-console'
  | 'collector-debug'
  | 'zipkin-v1'
  | 'jaeger-documents'
  | 'jaeger-model'
  | 'xray'
  | 'cloud-trace'
  | 'swift-console'
  | 'datadog'
  | 'elastic-apm'
  | 'sentry'
  | 'langfuse'
  | 'langsmith'
  | 'openai-agents'
  | 'skywalking'
  | 'application-insights'
  | 'span-rows'
  | 'mixed';

/** How data is laid out, beyond its format. */
export interface Layout {
  readonly format: TraceFormat;
  readonly json: boolean;
  /** Protobuf messages with a length of 4 bytes before each. */
  readonly framed: boolean;
  /** Tempo's `TraceByIDResponse` in protobuf. */
  readonly wrapped: boolean;
  /** Documents that are looked for in the text, of whatever kinds. */
  readonly documents: boolean;
}
