/**
 * What writer and reader of a capture's log agree on: 4 bytes of length (big endian), then one `ExportTraceServiceRequest` (or, in the log of
 * log records, one `ExportLogsServiceRequest`), as the OpenTelemetry Collector's file exporter writes protobuf. Nothing else is in the file,
 * so that any tool can read it.
 */

import { isWholeMessage } from '../../core/format/proto/wholeMessage';

/**
 * No request in a log is longer, and none is empty. Above what the receiver takes (64 MiB): what came as JSON is written as protobuf, which is
 * longer where records are next to empty. The writer refuses, and the reader does not believe, a length over it.
 */
export const MAX_FRAME_BYTES = 128 << 20;

/** Bytes of the length before each request. */
export const PREFIX_BYTES = 4;

/**
 * What each request begins with: `resource_spans` (`resource_logs`), length-delimited.
 * Source: opentelemetry/proto/collector/trace/v1/trace_service.proto, collector/logs/v1/logs_service.proto.
 */
export const FIRST_TAG = 0x0a;

/** Whether `[from, to)` may be a request of a log. A few reads for each resource; what is below is not looked at. */
export function isRequest(bytes: Uint8Array, from = 0, to = bytes.length): boolean {
  return to > from && to - from <= MAX_FRAME_BYTES && bytes[from] === FIRST_TAG && isWholeMessage(bytes, from, to);
}
