/**
 * What becomes of a request that was forwarded. Source: OpenTelemetry Protocol specification, "OTLP/HTTP Response", "Failures", "Retryable Response Codes"
 * and "OTLP/HTTP Throttling"; the Collector's `configretry` for the times.
 */

/** Milliseconds. */
const firstMs = 1_000;
const longestMs = 30_000;
const growth = 1.5;
/** Tried for so long; then it is dropped. */
export const giveUpAfterMs = 300_000;

const retryable: ReadonlySet<number> = new Set([429, 502, 503, 504]);

export function isTaken(status: number): boolean {
  return status >= 200 && status < 300;
}

export function isRetryable(status: number): boolean {
  return retryable.has(status);
}

/**
 * Milliseconds until the next try; undefined: it is given up.
 * @param tries that failed
 * @param spentMs since the first of them began
 * @param askedMs that the endpoint asks to wait, at least
 * @param random from 0 to 1
 */
export function nextTryMs(tries: number, spentMs: number, askedMs: number | undefined, random: number): number | undefined {
  const usual = Math.min(longestMs, firstMs * growth ** Math.max(0, tries - 1)) * (0.5 + random);
  const ms = Math.max(usual, askedMs ?? 0);
  return spentMs + ms > giveUpAfterMs ? undefined : ms;
}
