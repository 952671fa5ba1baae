// A receiver of OTLP/HTTP for tests and recordings: keeps each body as it came, and decodes it with protobufjs, independently of what the
// extension uses itself.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { gunzipSync } from 'node:zlib';
import protobuf from 'protobufjs';

// Field numbers: opentelemetry-proto v1.11.0, collector/trace/v1, trace/v1, common/v1, resource/v1.
const { root } = protobuf.parse(
  `syntax = "proto3";
  message TracesData { repeated ResourceSpans resource_spans = 1; }
  message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; string schema_url = 3; }
  message Resource { repeated KeyValue attributes = 1; uint32 dropped_attributes_count = 2; }
  message ScopeSpans { Scope scope = 1; repeated Span spans = 2; string schema_url = 3; }
  message Scope { string name = 1; string version = 2; repeated KeyValue attributes = 3; uint32 dropped_attributes_count = 4; }
  message KeyValue { string key = 1; AnyValue value = 2; }
  message ArrayValue { repeated AnyValue values = 1; }
  message KeyValueList { repeated KeyValue values = 1; }
  message AnyValue { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4;
    ArrayValue array_value = 5; KeyValueList kvlist_value = 6; bytes bytes_value = 7; } }
  message Event { fixed64 time_unix_nano = 1; string name = 2; repeated KeyValue attributes = 3; uint32 dropped_attributes_count = 4; }
  message Link { bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; repeated KeyValue attributes = 4;
    uint32 dropped_attributes_count = 5; fixed32 flags = 6; }
  message Status { string message = 2; int32 code = 3; }
  message Span { bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; bytes parent_span_id = 4; string name = 5; int32 kind = 6;
    fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8; repeated KeyValue attributes = 9; uint32 dropped_attributes_count = 10;
    repeated Event events = 11; uint32 dropped_events_count = 12; repeated Link links = 13; uint32 dropped_links_count = 14;
    Status status = 15; fixed32 flags = 16; }`,
);
const TracesData = root.lookupType('TracesData');
const ID_KEYS = new Set(['traceId', 'spanId', 'parentSpanId']);

/** Listens on a free port. `silent` takes requests and never answers. */
export async function startReceiver({ silent = false } = {}) {
  const bodies = [];
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    if (silent) return;
    const raw = Buffer.concat(chunks);
    if (request.url === '/v1/traces') bodies.push(request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw);
    response.setHeader('content-type', 'application/x-protobuf');
    response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  async function stop() {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
  return { endpoint: `http://127.0.0.1:${server.address().port}`, bodies, stop };
}

/** An ExportTraceServiceRequest as OTLP/JSON: ids in hex, enums as numbers, 64-bit integers as strings. */
export function decodeRequest(body) {
  const decoded = TracesData.toObject(TracesData.decode(body), { longs: String, bytes: Buffer, json: true });
  return withHexIds(decoded);
}

/** `TracesData` in protobuf of what `decodeRequest` gives. */
export function encodeRequest(json) {
  return Buffer.from(TracesData.encode(TracesData.fromObject(withBinaryIds(json))).finish());
}

/** The spans of several requests, each with its resource's and scope's attributes beside it. */
export function spansOf(requests) {
  return requests.flatMap((request) =>
    request.resourceSpans.flatMap(({ resource, scopeSpans }) =>
      scopeSpans.flatMap(({ scope, spans }) =>
        spans.map((span) => ({ ...span, service: attribute(resource.attributes, 'service.name'), scope: scope?.name ?? '' })),
      ),
    ),
  );
}

/** The value of an attribute, integers as strings. */
export function attribute(attributes, key) {
  const value = attributes?.find((candidate) => candidate.key === key)?.value;
  return value && Object.values(value)[0];
}

function withHexIds(value) {
  return mapIds(value, (id) => Buffer.from(id).toString('hex'));
}

function withBinaryIds(value) {
  return mapIds(value, (id) => Buffer.from(id, 'hex'));
}

function mapIds(value, convert) {
  if (Array.isArray(value)) return value.map((item) => mapIds(item, convert));
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, ID_KEYS.has(key) ? convert(item) : mapIds(item, convert)]);
  return Object.fromEntries(entries);
}
