/**
 * Numbers as people read them: durations with three significant digits, counts with the right plural, bytes, times. Used by everything
 * that shows something, so that a span's duration reads the same in the tree, the waterfall and an export. English, sentence case.
 */

const NS_PER_SECOND = 1e9;

/** Three significant digits, without zeros at the end. */
function compact(value: number): string {
  const text = value.toPrecision(3);
  return text.includes('e') ? String(Math.round(value)) : String(Number(text));
}

/** Value rounded to three significant digits. */
function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

/**
 * A duration: `0`, `870 ns`, `12.5 µs`, `438 ms`, `1.24 s`, `2 min 3 s`, `1 h 5 min`, `3 d 4 h`. Seconds keep their zeros (`1.20 s`),
 * so that columns of them line up.
 */
export function formatDuration(ns: number): string {
  if (Number.isNaN(ns)) return '?';
  if (ns < 0) return `−${formatDuration(-ns)}`;
  if (ns === 0) return '0';
  if (ns === Number.POSITIVE_INFINITY) return '∞';
  if (rounded(ns) < 1e3) return `${compact(ns)} ns`;
  if (rounded(ns / 1e3) < 1e3) return `${compact(ns / 1e3)} µs`;
  if (rounded(ns / 1e6) < 1e3) return `${compact(ns / 1e6)} ms`;
  if (rounded(ns / NS_PER_SECOND) < 60) return `${(ns / NS_PER_SECOND).toPrecision(3)} s`;
  const seconds = Math.round(ns / NS_PER_SECOND);
  if (seconds < 3600) return pair(Math.floor(seconds / 60), 'min', seconds % 60, 's');
  const minutes = Math.round(seconds / 60);
  if (minutes < 1440) return pair(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
  const hours = Math.round(minutes / 60);
  return pair(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

function pair(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

const spokenUnits: Readonly<Record<string, string>> = {
  ns: 'nanosecond',
  µs: 'microsecond',
  ms: 'millisecond',
  s: 'second',
  min: 'minute',
  h: 'hour',
  d: 'day',
};

/** A duration as a screen reader says it: "438 milliseconds", "2 minutes 3 seconds". */
export function speakDuration(ns: number): string {
  if (ns === 0) return '0 milliseconds';
  return formatDuration(ns).replace(/([\d.]+) (ns|µs|ms|min|s|h|d)/g, (_, value: string, unit: string) => {
    const number = Number(value);
    return `${number} ${spokenUnits[unit]}${number === 1 ? '' : 's'}`;
  });
}

/** In place of a time that the data does not have: 0. */
export const NO_TIME = 'not known';

/** A point in time relative to the trace's start: `+770 ms`, `−3 ms`. */
export function formatOffset(ns: number): string {
  return ns < 0 ? formatDuration(ns) : `+${formatDuration(ns)}`;
}

/** A whole number with separators: `1,048,576`. */
export function formatNumber(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** A number with its noun: `1 span`, `55 spans`, `2 queries` (give the plural when it is not the noun with an s). */
export function formatCount(value: number, noun: string, plural = `${noun}s`): string {
  return `${formatNumber(value)} ${value === 1 ? noun : plural}`;
}

/** Bytes in decimal units: `812 bytes`, `3.40 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return formatCount(bytes, 'byte');
  let value = bytes / 1000;
  let unit = 0;
  const units = ['kB', 'MB', 'GB', 'TB'];
  while (rounded(value) >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${compact(value)} ${units[unit]}`;
}

/** A share of 0 to 1 as per cent: `35 %`, `0.4 %`, `< 0.1 %`. */
export function formatShare(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 0.1) return '< 0.1 %';
  return percent < 10 ? `${Number(percent.toFixed(1))} %` : `${Math.round(percent)} %`;
}

/** How long ago: `now`, `12 s ago`, `2 min ago`, `3 h ago`, `5 d ago`; a time to come: `in 3 s`. Milliseconds since the epoch. */
export function formatRelativeTime(thenMs: number, nowMs: number): string {
  const seconds = Math.round(Math.abs(nowMs - thenMs) / 1000);
  if (seconds < 1) return 'now';
  const text =
    seconds < 60
      ? `${seconds} s`
      : seconds < 3600
        ? `${Math.floor(seconds / 60)} min`
        : seconds < 86_400
          ? `${Math.floor(seconds / 3600)} h`
          : `${Math.floor(seconds / 86_400)} d`;
  return thenMs > nowMs ? `in ${text}` : `${text} ago`;
}

const FRACTION_DIGITS = 1_000_000_000n;

/**
 * An absolute time in a person's locale and zone, to the millisecond: `21 Nov 2026, 15:03:12.482`.
 * @param locale BCP 47; undefined: the system's
 * @param timeZone IANA name; undefined: the system's
 */
export function formatLocalTime(unixNano: bigint, locale?: string, timeZone?: string): string {
  if (unixNano === 0n) return NO_TIME;
  const date = new Date(Number(unixNano / 1_000_000n));
  if (Number.isNaN(date.getTime())) return `${unixNano} ns`;
  return new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
    hour12: false,
    timeZone,
  }).format(date);
}

/** The same time in UTC with all its digits: `2026-11-21 14:03:12.482000000 UTC`. */
export function formatUtcTime(unixNano: bigint): string {
  if (unixNano === 0n) return NO_TIME;
  const date = new Date(Number(unixNano / 1_000_000n));
  if (Number.isNaN(date.getTime()) || unixNano < 0n) return `${unixNano} ns`;
  const fraction = String(unixNano % FRACTION_DIGITS).padStart(9, '0');
  return `${date.toISOString().slice(0, 19).replace('T', ' ')}.${fraction} UTC`;
}
