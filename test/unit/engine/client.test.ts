// The client of the engine, with a worker that speaks its protocol as far as it is needed.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { setUnexpectedErrorHandler } from '../../../src/base/unexpected';
import { EngineClient } from '../../../src/engine/client';
import { failure } from '../../support/inProcessEngine';

/** Tells of two changes when it is asked for `captures`. One that follows another never finds its captures. */
const script = `
const { parentPort, workerData } = require('node:worker_threads');
const beats = new Int32Array(workerData.beats);
setInterval(() => Atomics.add(beats, 0, 1), 20);
parentPort.on('message', ({ type, id, method }) => {
  if (type !== 'call' || (method === 'openCaptures' && workerData.deadThreads.length > 0)) return;
  if (method === 'captures') {
    parentPort.postMessage({ type: 'event', name: 'log', event: { level: 'warn', message: 'refused: "a\\n2026 [error] forged \\u202e"' } });
    for (const traceIds of [['a'], ['b']]) parentPort.postMessage({ type: 'event', name: 'changed', event: { dataset: 'local', traceIds } });
  }
  parentPort.postMessage({ type: 'result', id, result: [] });
});
`;

describe('the client of the engine', () => {
  let folder: string;
  let client: EngineClient;
  const unexpected: unknown[] = [];
  const logged: string[] = [];
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'spanhop-client-'));
    writeFileSync(join(folder, 'worker.cjs'), script);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  beforeEach(() => {
    unexpected.splice(0);
    logged.splice(0);
    setUnexpectedErrorHandler((error) => unexpected.push(error));
    client = new EngineClient({
      workerPath: join(folder, 'worker.cjs'),
      onLog: (level, message) => logged.push(`${level}: ${message}`),
    });
  });
  afterEach(() => client.dispose());

  it('tells all who listen, also when one of them throws', async () => {
    const told: string[] = [];
    client.on('changed', () => {
      throw new Error('of the first listener');
    });
    const stop = client.on('changed', ({ traceIds }) => {
      told.push(...traceIds);
      stop();
    });
    client.on('changed', ({ traceIds }) => told.push(...traceIds));
    await client.call('captures', {});
    expect(told).toEqual(['a', 'a', 'b']);
    expect(unexpected.map(String)).toEqual(['Error: of the first listener', 'Error: of the first listener']);
  });

  it('writes what the engine tells on one line of the log, whatever a request brought', async () => {
    await client.call('captures', {});
    expect(logged).toEqual(['warn: refused: "a\u240a2026 [error] forged \u2039U+202E\u203a"']);
  });

  it('lets a caller give up while another engine takes over', async () => {
    await client.call('openCaptures', { directory: 'd' });
    await Reflect.get(client, 'worker').terminate();
    const impatient = new AbortController();
    const given = failure(client.call('captures', {}, { signal: impatient.signal }));
    await vi.waitFor(() => expect(Reflect.get(client, 'worker')).toBeDefined());
    impatient.abort();
    expect(await given).toBe('Cancelled: Cancelled.');
    expect(await failure(client.call('captures', {}, { signal: AbortSignal.abort() }))).toBe('Cancelled: Cancelled.');
  });
});
