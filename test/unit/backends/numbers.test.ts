// Times and durations that a query may have and Go, which reads them, has not.

import { describe, expect, it } from 'vitest';
import { goDuration } from '../../../src/backends/common/http';
import { rfc3339 } from '../../../src/backends/common/times';
import { parseDuration } from '../../../src/core/query/durations';

describe('what a server in Go is asked', () => {
  it('has times that there are', () => {
    expect(rfc3339(1_700_000_000_000_000_001n)).toBe('2023-11-14T22:13:20.000000001Z');
    expect(rfc3339(2n ** 80n)).toBe('2262-04-11T23:47:16.854775807Z');
    expect(rfc3339(-1n)).toBe('1970-01-01T00:00:00.000000000Z');
  });

  it('has durations that there are', () => {
    expect([1.5, 1e9, 1e300, Number.POSITIVE_INFINITY, Number.NaN, -5].map(goDuration)).toEqual([
      '2ns',
      '1000000000ns',
      '9223372036854775000ns',
      '9223372036854775000ns',
      '0ns',
      '0ns',
    ]);
    expect(parseDuration(`${'9'.repeat(330)}s`)).toBe(Number.POSITIVE_INFINITY);
    expect(parseDuration('293y')).toBe(Number.POSITIVE_INFINITY);
    expect(parseDuration('106751d')).toBe(106_751 * 8.64e13);
  });
});
