/** Durations of the query language. */

const unitsNs: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 6e10,
  h: 3.6e12,
  d: 8.64e13,
  w: 6.048e14,
  y: 3.1536e16,
};

const WHOLE = /^(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h|d|w|y))+$/;
const PART = /([\d.]+)([^\d.]+)/g;

/** Int64 nanoseconds: 292 years. */
const LIMIT = 2 ** 63;

/** Go's notation and Prometheus' units: `200ms`, `1.5s`, `1h30m`, `2d`; in nanoseconds. Undefined: none; infinite: longer than Tempo can say. */
export function parseDuration(text: string): number | undefined {
  if (!WHOLE.test(text)) return undefined;
  let totalNs = 0;
  for (const [, value, unit] of text.matchAll(PART)) totalNs += Number(value) * unitsNs[unit];
  return totalNs < LIMIT ? Math.round(totalNs) : Number.POSITIVE_INFINITY;
}
