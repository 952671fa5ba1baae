/**
 * OTLP over HTTP, on loopback only: what SDKs and collectors send to `/v1/traces` and `/v1/logs` goes to the sink, and is answered when the sink
 * has it safe. Metrics are answered as taken and counted, because SDKs send them too and would print errors otherwise.
 * Source: OpenTelemetry Protocol specification, "OTLP/HTTP".
 */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { SpanhopError } from '../../base/errors';
import {
  CONTENT_TYPES,
  type Encoding,
  INVALID_ARGUMENT,
  PERMISSION_DENIED,
  partialSuccess,
  RESOURCE_EXHAUSTED,
  status,
  success,
  UNAVAILABLE,
} from '../otlp/answers';
import { BodyError, readBody } from './body';
import { Connections } from './connections';
import { corsHeaders, isLocalHost, isLocalOrigin, preflightHeaders } from './guard';
import { OpenBytes, Room } from './openBytes';

/** What became of a request's records. */
export interface Taken {
  readonly rejected: number;
  /** Empty where there is nothing to say. */
  readonly message: string;
}

/** Where requests go. */
export interface TraceSink {
  /**
   * Takes the body of a trace export, and resolves when it is safe: with how many of its spans are not kept, and a message also where all are but
   * some have a flaw. Rejects with `BadData` for one that cannot be read (answered 400: the client drops it), with `TooLarge` (413), and with
   * anything else when it cannot be kept now (503: the client tries again).
   */
  traces(body: Uint8Array, encoding: Encoding): Promise<Taken>;
  /** Takes the body of an export of logs, as `traces` does. */
  logs(body: Uint8Array, encoding: Encoding): Promise<Taken>;
  /** A request of metrics came. */
  metrics(): void;
  /** A trace request was refused before it got to `traces`. */
  refused(message: string): void;
  /** Why a request was refused, for a person; `message` is a sentence, its beginning in small letters where it goes on. */
  told(kind: Refusal, message: string): void;
}

/** Why a request is not taken: too large or too much of it, not readable, of an unknown type or encoding, or not from this machine. */
export type Refusal = 'large' | 'unreadable' | 'type' | 'foreign';

export interface ReceiverOptions {
  /** Bytes of one body after decompression. */
  readonly maxBodyBytes?: number;
  /** Bytes that bodies may have in memory at one time while they are received; more are told to come again. */
  readonly maxOpenBytes?: number;
  /** Connections at one time; with more, the longest silent one gives way. */
  readonly maxConnections?: number;
  /** Milliseconds for a whole request. */
  readonly requestTimeoutMs?: number;
}

export const MAX_BODY_BYTES = 64 << 20;
const MAX_CONNECTIONS = 512;
/** Connections that may wait to be let in: with Node's 511, a burst makes everybody wait for a second until the system tries again. */
const BACKLOG = 4_096;
/** Who sends a body and has sent nothing, or only some bytes, for so long may lose its place to one who does. */
const STALLED_MS = 500;
const SIGNALS: Readonly<Record<string, 'traces' | 'logs' | 'metrics'>> = {
  '/v1/traces': 'traces',
  '/v1/logs': 'logs',
  '/v1/metrics': 'metrics',
};

export class OtlpReceiver {
  private readonly servers: Server[] = [];
  private closing = false;
  private readonly maxBodyBytes: number;
  private readonly open: OpenBytes;
  private readonly connections: Connections<Socket>;
  /** Of the bodies that are being received. */
  private readonly rooms = new Map<Socket, Room>();

  constructor(
    private readonly sink: TraceSink,
    private readonly options: ReceiverOptions = {},
  ) {
    this.maxBodyBytes = options.maxBodyBytes ?? MAX_BODY_BYTES;
    this.open = new OpenBytes(options.maxOpenBytes ?? 4 * this.maxBodyBytes);
    this.connections = new Connections(options.maxConnections ?? MAX_CONNECTIONS, (socket) => this.drop(socket));
  }

  /** What bodies that are being received have in memory. */
  get openBytes(): number {
    return this.open.bytes;
  }

  /** Listens on a loopback address; port 0: any free one. Resolves with the port; rejects with the system's error (`EADDRINUSE`, …). */
  listen(port: number, host: '127.0.0.1' | '::1' = '127.0.0.1'): Promise<number> {
    const timeoutMs = this.options.requestTimeoutMs ?? 30_000;
    const server = createServer({
      requestTimeout: timeoutMs,
      headersTimeout: Math.min(10_000, timeoutMs),
      keepAliveTimeout: 65_000,
      connectionsCheckingInterval: Math.min(5_000, timeoutMs),
      noDelay: true,
    });
    server.on('connection', (socket) => {
      this.connections.opened(socket);
      socket.once('close', () => this.connections.closed(socket));
    });
    server.on('request', (request, response) => void this.answer(request, response));
    // `Expect: 100-continue` (curl does so above 1 MB): the limits are checked while the body comes.
    server.on('checkContinue', (request, response) => {
      response.writeContinue();
      void this.answer(request, response);
    });
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen({ port, host, exclusive: true, backlog: BACKLOG }, () => {
        server.removeListener('error', reject);
        server.on('error', () => {});
        this.servers.push(server);
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
        (server) =>
          new Promise<void>((resolve) => {
            const timer = setTimeout(() => server.closeAllConnections(), graceMs);
            server.close(() => {
              clearTimeout(timer);
              resolve();
            });
            server.closeIdleConnections();
          }),
      ),
    );
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { origin, host } = request.headers;
    response.on('error', () => {});
    this.connections.heard(request.socket);
    const doubled = doubledHeader(request.rawHeaders);
    if (doubled !== undefined) {
      refuse(request, response, 400, 'text', 0, `The request has more than one ${doubled} header.`);
      return;
    }
    if (!isLocalHost(host) || (origin !== undefined && !isLocalOrigin(origin))) {
      this.sink.told('foreign', `${(origin ?? host ?? 'somebody').slice(0, 100)} is not of this machine.`);
      refuse(request, response, 403, 'text', PERMISSION_DENIED, 'Only programs and pages of this machine may send spans here.');
      return;
    }
    const cors = corsHeaders(origin);
    const signal = SIGNALS[pathOf(request.url)];
    if (!signal) {
      refuse(request, response, 404, 'text', 0, 'Send OTLP to /v1/traces, /v1/logs or /v1/metrics.', cors);
    } else if (request.method === 'OPTIONS' && origin !== undefined) {
      response.writeHead(204, preflightHeaders(origin, request.headers['access-control-request-headers']));
      response.end();
    } else if (request.method !== 'POST') {
      refuse(request, response, 405, 'text', 0, 'Use POST.', { ...cors, allow: 'POST, OPTIONS' });
    } else {
      const encoding = encodingOf(request.headers['content-type']);
      if (!encoding) {
        if (signal === 'traces') this.sink.refused('unknown content type');
        const type = (request.headers['content-type'] ?? '').slice(0, 80);
        this.sink.told('type', `its Content-Type is "${type}", not application/x-protobuf or application/json.`);
        refuse(request, response, 415, 'text', 0, 'Use Content-Type application/x-protobuf or application/json.', cors);
      } else {
        await this.receive(signal, encoding, request, response, cors);
      }
    }
  }

  private async receive(
    signal: 'traces' | 'logs' | 'metrics',
    encoding: Encoding,
    request: IncomingMessage,
    response: ServerResponse,
    cors: Record<string, string>,
  ): Promise<void> {
    const { socket } = request;
    const room = new Room(this.open, () => this.makeRoom(socket));
    this.rooms.set(socket, room);
    try {
      if (signal === 'metrics') {
        // Not read into memory: only counted.
        request.resume();
        this.sink.metrics();
        send(response, 200, encoding, success(encoding), cors);
        return;
      }
      request.on('data', (chunk: Uint8Array) => this.connections.sent(socket, chunk.length));
      const body = await readBody(request, this.maxBodyBytes, room);
      this.connections.answering(socket, true);
      const { rejected, message } = await this.sink[signal](body, encoding);
      if (this.closing) response.shouldKeepAlive = false;
      const isWhole = rejected === 0 && message === '';
      send(response, 200, encoding, isWhole ? success(encoding) : partialSuccess(encoding, signal, rejected, message), cors);
    } catch (error) {
      if (signal === 'traces' && error instanceof BodyError && error.status !== 503) this.sink.refused(error.message);
      const [code, rpc, text] = failureOf(error);
      if (code !== 503 && !socket.destroyed) this.sink.told(code === 413 ? 'large' : code === 415 ? 'type' : 'unreadable', text);
      refuse(request, response, code, encoding, rpc, text, code === 503 ? { ...cors, 'retry-after': '1' } : cors);
    } finally {
      room.end();
      if (this.rooms.get(socket) === room) this.rooms.delete(socket);
      this.connections.answering(socket, false);
    }
  }

  /** A body needs room: who holds some and has not sent for a while gives it up. */
  private makeRoom(forSocket: Socket): boolean {
    const holds = (socket: Socket): boolean => socket !== forSocket && (this.rooms.get(socket)?.bytes ?? 0) > 0;
    return this.connections.giveWay(holds, STALLED_MS);
  }

  private drop(socket: Socket): void {
    this.rooms.get(socket)?.end();
    this.rooms.delete(socket);
    socket.destroy();
  }
}

/** Headers that decide what a request is; with two of them, two readers may see two requests. Source: RFC 9112, 3.2; RFC 9110, 5.3. */
const SINGLE = new Set(['host', 'origin', 'content-type', 'content-encoding', 'content-length']);

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

function failureOf(error: unknown): [status: number, rpcCode: number, message: string] {
  if (error instanceof BodyError) {
    const rpc = error.status === 503 ? UNAVAILABLE : error.status === 413 ? RESOURCE_EXHAUSTED : INVALID_ARGUMENT;
    return [error.status, rpc, error.message];
  }
  if (error instanceof SpanhopError && error.kind === 'BadData') return [400, INVALID_ARGUMENT, error.message];
  if (error instanceof SpanhopError && error.kind === 'TooLarge') return [413, RESOURCE_EXHAUSTED, error.message];
  return [503, UNAVAILABLE, error instanceof Error ? error.message : 'Not now.'];
}

function pathOf(url: string | undefined): string {
  const path = (url ?? '/').split('?', 1)[0];
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}

function encodingOf(contentType: string | undefined): Encoding | undefined {
  const type = (contentType ?? '').split(';', 1)[0].trim().toLowerCase();
  if (type === 'application/x-protobuf' || type === 'application/protobuf') return 'protobuf';
  return type === 'application/json' ? 'json' : undefined;
}

function send(
  response: ServerResponse,
  code: number,
  encoding: Encoding,
  body: Uint8Array,
  headers: Record<string, string>,
): void {
  if (response.destroyed || response.headersSent) return;
  response.writeHead(code, { ...headers, 'content-type': CONTENT_TYPES[encoding], 'content-length': body.length });
  // Without an empty chunk the answer is one write.
  if (body.length === 0) response.end();
  else response.end(body);
}

/**
 * Answers with an error. What the client still sends is read and dropped, until the time-out of the request: a connection that is cut
 * while the client sends would lose the answer, and SDKs try again after that.
 */
function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  code: number,
  encoding: Encoding | 'text',
  rpcCode: number,
  message: string,
  headers: Record<string, string> = {},
): void {
  if (response.destroyed || response.headersSent) return;
  const body = encoding === 'text' ? new TextEncoder().encode(`${message}\n`) : status(encoding, rpcCode, message);
  const type = encoding === 'text' ? 'text/plain; charset=utf-8' : CONTENT_TYPES[encoding];
  response.writeHead(code, { ...headers, 'content-type': type, 'content-length': body.length });
  response.end(body);
  if (!request.complete) request.resume();
}
