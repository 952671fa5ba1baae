/** The list of traces: order and filter. */

import { describe, expect, it } from 'vitest';
import type { ListedTrace } from '../../../src/protocol/view';
import { columns, filterTraces, sortTraces } from '../../../webview/views/traces/sort';

const trace = (traceId: string, more: Partial<ListedTrace> = {}): ListedTrace => ({
  traceId,
  rootName: 'GET /',
  rootService: 'shop',
  startUnixNano: '1000',
  durationNs: 1,
  spanCount: 1,
  errorCount: 0,
  services: ['shop'],
  ...more,
});

describe('list of traces', () => {
  it('sorts times of any length as numbers', () => {
    const all = [
      trace('a', { startUnixNano: '999' }),
      trace('b', { startUnixNano: '1000000000000000001' }),
      trace('c', { startUnixNano: '1000000000000000000' }),
    ];
    expect(sortTraces(all, { column: 'start', descending: true }).map(({ traceId }) => traceId)).toEqual(['b', 'c', 'a']);
  });

  it('has an order for every column, the same on every run where values are equal', () => {
    for (const { id } of columns) {
      const all = [trace('b'), trace('a'), trace('c')];
      expect(sortTraces(all, { column: id, descending: false }).map(({ traceId }) => traceId)).toEqual(['a', 'b', 'c']);
    }
  });

  it('filters by every word, in name, services and id', () => {
    const all = [trace('a1', { rootName: 'POST /checkout', services: ['storefront', 'payments'] }), trace('b2')];
    const ids = (text: string): string[] => filterTraces(all, text).map(({ traceId }) => traceId);
    expect(ids('')).toEqual(['a1', 'b2']);
    expect(ids('  pay CHECKOUT ')).toEqual(['a1']);
    expect(ids('b2')).toEqual(['b2']);
    expect(ids('pay nothing')).toEqual([]);
  });
});
