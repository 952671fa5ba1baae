/** Times as servers take them. */

import { SpanhopError } from '../../base/errors';
import type { Query } from '../../core/query/query';

/** The last nanosecond that Go's `Time.UnixNano` has. */
const LAST_NANO = 2n ** 63n - 1n;

/** Nanoseconds that spans may start later than now: clocks differ. */
const AHEAD = 60_000_000_000n;

/** Nanoseconds since the epoch as RFC 3339 with nanoseconds; a time that Go does not have is the nearest that it has. */
export function rfc3339(unixNano: bigint): string {
  const nanos = unixNano < 0n ? 0n : unixNano > LAST_NANO ? LAST_NANO : unixNano;
  const seconds = nanos / 1_000_000_000n;
  const fraction = nanos % 1_000_000_000n;
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}.${fraction.toString().padStart(9, '0')}Z`;
}

/** Epoch nanoseconds, the end included. */
export interface TimeWindow {
  readonly startUnixNano: bigint;
  readonly endUnixNano: bigint;
}

/**
 * The window of a search: its own, or the last `windowMs`. Throws `BadQuery` where it ends before it starts.
 * @param nowMs epoch milliseconds
 */
export function windowOf(query: Query, nowMs: number, windowMs: number): TimeWindow {
  const endUnixNano = query.endUnixNano ?? BigInt(Math.round(nowMs)) * 1_000_000n + AHEAD;
  const startUnixNano = query.startUnixNano ?? endUnixNano - BigInt(windowMs) * 1_000_000n;
  if (startUnixNano >= endUnixNano)
    throw new SpanhopError('BadQuery', 'The time range ends before it starts. Swap its two ends.');
  return { startUnixNano, endUnixNano };
}
