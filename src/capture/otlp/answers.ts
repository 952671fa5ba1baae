/**
 * What an OTLP client gets back, in the encoding that it used: an empty export response, one with a partial success, or a `google.rpc.Status`.
 * Sources: OpenTelemetry Protocol specification, "OTLP/HTTP Response"; opentelemetry/proto/collector/trace/v1/trace_service.proto;
 * google/rpc/status.proto and code.proto.
 */

import { ProtoWriter } from '../../core/format/proto/writer';
import type { Taken } from '../sink';

export type Encoding = 'protobuf' | 'json';

export const CONTENT_TYPES: Readonly<Record<Encoding, string>> = { protobuf: 'application/x-protobuf', json: 'application/json' };

/** Of google.rpc.Code. */
export const INVALID_ARGUMENT = 3;
export const RESOURCE_EXHAUSTED = 8;
export const UNAVAILABLE = 14;

const LEN = 2;
const EMPTY_JSON = new TextEncoder().encode('{}');
const EMPTY = new Uint8Array(0);

/** The response to an export of which so much was taken. */
export function exportAnswer(
  encoding: Encoding,
  signal: 'traces' | 'logs' | 'metrics',
  { rejected, message }: Taken,
): Uint8Array {
  if (signal !== 'metrics' && (rejected > 0 || message !== '')) return partialSuccess(encoding, signal, rejected, message);
  return encoding === 'json' ? EMPTY_JSON : EMPTY;
}

/** All but `rejected` records were taken. Clients must not send them again. 0 with a message: all were, and there is a warning. */
function partialSuccess(encoding: Encoding, signal: 'traces' | 'logs', rejected: number, message: string): Uint8Array {
  if (encoding === 'json') {
    const key = signal === 'traces' ? 'rejectedSpans' : 'rejectedLogRecords';
    return json({ partialSuccess: { [key]: String(rejected), errorMessage: message } });
  }
  // Export{Trace,Logs}ServiceResponse.partial_success = 1 { rejected_spans (rejected_log_records) = 1, error_message = 2 }
  const writer = new ProtoWriter(256);
  const partial = writer.open((1 << 3) | LEN, 2);
  numberAndText(writer, rejected, message);
  writer.close(partial, 2);
  return writer.finish();
}

/** The body of an answer of 4xx or 5xx. */
export function status(encoding: Encoding, code: number, message: string): Uint8Array {
  if (encoding === 'json') return json({ code, message });
  // Status { code = 1, message = 2 }
  const writer = new ProtoWriter(256);
  numberAndText(writer, code, message);
  return writer.finish();
}

function json(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

/** A number in field 1, a text in field 2. */
function numberAndText(writer: ProtoWriter, number: number, text: string): void {
  writer.varint(1 << 3);
  writer.varint(number);
  writer.text((2 << 3) | LEN, text);
}
