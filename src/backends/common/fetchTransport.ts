/**
 * HTTP for backends over `fetch`. In the extension host that is VS Code's patched `fetch` with its proxy and certificate settings.
 *
 * Every request ends: by its answer, its time-out (which covers the whole body, so that a server that trickles or never ends is left),
 * its size cap, or the caller's signal. Credentials are added per origin and never follow a redirect to another one.
 */

import { SpanhopError } from '../../base/errors';
import { codeOf, reasonOf } from './networkCodes';
import type { HttpRequest, HttpResponse, Transport } from './transport';

export interface TransportOptions {
  /** Milliseconds; of requests that name none. */
  readonly timeoutMs: number;
  /** Bytes; of requests that name none. */
  readonly maxBytes: number;
  /** Headers with secrets for an origin (`http://host:port`); none for others. */
  readonly credentials?: (origin: string) => Promise<Readonly<Record<string, string>>>;
}

const maxRedirects = 5;

export class FetchTransport implements Transport {
  constructor(private readonly options: TransportOptions) {}

  async request(request: HttpRequest, signal?: AbortSignal): Promise<HttpResponse> {
    const timeoutMs = request.timeoutMs ?? this.options.timeoutMs;
    const maxBytes = request.maxBytes ?? this.options.maxBytes;
    const url = parseUrl(request.url);
    const controller = new AbortController();
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      controller.abort();
    }, timeoutMs);
    const abort = (): void => controller.abort();
    signal?.addEventListener('abort', abort);
    try {
      if (signal?.aborted) throw new SpanhopError('Cancelled', 'Cancelled.');
      const response = await this.send(request, url, controller.signal);
      if (response.status === 401 || response.status === 403) {
        await response.body?.cancel();
        throw new SpanhopError(
          'Unauthorized',
          `${url.origin} refused the request (status ${response.status}). Set a credential for this backend.`,
        );
      }
      const body = await readBody(response, maxBytes, url.origin, controller);
      return { status: response.status, headers: Object.fromEntries(response.headers), body };
    } catch (error) {
      if (error instanceof SpanhopError) throw error;
      if (late) {
        throw new SpanhopError(
          'Timeout',
          `${url.origin} did not answer in full within ${timeoutMs / 1000} s. Ask for less, or raise the time-out.`,
        );
      }
      if (signal?.aborted) throw new SpanhopError('Cancelled', 'Cancelled.');
      throw new SpanhopError('Unreachable', `${url.origin} cannot be reached: ${reasonOf(error)}.`, codeOf(error));
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    }
  }

  /** Follows redirects by hand, so that headers with secrets stay with their origin. */
  private async send(request: HttpRequest, first: URL, signal: AbortSignal): Promise<Response> {
    let url = first;
    for (let hop = 0; ; hop++) {
      const secrets = (await this.options.credentials?.(url.origin)) ?? {};
      const own = url.origin === first.origin ? request.headers : { accept: request.headers?.accept ?? 'application/json' };
      const response = await fetch(url, {
        method: request.method,
        headers: { ...own, ...secrets },
        body: request.body instanceof Uint8Array ? request.body.slice() : request.body,
        redirect: 'manual',
        signal,
      });
      const location = response.headers.get('location');
      if (response.status < 300 || response.status >= 400 || location === null || request.method !== 'GET') return response;
      await response.body?.cancel();
      if (hop >= maxRedirects) throw new SpanhopError('BadData', `${first.origin} redirects without end. Check the address.`);
      if (!URL.canParse(location, url)) throw new SpanhopError('BadData', `${first.origin} redirects to what is no address.`);
      url = new URL(location, url);
      // Names and passwords of the answer's making: `fetch` refuses them with a message that quotes them.
      url.username = '';
      url.password = '';
      if (url.protocol !== 'http:' && url.protocol !== 'https:') {
        throw new SpanhopError('BadData', `${first.origin} redirects to ${url.protocol} which is not followed.`);
      }
    }
  }
}

/** Does not repeat the text: it may hold a password. */
function parseUrl(text: string): URL {
  if (!URL.canParse(text))
    throw new SpanhopError('Unreachable', 'The address of the backend is none. It should look like http://localhost:16686.');
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new SpanhopError('Unreachable', `The address of the backend begins with ${url.protocol}, not with http or https.`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new SpanhopError(
      'Unauthorized',
      `The address of the backend at ${url.host} has a user name or password in it, which is not sent. Remove it, and set a credential.`,
    );
  }
  return url;
}

/** Bytes that are copied between two looks at what else the extension host has to do. */
const COPY_BYTES = 2 << 20;

async function readBody(
  response: Response,
  maxBytes: number,
  origin: string,
  controller: AbortController,
): Promise<Uint8Array<ArrayBuffer>> {
  if (response.body === null) return new Uint8Array(0);
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body) {
    const bytes: Uint8Array = chunk;
    length += bytes.length;
    if (length > maxBytes) {
      controller.abort();
      const megabytes = Math.round(maxBytes / (1 << 20));
      throw new SpanhopError(
        'TooLarge',
        `${origin} sent more than ${megabytes} MB. Ask for fewer traces or a shorter range, or raise the limit.`,
      );
    }
    chunks.push(bytes);
  }
  const body = new Uint8Array(length);
  let at = 0;
  let copied = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.length;
    copied += chunk.length;
    if (copied < COPY_BYTES) continue;
    copied = 0;
    await new Promise((resolve) => setImmediate(resolve));
    controller.signal.throwIfAborted();
  }
  return body;
}
