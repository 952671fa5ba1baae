import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, vi } from 'vitest';
import { parseQuery } from '../../../../src/core/query/parse';
import { EngineClient } from '../../../../src/engine/client';
import type { CaptureInfo } from '../../../../src/protocol/capture';
import type { EngineEvents } from '../../../../src/protocol/engine';
import { bundleEngine, type EngineBundle } from '../../../support/engineBundle';
import type { SpanSpec } from '../../../support/otlp';

// A machine that is busy with other tests is slow, and that is no failure.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

export const settings = { redactKeys: [], redactPatterns: [], captureMemoryBytes: 256 << 20, captureLogBytes: 1 << 30 };
export const everything = parseQuery('{}');

export let bundle: EngineBundle;
export let folder: string;
export let client: EngineClient;
export let logs: string[];
const clients: EngineClient[] = [];

beforeAll(async () => {
  bundle = await bundleEngine();
});
afterAll(() => bundle.remove());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spanhop-capture-'));
  logs = [];
  client = newClient();
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((one) => one.dispose()));
  rmSync(folder, { recursive: true, force: true });
});

/** Another window, as it were. */
export function newClient(): EngineClient {
  const made = new EngineClient({ workerPath: bundle.engine, onLog: (level, message) => logs.push(`${level}: ${message}`) });
  clients.push(made);
  return made;
}

export async function start(of = client): Promise<number> {
  await of.call('configure', settings);
  await of.call('openCaptures', { directory: folder });
  const { httpPort } = await of.call('startCapture', { wellKnownPort: false });
  if (httpPort === undefined) throw new Error('no port');
  return httpPort;
}

/** What a window does when it opens: the captures, with the spans of the newest one in memory. */
export async function restored(of: EngineClient): Promise<CaptureInfo[]> {
  await of.call('openCaptures', { directory: folder });
  await of.call('restoreCaptures', { begin: true }, { timeoutMs: 0 });
  return of.call('captures', {});
}

export async function post(
  port: number,
  body: Uint8Array | string,
  type = 'application/json',
  path = '/v1/traces',
): Promise<Response> {
  return fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', headers: { 'content-type': type }, body: Buffer.from(body) });
}

export const spans = (from: number, count: number): SpanSpec[] =>
  Array.from({ length: count }, (_, i) => ({
    traceId: (from + i).toString(16),
    spanId: (from + i).toString(16),
    name: `call ${from + i}`,
    service: `s${from}`,
  }));

export const next = <K extends keyof EngineEvents>(of: EngineClient, name: K): Promise<EngineEvents[K]> =>
  new Promise((done) => {
    const stop = of.on(name, (event) => {
      stop();
      done(event);
    });
  });

export async function names(of = client, capture?: string): Promise<string[]> {
  const { traces } = await of.call('findTraces', { dataset: 'local', query: everything, limit: 10_000, capture });
  return traces.map(({ rootName }) => rootName).sort();
}

/** Of those that are in memory, and not only listed. */
export async function namesInMemory(): Promise<string[]> {
  const { traces } = await client.call('findTraces', { dataset: 'local', query: everything, limit: 10_000 });
  return traces.filter(({ inLog }) => !inLog).map(({ rootName }) => rootName);
}

export const captures = (of = client): Promise<CaptureInfo[]> => of.call('captures', {});
