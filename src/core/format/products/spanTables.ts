/**
 * What the columns of a span are called, table by table.
 * Sources: opentelemetry-collector-contrib, clickhouseexporter and azuredataexplorerexporter; opensearch.org, Data Prepper, otel-v1-apm-span index;
 * elasticsearchexporter, OTel mode; Arize Phoenix, `get_spans_dataframe`; docs.honeycomb.io, "Manual Tracing"; docs.newrelic.com, Trace API; highlight.io, traces; Comet Opik and
 * W&B Weave, export of spans and calls; Mastra, exported spans.
 */

/** Each member: names or paths, of which the first that is there counts. */
export interface SpanTable {
  readonly traceId: readonly string[];
  readonly spanId: readonly string[];
  readonly parent: readonly string[];
  readonly name: readonly string[];
  readonly start: readonly string[];
  readonly end?: readonly string[];
  /** In nanoseconds. */
  readonly duration?: readonly string[];
  /** In milliseconds. */
  readonly milliseconds?: readonly string[];
  readonly service?: readonly string[];
  readonly kind?: readonly string[];
  readonly status?: readonly string[];
  readonly statusMessage?: readonly string[];
  /** Objects of attributes. */
  readonly attributes?: readonly string[];
  readonly resource?: readonly string[];
  /** All other columns are attributes; those that begin so without that. */
  readonly rest?: string;
}

export const spanTables: readonly SpanTable[] = [
  // ClickHouse, and what is made of it.
  {
    traceId: ['TraceId'],
    spanId: ['SpanId'],
    parent: ['ParentSpanId'],
    name: ['SpanName'],
    start: ['Timestamp'],
    duration: ['Duration'],
    service: ['ServiceName'],
    kind: ['SpanKind'],
    status: ['StatusCode'],
    statusMessage: ['StatusMessage'],
    attributes: ['SpanAttributes'],
    resource: ['ResourceAttributes'],
  },
  // Azure Data Explorer
  {
    traceId: ['TraceID'],
    spanId: ['SpanID'],
    parent: ['ParentID'],
    name: ['SpanName'],
    start: ['StartTime'],
    end: ['EndTime'],
    kind: ['SpanKind'],
    status: ['SpanStatus'],
    attributes: ['TraceAttributes'],
    resource: ['ResourceAttributes'],
  },
  // OpenSearch, Mastra, and what programs write by themselves
  {
    traceId: ['traceId'],
    spanId: ['spanId'],
    parent: ['parentSpanId', 'parentId'],
    name: ['name', 'spanName', 'operationName'],
    start: ['startTime', 'startedAt', 'start', 'startTimestamp'],
    end: ['endTime', 'endedAt', 'end', 'endTimestamp'],
    duration: ['durationInNanos', 'durationNano', 'durationNs'],
    milliseconds: ['durationMs'],
    service: ['serviceName', 'service'],
    kind: ['kind', 'spanKind'],
    status: ['status.code', 'statusCode', 'status'],
    statusMessage: ['status.message', 'statusMessage'],
    attributes: ['attributes', 'tags'],
    resource: ['resource.attributes'],
    rest: 'span.attributes.',
  },
  // Highlight
  {
    traceId: ['traceID'],
    spanId: ['spanID'],
    parent: ['parentSpanID'],
    name: ['spanName'],
    start: ['timestamp'],
    duration: ['duration'],
    service: ['serviceName'],
    kind: ['spanKind'],
    status: ['statusCode'],
    statusMessage: ['statusMessage'],
    attributes: ['traceAttributes'],
  },
  // Elasticsearch, as OpenTelemetry has it
  {
    traceId: ['trace_id'],
    spanId: ['span_id'],
    parent: ['parent_span_id'],
    name: ['name'],
    start: ['@timestamp'],
    duration: ['duration'],
    kind: ['kind'],
    status: ['status.code'],
    statusMessage: ['status.message'],
    attributes: ['attributes'],
    resource: ['resource.attributes'],
  },
  // Opik, Weave, and what programs write by themselves
  {
    traceId: ['trace_id'],
    spanId: ['span_id', 'id'],
    parent: ['parent_span_id', 'parent_id'],
    name: ['name', 'op_name', 'span_name', 'operation_name'],
    start: ['start_time', 'started_at', 'start', 'start_timestamp', 'timestamp'],
    end: ['end_time', 'ended_at', 'end', 'end_timestamp'],
    duration: ['duration_ns', 'duration_nano'],
    milliseconds: ['duration_ms'],
    service: ['service_name', 'service', 'project_name'],
    kind: ['kind', 'span_kind'],
    status: ['status.code', 'status_code', 'status'],
    statusMessage: ['status.message', 'status_message', 'error_info.message', 'exception'],
    attributes: ['attributes', 'tags', 'metadata'],
    resource: ['resource.attributes'],
  },
  // Phoenix
  {
    traceId: ['context.trace_id'],
    spanId: ['context.span_id'],
    parent: ['parent_id'],
    name: ['name'],
    start: ['start_time'],
    end: ['end_time'],
    status: ['status_code'],
    statusMessage: ['status_message'],
    attributes: ['attributes'],
    rest: 'attributes.',
  },
  // Honeycomb
  {
    traceId: ['trace.trace_id'],
    spanId: ['trace.span_id'],
    parent: ['trace.parent_id'],
    name: ['name'],
    start: ['Timestamp', 'timestamp', 'time', '@timestamp'],
    milliseconds: ['duration_ms'],
    service: ['service.name'],
    kind: ['span.kind'],
    status: ['status_code'],
    statusMessage: ['status_message'],
    rest: '',
  },
  // New Relic
  {
    traceId: ['trace.id'],
    spanId: ['id'],
    parent: ['parent.id', 'attributes.parent.id'],
    name: ['name', 'attributes.name'],
    start: ['timestamp', 'attributes.timestamp'],
    milliseconds: ['duration.ms', 'attributes.duration.ms'],
    service: ['service.name', 'attributes.service.name'],
    kind: ['span.kind', 'attributes.span.kind'],
    attributes: ['attributes'],
    resource: ['common.attributes'],
    rest: '',
  },
];
