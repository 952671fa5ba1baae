// Captures that have spans of the same trace: what is read back, cleared or leaves memory of one leaves the others' spans, log records and notes.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parseQuery } from '../../../src/core/query/parse';
import { InProcessEngine } from '../../support/inProcessEngine';
import { requestBytes, type SpanSpec } from '../../support/otlp';

const settings = { redactKeys: [], redactPatterns: [], memoryBytes: 256 << 20, captureLogBytes: 1 << 30 };

let folder: string;
let engine: InProcessEngine;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'spanhop-shared-'));
  engine = await InProcessEngine.withCaptures(folder);
});
afterEach(async () => {
  await engine.call('stopCapture', {});
  rmSync(folder, { recursive: true, force: true });
});

const hex = (trace: number): string => trace.toString(16).padStart(32, '0');

const span = (trace: number, id: number, more: Partial<SpanSpec> = {}): SpanSpec => ({
  traceId: trace.toString(16),
  spanId: id.toString(16),
  name: `span ${id}`,
  ...more,
});

/** Starts a capture. */
async function start(): Promise<number> {
  return (await engine.call('startCapture', { wellKnownPort: false })).httpPort ?? 0;
}

async function send(port: number, body: Uint8Array | string, path = '/v1/traces'): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', headers, body: Buffer.from(body) });
  expect(answer.status).toBe(200);
}

const record = (trace: number, id: number, body: string): string =>
  JSON.stringify({
    resourceLogs: [
      {
        scopeLogs: [
          {
            logRecords: [
              {
                timeUnixNano: '1760000000000000000',
                traceId: hex(trace),
                spanId: hex(id).slice(16),
                body: { stringValue: body },
              },
            ],
          },
        ],
      },
    ],
  });

/** Names of a trace's spans, with what was logged in them. */
async function spansOf(trace: number, of = engine): Promise<string[]> {
  const { spans } = await of.call('traceData', { dataset: 'local', traceId: hex(trace) });
  return spans.map(({ name, logs }) => [name, ...logs.map(({ body }) => body)].join(' ')).sort();
}

/** How many spans are said to be missing of each trace, by its number. */
async function listed(capture?: string, of = engine): Promise<Record<number, [here: number, missing: number]>> {
  const { traces } = await of.call('findTraces', { dataset: 'local', query: parseQuery('{}'), limit: 1_000, capture });
  return Object.fromEntries(
    traces.map(({ traceId, spanCount = 0, missingSpans = 0 }) => [Number.parseInt(traceId, 16), [spanCount, missingSpans]]),
  );
}

/** Two captures: both have spans of trace 1; 2 is the first one's alone, 3 the second one's. The second runs. Ids, the first one first. */
async function twoCaptures(): Promise<[first: string, second: string, port: number]> {
  const before = await start();
  await send(before, requestBytes([span(1, 1), span(1, 2), span(2, 3)]));
  await send(before, record(1, 1, 'first'), '/v1/logs');
  await engine.call('stopCapture', {});
  const port = await start();
  await send(port, requestBytes([span(1, 4), span(3, 5)]));
  await send(port, record(1, 4, 'second'), '/v1/logs');
  const [second, first] = await engine.call('captures', {});
  return [first.id, second.id, port];
}

it('clearing the first leaves the spans of the second, and the other way round', async () => {
  const [first, second, port] = await twoCaptures();
  await engine.call('clearCapture', { capture: first });
  expect(await listed()).toEqual({ 1: [1, 0], 3: [1, 0] });
  expect(await spansOf(1)).toEqual(['span 4 second']);
  expect((await engine.call('memory', {})).spans).toBe(2);
  await engine.call('clearCapture', { capture: second });
  expect(await listed()).toEqual({});
  await send(port, requestBytes([span(1, 6)]));
  expect(await spansOf(1)).toEqual(['span 6']);
});

it('clearing the running one leaves the spans of the one before', async () => {
  const [, second] = await twoCaptures();
  await engine.call('clearCapture', { capture: second });
  expect(await listed()).toEqual({ 1: [2, 0], 2: [1, 0] });
  expect(await spansOf(1)).toEqual(['span 1 first', 'span 2']);
});

it('reading one back, again and again, has each span and record once', async () => {
  const [first, second, port] = await twoCaptures();
  for (const capture of [first, second, first]) {
    // Whether something is missing is looked at first; so some is.
    await engine.call('configure', { ...settings, captureMemoryBytes: 1 });
    await engine.call('configure', settings);
    await engine.call('loadCapture', { capture });
  }
  await engine.call('loadCapture', { capture: second });
  expect(await spansOf(1)).toEqual(['span 1 first', 'span 2', 'span 4 second']);
  expect(await listed()).toEqual({ 1: [3, 0], 2: [1, 0], 3: [1, 0] });
  await send(port, requestBytes([span(1, 7)]));
  expect(await spansOf(1)).toEqual(['span 1 first', 'span 2', 'span 4 second', 'span 7']);
});

it('lists a trace with each capture that has spans of it', async () => {
  const [first, second] = await twoCaptures();
  expect(Object.keys(await listed(first))).toEqual(['1', '2']);
  expect(Object.keys(await listed(second))).toEqual(['1', '3']);
  // After a reload, where one is read before the other.
  await engine.call('stopCapture', {});
  const other = await InProcessEngine.withCaptures(folder);
  for (const capture of [second, first]) await other.call('loadCapture', { capture });
  expect(Object.keys(await listed(first, other))).toEqual(['1', '2']);
  expect(Object.keys(await listed(second, other))).toEqual(['1', '3']);
  expect(await spansOf(1, other)).toEqual(['span 1 first', 'span 2', 'span 4 second']);
});

it('says of each what is missing of it, until that one is read back', async () => {
  const [first, second, port] = await twoCaptures();
  // All leaves but what came last.
  await send(port, requestBytes([span(9, 90)]));
  await engine.call('configure', { ...settings, captureMemoryBytes: 1 });
  await engine.call('configure', settings);
  await send(port, requestBytes([span(1, 8), span(2, 9), span(3, 10)]));
  expect(await listed()).toEqual({ 1: [1, 3], 2: [1, 1], 3: [1, 1], 9: [1, 0] });
  await engine.call('loadCapture', { capture: first });
  expect(await listed()).toEqual({ 1: [3, 1], 2: [2, 0], 3: [1, 1], 9: [1, 0] });
  expect((await engine.call('memory', {})).leftSpans).toBe(2);
  await engine.call('loadCapture', { capture: second });
  expect(await listed()).toEqual({ 1: [4, 0], 2: [2, 0], 3: [2, 0], 9: [1, 0] });
});
