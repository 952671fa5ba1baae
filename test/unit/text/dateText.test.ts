/** Dates as titles have them, in whatever zone the test runs. */

import { describe, expect, it } from 'vitest';
import { formatDate, formatZonedTime } from '../../../src/core/text/dateText';

const nano = (...local: [number, number, number, number, number, number]): bigint =>
  BigInt(new Date(...local).getTime()) * 1_000_000n;
const now = new Date(2026, 10, 21, 9, 0, 0);

describe('formatDate', () => {
  it.each([
    [nano(2026, 10, 21, 8, 5, 9), 'today 08:05:09'],
    [nano(2026, 10, 21, 0, 0, 0), 'today 00:00:00'],
    [nano(2026, 10, 20, 23, 59, 59), 'yesterday 23:59:59'],
    [nano(2026, 10, 19, 23, 59, 59), '19 Nov 23:59'],
    // The clock of another machine may be ahead.
    [nano(2026, 10, 22, 7, 3, 0), '22 Nov 07:03'],
    [nano(2025, 11, 31, 7, 3, 0), '31 Dec 2025 07:03'],
  ])('says %s as %s', (unixNano, text) => {
    expect(formatDate(unixNano, now)).toBe(text);
  });

  it('knows yesterday across a month and a year', () => {
    expect(formatDate(nano(2025, 11, 31, 12, 0, 0), new Date(2026, 0, 1, 1, 0, 0))).toBe('yesterday 12:00:00');
  });

  it('says nothing of what is no date', () => {
    expect(formatDate(2n ** 64n * 1_000_000n, now)).toBeUndefined();
    expect(formatDate(-1n, now)).toBeUndefined();
  });
});

describe('formatZonedTime', () => {
  it('has all digits and the zone, from which the point in time comes back', () => {
    const text = formatZonedTime(1_795_269_792_482_000_123n);
    expect(text).toMatch(/^2026-11-2\d \d\d:\d\d:12\.482000123 [+−]\d\d:\d\d$/);
    const [, day, time, zone] = /^(\S+) (\S+)\.\d+ (\S+)$/.exec(text) ?? [];
    expect(Date.parse(`${day}T${time}${zone.replace('−', '-')}`)).toBe(1_795_269_792_000);
  });
});
