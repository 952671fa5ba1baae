// Who calls whom, of a backend that does not tell: out of its latest traces, which are fetched for that.

import { afterEach, expect, it, vi } from 'vitest';
import { EngineService } from '../../../../src/app/engine/engineService';
import { BackendFacts } from '../../../../src/app/traces/backendFacts';
import { TraceService } from '../../../../src/app/traces/traceService';
import type { Backend } from '../../../../src/backends/common/backend';
import { HttpTransport } from '../../../../src/backends/common/httpTransport';
import { backendKind } from '../../../../src/backends/kinds';
import { TempoBackend } from '../../../../src/backends/tempo/tempo';
import { SpanhopError } from '../../../../src/base/errors';
import { backendContext } from '../../../support/backend';
import { failure } from '../../../support/inProcessEngine';
import { type ReplayServer, startReplay } from '../../../support/replayServer';
import { sharedData, sharedPath } from '../../../support/sharedData';
import { RealEngine } from '../support/realEngine';

vi.setConfig({ testTimeout: 30_000 });

const range = { startMs: 1795267234_000, endMs: 1795267838_000 };
const event = (): { dispose(): void } => ({ dispose() {} });
let replay: ReplayServer | undefined;
afterEach(() => replay?.stop());

function factsOf(backend: Backend): { facts: BackendFacts; engine: RealEngine } {
  const link = new RealEngine();
  const engine = new EngineService(link, '/captures', () => ({ redactKeys: [], redactPatterns: [], captureLogBytes: 1 }));
  const backends = {
    active: 'tempo',
    names: ['local', 'tempo'],
    require: () => {},
    get: async () => backend,
    kindOf: () => backendKind('tempo'),
    onDidChangeActive: event,
  };
  return { facts: new BackendFacts(engine, backends, new TraceService(engine, backends, { onDidReload: event })), engine: link };
}

async function tempo(): Promise<TempoBackend> {
  replay = await startReplay(sharedPath('recorded', 'tempo-main'));
  const transport = new HttpTransport({ timeoutMs: 5000, maxBytes: 64 << 20, retries: 0 });
  const settings = { type: 'tempo', name: 'tempo', url: replay.url };
  return new TempoBackend(backendContext(settings, { transport, nowMs: () => 1795267839_000 }));
}

it.skipIf(sharedData === undefined)('is told by whole traces, which are fetched once', async () => {
  const { facts, engine } = factsOf(await tempo());
  const calls = await facts.dependencies('tempo', range);
  const pairs = calls.map(({ parent, child }) => `${parent} > ${child}`);
  expect(pairs).toEqual(expect.arrayContaining(['storefront > payment', 'storefront > catalog', 'catalog > postgres']));
  expect(calls.find(({ child }) => child === 'payment')?.errors).toBeGreaterThan(0);
  const fetched = engine.asked.filter((method) => method === 'addBytes').length;
  expect(fetched).toBeGreaterThan(5);
  // They are here now.
  expect(await facts.dependencies('tempo', range)).toEqual(calls);
  expect(engine.asked.filter((method) => method === 'addBytes')).toHaveLength(fetched);
});

it('is not told where there are no traces, and an error is one', async () => {
  const none: Backend = {
    settings: { name: 'tempo', type: 'tempo', url: 'http://localhost', options: {} },
    describe: async () => ({}),
    services: async () => [],
    operations: async () => [],
    async *find() {
      yield { traces: [], pushDown: { exact: [], superset: [], here: [] } };
    },
    get: () => Promise.reject(new SpanhopError('NotFound', 'None.')),
    dependencies: () => Promise.reject(new SpanhopError('NotSupported', 'No metrics.')),
  };
  expect(await failure(factsOf(none).facts.dependencies('tempo', range))).toBe(
    'NotSupported: "tempo" does not tell who calls whom, and none of its latest traces do.',
  );
  const down: Backend = { ...none, dependencies: () => Promise.reject(new SpanhopError('Unreachable', 'Gone.')) };
  expect(await failure(factsOf(down).facts.dependencies('tempo', range))).toBe('Unreachable: Gone.');
});
