/**
 * One request and the head of its answer, over Node's own client: it takes certificates, which `fetch` does not. In the extension host VS Code has put its
 * proxy and certificate settings into this client (`http.request` and `https.request`); options are therefore those of the request and not of an agent,
 * in the place of which VS Code puts its own.
 */

import { type ClientRequest, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { HttpHeaders, TlsIdentity } from './transport';

export interface ExchangeRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: HttpHeaders;
  readonly body?: Uint8Array | string;
  /** Of `https:` only. */
  readonly tls?: TlsIdentity;
}

export interface Exchanged {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: HttpHeaders;
  /** As it was sent: packed, where a header says so. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Reads no more of it. */
  drop(): void;
}

/** Resolves when the answer has begun. Rejects with what the system says; the body does so while it is read. */
export type Exchange = (request: ExchangeRequest, signal: AbortSignal) => Promise<Exchanged>;

/** Headers of one connection: the client has its own, and others would say where a request ends. Source: RFC 9110, 7.6.1. */
const ofConnection = new Set([
  ...[
    'connection',
    'content-length',
    'expect',
    'keep-alive',
    'proxy-connection',
    'te',
    'trailer',
    'transfer-encoding',
    'upgrade',
  ],
]);

export const exchange: Exchange = ({ method, url, headers, body, tls }, signal) =>
  new Promise((resolve, reject) => {
    const options: RequestOptions = {
      method,
      signal,
      headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !ofConnection.has(name.toLowerCase()))),
    };
    const isSecure = url.protocol === 'https:';
    const sent: ClientRequest = isSecure ? httpsRequest(url, { ...options, ...tlsOptions(tls) }) : httpRequest(url, options);
    // A fault after the answer has begun is the body's.
    sent.on('error', reject);
    sent.on('response', (answer) => resolve(exchanged(answer, sent)));
    sent.end(body);
  });

function tlsOptions({ ca, cert, key, passphrase, serverName }: TlsIdentity = {}) {
  return { ca, cert, key, passphrase, ...(serverName === undefined ? {} : { servername: serverName }) };
}

function exchanged(answer: IncomingMessage, sent: ClientRequest): Exchanged {
  // Heard also where nobody reads the body.
  answer.on('error', () => {});
  const headers = Object.entries(answer.headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value] as const],
  );
  return {
    status: answer.statusCode ?? 0,
    headers: Object.fromEntries(headers),
    body: answer,
    drop: () => void sent.destroy(),
  };
}
