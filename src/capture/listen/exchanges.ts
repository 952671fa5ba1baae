/** Requests and answers of either version of HTTP, as far as a listener deals with them. */

import type { OutgoingHttpHeaders } from 'node:http';
import { constants, type Http2Session, type Http2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import type { IncomingBody } from './body';
import { GRPC_STATUS, grpcFailure, isGrpc } from './grpcStatus';
import type { Answer } from './protocol';

/** Milliseconds that a request of which nothing is wanted any more may go on. */
const LAST_WORDS_MS = 2_000;

/** Who is at the other end of a connection. */
export type Peer = Socket | Http2Session;

export interface Incoming extends IncomingBody {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly httpVersion: string;
  readonly rawHeaders: readonly string[];
  readonly complete: boolean;
  readonly socket: Socket;
  /** Of HTTP/2. */
  readonly stream?: Http2Stream;
}

export interface Outgoing {
  readonly headersSent: boolean;
  readonly destroyed?: boolean;
  /** Of HTTP/1.1. */
  shouldKeepAlive?: boolean;
  on(event: 'error', listener: () => void): unknown;
  writeHead(status: number, headers: OutgoingHttpHeaders): unknown;
  addTrailers(trailers: OutgoingHttpHeaders): unknown;
  end(): unknown;
  end(body: Uint8Array): unknown;
}

export function peerOf({ stream, socket }: Incoming): Peer {
  return stream?.session ?? socket;
}

export function sendAnswer(response: Outgoing, { status, headers, body, trailers }: Answer, more: Record<string, string>): void {
  if (response.destroyed || response.headersSent) return;
  const length = trailers ? {} : { 'content-length': body.length };
  response.writeHead(status, { ...more, ...headers, ...length });
  if (trailers) response.addTrailers(trailers);
  // Without an empty chunk the answer is one write.
  if (body.length === 0) response.end();
  else response.end(body);
}

/**
 * Answers with a sentence: in gRPC's way to a call of gRPC, else in plain text. What the client still sends is read and dropped, until the time-out
 * of the request: a connection that is cut while the client sends would lose the answer, and SDKs try again after that.
 */
export function refuse(
  request: Incoming,
  response: Outgoing,
  status: 400 | 401 | 403 | 404 | 405 | 408 | 413 | 415 | 503,
  message: string,
  more: Record<string, string> = {},
): void {
  if (request.stream !== undefined && isGrpc(request.headers['content-type'])) {
    sendAnswer(response, grpcFailure(GRPC_OF[status], message, status), more);
  } else {
    const headers = { 'content-type': 'text/plain; charset=utf-8' };
    sendAnswer(response, { status, headers, body: new TextEncoder().encode(`${message}\n`) }, more);
  }
  endSoon(request);
}

const GRPC_OF = {
  400: GRPC_STATUS.invalidArgument,
  401: GRPC_STATUS.unauthenticated,
  403: GRPC_STATUS.permissionDenied,
  404: GRPC_STATUS.unimplemented,
  405: GRPC_STATUS.unimplemented,
  408: GRPC_STATUS.deadlineExceeded,
  413: GRPC_STATUS.resourceExhausted,
  415: GRPC_STATUS.unimplemented,
  503: GRPC_STATUS.unavailable,
} as const;

/** A request that is answered: what still comes of it is dropped, of HTTP/2 no longer than it takes to read the answer. */
export function endSoon(request: Incoming): void {
  if (request.complete) return;
  request.resume();
  const { stream } = request;
  if (stream === undefined) return;
  const timer = setTimeout(() => stream.close(constants.NGHTTP2_NO_ERROR), LAST_WORDS_MS);
  timer.unref();
  stream.once('close', () => clearTimeout(timer));
}
