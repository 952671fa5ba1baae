// What comes first where a capture starts, is read back and is cleared at the same time; each step is held until the test lets it go.

import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Slices } from '../../../src/base/slices';
import { CaptureDirectory } from '../../../src/capture/directory/directory';
import { parseQuery } from '../../../src/core/query/parse';
import type { CaptureInfo } from '../../../src/protocol/capture';
import { failure, InProcessEngine } from '../../support/inProcessEngine';
import { requestBytes, type SpanSpec } from '../../support/otlp';

const settings = { redactKeys: [], redactPatterns: [], memoryBytes: 256 << 20, captureLogBytes: 1 << 30 };

let folder: string;
let engine: InProcessEngine;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'spanhop-order-'));
  engine = await InProcessEngine.withCaptures(folder);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await engine.call('stopCapture', {});
  rmSync(folder, { recursive: true, force: true });
});

const span = (trace: number, id: number): SpanSpec => ({
  traceId: trace.toString(16),
  spanId: id.toString(16),
  name: `span ${id}`,
});

async function start(): Promise<number> {
  return (await engine.call('startCapture', { wellKnownPort: false })).httpPort ?? 0;
}

async function send(port: number, ...spans: SpanSpec[]): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`http://127.0.0.1:${port}/v1/traces`, {
    method: 'POST',
    headers,
    body: Buffer.from(requestBytes(spans)),
  });
  expect(answer.status).toBe(200);
}

/** Ids of the spans in memory, by trace. */
async function inMemory(of = engine): Promise<Record<string, number[]>> {
  const { traces } = await of.call('findTraces', { dataset: 'local', query: parseQuery('{}'), limit: 1_000 });
  const found: Record<string, number[]> = {};
  for (const { traceId } of traces) {
    const { spans } = await of.call('traceData', { dataset: 'local', traceId });
    found[Number.parseInt(traceId, 16)] = spans.map(({ spanId }) => Number.parseInt(spanId, 16)).sort((a, b) => a - b);
  }
  return found;
}

/** All that another window finds on disk. */
async function onDisk(): Promise<Record<string, number[]>> {
  await engine.call('stopCapture', {});
  const other = await InProcessEngine.withCaptures(folder);
  for (const { id } of await other.call('captures', {})) await other.call('loadCapture', { capture: id });
  return inMemory(other);
}

/** A gate that is shut, and says when somebody stands before it. */
class Gate {
  open: () => void = () => {};
  private arrive: () => void = () => {};
  private readonly opening = new Promise<void>((resolve) => {
    this.open = resolve;
  });
  readonly reached = new Promise<void>((resolve) => {
    this.arrive = resolve;
  });
  pass(): Promise<void> {
    this.arrive();
    return this.opening;
  }
}

/** Reading a log waits at the gate after its first piece. */
function gateOfReading(): Gate {
  const gate = new Gate();
  vi.spyOn(Slices.prototype, 'maybePause').mockImplementationOnce(() => gate.pass());
  return gate;
}

/** A capture of before, and an engine that has not read it. */
async function kept(...spans: SpanSpec[]): Promise<CaptureInfo> {
  await send(await start(), ...spans);
  await engine.call('stopCapture', {});
  engine = await InProcessEngine.withCaptures(folder);
  return (await engine.call('captures', {}))[0];
}

describe('while the newest capture is read back', () => {
  it('a capture starts, and takes spans, which are there once with those that were read', async () => {
    await kept(span(1, 1), span(1, 2), span(2, 3));
    const gate = gateOfReading();
    const restoring = engine.call('restoreCaptures', { begin: true });
    await gate.reached;
    const port = await start();
    await send(port, span(1, 4), span(3, 5));
    expect(Object.keys(await inMemory())).toContain('3');
    gate.open();
    await restoring;
    expect(await inMemory()).toEqual({ 1: [1, 2, 4], 2: [3], 3: [5] });
    await send(port, span(2, 6));
    expect(await inMemory()).toEqual({ 1: [1, 2, 4], 2: [3, 6], 3: [5] });
    expect(await onDisk()).toEqual({ 1: [1, 2, 4], 2: [3, 6], 3: [5] });
  });

  it('it stops and starts again, at once', async () => {
    await kept(span(1, 1));
    const gate = gateOfReading();
    const restoring = engine.call('restoreCaptures', { begin: true });
    await gate.reached;
    await send(await start(), span(2, 2));
    await engine.call('stopCapture', {});
    await send(await start(), span(3, 3));
    gate.open();
    await restoring;
    expect(await inMemory()).toEqual({ 1: [1], 2: [2], 3: [3] });
  });

  it('reading can be stopped: nothing of it stays, it does not begin by itself again, and can be opened', async () => {
    const { id } = await kept(span(1, 1), span(2, 2));
    const gate = gateOfReading();
    const restoring = engine.call('restoreCaptures', { begin: true });
    await gate.reached;
    expect(await engine.call('captures', {})).toMatchObject([{ id, loaded: false, reading: true }]);
    await send(await start(), span(1, 3));
    const stopped = engine.call('stopReadingCaptures', {});
    gate.open();
    await Promise.all([stopped, restoring]);
    expect(await inMemory()).toEqual({ 1: [3] });
    await engine.call('restoreCaptures', { begin: true });
    expect(await inMemory()).toEqual({ 1: [3] });
    expect(await engine.call('loadCapture', { capture: id })).toMatchObject({ loaded: true });
    expect(await inMemory()).toEqual({ 1: [1, 3], 2: [2] });
  });

  it('it can be cleared: nothing of it comes afterwards, of memory and of disk', async () => {
    await kept(span(1, 1), span(2, 2));
    const gate = gateOfReading();
    const restoring = engine.call('restoreCaptures', { begin: true });
    await gate.reached;
    const port = await start();
    const clearing = engine.call('clearCapture', {});
    gate.open();
    await Promise.all([clearing, restoring]);
    await send(port, span(1, 3));
    expect(await inMemory()).toEqual({ 1: [3] });
    expect(await onDisk()).toEqual({ 1: [3] });
  });

  it('who asks for it as well waits for the same reading', async () => {
    const { id } = await kept(span(1, 1));
    const gate = gateOfReading();
    const asked = [
      engine.call('restoreCaptures', { begin: true }),
      engine.call('restoreCaptures', { begin: true }),
      engine.call('loadCapture', { capture: id }),
    ];
    const gaveUp = new AbortController();
    const other = failure(engine.call('loadCapture', { capture: id }, gaveUp.signal));
    await gate.reached;
    gaveUp.abort();
    expect(await other).toMatch(/^Cancelled/);
    gate.open();
    await Promise.all(asked);
    expect(await inMemory()).toEqual({ 1: [1] });
  });
});

describe('while the running capture is read again', () => {
  it('what comes is there once; and giving up leaves what came, and says what is missing', async () => {
    const port = await start();
    await send(port, span(1, 1), span(2, 2));
    const [{ id }] = await engine.call('captures', {});
    await send(port, span(9, 9));
    await engine.call('configure', { ...settings, captureMemoryBytes: 1 });
    await engine.call('configure', settings);
    expect(await inMemory()).toEqual({ 9: [9] });
    const gate = gateOfReading();
    const loading = engine.call('loadCapture', { capture: id });
    await gate.reached;
    await send(port, span(1, 3), span(9, 4));
    gate.open();
    await loading;
    expect(await inMemory()).toEqual({ 1: [1, 3], 2: [2], 9: [4, 9] });
    expect((await engine.call('memory', {})).leftSpans).toBe(0);

    await engine.call('configure', { ...settings, captureMemoryBytes: 1 });
    await engine.call('configure', settings);
    vi.restoreAllMocks();
    const again = gateOfReading();
    const givenUp = failure(engine.call('loadCapture', { capture: id }));
    await again.reached;
    await send(port, span(5, 5));
    const stopped = engine.call('stopReadingCaptures', {});
    again.open();
    await stopped;
    expect(await givenUp).toMatch(/^Cancelled/);
    expect((await inMemory())[5]).toEqual([5]);
    const { spans, leftSpans } = await engine.call('memory', {});
    expect(spans + leftSpans).toBe(6);
  });
});

describe('clearing all', () => {
  it('leaves in memory what is acknowledged meanwhile', async () => {
    await kept(span(1, 1));
    const port = await start();
    await send(port, span(1, 2), span(2, 3));
    const gate = new Gate();
    const remove = CaptureDirectory.prototype.delete;
    vi.spyOn(CaptureDirectory.prototype, 'delete').mockImplementation(async function (this: CaptureDirectory, id) {
      await gate.pass();
      return remove.call(this, id);
    });
    const clearing = engine.call('clearCapture', {});
    await gate.reached;
    await send(port, span(1, 4), span(3, 5));
    gate.open();
    await clearing;
    await send(port, span(3, 6));
    expect(await inMemory()).toEqual({ 1: [4], 3: [5, 6] });
    expect(await onDisk()).toEqual({ 1: [4], 3: [5, 6] });
  });

  it('has the same in memory and on disk, whatever comes while it does', async () => {
    const port = await start();
    await send(port, span(1, 1));
    let next = 2;
    let clearing = true;
    const sender = async (): Promise<void> => {
      while (clearing) await send(port, span(next, next++));
    };
    const senders = [1, 2, 3, 4].map(sender);
    for (let i = 0; i < 5; i++) await engine.call('clearCapture', {});
    clearing = false;
    await Promise.all(senders);
    await send(port, span(0xffff, 1));
    const found = await inMemory();
    expect(found[0xffff]).toEqual([1]);
    expect(await onDisk()).toEqual(found);
  });
});

describe('a start that fails', () => {
  it('leaves nothing open and nothing locked, and the next one works', async () => {
    const listen = vi.spyOn(Server.prototype, 'listen').mockImplementation(function (this: Server) {
      process.nextTick(() => this.emit('error', Object.assign(new Error('too many open files'), { code: 'EMFILE' })));
      return this;
    });
    for (const port of [undefined, 4711]) {
      const failed = await failure(engine.call('startCapture', { wellKnownPort: true, port }));
      expect(failed).toBe('Unreachable: No port could be opened on 127.0.0.1: too many open files.');
      expect(await engine.call('captureState', {})).toMatchObject({ running: false });
      expect(await engine.call('captures', {})).toEqual([]);
      expect(readdirSync(folder)).toEqual([]);
    }
    listen.mockRestore();
    await send(await start(), span(1, 1));
    expect(await inMemory()).toEqual({ 1: [1] });
  });
});
