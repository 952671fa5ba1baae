/** What may be asked again after it failed, and when. Sources: RFC 9110, 9.2.2, 10.2.3 and 15.6; RFC 6585, 4. */

import { codeOf } from './networkCodes';
import type { HttpResponse } from './transport';

/** Tries after the first one. */
export const maxRetries = 3;

/** Milliseconds before the first of them; each further one waits twice as long. */
const firstDelayMs = 200;
const longestDelayMs = 5_000;

/** The server asks for patience: too many requests, or what is behind it is away. */
const patienceStatuses: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** Nothing of the request was received. */
const neverArrived: ReadonlySet<string> = new Set(['ECONNREFUSED', 'EAI_AGAIN']);

/** The connection ended, and nobody knows how far the request came. */
const cutOff: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED']);

/** Whether an answer is one to ask again after. One with 429 was refused before anything was done. */
export function asksForPatience(status: number, idempotent: boolean): boolean {
  return status === 429 || (idempotent && patienceStatuses.has(status));
}

/** Whether a request of which no answer began may be sent again. */
export function mayResend(error: unknown, idempotent: boolean): boolean {
  return neverArrived.has(codeOf(error) ?? '') || (idempotent && isCutOff(error));
}

/** Whether the connection ended under way. */
export function isCutOff(error: unknown): boolean {
  return cutOff.has(codeOf(error) ?? '');
}

/**
 * Milliseconds to wait before a try, longer each time, between half and all of it so that many who failed together do not come back together.
 * @param retry 0 for the first
 * @param random from 0 to 1
 */
export function backOffMs(retry: number, random: number): number {
  const full = Math.min(longestDelayMs, firstDelayMs * 2 ** retry);
  return full * (0.5 + random / 2);
}

/** Milliseconds that the server asks to wait, by seconds or by a date; undefined: it does not say, or nonsense. A time that is over is 0. */
export function retryAfterMs({ headers }: Pick<HttpResponse, 'headers'>, nowUnixMs: number): number | undefined {
  const text = headers['retry-after']?.trim() ?? '';
  if (/^\d{1,10}$/.test(text)) return Number(text) * 1000;
  // Dates have letters; Date.parse takes much that is none.
  if (!/^[A-Z][a-z]{2,8},? [\x20-\x7e]{10,60}$/.test(text)) return undefined;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowUnixMs);
}
