// Rows of one trace that ran at given places: what the waterfall marks while the cursor is in their function.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import type { TraceKey } from '../../../src/protocol/traces';
import { InProcessEngine } from '../../support/inProcessEngine';
import { request, requestBytes, type SpanSpec } from '../../support/otlp';

// A machine that is busy with other tests is slow, and that is no failure.
vi.setConfig({ testTimeout: 30_000 });

let engine: InProcessEngine;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'spanhop-rows-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => {
  engine = new InProcessEngine();
});

const key: TraceKey = { dataset: 'file:a', traceId: 'a1'.padStart(32, '0') };
const run = (id: number, line: number, more: Partial<SpanSpec> = {}): SpanSpec => ({
  traceId: 'a1',
  spanId: id.toString(16),
  parent: id === 1 ? undefined : '1',
  startMs: id,
  ...more,
  attributes: { 'code.file.path': '/app/cart.ts', 'code.function.name': 'add', 'code.line.number': line },
});
const rowsAt = async (places: number[], of = key): Promise<number[] | undefined> => {
  const { generation } = await engine.call('codePlaces', { baseName: 'cart.ts' });
  const answer = await engine.call('rowsAtPlaces', { ...of, generation, places });
  return answer && [...answer.rows];
};

it('are those of this trace, in the order of its rows, with the revision that they are of', async () => {
  await engine.open([run(3, 8), run(1, 7), run(2, 7), run(9, 7, { traceId: 'b2', parent: undefined })]);
  expect(await rowsAt([0])).toEqual([2]);
  expect(await rowsAt([1])).toEqual([0, 1]);
  expect(await rowsAt([0, 1])).toEqual([0, 1, 2]);
  expect(await rowsAt([77])).toEqual([]);
  const { generation } = await engine.call('codePlaces', { baseName: 'cart.ts' });
  const { revision } = await engine.call('openTrace', key);
  expect((await engine.call('rowsAtPlaces', { ...key, generation, places: [0] }))?.revision).toBe(revision);
  expect(await engine.call('rowsAtPlaces', { ...key, generation: generation - 1, places: [0] })).toBeUndefined();
});

it('take in spans that have come since the places were asked for', async () => {
  await engine.open([run(1, 7)]);
  const { generation } = await engine.call('codePlaces', { baseName: 'cart.ts' });
  await engine.call('addBytes', { dataset: 'backend:b', name: 'b', bytes: requestBytes([run(1, 7), run(2, 7)]) });
  const answer = await engine.call('rowsAtPlaces', { ...key, dataset: 'backend:b', generation, places: [0] });
  expect([...(answer?.rows ?? [])]).toEqual([0, 1]);
});

it('stay found while the small batches of a live capture are joined', async () => {
  await engine.call('openCaptures', { directory: join(folder, 'live') });
  const { httpPort } = await engine.call('startCapture', { wellKnownPort: false });
  const headers = { 'content-type': 'application/json' };
  const send = (span: SpanSpec): Promise<Response> =>
    fetch(`http://127.0.0.1:${httpPort}/v1/traces`, { method: 'POST', headers, body: JSON.stringify(request([span])) });
  const local = { ...key, dataset: 'local' };
  try {
    for (let id = 1; id <= 250; id++) await send(run(id, 7));
    expect(await rowsAt([0], local)).toHaveLength(250);
    // Of other traces: this one does not change, while its batches are joined with them.
    for (let id = 251; id <= 270; id++) await send(run(id, 7, { traceId: 'c3' }));
    expect(await rowsAt([0], local)).toEqual(Array.from({ length: 250 }, (_, row) => row));
  } finally {
    await engine.call('stopCapture', {});
  }
});

it('of a trace that is gone are refused', async () => {
  await engine.open([run(1, 7)]);
  await expect(rowsAt([0], { ...key, traceId: 'ff'.padStart(32, '0') })).rejects.toThrow('any more');
});

it('tells which of many ids are traces that are held', async () => {
  await engine.open([run(1, 7)]);
  const traceIds = [key.traceId, 'ff'.repeat(16), 'a1', 'no id'];
  expect(await engine.call('knownTraces', { traceIds })).toEqual([true, false, true, false]);
});
