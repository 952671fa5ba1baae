/**
 * What every HTTP backend needs: addresses below a base path, and answers that are what they claim to be. A status is no proof (Jaeger
 * 2.13 answers its web page with 200 to every path it does not know), so a JSON answer is recognised by its body.
 */

import { SpanhopError } from '../../base/errors';
import type { HttpResponse } from './transport';

/** `base` without trailing slashes, then `path`, then the parameters in the order given; undefined ones are left out. */
export function address(base: string, path: string, parameters: readonly (readonly [string, string | undefined])[] = []): string {
  const query = parameters
    .filter((pair): pair is readonly [string, string] => pair[1] !== undefined)
    .map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`)
    .join('&');
  return `${base.replace(/\/+$/, '')}${path}${query === '' ? '' : `?${query}`}`;
}

const decoder = new TextDecoder();

/** In the detail of the error for a page to sign in. */
export const signInDetail = 'a page to sign in';

/** The start of a body as one line of text, for a log or a message. */
function excerpt(body: Uint8Array, length = 200): string {
  return decoder
    .decode(body.subarray(0, length * 4))
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, length);
}

/** True when the first character that is not white space is `{` or `[`. */
export function looksLikeJson(body: Uint8Array): boolean {
  for (const byte of body.subarray(0, 64)) {
    if (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09 || byte === 0xef || byte === 0xbb || byte === 0xbf)
      continue;
    return byte === 0x7b || byte === 0x5b;
  }
  return false;
}

function looksLikeHtml(body: Uint8Array): boolean {
  return /^<(!doctype|html|head|body|\?xml)/i.test(excerpt(body, 40));
}

/** A page that wants a person to sign in: that of a proxy in front of the backend. */
function isSignIn(body: Uint8Array): boolean {
  const text = decoder.decode(body.subarray(0, 8192));
  return /<title>[^<]{0,200}\b(?:sign|log)[ -]?in\b/i.test(text) || /<input[^>]{0,500}type=["']?password/i.test(text);
}

/** What a server is that was asked again in vain. */
function patienceOf(status: number): string | undefined {
  if (status === 429) return 'is asked too often';
  if (status === 503) return 'is not available now';
  return status === 502 || status === 504 ? 'cannot be reached by the server in front of it' : undefined;
}

/**
 * The error for an answer that is not what was asked for.
 * @param who the server as the user knows it: `Jaeger local at http://…`
 * @param serverMessage what the server itself said, when it said something readable
 */
export function unexpectedAnswer(who: string, response: HttpResponse, serverMessage?: string): SpanhopError {
  const isPage = looksLikeHtml(response.body);
  const signIn = isPage && isSignIn(response.body);
  const type = response.headers['content-type'] ?? 'no content type';
  const detail = `status ${response.status}, ${type}${signIn ? `, ${signInDetail}` : ''}: ${excerpt(response.body)}`;
  const patience = patienceOf(response.status);
  if (patience !== undefined) {
    const said = serverMessage === undefined ? '' : ` It says: ${serverMessage}.`;
    return new SpanhopError('Unreachable', `${who} ${patience} (status ${response.status}). Try again later.${said}`, detail);
  }
  if (serverMessage !== undefined) {
    return new SpanhopError(response.status === 404 ? 'NotFound' : 'BadData', `${who} answered: ${serverMessage}.`, detail);
  }
  if (signIn) {
    const message = `${who} answered with a page to sign in instead of data. Set a credential, or check the address.`;
    return new SpanhopError('BadData', message, detail);
  }
  if (isPage) {
    return new SpanhopError(
      'BadData',
      `${who} answered with a web page instead of data. Check the address and its base path.`,
      detail,
    );
  }
  if (response.status >= 400) {
    return new SpanhopError(
      'BadData',
      `${who} answered with status ${response.status}. Check the address, or look at the log.`,
      detail,
    );
  }
  return new SpanhopError('BadData', `${who} answered with something that is not the JSON expected. Check the address.`, detail);
}

/** Go's durations are int64; the largest multiple of a thousand that one is. */
const MOST_NANOSECONDS = 9_223_372_036_854_775_000;

/** Nanoseconds as a Go duration (`1500000ns`), which Jaeger and Tempo take. Source: Go, package time, ParseDuration. */
export function goDuration(nanoseconds: number): string {
  return `${Math.min(Math.max(Math.round(nanoseconds) || 0, 0), MOST_NANOSECONDS)}ns`;
}
