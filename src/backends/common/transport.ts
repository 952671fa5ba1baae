/** Requests over HTTP and their answers, whoever carries them: bounded in time and size, cancelled at once. */

export type HttpHeaders = Readonly<Record<string, string>>;

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers?: HttpHeaders;
  readonly body?: Uint8Array | string;
  /** Milliseconds until the whole answer must be there, with the tries that fail. */
  readonly timeoutMs?: number;
  /** Bytes, unpacked, after which the answer is refused with TooLarge. */
  readonly maxBytes?: number;
  /** Asking twice is as good as once, so that what failed may be asked again. Default: of GET. A POST that only searches is to say so. */
  readonly idempotent?: boolean;
  /** Proves who asks, where the settings' credentials do not. */
  readonly authorize?: Authorize;
  /** Refusals of the server that was asked (401, 403) are answers as others are: who asks reads what they say. */
  readonly takesRefusals?: boolean;
}

export interface HttpResponse {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: HttpHeaders;
  /** The whole of its buffer, so that it can be moved. */
  readonly body: Uint8Array<ArrayBuffer>;
}

/**
 * Rejects with SpanhopError: Unreachable, Unauthorized (401, 403), Timeout, TooLarge, Cancelled. Other statuses are answers; those that ask for patience
 * (429, 502, 503, 504) only after it was asked again, as often and as long as the time-out lets.
 */
export interface Transport {
  request(request: HttpRequest, signal?: AbortSignal): Promise<HttpResponse>;
}

/** A request as it is about to be sent, so that it can be signed. */
export interface Outgoing {
  readonly method: string;
  readonly url: URL;
  readonly headers: HttpHeaders;
  readonly body?: Uint8Array | string;
  /** What was given before and answered with 401: it is to be got anew. */
  readonly refused?: HttpHeaders;
}

/**
 * Headers that prove who asks. Asked for each request before it is sent, and once more where that is refused with 401; never for a redirect to another
 * origin.
 */
export type Authorize = (request: Outgoing, signal: AbortSignal) => Promise<HttpHeaders>;

/** What a server takes; what is left out has no limit but that of requests at once that all servers have. */
export interface RateLimit {
  /** Requests that may be under way at the same time. */
  readonly atOnce?: number;
  /** Requests a second; those of one second may come together. */
  readonly perSecond?: number;
}

/** How the server proves who it is, and we to it, beyond what the system knows. PEM texts. */
export interface TlsIdentity {
  /** Certificates of the authorities that are trusted, in the place of the system's. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly passphrase?: string;
  /** The name that the server's certificate is of, where that is not the address's. */
  readonly serverName?: string;
}
