/**
 * HTTP for backends. Every request ends: by its answer, its time-out (which covers all tries and the whole body, so that a server that trickles or never
 * ends is left), its size cap, or the caller's signal. What proves who asks goes to the origin that was asked and never follows a redirect to another one.
 */

import { abortable } from '../../base/abortable';
import { cancelled, SpanhopError, throwIfAborted } from '../../base/errors';
import { wait } from '../../base/wait';
import { formatDuration } from '../../core/text/formatText';
import { acceptedEncodings, gather } from './answerBody';
import { Deadline } from './deadline';
import { hideEchoes } from './echoes';
import { type Exchange, type Exchanged, exchange as overNode } from './exchange';
import { codeOf, reasonOf } from './networkCodes';
import { asksForPatience, backOffMs, isCutOff, maxRetries, mayResend, retryAfterMs } from './retries';
import { type Lane, Traffic } from './traffic';
import type { Authorize, HttpHeaders, HttpRequest, HttpResponse, RateLimit, TlsIdentity, Transport } from './transport';

export interface TransportOptions {
  /** Milliseconds; of requests that name none. */
  readonly timeoutMs: number;
  /** Bytes; of requests that name none. */
  readonly maxBytes: number;
  /** Tries after the first one that fails. */
  readonly retries?: number;
  /** Asked for each request; its headers win. */
  readonly authorize?: Authorize;
  /** Asked for each request over TLS, with the origin that is asked. */
  readonly tls?: (origin: string) => Promise<TlsIdentity>;
  readonly limit?: RateLimit;
}

/** What it uses of the world. */
export interface TransportMeans {
  readonly exchange: Exchange;
  readonly traffic: Traffic;
  /** Milliseconds since the epoch. */
  readonly nowMs: () => number;
  /** From 0 to 1. */
  readonly random: () => number;
}

const maxRedirects = 5;

/** One request under way. */
interface Course {
  readonly request: HttpRequest;
  readonly first: URL;
  readonly idempotent: boolean;
  readonly maxBytes: number;
  readonly deadline: Deadline;
  readonly tls: TlsIdentity | undefined;
}

/** An answer, or that none began. */
type Outcome = { readonly response: HttpResponse; readonly from: URL } | { readonly failure: unknown };

export class HttpTransport implements Transport {
  private readonly means: TransportMeans;

  constructor(
    private readonly options: TransportOptions,
    means: Partial<TransportMeans> = {},
  ) {
    this.means = { exchange: overNode, traffic: new Traffic(), nowMs: Date.now, random: Math.random, ...means };
  }

  async request(request: HttpRequest, signal?: AbortSignal): Promise<HttpResponse> {
    const first = parseUrl(request.url);
    const deadline = new Deadline(request.timeoutMs ?? this.options.timeoutMs, signal);
    let isShown = false;
    try {
      throwIfAborted(signal);
      deadline.run();
      const tls = first.protocol === 'https:' ? await abortable(this.identity(first.origin), deadline.signal) : undefined;
      isShown = tls?.cert !== undefined;
      const course: Course = {
        request,
        first,
        idempotent: request.idempotent ?? request.method === 'GET',
        maxBytes: request.maxBytes ?? this.options.maxBytes,
        deadline,
        tls,
      };
      return await this.persist(course);
    } catch (error) {
      const isOurs = error instanceof SpanhopError && error.kind !== 'Cancelled';
      if (isOurs) throw error;
      if (deadline.late) {
        throw new SpanhopError(
          'Timeout',
          `${first.origin} did not answer in full within ${deadline.timeoutMs / 1000} s. Ask for less, or raise the time-out.`,
        );
      }
      if (signal?.aborted) throw cancelled();
      const hint = isShown && isCutOff(error) ? ', perhaps because it does not take the client certificate in tls.certFile' : '';
      throw new SpanhopError('Unreachable', `${first.origin} cannot be reached: ${reasonOf(error)}${hint}.`, codeOf(error));
    } finally {
      deadline.dispose();
    }
  }

  /** Asks until there is an answer, or no more to be hoped for. */
  private async persist(course: Course): Promise<HttpResponse> {
    const { first, deadline } = course;
    const { signal } = deadline;
    const lane = this.means.traffic.to(first.origin, this.options.limit);
    const turn = (pauseMs: number): void => {
      deadline.run();
      if (pauseMs > deadline.leftMs) throw busy(first.origin, 429, pauseMs);
    };
    let proof = await this.prove(course);
    let refused = false;
    for (let retry = 0; ; retry++) {
      deadline.hold();
      const outcome = await lane.run(() => this.once(course, proof), turn, signal);
      if ('response' in outcome && outcome.response.status === 401 && !refused && outcome.from.origin === first.origin) {
        refused = true;
        const anew = await this.prove(course, proof);
        if (JSON.stringify(anew) !== JSON.stringify(proof)) {
          proof = anew;
          continue;
        }
      }
      const delayMs = this.delayAfter(outcome, retry, course, lane);
      if (delayMs === undefined) return settled(outcome, course);
      await wait(delayMs, signal);
    }
  }

  /** Milliseconds until it is to be tried again; undefined: it is over. */
  private delayAfter(outcome: Outcome, retry: number, course: Course, lane: Lane): number | undefined {
    const { idempotent, deadline, first } = course;
    const usualMs = backOffMs(retry, this.means.random());
    const isLast = retry >= (this.options.retries ?? maxRetries);
    if ('failure' in outcome) {
      const again = !isLast && !deadline.signal.aborted && mayResend(outcome.failure, idempotent);
      return again && usualMs < deadline.leftMs ? usualMs : undefined;
    }
    const { response } = outcome;
    if (!asksForPatience(response.status, idempotent)) return undefined;
    const wantedMs = retryAfterMs(response, this.means.nowMs());
    // It asks everybody, who has to ask again or not.
    if (response.status === 429 || wantedMs !== undefined) lane.pause(wantedMs ?? usualMs);
    if (wantedMs !== undefined && wantedMs > deadline.leftMs) throw busy(first.origin, response.status, wantedMs);
    const delayMs = wantedMs ?? usualMs;
    return isLast || delayMs > deadline.leftMs ? undefined : delayMs;
  }

  private async identity(origin: string): Promise<TlsIdentity | undefined> {
    return this.options.tls?.(origin);
  }

  /** What proves who asks. */
  private async prove(course: Course, refused?: HttpHeaders): Promise<HttpHeaders> {
    const { request, first, deadline } = course;
    const { method, headers = {}, body } = request;
    const asked = { method, url: first, headers, body, refused };
    const ask = async (authorize: Authorize | undefined) => authorize?.(asked, deadline.signal);
    const both = Promise.all([ask(request.authorize), ask(this.options.authorize)]);
    const [own, given] = await abortable(both, deadline.signal);
    return { ...own, ...given };
  }

  private async once(course: Course, proof: HttpHeaders): Promise<Outcome> {
    const { first, deadline, maxBytes } = course;
    let found: { readonly answer: Exchanged; readonly from: URL };
    try {
      found = await this.follow(course, proof);
    } catch (failure) {
      if (failure instanceof SpanhopError) throw failure;
      return { failure };
    }
    const { answer, from } = found;
    const { status, headers } = answer;
    const isTaken = course.request.takesRefusals && status !== 407 && from.origin === first.origin;
    if (!isTaken && (status === 401 || status === 403 || status === 407)) {
      const why = await shortText(answer);
      answer.drop();
      hideEchoes(why, proof);
      return { response: { status, headers, body: why }, from };
    }
    try {
      const body = await gather(answer.body, headers['content-encoding'], maxBytes, first.origin, deadline.signal);
      if (status >= 400) hideEchoes(body, proof);
      return { response: { status, headers, body }, from };
    } catch (error) {
      answer.drop();
      if (error instanceof SpanhopError || deadline.signal.aborted || !isCutOff(error)) throw error;
      const message = `${first.origin} cannot be reached: the connection was closed in the middle of the answer.`;
      throw new SpanhopError('Unreachable', message, codeOf(error));
    }
  }

  /** Follows redirects by hand, so that what proves who asks stays with its origin. */
  private async follow(course: Course, proof: HttpHeaders): Promise<{ readonly answer: Exchanged; readonly from: URL }> {
    const { request, first, deadline, tls } = course;
    let url = first;
    for (let hop = 0; ; hop++) {
      const isFirst = url.origin === first.origin;
      const own = isFirst
        ? lowerCase({ accept: 'application/json', ...request.headers, ...proof })
        : { accept: 'application/json' };
      const { method, body } = request;
      const headers = { 'user-agent': 'Spanhop', 'accept-encoding': acceptedEncodings, ...own };
      const answer = await this.means.exchange({ method, url, headers, body, tls: isFirst ? tls : undefined }, deadline.signal);
      const { location } = answer.headers;
      if (answer.status < 300 || answer.status >= 400 || location === undefined || method !== 'GET') return { answer, from: url };
      answer.drop();
      if (hop >= maxRedirects) throw new SpanhopError('BadData', `${first.origin} redirects without end. Check the address.`);
      if (!URL.canParse(location, url)) throw new SpanhopError('BadData', `${first.origin} redirects to what is no address.`);
      url = new URL(location, url);
      // Names and passwords of the answer's making.
      url.username = '';
      url.password = '';
      if (url.protocol !== 'http:' && url.protocol !== 'https:') {
        throw new SpanhopError('BadData', `${first.origin} redirects to ${url.protocol} which is not followed.`);
      }
    }
  }
}

/** The answer, or the error for what came. */
function settled(outcome: Outcome, { request, first }: Course): HttpResponse {
  if ('failure' in outcome) throw outcome.failure;
  const { response, from } = outcome;
  const { status } = response;
  if (status === 407) {
    const message = `The proxy on the way to ${first.origin} wants a user and a password (status 407). Look at the setting http.proxy.`;
    throw new SpanhopError('Unreachable', message, 'status 407');
  }
  if (status !== 401 && status !== 403) return response;
  if (request.takesRefusals && from.origin === first.origin) return response;
  const what =
    from.origin === first.origin
      ? `${first.origin} refused the request (status ${status}). Set a credential for this backend.`
      : `${first.origin} leads to ${from.origin}, where no credential is sent, and which refused the request (status ${status}). Change the address of the backend to that.`;
  const why = new TextDecoder().decode(response.body).replaceAll(/\s+/g, ' ').trim();
  throw new SpanhopError('Unauthorized', what, `status ${status}${why === '' ? '' : `: ${why}`}`);
}

/** Bytes of a refusal that is read. */
const MOST_WHY = 1000;

/** What a server says of why it refuses, where that is a text; the beginning of it. */
async function shortText({ headers, body }: Exchanged): Promise<Uint8Array<ArrayBuffer>> {
  const isText = /^(?:text\/plain|application\/json)\b/i.test(headers['content-type'] ?? '');
  if (!isText || headers['content-encoding'] !== undefined) return new Uint8Array(0);
  const read = new Uint8Array(MOST_WHY);
  let at = 0;
  try {
    for await (const chunk of body) {
      read.set(chunk.subarray(0, MOST_WHY - at), at);
      at = Math.min(at + chunk.length, MOST_WHY);
      if (at === MOST_WHY) break;
    }
  } catch {
    // That it refuses is known.
  }
  return read.slice(0, at);
}

/** The error for a server that wants to be left alone for longer than there is time. */
function busy(origin: string, status: number, ms: number): SpanhopError {
  const time = ms < 60_000 ? `${Math.ceil(ms / 1000)} s` : formatDuration(Math.ceil(ms / 1000) * 1e9);
  const what = status === 429 ? 'is asked too often' : 'is not available now';
  return new SpanhopError(
    'Unreachable',
    `${origin} ${what}, and wants to be left alone for ${time}. Try again after that.`,
    `status ${status}`,
  );
}

function lowerCase(headers: HttpHeaders): HttpHeaders {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
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
