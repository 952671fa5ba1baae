// What of a capture overlaps: requests with the log's end, loading with what comes, windows with each other.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CaptureDirectory } from '../../../src/capture/directory/directory';
import { parseQuery } from '../../../src/core/query/parse';
import { InProcessEngine } from '../../support/inProcessEngine';
import { requestBytes, type SpanSpec } from '../../support/otlp';

const settings = { redactKeys: [], redactPatterns: [], memoryBytes: 256 << 20, captureLogBytes: 1 << 30 };

let folder: string;
let engine: InProcessEngine;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spanhop-overlaps-'));
  engine = new InProcessEngine();
});
afterEach(async () => {
  await engine.call('stopCapture', {});
  rmSync(folder, { recursive: true, force: true });
});

const span = (n: number, size = 10): SpanSpec => ({
  traceId: n.toString(16),
  spanId: n.toString(16),
  name: `call ${n}`,
  attributes: { text: 'x'.repeat(size) },
});

async function start(captureLogBytes = settings.captureLogBytes): Promise<number> {
  await engine.call('configure', { ...settings, captureLogBytes });
  await engine.call('openCaptures', { directory: folder });
  return (await engine.call('startCapture', { wellKnownPort: false })).httpPort ?? 0;
}

async function post(port: number, body: Uint8Array | string, path = '/v1/traces'): Promise<boolean> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', headers, body: Buffer.from(body) }).catch(
    () => undefined,
  );
  return answer?.status === 200;
}

const record = (n: number): string =>
  JSON.stringify({
    resourceLogs: [
      {
        scopeLogs: [
          {
            logRecords: [
              {
                timeUnixNano: '1760000000000000000',
                traceId: n.toString(16).padStart(32, '0'),
                spanId: n.toString(16).padStart(16, '0'),
                body: { stringValue: `line ${n}` },
              },
            ],
          },
        ],
      },
    ],
  });

async function names(of = engine): Promise<string[]> {
  const { traces } = await of.call('findTraces', { dataset: 'local', query: parseQuery('{}'), limit: 10_000 });
  return traces.map(({ rootName }) => rootName).sort();
}

const called = (numbers: readonly number[]): string[] => numbers.map((n) => `call ${n}`).sort();

/** All that a later window finds. */
async function later(): Promise<InProcessEngine> {
  const other = new InProcessEngine();
  await other.call('configure', settings);
  await other.call('openCaptures', { directory: folder });
  for (const { id } of await other.call('captures', {})) await other.call('loadCapture', { capture: id });
  return other;
}

it('requests that come while a new log begins are in one of both, with their log records', async () => {
  const port = await start(8_000_000);
  const numbers: number[] = [];
  // Six at a time, so that some are on their way when the log becomes too long; and some more when there is another one.
  const sender = async (): Promise<void> => {
    for (let more = 2; more > 0; ) {
      const n = numbers.push(numbers.length + 1);
      if ((await engine.call('captures', {})).length > 1) more--;
      const both = [post(port, requestBytes([span(n, 200_000)])), post(port, record(n), '/v1/logs')];
      expect(await Promise.all(both)).toEqual([true, true]);
    }
  };
  await Promise.all([1, 2, 3, 4, 5, 6].map(sender));
  // None is deleted for its length.
  await engine.call('configure', settings);
  await engine.call('stopCapture', {});
  expect(readdirSync(folder).filter((name) => name.endsWith('.otlp.pb')).length).toBeGreaterThan(1);
  const after = await later();
  expect(await names(after)).toEqual(called(numbers));
  for (const n of [1, 7, numbers.length]) {
    const { spans } = await after.call('traceData', { dataset: 'local', traceId: n.toString(16).padStart(32, '0') });
    expect(spans[0].logs.map(({ body }) => body)).toEqual([`line ${n}`]);
  }
});

it('a stop while requests are written leaves what was acknowledged, and an index that counts it', async () => {
  const port = await start();
  await post(port, requestBytes([span(1)]));
  const numbers = Array.from({ length: 60 }, (_, i) => i + 2);
  const answers = numbers.map((n) => post(port, requestBytes([span(n, 2_000)])));
  await Promise.race(answers);
  await engine.call('stopCapture', {});
  const taken = await Promise.all(answers);
  const acknowledged = called([1, ...numbers.filter((_, i) => taken[i])]);
  const [name] = readdirSync(folder).filter((one) => /^[^.]*\.json$/.test(one));
  const index: { spans: number } = JSON.parse(readFileSync(join(folder, name), 'utf8'));
  const after = await later();
  const found = await names(after);
  for (const one of acknowledged) expect(found).toContain(one);
  expect(index.spans).toBe(found.length);
});

it('loading the running capture, while spans come, has each once', async () => {
  const port = await start();
  for (let n = 1; n <= 20; n++) await post(port, requestBytes([span(n, 5_000)]));
  const [{ id }] = await engine.call('captures', {});
  // So that there is something to load.
  await engine.call('configure', { ...settings, memoryBytes: 40_000 });
  const numbers = Array.from({ length: 100 }, (_, i) => i + 21);
  await engine.call('configure', settings);
  const answers = numbers.flatMap((n) => [post(port, requestBytes([span(n, 2_000)])), post(port, record(n), '/v1/logs')]);
  const loads = [1, 2, 3].map(() => engine.call('loadCapture', { capture: id }));
  await Promise.all([...answers, ...loads]);
  await engine.call('loadCapture', { capture: id });
  const { traces } = await engine.call('findTraces', { dataset: 'local', query: parseQuery('{}'), limit: 1_000 });
  expect(traces).toHaveLength(120);
  expect(traces.every(({ spanCount }) => spanCount === 1)).toBe(true);
  for (const n of [21, 70, 120]) {
    const { spans } = await engine.call('traceData', { dataset: 'local', traceId: n.toString(16).padStart(32, '0') });
    expect(spans[0].logs).toHaveLength(1);
  }
});

it('clearing while a capture is loaded leaves nothing of it, and what comes afterwards stays', async () => {
  const port = await start();
  for (let n = 1; n <= 20; n++) await post(port, requestBytes([span(n)]));
  await engine.call('stopCapture', {});
  const again = await start();
  const kept = (await engine.call('captures', {})).find(({ live }) => !live);
  const loading = engine.call('loadCapture', { capture: kept?.id ?? '' });
  const clearing = engine.call('clearCapture', {});
  await Promise.all([loading, clearing]);
  expect(await post(again, requestBytes([span(99)]))).toBe(true);
  expect(await names()).toEqual(['call 99']);
  await engine.call('stopCapture', {});
  expect(await names(await later())).toEqual(['call 99']);
});

it('loading that is cancelled leaves no part of a capture', async () => {
  const port = await start();
  for (let n = 1; n <= 20; n++) await post(port, requestBytes([span(n, 400_000)]));
  await engine.call('stopCapture', {});
  const other = new InProcessEngine();
  await other.call('configure', settings);
  await other.call('openCaptures', { directory: folder });
  const [{ id }] = await other.call('captures', {});
  const controller = new AbortController();
  const loading = other.call('loadCapture', { capture: id }, controller.signal);
  controller.abort();
  await expect(loading).rejects.toMatchObject({ kind: 'Cancelled' });
  expect(await names(other)).toEqual([]);
});

it('windows that open, sweep and prune while others begin take nothing away from them', async () => {
  const directories = Array.from({ length: 6 }, () => new CaptureDirectory(folder));
  const opened = await Promise.all(
    directories.map(async (directory, i) => {
      const open = await directory.create();
      await Promise.all([
        directories[(i + 1) % 6].sweep(),
        directories[(i + 2) % 6].prune(0),
        directories[(i + 3) % 6].delete(open.id),
      ]);
      await open.log.append(Uint8Array.of(10, 0));
      await open.log.append(Uint8Array.of(10, 0));
      return open;
    }),
  );
  expect((await directories[0].list()).map(({ live, bytes }) => [live, bytes])).toEqual(opened.map(() => [true, 12]));
  for (const open of opened) await open.close(() => ({ spans: 1, traces: 1, errors: 0, services: [], bytes: 12 }));
});

it('a log of log records that is asked for while the capture ends is closed with it, and none is made afterwards', async () => {
  const directory = new CaptureDirectory(folder);
  const open = await directory.create();
  await open.log.append(Uint8Array.of(10, 0));
  const asked = open.logs();
  await open.close(() => ({ spans: 1, traces: 1, errors: 0, services: [], bytes: 6 }));
  await expect((await asked).append(Uint8Array.of(10, 0))).rejects.toMatchObject({ ended: 'stopped' });
  await expect(open.logs()).rejects.toMatchObject({ ended: 'stopped' });
});

it('asks again for a log of log records that could not be made', async () => {
  const directory = new CaptureDirectory(folder);
  const open = await directory.create();
  rmSync(folder, { recursive: true });
  await expect(open.logs()).rejects.toThrow(/cannot be made: the folder is not there/);
  await directory.probe(1);
  await (await open.logs()).append(Uint8Array.of(10, 0));
  await open.close(() => ({ spans: 0, traces: 0, errors: 0, services: [], bytes: 0 }));
});
