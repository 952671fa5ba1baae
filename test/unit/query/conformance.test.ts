// The table of queries that is run over real servers, over the local store: each finds what is said in plain words beside it.

import { describe, expect, it } from 'vitest';
import { ALL, conformanceQueries } from '../../backends/conformance/queries';
import { localStore } from '../../backends/conformance/stores';
import { described } from '../../backends/conformance/table';
import { otlpRequest } from '../../backends/system/ownFormats';
import { thousandTraces } from '../../backends/system/thousandTraces';

const baseMs = Date.parse('2026-06-01T12:00:00Z');
const traces = thousandTraces(baseMs);
const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

describe('the local store', async () => {
  const store = await localStore([encode(otlpRequest(traces.flat()))], baseMs);

  it.for(conformanceQueries.map((query) => [described(query), query] as const))('%s', async ([, query]) => {
    const { holds, minutes: [first, last] = [0, 9], limit = ALL } = query;
    const wanted = traces.filter((trace, index) => index >= first * 100 && index < (last + 1) * 100 && holds(trace));
    const newest = wanted.toReversed().slice(0, limit);
    expect([...(await store(query))].sort()).toEqual(newest.map(([{ traceId }]) => traceId).sort());
  });
});
