import { describe, expect, it } from 'vitest';
import { describeTrace, matchesOf } from '../../../../src/app/traces/traceText';
import type { TraceOverview } from '../../../../src/core/model/table';

const overview: TraceOverview = {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  rootName: 'POST /checkout',
  rootService: 'storefront',
  startUnixNano: 1_700_000_000_000_000_000n,
  durationNs: 1_240_000_000,
  spanCount: 55,
  errorCount: 6,
};
const nowMs = 1_700_000_120_000;

describe('a trace in a list', () => {
  it('says how many spans a query found, before how many there are', () => {
    const matched = { count: 3, spanIds: ['00f067aa0ba902b7'] };
    expect(describeTrace({ ...overview, matched }, nowMs)).toBe(
      '1.24 s · 2 min ago · 3 spans match · 55 spans · 6 errors · storefront',
    );
    expect(matchesOf({ ...overview, matched: { ...matched, count: 1 } })).toBe('1 span matches');
  });

  it('says nothing of it where nothing was asked for, or all spans match', () => {
    expect(describeTrace(overview, nowMs)).toBe('1.24 s · 2 min ago · 55 spans · 6 errors · storefront');
    expect(matchesOf({ ...overview, matched: { count: 55, spanIds: [] } })).toBeUndefined();
  });
});
