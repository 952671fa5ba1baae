/**
 * How a gRPC client is told that its call failed: in the headers of an answer without a body ("Trailers-Only").
 * Sources: gRPC, "gRPC over HTTP2" and "Status codes"; OpenTelemetry Protocol specification, "OTLP/gRPC Throttling".
 */

import type { Answer } from './protocol';

/** Of those of gRPC. A client of OTLP sends again after `deadlineExceeded` and `unavailable`, and after none of the others. */
export const GRPC_STATUS = {
  ok: 0,
  invalidArgument: 3,
  deadlineExceeded: 4,
  permissionDenied: 7,
  resourceExhausted: 8,
  unimplemented: 12,
  unavailable: 14,
  unauthenticated: 16,
} as const;

export type GrpcCode = (typeof GRPC_STATUS)[keyof typeof GRPC_STATUS];

export const GRPC_TYPE = 'application/grpc';
/** Compressions of a message. */
export const GRPC_ENCODINGS = 'identity,deflate,gzip';
const EMPTY = new Uint8Array(0);
/** Beyond so much of a message, HTTP/2 clients may refuse the headers. */
const MAX_MESSAGE = 1_000;
/** `google.rpc.Status { code = 14, details = RetryInfo { retry_delay { seconds = 1 } } }`, in base64 as metadata with bytes is sent. */
const COME_AGAIN = retryInfo();

/** Whether a request is a call of gRPC; not of gRPC-Web, which is another protocol. */
export function isGrpc(contentType: string | undefined): boolean {
  return /^application\/grpc(?:$|[+; ])/i.test(contentType ?? '');
}

/**
 * The answer to a call that failed.
 * @param httpStatus what is read by those that are no gRPC client; gRPC's own status comes first for one that is
 */
export function grpcFailure(code: GrpcCode, message: string, httpStatus = 200): Answer {
  return {
    status: httpStatus,
    headers: {
      'content-type': GRPC_TYPE,
      'grpc-status': String(code),
      'grpc-message': percentEncoded(message),
      ...(code === GRPC_STATUS.unavailable ? { 'grpc-status-details-bin': COME_AGAIN } : {}),
      ...(code === GRPC_STATUS.unimplemented ? { 'grpc-accept-encoding': GRPC_ENCODINGS } : {}),
    },
    body: EMPTY,
  };
}

/** Printable ASCII but for the percent sign stays as it is. Source: "gRPC over HTTP2", "Percent-Encoded". */
function percentEncoded(message: string): string {
  const bytes = new TextEncoder().encode(message.slice(0, MAX_MESSAGE));
  let encoded = '';
  for (const byte of bytes) {
    const stays = byte >= 0x20 && byte <= 0x7e && byte !== 0x25;
    encoded += stays ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return encoded;
}

function retryInfo(): string {
  const type = new TextEncoder().encode('type.googleapis.com/google.rpc.RetryInfo');
  // RetryInfo { retry_delay = 1: Duration { seconds = 1: 1 } }
  const value = [0x0a, 2, 0x08, 1];
  // Any { type_url = 1, value = 2 }
  const any = [0x0a, type.length, ...type, 0x12, value.length, ...value];
  // Status { code = 1, details = 3 }
  return Buffer.from([0x08, GRPC_STATUS.unavailable, 0x1a, any.length, ...any]).toString('base64');
}
