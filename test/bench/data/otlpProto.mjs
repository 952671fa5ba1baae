// @ts-check
// OTLP's trace messages for protobufjs, in the field numbers of opentelemetry-proto v1.11.0: the yardstick of the decode benchmark, and a
// writer that is not ours.

import protobuf from 'protobufjs';

const definition = `
syntax = "proto3";
message TracesData { repeated ResourceSpans resource_spans = 1; }
message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; string schema_url = 3; }
message Resource { repeated KeyValue attributes = 1; uint32 dropped_attributes_count = 2; }
message ScopeSpans { InstrumentationScope scope = 1; repeated Span spans = 2; string schema_url = 3; }
message InstrumentationScope { string name = 1; string version = 2; repeated KeyValue attributes = 3; uint32 dropped_attributes_count = 4; }
message Span {
  bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; bytes parent_span_id = 4; string name = 5; int32 kind = 6;
  fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8; repeated KeyValue attributes = 9; uint32 dropped_attributes_count = 10;
  repeated Event events = 11; uint32 dropped_events_count = 12; repeated Link links = 13; uint32 dropped_links_count = 14;
  Status status = 15; fixed32 flags = 16;
}
message Event { fixed64 time_unix_nano = 1; string name = 2; repeated KeyValue attributes = 3; uint32 dropped_attributes_count = 4; }
message Link { bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; repeated KeyValue attributes = 4; uint32 dropped_attributes_count = 5; fixed32 flags = 6; }
message Status { string message = 2; int32 code = 3; }
message KeyValue { string key = 1; AnyValue value = 2; }
message AnyValue { oneof value {
  string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; ArrayValue array_value = 5; KeyValueList kvlist_value = 6; bytes bytes_value = 7;
} }
message ArrayValue { repeated AnyValue values = 1; }
message KeyValueList { repeated KeyValue values = 1; }
`;

/** The type `TracesData`. Its `decode` is code that protobufjs generates, the same as its static modules contain. */
export const TracesData = protobuf.parse(definition).root.lookupType('TracesData');

/**
 * Protobuf bytes of an OTLP/JSON object: ids from hex, everything else by protobufjs.
 * @param {object} request
 * @returns {Uint8Array}
 */
export function encodeRequest(request) {
  const copy = JSON.parse(JSON.stringify(request), (key, value) => {
    if (key !== 'traceId' && key !== 'spanId' && key !== 'parentSpanId') return value;
    return Buffer.from(value, 'hex').toString('base64');
  });
  return TracesData.encode(TracesData.fromObject(copy)).finish();
}
