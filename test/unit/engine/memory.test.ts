/** One limit for all memory: what leaves, in which order, and what is said of it. With the real handlers and a real receiver. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseQuery } from '../../../src/core/query/parse';
import type { MemoryReport } from '../../../src/protocol/memory';
import { failure, InProcessEngine } from '../../support/inProcessEngine';
import { request, requestBytes, type SpanSpec } from '../../support/otlp';

// A machine that is busy with other tests is slow, and that is no failure.
vi.setConfig({ testTimeout: 60_000 });

const MB = 1 << 20;
const everything = parseQuery('{}');
let folder: string;
let engine: InProcessEngine;
let port: number | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spanhop-memory-'));
  engine = new InProcessEngine();
  port = undefined;
});
afterEach(async () => {
  await engine.call('stopCapture', {});
  rmSync(folder, { recursive: true, force: true });
});

const limit = (megabytes: number, captureMemoryBytes?: number): Promise<void> =>
  engine.call('configure', {
    redactKeys: [],
    redactPatterns: [],
    captureLogBytes: 1 << 30,
    memoryBytes: megabytes * MB,
    captureMemoryBytes,
  });

async function capture(spans: readonly SpanSpec[], path = '/v1/traces', body: Uint8Array = requestBytes(spans)): Promise<void> {
  if (port === undefined) {
    await engine.call('openCaptures', { directory: folder });
    port = (await engine.call('startCapture', { wellKnownPort: false })).httpPort;
  }
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', headers, body: Buffer.from(body) });
  expect(response.status).toBe(200);
}

const report = (): Promise<MemoryReport> => engine.call('memory', {});
const id = (n: number): string => n.toString(16).padStart(32, '0');
const text = 'x'.repeat(1_000);

/** Spans of one trace, a kilobyte each, below a root that is not among them. */
const spansOf = (trace: number, from: number, count: number, more: Partial<SpanSpec> = {}): SpanSpec[] =>
  Array.from({ length: count }, (_, i) => ({
    traceId: id(trace),
    spanId: (from + i).toString(16),
    parent: 'ffff',
    startMs: from + i,
    attributes: { text },
    ...more,
  }));

/** Those that are in memory. */
async function localTraces(): Promise<readonly { readonly traceId: string; readonly spanCount?: number }[]> {
  const { traces } = await engine.call('findTraces', { dataset: 'local', query: everything, limit: 100_000 });
  return traces.filter(({ inLog }) => !inLog);
}

/** Waits for an event; fails by the test's time. */
async function told(name: 'memory' | 'notice'): Promise<unknown> {
  return vi.waitFor(() => {
    const found = engine.events.find((one) => one.name === name);
    if (!found) throw new Error(`no ${name}`);
    return found.event;
  }, 10_000);
}

describe('one trace without end', () => {
  it('loses its first spans, not its root and its errors, stays within the limit, and says so', async () => {
    await limit(8);
    await capture([{ traceId: id(1), spanId: 'ffff', name: 'the root', durationMs: 90_000 }]);
    await capture([{ traceId: id(1), spanId: 'eeee', parent: 'ffff', name: 'the error', error: true }]);
    for (let i = 0; i < 60; i++) {
      await capture(spansOf(1, 1 + i * 500, 500));
      expect((await report()).bytes).toBeLessThanOrEqual(8 * MB);
    }
    const sent = 2 + 60 * 500;
    const [trace] = await localTraces();
    expect(trace.spanCount).toBeLessThan(10_000);
    expect(trace.spanCount).toBeGreaterThan(2_000);
    expect(trace).toMatchObject({ rootName: 'the root', errorCount: 1, missingSpans: sent - (trace.spanCount ?? 0) });

    const snapshot = await engine.call('openTrace', { dataset: 'local', traceId: id(1) });
    expect(snapshot.count).toBe(trace.spanCount);
    const here = snapshot.count.toLocaleString('en-US');
    expect(snapshot.defects.find(({ kind }) => kind === 'capped')).toMatchObject({
      count: sent - snapshot.count,
      message: `Only ${here} of 30,002 spans of this trace are in memory, which holds 8 MB (setting spanhop.memoryMegabytes). The others are still in the capture's log.`,
    });
    const { spans } = await engine.call('traceData', { dataset: 'local', traceId: id(1) });
    expect(spans.map(({ name }) => name)).toContain('the error');
    // The latest are here.
    expect(Math.max(...spans.map(({ spanId }) => Number.parseInt(spanId, 16)).filter((n) => n < 0xeeee))).toBe(30_000);
    expect(await told('notice')).toMatchObject({
      level: 'info',
      message:
        "The oldest captured traces left memory, which holds 8 MB (setting spanhop.memoryMegabytes). Their spans are still in the captures' logs.",
    });
    expect(await told('memory')).toMatchObject({ leftTraces: 1, message: expect.stringContaining('spanhop.memoryMegabytes') });
  });

  it('comes back as a whole from its log when there is room again', async () => {
    await limit(8);
    for (let i = 0; i < 30; i++) await capture(spansOf(1, 1 + i * 500, 500));
    expect((await localTraces())[0].spanCount).toBeLessThan(15_000);
    await limit(256);
    const [info] = await engine.call('captures', {});
    await engine.call('loadCapture', { capture: info.id });
    const [trace] = await localTraces();
    expect(trace).toMatchObject({ spanCount: 15_000 });
    expect(trace).not.toHaveProperty('missingSpans');
    expect(await report()).toMatchObject({ leftSpans: 0, leftTraces: 0 });
  });

  it('is loaded in part when its log is larger than the limit, and counts what is missing', async () => {
    await limit(256);
    for (let i = 0; i < 30; i++) await capture(spansOf(1, 1 + i * 500, 500));
    const [{ id: name }] = await engine.call('captures', {});
    await engine.call('stopCapture', {});
    await engine.call('clearCapture', { capture: 'none of them' });
    const other = new InProcessEngine();
    await other.call('configure', { redactKeys: [], redactPatterns: [], captureLogBytes: 1 << 30, memoryBytes: 8 * MB });
    await other.call('openCaptures', { directory: folder });
    await other.call('loadCapture', { capture: name });
    const { traces } = await other.call('findTraces', { dataset: 'local', query: everything, limit: 10 });
    expect((traces[0].spanCount ?? 0) + (traces[0].missingSpans ?? 0)).toBe(15_000);
    expect(traces[0].missingSpans).toBeGreaterThan(1_000);
    expect((await other.call('memory', {})).bytes).toBeLessThanOrEqual(8 * MB);
  });
});

describe('what is made of spans', () => {
  it('counts none that left, also where others of their batch stay', async () => {
    await limit(8);
    const code = { 'code.file.path': '/shop/pay.ts', 'code.function.name': 'pay', 'code.line.number': 3, text };
    const exception = {
      name: 'exception',
      attributes: {
        'exception.type': 'Error',
        'exception.message': 'no',
        'exception.stacktrace': 'Error: no\n at pay (/shop/pay.ts:3:1)',
      },
    };
    await engine.call('openCaptures', { directory: folder });
    for (let i = 0; i < 40; i++) {
      // Two of the second trace in each body: their batches stay for them.
      const first = spansOf(1, 1 + i * 300, 300, { attributes: code });
      await capture([...first, ...spansOf(2, 0x20000 + i * 2, 2, { attributes: code, events: [exception], error: true })]);
      if (i === 0) await engine.call('showing', { traces: [{ dataset: 'local', traceId: id(2) }] });
      if (i % 7 === 0) await engine.call('codePlaces', { baseName: 'pay.ts' });
      if (i % 7 === 3) await engine.call('exceptions', {});
    }
    const traces = await localTraces();
    const here = traces.reduce((sum, { spanCount = 0 }) => sum + spanCount, 0);
    expect(here).toBeLessThan(40 * 302);
    expect((await report()).spans).toBe(here);
    const { generation, place } = await engine.call('codePlaces', { baseName: 'pay.ts' });
    const statistics = await engine.call('codeStatistics', { generation, groups: [[...place]] });
    expect(statistics?.calls[0]).toBe(here);
    for (const { traceId, spanCount = 0 } of traces) {
      const { spans } = await engine.call('traceData', { dataset: 'local', traceId });
      expect(spans).toHaveLength(spanCount);
      const rows = await engine.call('rowsAtPlaces', { dataset: 'local', traceId, generation, places: [...place] });
      expect(rows?.rows).toHaveLength(spanCount);
    }
    const exceptions = await engine.call('exceptions', {});
    const errors = (await localTraces()).find(({ traceId }) => traceId === id(2));
    expect(exceptions.changed.map(({ count }) => count)).toEqual([1]);
    expect(errors?.spanCount).toBeGreaterThan(0);
  });

  it('goes when it is not used and memory is needed, and is made again', async () => {
    await limit(64);
    const spans = spansOf(1, 1, 500, { attributes: { 'code.file.path': '/shop/pay.ts', 'code.line.number': 3 } });
    await engine.call('openFile', { dataset: 'file:a', name: 'a', bytes: requestBytes(spans) });
    const key = { dataset: 'file:a', traceId: id(1) };
    await engine.call('openTrace', key);
    const before = await engine.call('codePlaces', { baseName: 'pay.ts' });
    const derived = async (): Promise<number> =>
      (await report()).accounts.filter(({ kind }) => kind === 'derived').reduce((sum, { bytes }) => sum + bytes, 0);
    expect(await derived()).toBeGreaterThan(50_000);
    vi.useFakeTimers({ toFake: ['performance'] });
    // That clock begins at zero.
    vi.advanceTimersByTime(86_400_000);
    await limit(0.1);
    vi.useRealTimers();
    expect(await derived()).toBe(0);
    const after = await engine.call('codePlaces', { baseName: 'pay.ts' });
    expect([after.spans, after.files]).toEqual([before.spans, before.files]);
    expect(after.generation).toBeGreaterThan(before.generation);
    expect((await engine.call('openTrace', key)).count).toBe(500);
  });
});

describe('the order of leaving', () => {
  it('takes answers first, then captured traces that nobody looks at, and files never', async () => {
    await limit(64);
    await engine.call('openFile', { dataset: 'file:a', name: 'a', bytes: requestBytes(spansOf(1, 1, 4_000)) });
    vi.useFakeTimers({ toFake: ['performance'] });
    await engine.call('addBytes', { dataset: 'backend:b', name: 'b', bytes: requestBytes(spansOf(2, 1, 4_000)) });
    vi.advanceTimersByTime(60_000);
    for (let i = 0; i < 20; i++) await capture(spansOf(100 + i, 1, 400));
    await engine.call('showing', { traces: [{ dataset: 'local', traceId: id(101) }] });
    const has = (dataset: string, trace: number): Promise<unknown> =>
      engine.call('traceRevision', { dataset, traceId: id(trace) }).catch(() => undefined);

    const { bytes, accounts } = await report();
    const of = (kind: string): number => accounts.filter((one) => one.kind === kind).reduce((sum, one) => sum + one.bytes, 0);
    await limit((bytes - of('answers') / 2) / MB);
    expect([await has('backend:b', 2), await has('local', 100), await has('file:a', 1)]).toEqual([
      undefined,
      expect.anything(),
      expect.anything(),
    ]);
    await limit((of('files') + of('captures') / 2) / MB);
    expect([await has('local', 100), await has('local', 101), await has('local', 119), await has('file:a', 1)]).toEqual([
      undefined,
      expect.anything(),
      expect.anything(),
      expect.anything(),
    ]);
    await limit(1);
    expect([await has('local', 101), await has('local', 119), await has('file:a', 1)]).toEqual([
      undefined,
      expect.anything(),
      expect.anything(),
    ]);
    vi.useRealTimers();
  });

  it('honours a limit of captures alone, and names it', async () => {
    await limit(64, 4 * MB);
    for (let i = 0; i < 20; i++) await capture(spansOf(1 + i, 1, 500));
    const { accounts } = await report();
    const captures = accounts.filter(({ kind }) => kind === 'captures').reduce((sum, { bytes }) => sum + bytes, 0);
    expect(captures).toBeLessThanOrEqual(4 * MB);
    expect(await told('notice')).toMatchObject({
      message: expect.stringContaining('4 MB (setting spanhop.capture.memoryMegabytes)'),
    });
  });

  it('takes log records along with the spans of their trace', async () => {
    await limit(16);
    await capture(spansOf(1, 1, 100));
    const record = { traceId: id(1), spanId: '1'.padStart(16, '0'), timeUnixNano: '1', body: { stringValue: 'hello' } };
    const logs = { resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] };
    await capture([], '/v1/logs', new TextEncoder().encode(JSON.stringify(logs)));
    expect((await report()).accounts.map(({ name }) => name)).toContain('local, log records');
    for (let i = 0; i < 40; i++) await capture(spansOf(2 + i, 1, 500));
    expect((await localTraces()).map(({ traceId }) => traceId)).not.toContain(id(1));
    expect((await report()).accounts.map(({ name }) => name)).not.toContain('local, log records');
    // They are read again with its spans.
    const { logCount } = await engine.call('spanDetails', { dataset: 'local', traceId: id(1), spanId: '1'.padStart(16, '0') });
    expect(logCount).toBe(1);
  });

  it('goes on while a trace that leaves is read', async () => {
    await limit(64);
    for (let i = 0; i < 10; i++) await capture(spansOf(1 + i, 1, 500));
    const key = { dataset: 'local', traceId: id(1) };
    const data = engine.call('traceData', key);
    const exported = engine.call('exportTrace', { ...key, format: 'otlp-proto' });
    const found = engine.call('findTraces', { dataset: 'local', query: everything, limit: 5 });
    await limit(1);
    expect((await data).spans).toHaveLength(500);
    expect((await exported).spanCount).toBe(500);
    expect((await found).traces.length).toBeGreaterThan(0);
    expect(await failure(engine.call('traceRevision', key))).toMatch(/^NotFound/);
  });
});

describe('files', () => {
  const lines = (traces: number, from = 1): string =>
    Array.from({ length: traces }, (_, i) => JSON.stringify(request(spansOf(from + i, 1, 100)))).join('\n');

  it('make captured traces leave before they are read in part', async () => {
    await limit(48);
    for (let i = 0; i < 40; i++) await capture(spansOf(1 + i, 1, 500));
    const path = join(folder, 'a.jsonl');
    writeFileSync(path, lines(200, 1_000));
    const { spanCount, defects } = await engine.call('openFile', { dataset: 'file:a', name: 'a.jsonl', path });
    expect([spanCount, defects]).toEqual([20_000, []]);
    const { bytes, leftTraces } = await report();
    expect(bytes).toBeLessThanOrEqual(48 * MB);
    expect(leftTraces).toBeGreaterThan(0);
  });

  it('are read in part where others take the room, then refused, with a sentence each', async () => {
    await limit(16);
    const path = join(folder, 'a.jsonl');
    writeFileSync(path, lines(200));
    const open = (name: string): ReturnType<typeof engine.call<'openFile'>> =>
      engine.call('openFile', { dataset: `file:${name}`, name, path });
    const { defects, spanCount } = await open('a.jsonl');
    expect(defects).toMatchObject([
      {
        kind: 'capped',
        message: expect.stringMatching(
          `^a\\.jsonl is too large for memory, which holds 16 MB \\(setting spanhop\\.memoryMegabytes\\): only the ${spanCount.toLocaleString('en-US')} spans in the first \\d+ MB of its 28 MB were read\\.$`,
        ),
      },
    ]);
    expect((await report()).bytes).toBeLessThanOrEqual(16 * MB);
    const said: string[] = [];
    for (let n = 0; n < 20 && !said.some((one) => one !== 'no failure'); n++) said.push(await failure(open(`b${n}`)));
    expect(said.at(-1)).toBe(
      `TooLarge: b${said.length - 1} has no room in memory, which holds 16 MB (setting spanhop.memoryMegabytes) and is full. Close trace files that you do not need.`,
    );
    expect((await report()).bytes).toBeLessThanOrEqual(16 * MB);
    // Again, in the place of itself; and others when it is closed.
    expect((await open('a.jsonl')).spanCount).toBeGreaterThan(1_000);
    await engine.call('dropDataset', { dataset: 'file:a.jsonl' });
    expect((await open('b')).spanCount).toBeGreaterThan(1_000);
  });

  it('that are opened twice at once, or given up, leave nothing behind', async () => {
    await limit(256);
    const path = join(folder, 'a.jsonl');
    writeFileSync(path, lines(150));
    const open = (signal?: AbortSignal): Promise<unknown> =>
      engine.call('openFile', { dataset: 'file:a', name: 'a.jsonl', path }, signal);
    await open();
    const once = (await report()).bytes;
    await Promise.all([open(), open()]);
    expect((await report()).bytes).toBeLessThan(once * 1.1);
    const stop = new AbortController();
    const stopped = engine.call('openFile', { dataset: 'file:b', name: 'b.jsonl', path }, stop.signal);
    await vi.waitFor(async () => expect((await report()).accounts.some(({ kind }) => kind === 'reading')).toBe(true));
    stop.abort();
    expect(await failure(stopped)).toMatch(/^Cancelled/);
    expect((await report()).bytes).toBeLessThan(once * 1.1);
    await engine.call('dropDataset', { dataset: 'file:a' });
    expect((await report()).bytes).toBeLessThan(MB);
  });

  it('of few bytes that become many spans are stopped as they are decoded', async () => {
    await limit(64);
    // Empty spans, two bytes each: `ResourceSpans { ScopeSpans { Span {} … } }`.
    const spans = new Uint8Array(8 << 20);
    for (let i = 0; i < spans.length; i += 2) spans[i] = 0x12;
    const length = (n: number): number[] => (n < 128 ? [n] : [(n & 127) | 128, ...length(n >>> 7)]);
    const scope = [0x12, ...length(spans.length)];
    const path = join(folder, 'few.otlp.pb');
    writeFileSync(path, Buffer.concat([Buffer.from([0x0a, ...length(spans.length + scope.length), ...scope]), spans]));
    const before = process.memoryUsage().arrayBuffers;
    let peak = 0;
    const watch = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().arrayBuffers - before);
    }, 5);
    await engine.call('openFile', { dataset: 'file:f', name: 'few', path }).catch(() => {});
    clearInterval(watch);
    expect((await report()).bytes).toBeLessThanOrEqual(72 * MB);
    expect(peak).toBeLessThan(200 * MB);
  });
});

describe('answers of backends', () => {
  it('that do not fit are cut, and their traces say so', async () => {
    await limit(8);
    const bytes = requestBytes(spansOf(1, 1, 9_000));
    const { spanCount } = await engine.call('addBytes', { dataset: 'backend:b', name: 'b', bytes });
    expect(spanCount).toBeLessThan(9_000);
    const { defects } = await engine.call('openTrace', { dataset: 'backend:b', traceId: id(1) });
    const message = defects.find(({ kind }) => kind === 'capped')?.message;
    expect(message).toContain('b is too large for memory, which holds 8 MB (setting spanhop.memoryMegabytes)');
    expect(await told('notice')).toMatchObject({ level: 'warning', message });
  });
});
