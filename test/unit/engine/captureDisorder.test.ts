// Starting, stopping, clearing, reading and giving up, all asked for in one moment and in any order, while programs send.

import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { parseQuery } from '../../../src/core/query/parse';
import { failure, InProcessEngine } from '../../support/inProcessEngine';
import { requestBytes } from '../../support/otlp';

// A machine that is busy with other tests is slow, and that is no failure.
vi.setConfig({ testTimeout: 30_000 });

let folder: string;
let engine: InProcessEngine;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'spanhop-disorder-'));
  engine = await InProcessEngine.withCaptures(folder);
});
afterEach(async () => {
  await engine.call('stopCapture', {});
  rmSync(folder, { recursive: true, force: true });
});

/** Sends a trace of one span; whether it was acknowledged. */
async function send(port: number, trace: number): Promise<boolean> {
  try {
    const body = Buffer.from(requestBytes([{ traceId: trace.toString(16), spanId: '1' }]));
    const headers = { 'content-type': 'application/json' };
    return (await fetch(`http://127.0.0.1:${port}/v1/traces`, { method: 'POST', headers, body })).status === 200;
  } catch {
    // Nobody listens just now.
    return false;
  }
}

/** Traces in memory, each with how often its span is there. */
async function inMemory(of: InProcessEngine): Promise<Map<number, number>> {
  const { traces } = await of.call('findTraces', { dataset: 'local', query: parseQuery('{}'), limit: 10_000 });
  const found = new Map<number, number>();
  for (const { traceId } of traces) {
    const { spans, defects } = await of.call('traceData', { dataset: 'local', traceId });
    // What is there twice counts once, and is told as a defect.
    const twice = defects.find(({ kind }) => kind === 'duplicateId')?.count ?? 0;
    found.set(Number.parseInt(traceId, 16), spans.length + twice);
  }
  return found;
}

/** What a window finds that reads all captures. */
async function onDisk(): Promise<Map<number, number>> {
  const other = await InProcessEngine.withCaptures(folder);
  for (const { id } of await other.call('captures', {})) await other.call('loadCapture', { capture: id });
  return inMemory(other);
}

function randomly(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) % below;
  };
}

it.each([1, 2, 3, 4, 5, 6])('nothing is there twice, locked or lost of what came after the last clearing (%i)', async (seed) => {
  const pick = randomly(seed);
  const { httpPort: port = 0 } = await engine.call('startCapture', { wellKnownPort: false });
  let trace = 0;
  for (let round = 0; round < 12; round++) {
    const ids = (await engine.call('captures', {})).map(({ id }) => id);
    const asked = Array.from({ length: 5 }, () => {
      const giveUp = new AbortController();
      if (pick(3) === 0) setImmediate(() => giveUp.abort());
      const capture = ids[pick(ids.length + 1)] ?? 'none';
      switch (pick(7)) {
        case 0:
          return failure(engine.call('startCapture', { wellKnownPort: false, port }));
        case 1:
          return failure(engine.call('stopCapture', {}));
        case 2:
          return failure(engine.call('clearCapture', pick(2) === 0 ? {} : { capture }));
        case 3:
          return failure(engine.call('stopReadingCaptures', {}));
        case 4:
          return send(port, ++trace);
        default:
          return failure(engine.call('loadCapture', { capture }, giveUp.signal));
      }
    });
    await Promise.all(asked);
    for (const [each, count] of await inMemory(engine)) expect(count, `${each} in round ${round}`).toBe(1);
  }
  await engine.call('clearCapture', {});
  expect(await inMemory(engine)).toEqual(new Map());
  const { httpPort = 0 } = await engine.call('startCapture', { wellKnownPort: false, port });
  const kept: number[] = [];
  for (let i = 0; i < 5; i++) {
    trace++;
    const [taken] = await Promise.all([send(httpPort, trace), engine.call('stopReadingCaptures', {})]);
    if (taken) kept.push(trace);
  }
  expect(kept).toHaveLength(5);
  const once = new Map(kept.map((each) => [each, 1]));
  expect(await inMemory(engine)).toEqual(once);
  await Promise.all([engine.call('stopCapture', {}), engine.call('stopCapture', {})]);
  expect(await onDisk()).toEqual(once);
  expect(readdirSync(folder).filter((name) => !/\.(?:otlp\.pb|json)$/.test(name))).toEqual([]);
});
