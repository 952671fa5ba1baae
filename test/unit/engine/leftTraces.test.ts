// Captured traces that left memory are still listed and found by their summaries, and are read from their log when somebody opens them.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parseQuery } from '../../../src/core/query/parse';
import { failure, InProcessEngine } from '../../support/inProcessEngine';
import { requestBytes, type SpanSpec } from '../../support/otlp';

const MB = 1 << 20;
const id = (trace: number): string => trace.toString(16).padStart(32, '0');
const filler = 'x'.repeat(8_000);
let folder: string;
let engine: InProcessEngine;
let port: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'left-'));
  engine = new InProcessEngine();
  await limit(64);
  await engine.call('openCaptures', { directory: folder });
  port = (await engine.call('startCapture', { wellKnownPort: false })).httpPort ?? 0;
});
afterEach(async () => {
  await engine.call('stopCapture', {});
  rmSync(folder, { recursive: true, force: true });
});

const limit = (megabytes: number): Promise<void> =>
  engine.call('configure', { redactKeys: [], redactPatterns: [], memoryBytes: megabytes * MB, captureLogBytes: 1 << 30 });
const send = async (spans: readonly SpanSpec[]): Promise<void> => {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`http://127.0.0.1:${port}/v1/traces`, {
    method: 'POST',
    headers,
    body: requestBytes(spans) as BodyInit,
  });
  expect(answer.status).toBe(200);
};
/** A request with its root, some calls, and one that failed. */
const trace = (n: number, more: Partial<SpanSpec> = {}): readonly SpanSpec[] => [
  { traceId: id(n), spanId: '1', name: `GET /item/${n}`, service: 'web', startMs: n * 1000, durationMs: 100 + n, ...more },
  ...Array.from(
    { length: 4 },
    (_, i): SpanSpec => ({
      traceId: id(n),
      spanId: `${i + 2}`,
      parent: '1',
      name: 'SELECT',
      service: 'db',
      startMs: n * 1000 + i,
      attributes: { filler },
      error: n === 7 && i === 2,
    }),
  ),
];
const find = async (query: string, limited = 1_000) =>
  (await engine.call('findTraces', { dataset: 'local', query: parseQuery(query), limit: limited })).traces;

async function fillUp(traces: number): Promise<void> {
  for (let n = 1; n <= traces; n += 5) await send([0, 1, 2, 3, 4].flatMap((k) => [...trace(n + k)]));
  await limit(1);
}

it('they are listed in their place, with their times and counts, and say where they are', async () => {
  await fillUp(60);
  const all = await find('{}');
  expect(all.map(({ rootName }) => rootName)).toEqual(Array.from({ length: 60 }, (_, i) => `GET /item/${60 - i}`));
  const left = all.filter(({ inLog }) => inLog);
  expect(left.length).toBeGreaterThan(20);
  expect(left.at(-1)).toMatchObject({ traceId: id(1), rootService: 'web', durationNs: 101e6, spanCount: 5, errorCount: 0 });
  // Page by page they are the same.
  const paged = (await engine.call('findTraces', { dataset: 'local', query: parseQuery('{}'), limit: 10, offset: 50 })).traces;
  expect(paged.map(({ traceId }) => traceId)).toEqual(all.slice(50).map(({ traceId }) => traceId));
});

it('they are found by service, name, duration, status and time', async () => {
  await fillUp(60);
  const ids = async (query: string) => (await find(query)).map(({ traceId }) => traceId);
  expect(await ids('{ name = "GET /item/3" }')).toEqual([id(3)]);
  expect(await ids('{ status = error }')).toEqual([id(7)]);
  expect(await ids('{ resource.service.name = "web" && duration < 104ms }')).toEqual([id(3), id(2), id(1)]);
  expect(await ids('{ rootName = "GET /item/5" }')).toEqual([id(5)]);
  expect(await ids('{ name = "GET /item/500" }')).toEqual([]);
  const [{ startUnixNano }] = await find('{ name = "GET /item/4" }');
  const query = { ...parseQuery('{}'), endUnixNano: startUnixNano };
  const before = await engine.call('findTraces', { dataset: 'local', query, limit: 100 });
  expect(before.traces.map(({ traceId }) => traceId)).toEqual([id(4), id(3), id(2), id(1)]);
});

it('they are read from the log by whoever opens them, each once for all who ask', async () => {
  await fillUp(60);
  const key = { dataset: 'local', traceId: id(7) };
  expect(await engine.call('locateTrace', { traceId: id(7) })).toEqual(key);
  expect(await engine.call('knownTraces', { traceIds: [id(7), id(700)] })).toEqual([true, false]);
  const [data, snapshot] = await Promise.all([engine.call('traceData', key), engine.call('openTrace', key)]);
  expect(data.spans).toHaveLength(5);
  expect(data.defects).toEqual([]);
  expect(data.spans.at(-1)?.attributes).toEqual({ filler });
  expect(snapshot).toMatchObject({ count: 5, errorCount: 1, rootName: 'GET /item/7' });
  expect(snapshot.defects).toEqual([]);
  const again = (await find('{}')).filter(({ traceId }) => traceId === id(7));
  expect(again).toHaveLength(1);
  expect(again[0].inLog).toBeUndefined();
});

it('one whose last spans came after it had left has all of them', async () => {
  await fillUp(60);
  await limit(64);
  await send([{ traceId: id(3), spanId: '99', parent: '1', name: 'late', service: 'web', startMs: 3_200 }]);
  const { spans } = await engine.call('traceData', { dataset: 'local', traceId: id(3) });
  expect(spans.map(({ name }) => name).sort()).toEqual(['GET /item/3', 'SELECT', 'SELECT', 'SELECT', 'SELECT', 'late']);
});

it('they are gone with their capture', async () => {
  await fillUp(60);
  await engine.call('clearCapture', {});
  expect(await find('{}')).toEqual([]);
  expect(await failure(engine.call('openTrace', { dataset: 'local', traceId: id(1) }))).toMatch(/^NotFound/);
  expect(await engine.call('locateTrace', { traceId: id(1) })).toBeUndefined();
});

it('one whose log was taken away says so, and is listed no more', async () => {
  await fillUp(60);
  rmSync(folder, { recursive: true, force: true });
  expect(await failure(engine.call('openTrace', { dataset: 'local', traceId: id(1) }))).toMatch(/^NotFound: .*log/);
  expect((await find('{}')).map(({ traceId }) => traceId)).not.toContain(id(1));
});
