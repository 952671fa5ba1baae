/** Requests over HTTP and their answers, whoever carries them: bounded in time and size, cancelled at once. */

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
  /** Milliseconds until the whole answer must be there. */
  readonly timeoutMs?: number;
  /** Bytes after which the answer is refused with TooLarge. */
  readonly maxBytes?: number;
}

export interface HttpResponse {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** The whole of its buffer, so that it can be moved. */
  readonly body: Uint8Array<ArrayBuffer>;
}

/** Rejects with SpanhopError: Unreachable, Unauthorized (401, 403), Timeout, TooLarge, Cancelled. Other statuses are answers. */
export interface Transport {
  request(request: HttpRequest, signal?: AbortSignal): Promise<HttpResponse>;
}
