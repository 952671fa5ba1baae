/** Requests and answers of either version of HTTP, as far as a listener deals with them. */

import type { OutgoingHttpHeaders } from 'node:http';
import type { Http2Session } from 'node:http2';
import type { Socket } from 'node:net';
import type { IncomingBody } from './body';
import type { Answer } from './protocol';

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
  readonly stream?: { readonly session: Http2Session | undefined };
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
 * Answers with a sentence. What the client still sends is read and dropped, until the time-out of the request: a connection that is cut
 * while the client sends would lose the answer, and SDKs try again after that.
 */
export function refuseAsText(
  request: Incoming,
  response: Outgoing,
  status: number,
  message: string,
  more: Record<string, string> = {},
): void {
  const headers = { 'content-type': 'text/plain; charset=utf-8' };
  sendAnswer(response, { status, headers, body: new TextEncoder().encode(`${message}\n`) }, more);
  if (!request.complete) request.resume();
}
