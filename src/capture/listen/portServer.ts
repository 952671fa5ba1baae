/**
 * The server of one port: HTTP/1.1, and HTTP/2 from its first byte on ("prior knowledge", as gRPC begins), told apart by the first bytes of a
 * connection. An offer to change to HTTP/2 (`Upgrade: h2c`, which Java's client makes) is passed over, as any server may: the client goes on in
 * HTTP/1.1. Who speaks TLS is answered in plain HTTP.
 *
 * HTTP/2 is Node's own, and not that of `@grpc/grpc-js`, whose server reads a message whole before anybody can refuse it: the guard of `Host` and
 * `Origin`, the room that all bodies share, and the limit of connections would hold for one half of what comes to a port alone. Measured with the
 * same sender, 500 spans a call, messages read and dropped: 2.26 million spans/s of grpc-js, 2.02 million here; with 50 connections that each hold
 * 60 MB of a message back, 2,905 MB of memory there, 802 MB here, where more connections take no more.
 */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import {
  constants,
  createServer as createHttp2Server,
  type Http2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type Http2Session,
} from 'node:http2';
import type { Server, Socket } from 'node:net';
import { isLoopback } from './admission';
import type { Peer } from './exchanges';
import { hearFirst } from './firstBytes';
import { FloodGate } from './floodGate';
import { plainAnswer, type Refusal, TLS_MESSAGE } from './refusal';

/** Requests at one time over one connection of HTTP/2. */
const MAX_STREAMS = 100;
/** What a client may send of one request, and over one connection, before we have read it. With the 64 kB of the standard each body waits several times. */
const STREAM_WINDOW = 1 << 20;
const CONNECTION_WINDOW = 4 << 20;
/** Bytes of the headers of a request. */
const MAX_HEADERS = 16 << 10;
/** Memory of one connection of HTTP/2 for frames that come and go, in megabytes. */
const SESSION_MEGABYTES = 10;
/** Milliseconds for the head of a request, and for the first bytes of a connection. */
const HEAD_MS = 10_000;
/** Milliseconds that a connection which was refused may stay, for the answer to be read. */
const LAST_WORDS_MS = 2_000;

export interface PortServer {
  readonly server: Server;
  /** Ends connections over which nothing is under way, and others when that is over. */
  endIdle(): void;
  /** Ends connections of HTTP/2, also of clients that do not read what they are told. */
  endAll(): void;
}

export interface PortServerOwner {
  readonly requestTimeoutMs: number;
  readonly closing: boolean;
  request(request: IncomingMessage | Http2ServerRequest, response: ServerResponse | Http2ServerResponse): void;
  /** Somebody is there. */
  connected(peer: Peer): void;
  /** A connection that is a stream of spans. */
  stream(socket: Socket): void;
  /** What was a connection is a session of HTTP/2, or a stream of spans, from now on. */
  became(socket: Socket): void;
  tell(kind: Refusal, message: string): void;
}

export function portServer(owner: PortServerOwner): PortServer {
  const timeoutMs = owner.requestTimeoutMs;
  const headersTimeout = Math.min(HEAD_MS, timeoutMs);
  const server = createServer({
    requestTimeout: timeoutMs,
    headersTimeout,
    keepAliveTimeout: 65_000,
    connectionsCheckingInterval: Math.min(5_000, timeoutMs),
    noDelay: true,
    // What has no host is told by us.
    requireHostHeader: false,
  });
  const sessions = new Set<Http2Session>();
  /** Those of sessions: one that is ended waits for a client that reads nothing. */
  const underSessions = new Set<Socket>();
  const http2 = http2Server(owner, sessions);
  const serving = server.listeners('connection');
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    owner.connected(socket);
    hearFirst(socket, headersTimeout, (spoken) => {
      if (spoken === 'http1') {
        for (const serve of serving) Reflect.apply(serve, server, [socket]);
        socket.resume();
      } else if (spoken === 'http2') {
        owner.became(socket);
        underSessions.add(socket);
        socket.once('close', () => underSessions.delete(socket));
        socket.setNoDelay(true);
        http2.emit('connection', socket);
      } else if (spoken === 'tls') {
        refuseConnection(owner, socket, 'tls', TLS_MESSAGE);
      } else {
        owner.became(socket);
        // Its beginning has no place for a token.
        if (owner.closing || !isLoopback(socket.remoteAddress)) socket.destroy();
        else owner.stream(socket);
      }
    });
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => misheard(owner, error, socket));
  server.on('request', (request, response) => owner.request(request, response));
  // `Expect: 100-continue` (curl does so above 1 MB): the limits are checked while the body comes.
  server.on('checkContinue', (request, response) => {
    response.writeContinue();
    owner.request(request, response);
  });
  const endIdle = (): void => {
    server.closeIdleConnections();
    for (const session of sessions) session.close();
  };
  const endAll = (): void => {
    for (const socket of underSessions) socket.destroy();
  };
  return { server, endIdle, endAll };
}

/** One connection carries many requests; it is what gives way. */
function http2Server(owner: PortServerOwner, sessions: Set<Http2Session>): Http2Server {
  const server = createHttp2Server({
    maxSessionMemory: SESSION_MEGABYTES,
    settings: {
      maxConcurrentStreams: MAX_STREAMS,
      initialWindowSize: STREAM_WINDOW,
      maxHeaderListSize: MAX_HEADERS,
      enablePush: false,
    },
  });
  server.on('session', (session) => {
    owner.connected(session);
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
    session.on('error', () => {});
    session.setLocalWindowSize(CONNECTION_WINDOW);
    const gate = new FloodGate();
    const passed = (): void => {
      if (!gate.passes()) session.destroy(undefined, constants.NGHTTP2_ENHANCE_YOUR_CALM);
    };
    session.on('ping', passed);
    session.on('remoteSettings', passed);
    if (owner.closing) session.close();
  });
  server.on('request', (request, response) => owner.request(request, response));
  return server;
}

/** What is no HTTP, or was never finished. */
function misheard(owner: PortServerOwner, error: NodeJS.ErrnoException, socket: Socket): void {
  const { code = '' } = error;
  // Who ended in the middle of a request is told of by who reads its body.
  if (!socket.writable || code === 'ECONNRESET' || code === 'HPE_INVALID_EOF_STATE') {
    socket.destroy();
    return;
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') socket.end(plainAnswer(408, 'The request took too long.'));
  else if (code === 'HPE_HEADER_OVERFLOW')
    refuseConnection(owner, socket, 'http', 'its headers are over 16 KiB; send fewer, or shorter ones.', 431);
  else refuseConnection(owner, socket, 'http', 'it is no HTTP that can be read. Send OTLP over HTTP or gRPC to this port.');
}

function refuseConnection(owner: PortServerOwner, socket: Socket, kind: Refusal, message: string, status: 400 | 431 = 400): void {
  owner.tell(kind, message);
  socket.on('error', () => {});
  socket.end(plainAnswer(status, `The request was refused: ${message}`));
  // What else comes is dropped, and the client has a moment to read why.
  socket.resume();
  socket.setTimeout(LAST_WORDS_MS, () => socket.destroy());
}
