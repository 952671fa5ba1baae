import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Datasets } from '../../../src/engine/store/dataset';
import { Notifier } from '../../../src/engine/store/notifier';
import type { TraceKey } from '../../../src/protocol/traces';
import { batchFromText } from '../../support/traceText';

const id = (number: number): string => number.toString(16).padStart(32, '0');

describe('the notifier', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('names the traces that are followed, however many others changed', () => {
    const dataset = new Datasets().getOrAdd('local');
    const followed: TraceKey[] = [{ dataset: 'local', traceId: id(5_000) }];
    const told: (readonly string[])[] = [];
    const counts = { spans: 0, traces: 0, rejected: 0, metricRequests: 0, logRequests: 0 };
    const notifier = new Notifier(
      (_, event) => {
        if ('dataset' in event) told.push(event.traceIds);
      },
      () => dataset.store,
      () => counts,
      () => followed,
    );
    const receive = (...traces: readonly number[]): void => {
      for (const trace of traces) {
        const batch = batchFromText('span  a  0..1', { strings: dataset.strings, traceId: id(trace) });
        dataset.store.add(batch, 1, notifier.collector);
        notifier.received(1);
      }
    };
    receive(...Array.from({ length: 1_200 }, (_, i) => i + 1), 5_000);
    vi.advanceTimersByTime(250);
    expect(told).toHaveLength(1);
    expect(told[0]).toHaveLength(1_001);
    expect(told[0]).toContain(id(5_000));
    // It did not change since.
    receive(7);
    vi.advanceTimersByTime(250);
    expect(told[1]).toEqual([id(7)]);
    receive(7, 5_000);
    vi.advanceTimersByTime(250);
    expect([...told[2]].sort()).toEqual([id(7), id(5_000)]);
  });
});
