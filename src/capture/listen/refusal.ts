/** Why something that reached a port is not taken, in words for a person and for the program that sent it. */

/**
 * `large`: too large, or too much of it. `unreadable`, `type`, `path`: cannot be read, is of an unknown type or encoding, went elsewhere. `foreign`:
 * not from this machine. `token`: from another machine, without the token. `grpc`, `tls`: another protocol. `http`: none.
 */
export type Refusal = 'large' | 'unreadable' | 'type' | 'path' | 'foreign' | 'token' | 'grpc' | 'tls' | 'http';

/** Told why a request was refused, for a person; `message` is a sentence, its beginning in small letters where it goes on. */
export type TellRefusal = (kind: Refusal, message: string) => void;

/** How a person's browser, or another window, is told whose port this is: the header `server`. */
export const SERVER_NAME = 'Spanhop';

/** Of a text of a request, so much is told. */
const SHOWN = 100;

export function shortened(text: string): string {
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}

export const GRPC_MESSAGE =
  'it is a call of gRPC that came over HTTP/1.1. Between the program and this port something speaks HTTP/1.1 only; set OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf for the program.';

export const TLS_MESSAGE =
  'it came over TLS (https), and this port speaks plain HTTP, on this machine only. Begin OTEL_EXPORTER_OTLP_ENDPOINT with http:// for the program that sent it.';

/** A whole answer of HTTP/1.1 for who cannot be heard as HTTP, after which the connection ends. TLS clients know from it that they met plain HTTP. */
export function plainAnswer(status: 400 | 408 | 431, message: string): string {
  const reason = { 400: 'Bad Request', 408: 'Request Timeout', 431: 'Request Header Fields Too Large' }[status];
  const length = Buffer.byteLength(message) + 1;
  return `HTTP/1.1 ${status} ${reason}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${length}\r\nConnection: close\r\n\r\n${message}\n`;
}
