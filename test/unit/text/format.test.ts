import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatLocalTime,
  formatNumber,
  formatOffset,
  formatRelativeTime,
  formatShare,
  formatUtcTime,
  speakDuration,
} from '../../../src/core/text/formatText';

it('says of what is no time that it is none', () => {
  expect(formatDuration(Number.NaN)).toBe('?');
  expect(formatDuration(Number.POSITIVE_INFINITY)).toBe('∞');
  expect(formatDuration(Number.NEGATIVE_INFINITY)).toBe('−∞');
  expect(formatUtcTime(-1n)).toBe('-1 ns');
  expect(formatUtcTime(2n ** 64n - 1n)).toBe('2554-07-21 23:34:33.709551615 UTC');
});

describe('durations', () => {
  it.each([
    [0, '0'],
    [1, '1 ns'],
    [870, '870 ns'],
    [999.7, '1 µs'],
    [12_340, '12.3 µs'],
    [438e6, '438 ms'],
    [3.42e6, '3.42 ms'],
    [22e6, '22 ms'],
    [999.6e6, '1.00 s'],
    [1.2e9, '1.20 s'],
    [1.236e9, '1.24 s'],
    [59.96e9, '1 min'],
    [123e9, '2 min 3 s'],
    [120e9, '2 min'],
    [3599.6e9, '1 h'],
    [3900e9, '1 h 5 min'],
    [100 * 3600e9, '4 d 4 h'],
    [-41e6, '−41 ms'],
  ])('%d ns is %s', (ns, text) => {
    expect(formatDuration(ns)).toBe(text);
  });

  it('are spoken in words', () => {
    expect(speakDuration(438e6)).toBe('438 milliseconds');
    expect(speakDuration(1e9)).toBe('1 second');
    expect(speakDuration(123e9)).toBe('2 minutes 3 seconds');
    expect(speakDuration(0)).toBe('0 milliseconds');
  });

  it('have a sign as offsets', () => {
    expect(formatOffset(770e6)).toBe('+770 ms');
    expect(formatOffset(-3e6)).toBe('−3 ms');
  });
});

describe('numbers', () => {
  it('have separators and the right plural', () => {
    expect(formatNumber(1_048_576)).toBe('1,048,576');
    expect(formatNumber(999)).toBe('999');
    expect([0, 1, 2].map((n) => formatCount(n, 'query', 'queries'))).toEqual(['0 queries', '1 query', '2 queries']);
    expect(formatCount(55, 'span')).toBe('55 spans');
  });

  it('of bytes and shares', () => {
    expect([1, 812, 1000, 3_400_000, 999_950, 6e8].map(formatBytes)).toEqual([
      '1 byte',
      '812 bytes',
      '1 kB',
      '3.4 MB',
      '1 MB',
      '600 MB',
    ]);
    expect([0, 0.0004, 0.012, 0.353, 1].map(formatShare)).toEqual(['0 %', '< 0.1 %', '1.2 %', '35 %', '100 %']);
  });
});

describe('times', () => {
  it('tell how long ago', () => {
    const ago = (seconds: number) => formatRelativeTime(1e12, 1e12 + seconds * 1000);
    expect([0.2, 12, 150, 3 * 3600, 5 * 86400, -3].map(ago)).toEqual([
      'now',
      '12 s ago',
      '2 min ago',
      '3 h ago',
      '5 d ago',
      'in 3 s',
    ]);
  });

  it('are local, and exact in UTC', () => {
    const time = 1_795_269_792_482_123_456n;
    expect(formatUtcTime(time)).toBe('2026-11-21 14:03:12.482123456 UTC');
    expect(formatLocalTime(time, 'en-GB', 'Europe/Berlin')).toContain('15:03:12.482');
    expect(formatUtcTime(2n ** 63n)).toBe('2262-04-11 23:47:16.854775808 UTC');
  });
});

it('has no date for a time that is not known', () => {
  expect([formatLocalTime(0n), formatUtcTime(0n)]).toEqual(['not known', 'not known']);
  expect(formatUtcTime(1n)).toContain('1970');
});
