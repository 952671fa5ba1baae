/**
 * Listens on loopback for the programs of this machine, on as many ports as there are protocols: who may connect, how many, how much they may have in
 * memory, how long they may take. What a request is and what is answered is its port's protocol's (`protocol.ts`).
 */

import type { Server as HttpServer } from 'node:http';
import { createServer } from 'node:http';
import { createServer as createHttp2Server, type Http2Server, type Http2Session } from 'node:http2';
import type { Socket } from 'node:net';
import { SpanhopError } from '../../base/errors';
import { BodyError, gunzip, readBody } from './body';
import { Connections } from './connections';
import { type Incoming, type Outgoing, type Peer, peerOf, refuseAsText, sendAnswer } from './exchanges';
import { hearFirst } from './firstBytes';
import { corsHeaders, preflightHeaders } from './guard';
import { OpenBytes, Room } from './openBytes';
import type { CaptureProtocol, Exchange, Failure, Route } from './protocol';
import {
  GRPC_MESSAGE,
  grpcAnswer,
  plainAnswer,
  type Refusal,
  SERVER_NAME,
  shortened,
  type TellRefusal,
  TLS_MESSAGE,
} from './refusal';
import { doubledHeader, foreignness, pathOf } from './requestHead';

export interface ListenerOptions {
  /** Bytes of one body after decompression. */
  readonly maxBodyBytes?: number;
  /** Bytes that bodies may have in memory at one time, inflated, until they are answered; more are told to come again. */
  readonly maxOpenBytes?: number;
  /** Connections at one time; with more, the longest silent one gives way. */
  readonly maxConnections?: number;
  /** Milliseconds for a whole request. */
  readonly requestTimeoutMs?: number;
}

export type LoopbackHost = '127.0.0.1' | '::1';

const MAX_BODY_BYTES = 64 << 20;
const MAX_CONNECTIONS = 512;
/** Connections that may wait to be let in: with Node's 511, a burst makes everybody wait for a second until the system tries again. */
const BACKLOG = 4_096;
/** Requests at one time over one connection of HTTP/2. */
const MAX_STREAMS = 100;
/** Milliseconds for the head of a request, and for the first bytes of a connection. */
const HEAD_MS = 10_000;
/** Milliseconds that a connection which was refused may stay, for the answer to be read. */
const LAST_WORDS_MS = 2_000;
/** Who sends a body and has sent nothing, or only some bytes, for so long may lose its place to one who does. */
const STALLED_MS = 500;

interface Listening {
  readonly server: HttpServer | Http2Server;
  /** Ends connections over which nothing is under way, and others when that is over. */
  endIdle(): void;
}

export class Listener {
  private readonly servers: Listening[] = [];
  private closing = false;
  private readonly maxBodyBytes: number;
  private readonly open: OpenBytes;
  private readonly connections: Connections<Peer>;
  /** Of the bodies that are being received. */
  private readonly rooms = new Map<Peer, Set<Room>>();

  constructor(
    private readonly tell: TellRefusal,
    private readonly options: ListenerOptions = {},
  ) {
    this.maxBodyBytes = options.maxBodyBytes ?? MAX_BODY_BYTES;
    this.open = new OpenBytes(options.maxOpenBytes ?? 4 * this.maxBodyBytes);
    this.connections = new Connections(options.maxConnections ?? MAX_CONNECTIONS, (peer) => this.drop(peer));
  }

  /** What bodies that are being received, or wait for their answer, have in memory. */
  get openBytes(): number {
    return this.open.bytes;
  }

  /** Listens on a loopback address; port 0: any free one. Resolves with the port; rejects with the system's error (`EADDRINUSE`, …). */
  listen(protocol: CaptureProtocol, port: number, host: LoopbackHost = '127.0.0.1'): Promise<number> {
    const listening = protocol.http === 1 ? this.http1(protocol) : this.http2(protocol);
    const { server } = listening;
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen({ port, host, exclusive: true, backlog: BACKLOG }, () => {
        server.removeListener('error', reject);
        server.on('error', () => {});
        this.servers.push(listening);
        const address = server.address();
        resolve(typeof address === 'object' && address ? address.port : port);
      });
    });
  }

  /** Stops listening. Requests that are under way get `graceMs` to end. */
  async close(graceMs = 1_000): Promise<void> {
    // Answers from now on end their connections, which a client would keep open for the next request.
    this.closing = true;
    await Promise.all(
      this.servers.splice(0).map(
        ({ server, endIdle }) =>
          new Promise<void>((resolve) => {
            const timer = setTimeout(() => this.connections.closeAll(), graceMs);
            server.close(() => {
              clearTimeout(timer);
              resolve();
            });
            endIdle();
          }),
      ),
    );
  }

  /** Who speaks HTTP/2 or TLS here gets an answer in it, as far as that can be. */
  private http1(protocol: CaptureProtocol): Listening {
    const timeoutMs = this.options.requestTimeoutMs ?? 30_000;
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
    const other = this.http2(protocol);
    const serving = server.listeners('connection');
    server.removeAllListeners('connection');
    server.on('connection', (socket: Socket) => {
      this.connected(socket);
      hearFirst(socket, headersTimeout, (spoken) => {
        if (spoken === 'http1') {
          for (const serve of serving) Reflect.apply(serve, server, [socket]);
          socket.resume();
        } else if (spoken === 'http2') {
          this.connections.closed(socket);
          other.server.emit('connection', socket);
        } else {
          this.refuseConnection(socket, 'tls', TLS_MESSAGE);
        }
      });
    });
    server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => this.misheard(error, socket));
    server.on('request', (request, response) => void this.answer(protocol, request, response));
    // `Expect: 100-continue` (curl does so above 1 MB): the limits are checked while the body comes.
    server.on('checkContinue', (request, response) => {
      response.writeContinue();
      void this.answer(protocol, request, response);
    });
    const endIdle = (): void => {
      server.closeIdleConnections();
      other.endIdle();
    };
    return { server, endIdle };
  }

  /** One connection carries many requests; it is what gives way. */
  private http2(protocol: CaptureProtocol): Listening {
    const server = createHttp2Server({ settings: { maxConcurrentStreams: MAX_STREAMS } });
    const sessions = new Set<Http2Session>();
    server.on('session', (session) => {
      this.connected(session);
      sessions.add(session);
      session.once('close', () => sessions.delete(session));
      session.on('error', () => {});
      session.setTimeout(this.options.requestTimeoutMs ?? 65_000, () => session.close());
      if (this.closing) session.close();
    });
    server.on('request', (request, response) => void this.answer(protocol, request, response));
    const endIdle = (): void => {
      for (const session of sessions) session.close();
    };
    return { server, endIdle };
  }

  /** What is no HTTP, or was never finished. */
  private misheard(error: NodeJS.ErrnoException, socket: Socket): void {
    const { code = '' } = error;
    // Who ended in the middle of a request is told of by who reads its body.
    if (!socket.writable || code === 'ECONNRESET' || code === 'HPE_INVALID_EOF_STATE') {
      socket.destroy();
      return;
    }
    if (code === 'ERR_HTTP_REQUEST_TIMEOUT') socket.end(plainAnswer(408, 'The request took too long.'));
    else if (code === 'HPE_HEADER_OVERFLOW')
      this.refuseConnection(socket, 'http', 'its headers are over 16 KiB; send fewer, or shorter ones.', 431);
    else this.refuseConnection(socket, 'http', 'it is no HTTP that can be read. Send OTLP over HTTP to this port.');
  }

  private refuseConnection(socket: Socket, kind: Refusal, message: string, status: 400 | 431 = 400): void {
    this.tell(kind, message);
    socket.on('error', () => {});
    socket.end(plainAnswer(status, `The request was refused: ${message}`));
    // What else comes is dropped, and the client has a moment to read why.
    socket.resume();
    socket.setTimeout(LAST_WORDS_MS, () => socket.destroy());
  }

  private connected(peer: Peer): void {
    this.connections.opened(peer);
    peer.once('close', () => this.connections.closed(peer));
  }

  private async answer(protocol: CaptureProtocol, request: Incoming, response: Outgoing): Promise<void> {
    const { headers, method = '' } = request;
    const { origin } = headers;
    response.on('error', () => {});
    this.connections.heard(peerOf(request));
    const doubled = doubledHeader(request.rawHeaders);
    if (doubled !== undefined) {
      const message = `it has more than one ${doubled} header.`;
      this.tell('http', message);
      refuseAsText(request, response, 400, `The request was refused: ${message}`);
      return;
    }
    const foreign = foreignness(request);
    if (foreign !== undefined) {
      this.tell('foreign', foreign);
      refuseAsText(request, response, 403, `Only programs and pages of this machine may send spans here: ${foreign}`);
      return;
    }
    if (protocol.http === 1 && /^application\/grpc\b/i.test(headers['content-type'] ?? '')) {
      this.tell('grpc', GRPC_MESSAGE);
      sendAnswer(response, grpcAnswer(), {});
      if (!request.complete) request.resume();
      return;
    }
    const cors = corsHeaders(origin);
    const path = pathOf(request.url);
    const route = protocol.routeTo(path);
    const brings = method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS';
    if (!route) {
      // Somebody who looks with a browser is no program whose spans are lost.
      if (brings) this.tell('path', `it went to ${shortened(path)}. ${protocol.hint}`);
      refuseAsText(request, response, 404, protocol.hint, { ...cors, server: SERVER_NAME });
    } else if (method === 'OPTIONS' && origin !== undefined) {
      response.writeHead(204, preflightHeaders(origin, headers['access-control-request-headers']));
      response.end();
    } else if (method !== 'POST') {
      if (brings) this.tell('path', `it came by ${shortened(method)}. Use POST.`);
      const message = method === 'GET' ? `Use POST. ${protocol.hint}` : 'Use POST.';
      refuseAsText(request, response, 405, message, { ...cors, allow: 'POST, OPTIONS', server: SERVER_NAME });
    } else {
      await this.begin(route, request, response, cors);
    }
  }

  private async begin(route: Route, request: Incoming, response: Outgoing, cors: Record<string, string>): Promise<void> {
    const exchange = route.begin(request.headers);
    if ('take' in exchange) {
      await this.receive(route, exchange, request, response, cors);
      return;
    }
    this.tell(kindOf(exchange), exchange.message);
    refuseAsText(request, response, exchange.status, exchange.advice ?? exchange.message, cors);
  }

  private async receive(
    route: Route,
    exchange: Exchange,
    request: Incoming,
    response: Outgoing,
    cors: Record<string, string>,
  ): Promise<void> {
    const peer = peerOf(request);
    const room = this.roomOf(peer);
    const tools = { gunzip: (bytes: Uint8Array) => gunzip(bytes, this.maxBodyBytes, room) };
    let ofBody = true;
    let isWhole = false;
    try {
      if (route.ignoresBody) {
        // Not read into memory: only counted.
        request.resume();
        sendAnswer(response, await exchange.take(new Uint8Array(0), tools), cors);
        return;
      }
      request.on('data', (chunk: Uint8Array) => this.connections.sent(peer, chunk.length));
      const body = await readBody(request, this.maxBodyBytes, room);
      ofBody = false;
      isWhole = true;
      this.connections.answering(peer, true);
      const answer = await exchange.take(body, tools);
      if (this.closing) response.shouldKeepAlive = false;
      sendAnswer(response, answer, cors);
    } catch (error) {
      const failure = failureOf(error, ofBody);
      // Who broke off is told of as well, for it is counted.
      if (failure.status !== 503 && !this.closing) this.tell(kindOf(failure), failure.message);
      sendAnswer(response, exchange.refuse(failure), cors);
      if (!request.complete) request.resume();
    } finally {
      this.endRoom(peer, room);
      if (isWhole) this.connections.answering(peer, false);
    }
  }

  private roomOf(peer: Peer): Room {
    const room = new Room(this.open, () => this.makeRoom(peer));
    const rooms = this.rooms.get(peer);
    if (rooms) rooms.add(room);
    else this.rooms.set(peer, new Set([room]));
    return room;
  }

  private endRoom(peer: Peer, room: Room): void {
    room.end();
    const rooms = this.rooms.get(peer);
    rooms?.delete(room);
    if (rooms?.size === 0) this.rooms.delete(peer);
  }

  /** A body needs room: who holds some and has not sent for a while gives it up. */
  private makeRoom(forPeer: Peer): boolean {
    const holds = (peer: Peer): boolean => {
      if (peer === forPeer) return false;
      for (const room of this.rooms.get(peer) ?? []) if (room.bytes > 0) return true;
      return false;
    };
    return this.connections.giveWay(holds, STALLED_MS);
  }

  private drop(peer: Peer): void {
    for (const room of this.rooms.get(peer) ?? []) room.end();
    this.rooms.delete(peer);
    peer.destroy();
  }
}

function failureOf(error: unknown, ofBody: boolean): Failure {
  if (error instanceof BodyError) return { status: error.status, message: error.message, ofBody: true };
  if (error instanceof SpanhopError && error.kind === 'BadData') return { status: 400, message: error.message, ofBody };
  if (error instanceof SpanhopError && error.kind === 'TooLarge') return { status: 413, message: error.message, ofBody };
  return { status: 503, message: error instanceof Error ? error.message : 'Not now.', ofBody };
}

function kindOf({ status }: Failure): Refusal {
  return status === 413 ? 'large' : status === 415 ? 'type' : 'unreadable';
}
