/**
 * Listens for the programs of this machine, and of others where that is asked for, on as many ports as are wanted: who may connect, how many, how much they may have in
 * memory, how long they may take. What a request is and what is answered is its protocol's (`protocol.ts`).
 */

import type { Socket } from 'node:net';
import { SpanhopError } from '../../base/errors';
import { addressesOf, hasToken, isLoopback } from './admission';
import { BodyError, inflatePart, readBody } from './body';
import { Connections } from './connections';
import { endSoon, type Incoming, type Outgoing, type Peer, peerOf, refuse, sendAnswer } from './exchanges';
import { isGrpc } from './grpcStatus';
import { corsHeaders, preflightHeaders } from './guard';
import { OpenBytes, Room } from './openBytes';
import { type PortServer, portServer } from './portServer';
import type { CaptureProtocol, Exchange, Failure, Route } from './protocol';
import { GRPC_MESSAGE, type Refusal, SERVER_NAME, shortened, type TellRefusal } from './refusal';
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
  /** Takes over connections that are no requests but a stream of spans; its limits and its end are theirs. Without, they are refused. */
  readonly streams?: (socket: Socket) => void;
}

const MAX_BODY_BYTES = 64 << 20;
const MAX_CONNECTIONS = 512;
/** Connections that may wait to be let in: with Node's 511, a burst makes everybody wait for a second until the system tries again. */
const BACKLOG = 4_096;
const REQUEST_MS = 30_000;
const HEADER_HINT = 'send "Authorization: Bearer <token>" (OTEL_EXPORTER_OTLP_HEADERS=authorization=Bearer%20<token>).';
const CHALLENGE = { 'www-authenticate': 'Bearer', server: SERVER_NAME };
/** Who sends a body and has sent nothing, or only some bytes, for so long may lose its place to one who does. */
const STALLED_MS = 500;

export class Listener {
  private readonly servers: PortServer[] = [];
  private closing = false;
  private token: string | undefined;
  private readonly maxBodyBytes: number;
  private readonly requestMs: number;
  private readonly open: OpenBytes;
  private readonly connections: Connections<Peer>;
  /** Of the bodies that are being received. */
  private readonly rooms = new Map<Peer, Set<Room>>();

  constructor(
    private readonly tell: TellRefusal,
    private readonly options: ListenerOptions = {},
  ) {
    this.requestMs = options.requestTimeoutMs ?? REQUEST_MS;
    this.maxBodyBytes = options.maxBodyBytes ?? MAX_BODY_BYTES;
    this.open = new OpenBytes(options.maxOpenBytes ?? 4 * this.maxBodyBytes);
    this.connections = new Connections(options.maxConnections ?? MAX_CONNECTIONS, (peer) => this.drop(peer));
  }

  /** With it, programs of other machines are let in, where the listener listens for them. Undefined: none are. */
  set foreignToken(token: string | undefined) {
    this.token = token;
  }

  /** What bodies that are being received, or wait for their answer, have in memory. */
  get openBytes(): number {
    return this.open.bytes;
  }

  /** Listens on an address of this machine; port 0: any free one. Resolves with the port; rejects with the system's error (`EADDRINUSE`, …). */
  listen(protocol: CaptureProtocol, port: number, host = '127.0.0.1'): Promise<number> {
    const listening = this.serve(protocol);
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
        ({ server, endIdle, endAll }) =>
          new Promise<void>((resolve) => {
            const timer = setTimeout(() => {
              this.connections.closeAll();
              endAll();
            }, graceMs);
            server.close(() => {
              clearTimeout(timer);
              resolve();
            });
            endIdle();
          }),
      ),
    );
  }

  private serve(protocol: CaptureProtocol): PortServer {
    const listener = this;
    return portServer({
      requestTimeoutMs: this.requestMs,
      get closing() {
        return listener.closing;
      },
      request: (request, response) => void this.answer(protocol, request, response),
      connected: (peer) => this.connected(peer),
      stream: this.options.streams ?? ((socket) => void socket.destroy()),
      became: (socket) => this.connections.closed(socket),
      tell: this.tell,
    });
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
      refuse(request, response, 400, `The request was refused: ${message}`);
      return;
    }
    if (!this.admits(request)) {
      const message = `it came from ${shortened(addressesOf(request).from ?? 'another machine')} without the token of this capture.`;
      this.tell('token', message);
      refuse(request, response, 401, `Programs of other machines need the token of this capture: ${HEADER_HINT}`, CHALLENGE);
      return;
    }
    const foreign = foreignness(request);
    if (foreign !== undefined) {
      this.tell('foreign', foreign);
      refuse(request, response, 403, `Only programs and pages of this machine may send spans here: ${foreign}`);
      return;
    }
    if (request.stream === undefined && isGrpc(headers['content-type'])) {
      this.tell('grpc', GRPC_MESSAGE);
      refuse(request, response, 400, `The request was refused: ${GRPC_MESSAGE}`);
      return;
    }
    const cors = corsHeaders(origin);
    const path = pathOf(request.url);
    const route = protocol.routeTo(path, headers);
    const brings = method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS';
    if (!route) {
      // Somebody who looks with a browser is no program whose spans are lost.
      if (brings) this.tell('path', `it went to ${shortened(path)}. ${protocol.hint}`);
      refuse(request, response, 404, protocol.hint, { ...cors, server: SERVER_NAME });
    } else if (method === 'OPTIONS' && origin !== undefined) {
      response.writeHead(204, preflightHeaders(origin, headers['access-control-request-headers']));
      response.end();
    } else if (method !== 'POST') {
      if (brings) this.tell('path', `it came by ${shortened(method)}. Use POST.`);
      const message = method === 'GET' ? `Use POST. ${protocol.hint}` : 'Use POST.';
      refuse(request, response, 405, message, { ...cors, allow: 'POST, OPTIONS', server: SERVER_NAME });
    } else {
      await this.begin(route, request, response, cors);
    }
  }

  private admits(request: Incoming): boolean {
    return isLoopback(addressesOf(request).from) || (this.token !== undefined && hasToken(request, this.token));
  }

  private async begin(route: Route, request: Incoming, response: Outgoing, cors: Record<string, string>): Promise<void> {
    const exchange = route.begin(request.headers);
    if ('take' in exchange) {
      await this.receive(route, exchange, request, response, cors);
      return;
    }
    this.tell(kindOf(exchange), exchange.message);
    if (exchange.answer) {
      sendAnswer(response, exchange.answer, cors);
      endSoon(request);
      return;
    }
    refuse(request, response, exchange.status, exchange.advice ?? exchange.message, cors);
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
    const tools = {
      inflate: (bytes: Uint8Array, encoding: string) => inflatePart(bytes, encoding, this.maxBodyBytes, room),
    };
    let ofBody = true;
    let isWhole = false;
    try {
      if (route.ignoresBody) {
        // Not read into memory: only counted.
        sendAnswer(response, await exchange.take(new Uint8Array(0), tools), cors);
        endSoon(request);
        return;
      }
      request.on('data', (chunk: Uint8Array) => this.connections.sent(peer, chunk.length));
      const body = await readBody(request, { maxBytes: this.maxBodyBytes, patienceMs: this.patience(request, exchange) }, room);
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
      endSoon(request);
    } finally {
      this.endRoom(peer, room);
      if (isWhole) this.connections.answering(peer, false);
    }
  }

  /** A request of HTTP/1.1 is timed by its server. */
  private patience(request: Incoming, { patienceMs }: Exchange): number | undefined {
    return request.stream === undefined ? undefined : Math.min(patienceMs ?? this.requestMs, this.requestMs);
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
  return status === 404 ? 'path' : status === 413 ? 'large' : status === 415 ? 'type' : 'unreadable';
}
