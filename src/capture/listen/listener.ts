/**
 * Listens on loopback for the programs of this machine, on as many ports as there are protocols: who may connect, how many, how much they may have in
 * memory, how long they may take. What a request is and what is answered is its port's protocol's (`protocol.ts`).
 */

import type { Server as HttpServer } from 'node:http';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { createServer as createHttp2Server, type Http2Server, type Http2Session } from 'node:http2';
import { SpanhopError } from '../../base/errors';
import { BodyError, gunzip, readBody } from './body';
import { Connections } from './connections';
import { type Incoming, type Outgoing, type Peer, peerOf, refuseAsText, sendAnswer } from './exchanges';
import { corsHeaders, isLocalHost, isLocalOrigin, preflightHeaders } from './guard';
import { OpenBytes, Room } from './openBytes';
import type { CaptureProtocol, Exchange, Failure, Route } from './protocol';

/** Why a request is not taken: too large or too much of it, not readable, of an unknown type or encoding, or not from this machine. */
export type Refusal = 'large' | 'unreadable' | 'type' | 'foreign';

/** Told why a request was refused, for a person; `message` is a sentence, its beginning in small letters where it goes on. */
export type TellRefusal = (kind: Refusal, message: string) => void;

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

  private http1(protocol: CaptureProtocol): Listening {
    const timeoutMs = this.options.requestTimeoutMs ?? 30_000;
    const server = createServer({
      requestTimeout: timeoutMs,
      headersTimeout: Math.min(10_000, timeoutMs),
      keepAliveTimeout: 65_000,
      connectionsCheckingInterval: Math.min(5_000, timeoutMs),
      noDelay: true,
    });
    server.on('connection', (socket) => this.connected(socket));
    server.on('request', (request, response) => void this.answer(protocol, request, response));
    // `Expect: 100-continue` (curl does so above 1 MB): the limits are checked while the body comes.
    server.on('checkContinue', (request, response) => {
      response.writeContinue();
      void this.answer(protocol, request, response);
    });
    return { server, endIdle: () => server.closeIdleConnections() };
  }

  /** One connection carries many requests; it is what gives way. */
  private http2(protocol: CaptureProtocol): Listening {
    const server = createHttp2Server();
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

  private connected(peer: Peer): void {
    this.connections.opened(peer);
    peer.once('close', () => this.connections.closed(peer));
  }

  private async answer(protocol: CaptureProtocol, request: Incoming, response: Outgoing): Promise<void> {
    const { headers } = request;
    const { origin } = headers;
    const host = authorityOf(headers);
    response.on('error', () => {});
    this.connections.heard(peerOf(request));
    const doubled = doubledHeader(request.rawHeaders);
    if (doubled !== undefined) {
      refuseAsText(request, response, 400, `The request has more than one ${doubled} header.`);
      return;
    }
    if (!isLocalHost(host) || (origin !== undefined && !isLocalOrigin(origin))) {
      this.tell('foreign', `${(origin ?? host ?? 'somebody').slice(0, 100)} is not of this machine.`);
      refuseAsText(request, response, 403, 'Only programs and pages of this machine may send spans here.');
      return;
    }
    const cors = corsHeaders(origin);
    const path = pathOf(request.url);
    if (!Object.hasOwn(protocol.routes, path)) {
      refuseAsText(request, response, 404, protocol.hint, cors);
    } else if (request.method === 'OPTIONS' && origin !== undefined) {
      response.writeHead(204, preflightHeaders(origin, headers['access-control-request-headers']));
      response.end();
    } else if (request.method !== 'POST') {
      refuseAsText(request, response, 405, 'Use POST.', { ...cors, allow: 'POST, OPTIONS' });
    } else {
      await this.begin(protocol.routes[path], request, response, cors);
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
      if (failure.status !== 503 && !peer.destroyed) this.tell(kindOf(failure), failure.message);
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

/** Headers that decide what a request is; with two of them, two readers may see two requests. Source: RFC 9112, 3.2; RFC 9110, 5.3. */
const SINGLE = new Set(['host', ':authority', 'origin', 'content-type', 'content-encoding', 'content-length']);

function doubledHeader(raw: readonly string[]): string | undefined {
  const seen = new Set<string>();
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i].toLowerCase();
    if (!SINGLE.has(name)) continue;
    if (seen.has(name)) return raw[i];
    seen.add(name);
  }
  return undefined;
}

/** Of HTTP/2, the host is no header but the authority. Source: RFC 9113, 8.3.1. */
function authorityOf(headers: IncomingHttpHeaders): string | undefined {
  const authority = headers[':authority'];
  return typeof authority === 'string' ? authority : headers.host;
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

function pathOf(url: string | undefined): string {
  const path = (url ?? '/').split('?', 1)[0];
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}
