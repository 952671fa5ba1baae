// A trace of a backend that has not ended long ago is asked for again when it is opened again, and another is not.

import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { EngineService } from '../../../../src/app/engine/engineService';
import { TraceService } from '../../../../src/app/traces/traceService';
import { Emitter } from '../../../../src/base/emitter';
import { SpanhopError } from '../../../../src/base/errors';
import type { TraceOverview } from '../../../../src/core/model/table';
import { FakeEngine } from '../support/fakeEngine';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const key = { dataset: 'backend:Jaeger', traceId };
const minute = 60_000;
let requests: number;
let get: () => Promise<Uint8Array<ArrayBuffer>>;
let endedMs: number;
let traces: TraceService;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000 * minute });
  requests = 0;
  endedMs = Date.now();
  get = async () => new Uint8Array(1);
  let isThere = false;
  const engine = new FakeEngine({
    restoreCaptures: () => undefined,
    locateTrace: () => (isThere ? key : undefined),
    addBytes: ({ dataset }) => {
      isThere = true;
      const startUnixNano = BigInt(endedMs - 1000) * 1_000_000n;
      const overview: TraceOverview = { traceId, rootService: 'web', rootName: 'GET /', startUnixNano, durationNs: 1e9 };
      return { dataset, format: 'jaeger', spanCount: 1, traces: [overview], defects: [] };
    },
  });
  const never = new Emitter<never>().event;
  traces = new TraceService(
    new EngineService(engine, '/captures', () => ({ redactKeys: [], redactPatterns: [], captureLogBytes: 1 })),
    {
      active: 'Jaeger',
      names: ['local', 'Jaeger'],
      require() {},
      onDidChangeActive: never,
      get: async () => ({
        settings: { name: 'Jaeger', type: 'jaeger', url: 'http://localhost', options: {} },
        describe: async () => ({}),
        services: async () => [],
        operations: async () => [],
        async *find() {},
        get: async () => {
          requests++;
          return { bodies: [await get()] };
        },
      }),
    },
    { onDidReload: never },
  );
});
afterEach(() => {
  vi.useRealTimers();
});

const open = (): Promise<unknown> => traces.locate(traceId, { backend: 'Jaeger' });

it('asks again for one that may have grown, but not at once', async () => {
  await open();
  await open();
  expect(requests).toBe(1);
  await vi.advanceTimersByTimeAsync(6_000);
  await open();
  expect(requests).toBe(2);
  // Wherever it is asked for.
  await vi.advanceTimersByTimeAsync(6_000);
  expect(await traces.locate(traceId)).toEqual(key);
  expect(requests).toBe(3);
  // All of it has come by the next time, which is the last.
  await vi.advanceTimersByTimeAsync(6 * minute);
  await open();
  await vi.advanceTimersByTimeAsync(6 * minute);
  await open();
  expect(requests).toBe(4);
});

it('does not ask again for one that had ended long before', async () => {
  endedMs = Date.now() - 6 * minute;
  await open();
  await vi.advanceTimersByTimeAsync(60 * minute);
  expect(await open()).toEqual(key);
  expect(requests).toBe(1);
  await traces.locate(traceId, { backend: 'Jaeger', fresh: true });
  expect(requests).toBe(2);
});

it('shows what is here where the backend does not answer, or not soon', async () => {
  await open();
  await vi.advanceTimersByTimeAsync(6_000);
  get = () => Promise.reject(new SpanhopError('Unreachable', 'It is away.'));
  expect(await open()).toEqual(key);
  get = () => new Promise(() => {});
  const opening = open();
  await vi.advanceTimersByTimeAsync(3_000);
  expect(await opening).toEqual(key);
  expect(requests).toBe(3);
  const stop = new AbortController();
  const stopped = traces.locate(traceId, { backend: 'Jaeger', signal: stop.signal });
  setTimeout(() => stop.abort(), 100);
  const said = expect(stopped).rejects.toMatchObject({ kind: 'Cancelled' });
  await vi.advanceTimersByTimeAsync(100);
  await said;
});
