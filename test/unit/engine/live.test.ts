// Spans in progress, and time for which a debugger held their program: what the engine tells of both, in every order.

import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { decodeBytes } from '../../../src/core/format/format';
import { StringTable } from '../../../src/core/model/strings';
import { parseQuery } from '../../../src/core/query/parse';
import { encodeBatches } from '../../../src/engine/store/encodeSpans';
import { RUN_ENDED, RUN_GOES_ON, RUN_UNHEARD } from '../../../src/protocol/snapshot';
import { InProcessEngine } from '../../support/inProcessEngine';

const SESSION = '11111111-2222-4333-8444-555555555555';
const TRACE = 'ab'.repeat(16);
const key = { dataset: 'local', traceId: TRACE };
let folder: string;
let engine: InProcessEngine;
let port: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'live-'));
  await begin();
});
afterEach(async () => {
  await engine.call('stopCapture', {});
  rmSync(folder, { recursive: true, force: true });
});

async function begin(): Promise<void> {
  engine = await InProcessEngine.withCaptures(folder);
  port = (await engine.call('startCapture', { wellKnownPort: false })).httpPort ?? 0;
}

interface Span {
  readonly id: number;
  readonly parent?: number;
  readonly name?: string;
  readonly startMs: number;
  readonly endMs?: number;
  readonly attributes?: readonly unknown[];
}

const nano = (ms: number): string => String(BigInt(Math.round(ms * 1000)) * 1000n);
const hex = (id: number): string => id.toString(16).padStart(16, '0');

async function send(spans: readonly Span[], pid = 7): Promise<void> {
  const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });
  const body = {
    resourceSpans: [
      {
        resource: {
          attributes: [
            text('service.name', 'shop'),
            text('vscode.debug.session.id', SESSION),
            { key: 'process.pid', value: { intValue: String(pid) } },
          ],
        },
        scopeSpans: [
          {
            spans: spans.map(({ id, parent, name = `span ${id}`, startMs, endMs, attributes = [] }) => ({
              traceId: TRACE,
              spanId: hex(id),
              ...(parent === undefined ? {} : { parentSpanId: hex(parent) }),
              name,
              kind: 1,
              startTimeUnixNano: nano(startMs),
              ...(endMs === undefined ? {} : { endTimeUnixNano: nano(endMs) }),
              attributes,
            })),
          },
        ],
      },
    ],
  };
  const headers = { 'content-type': 'application/json' };
  const url = `http://127.0.0.1:${port}/v1/traces`;
  expect((await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })).status).toBe(200);
}

/** A program that has a stream open, and has sent its first span by it. */
function encodedRequest(startMs: number): Uint8Array {
  const span = { traceId: TRACE, spanId: hex(1), name: 'work', startTimeUnixNano: nano(startMs) };
  const text = new TextEncoder().encode(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }));
  const { batches } = decodeBytes(text, { strings: new StringTable() });
  return encodeBatches(batches)[0];
}

function frame(payload: Uint8Array): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(payload.length);
  head[0] = 0;
  return Buffer.concat([head, payload]);
}

async function openStream(): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.on('error', () => {});
  socket.write('SPANHOP/1 spans\n\n');
  return socket;
}

const open = () => engine.call('openTrace', key);
const states = async (): Promise<number[]> => Array.from(new Uint8Array((await open()).running?.state ?? new ArrayBuffer(0)));
const launched = (endMs?: number, stops: readonly { startMs: number; endMs?: number; pid?: number }[] = []) =>
  engine.call('debugState', {
    launches: [{ session: SESSION, ...(endMs === undefined ? {} : { endMs }) }],
    stops: stops.map((stop) => ({ session: SESSION, reason: 'breakpoint', place: 'app.ts:12', ...stop })),
  });
const listed = async () => (await engine.call('findTraces', { dataset: 'local', query: parseQuery('{}'), limit: 5 })).traces[0];

it('a span in progress has run since it began, also where its trace has no other, and its end makes it an ordinary one', async () => {
  const startMs = Date.now() - 3_000;
  await launched();
  await send([{ id: 1, startMs }]);
  const snapshot = await open();
  expect(snapshot).toMatchObject({ count: 1, durationNs: 0 });
  const [elapsedNs] = new Float64Array(snapshot.running?.elapsedNs ?? new ArrayBuffer(0));
  expect(elapsedNs).toBeGreaterThanOrEqual(3e9);
  expect(elapsedNs).toBeLessThan(60e9);
  expect(await states()).toEqual([RUN_GOES_ON]);
  expect(await listed()).toMatchObject({ running: 1, spanCount: 1 });
  await send([{ id: 1, startMs, endMs: startMs + 2_000 }]);
  expect((await open()).running).toBeUndefined();
  expect(await listed()).toMatchObject({ spanCount: 1, durationNs: 2e9 });
  expect((await listed()).running).toBeUndefined();
});

it('counts once, whether it came begun, twice begun, or not before it ended, also from the log', async () => {
  const startMs = Date.now() - 3_000;
  const counted = async () => [
    (await engine.call('captureState', {})).counts.spans,
    (await engine.call('captures', {})).find(({ session }) => session === SESSION)?.spans,
  ];
  await send([
    { id: 1, startMs },
    { id: 2, startMs },
  ]);
  await send([{ id: 2, startMs }]);
  expect(await counted()).toEqual([2, 2]);
  await send([
    { id: 1, startMs, endMs: startMs + 10 },
    { id: 3, startMs, endMs: startMs + 20 },
  ]);
  expect(await counted()).toEqual([3, 3]);
  await engine.call('stopCapture', {});
  await begin();
  expect((await counted())[1]).toBe(3);
});

it('never ended where its program did, by its debug session, its process, or because nothing is captured any more', async () => {
  const startMs = Date.now() - 5_000;
  await launched();
  await send([{ id: 1, startMs }]);
  await launched(startMs + 4_000);
  expect(await states()).toEqual([RUN_ENDED]);
  const [elapsedNs] = new Float64Array((await open()).running?.elapsedNs ?? new ArrayBuffer(0));
  expect(Math.round(elapsedNs / 1e6)).toBe(4_000);
  expect((await listed()).running).toBeUndefined();
  await launched();
  expect(await states()).toEqual([RUN_GOES_ON]);
  await engine.call('stopCapture', {});
  expect(await states()).toEqual([RUN_UNHEARD]);
});

it('never ended where the last stream of its process closed, and goes on where that says more', async () => {
  const bytes = encodedRequest(Date.now() - 1_000);
  const streams = await Promise.all([1, 2].map(() => openStream()));
  for (const socket of streams) socket.write(frame(bytes));
  await expect.poll(() => states().catch(() => []), { timeout: 5_000 }).toEqual([RUN_GOES_ON]);
  streams[0].destroy();
  await new Promise((resolve) => setImmediate(resolve));
  expect(await states()).toEqual([RUN_GOES_ON]);
  streams[1].destroy();
  await expect.poll(states, { timeout: 5_000 }).toEqual([RUN_ENDED]);
  const again = await openStream();
  again.write(frame(bytes));
  await expect.poll(states, { timeout: 5_000 }).toEqual([RUN_GOES_ON]);
  again.destroy();
});

it('is read from the log as what never ended, unless its session runs', async () => {
  const startMs = Date.now() - 1_000;
  await send([
    { id: 1, startMs },
    { id: 2, parent: 1, startMs: startMs + 10, endMs: startMs + 400 },
  ]);
  await engine.call('stopCapture', {});
  engine = await InProcessEngine.withCaptures(folder);
  await engine.call('restoreCaptures', { begin: true });
  expect(await states()).toEqual([RUN_ENDED]);
  const [elapsedNs] = new Float64Array((await open()).running?.elapsedNs ?? new ArrayBuffer(0));
  expect(elapsedNs).toBe(400e6);
});

it('is told of by a clock that is ahead without running backwards', async () => {
  await launched();
  await send([{ id: 1, startMs: Date.now() + 60_000 }]);
  const [elapsedNs] = new Float64Array((await open()).running?.elapsedNs ?? new ArrayBuffer(0));
  expect(elapsedNs).toBeGreaterThanOrEqual(0);
  expect(elapsedNs).toBeLessThan(20e9);
  expect(await states()).toEqual([RUN_GOES_ON]);
});

it('counts in no percentile before it ended, and without the time for which a debugger held its program', async () => {
  const attributes = [
    { key: 'code.file.path', value: { stringValue: '/shop/pay.ts' } },
    { key: 'code.function.name', value: { stringValue: 'pay' } },
    { key: 'code.line.number', value: { intValue: '3' } },
  ];
  const startMs = Date.now() - 10_000;
  await launched(undefined, [{ startMs: startMs + 100, endMs: startMs + 8_100 }]);
  await send([
    { id: 1, startMs, endMs: startMs + 8_300, attributes },
    { id: 2, startMs: startMs + 200, attributes },
  ]);
  const { generation, place } = await engine.call('codePlaces', { baseName: 'pay.ts' });
  const statistics = await engine.call('codeStatistics', { generation, groups: [[...place]] });
  expect(statistics?.calls[0]).toBe(1);
  expect(statistics?.p95Ns[0]).toBeCloseTo(300e6, -5);
});

it('held time is told with the traces of its programs alone, and is there again when the capture is read', async () => {
  const startMs = Date.now() - 10_000;
  const stops = [
    { startMs: startMs + 1_000, endMs: startMs + 3_000 },
    { startMs: startMs + 4_000, endMs: startMs + 4_500, pid: 99 },
    { startMs: startMs - 9_000, endMs: startMs - 8_000 },
  ];
  await launched(undefined, stops);
  await send([{ id: 1, startMs, endMs: startMs + 5_000 }]);
  const told = (await open()).stops;
  expect(told.map(({ startNs, endNs = 0 }) => [Math.round(startNs / 1e6), Math.round(endNs / 1e6)])).toEqual([[1_000, 3_000]]);
  expect(told[0]).toMatchObject({ reason: 'breakpoint', place: 'app.ts:12' });
  await engine.call('debugState', { launches: [], stops: [] });
  expect((await open()).stops).toHaveLength(1);
  await launched(undefined, stops);
  await engine.call('stopCapture', {});
  engine = await InProcessEngine.withCaptures(folder);
  await engine.call('restoreCaptures', { begin: true });
  expect((await open()).stops).toMatchObject([{ reason: 'breakpoint', place: 'app.ts:12' }]);
});

it('the innermost span in progress of a program is where it stands', async () => {
  const startMs = Date.now() - 2_000;
  await launched();
  await send([
    { id: 1, startMs },
    { id: 2, parent: 1, startMs: startMs + 100 },
    { id: 3, parent: 2, startMs: startMs + 200, endMs: startMs + 300 },
  ]);
  expect(await engine.call('spansInProgress', { session: SESSION })).toMatchObject([{ traceId: TRACE, spanId: hex(2) }]);
  expect(await engine.call('spansInProgress', { session: SESSION, pid: 8 })).toEqual([]);
  expect(await engine.call('spansInProgress', { session: 'another' })).toEqual([]);
});
