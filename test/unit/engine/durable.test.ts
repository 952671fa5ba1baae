// What was acknowledged is there afterwards, whatever happens to the disk; and what is not there was not acknowledged, and is told.

import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseQuery } from '../../../src/core/query/parse';
import type { CaptureInfo, CaptureState } from '../../../src/protocol/capture';
import type { EngineNotice } from '../../../src/protocol/engine';
import { InProcessEngine } from '../../support/inProcessEngine';
import { requestBytes, type SpanSpec } from '../../support/otlp';

const settings = {
  redactKeys: [],
  redactPatterns: [],
  captureMemoryBytes: 256 << 20,
  memoryBytes: 256 << 20,
  captureLogBytes: 1 << 30,
};

let top: string;
let folder: string;
let engine: InProcessEngine;
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'spanhop-durable-'));
  folder = join(top, 'captures');
  engine = new InProcessEngine();
});
afterEach(async () => {
  await engine.call('stopCapture', {});
  rmSync(top, { recursive: true, force: true });
});

const spans = (from: number, count: number, more: Partial<SpanSpec> = {}): SpanSpec[] =>
  Array.from({ length: count }, (_, i) => ({
    traceId: (from + i).toString(16),
    spanId: (from + i).toString(16),
    name: `call ${from + i}`,
    ...more,
  }));

async function start(of = engine): Promise<number> {
  await of.call('configure', settings);
  await of.call('openCaptures', { directory: folder });
  const { httpPort } = await of.call('startCapture', { wellKnownPort: false });
  return httpPort ?? 0;
}

async function post(port: number, body: Uint8Array | string, path = '/v1/traces'): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  return fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', headers, body: Buffer.from(body) });
}

async function names(of = engine): Promise<string[]> {
  const query = parseQuery('{}');
  const { traces } = await of.call('findTraces', { dataset: 'local', query, limit: 10_000 });
  return traces.map(({ rootName }) => rootName).sort();
}

/** What another window finds, after this one was stopped. */
async function reloaded(): Promise<{ engine: InProcessEngine; names: string[]; list: CaptureInfo[] }> {
  await engine.call('stopCapture', {});
  const other = new InProcessEngine();
  await other.call('configure', settings);
  await other.call('openCaptures', { directory: folder });
  for (const { id } of await other.call('captures', {})) await other.call('loadCapture', { capture: id });
  return { engine: other, names: await names(other), list: await other.call('captures', {}) };
}

function notices(of = engine): EngineNotice[] {
  return of.events.flatMap(({ name, event }) => (name === 'notice' && 'key' in event ? [event] : []));
}

const state = (): Promise<CaptureState> => engine.call('captureState', {});

function logFile(ending = '.otlp.pb'): string {
  return join(folder, readdirSync(folder).filter((name) => name.endsWith(ending))[0]);
}

/** Where the frames of a log begin. */
function framesOf(bytes: Buffer): number[] {
  const starts: number[] = [];
  for (let at = 0; at < bytes.length; at += 4 + bytes.readUInt32BE(at)) starts.push(at);
  return starts;
}

describe('a damaged log', () => {
  async function captured(requests: number): Promise<{ path: string; bytes: Buffer; starts: number[] }> {
    const port = await start();
    for (let i = 0; i < requests; i++) expect((await post(port, requestBytes(spans(1 + i * 5, 5)))).status).toBe(200);
    await engine.call('stopCapture', {});
    const path = logFile();
    const bytes = readFileSync(path);
    return { path, bytes, starts: framesOf(bytes) };
  }

  it('loses what was damaged and nothing behind it, keeps the damaged part, and says so', async () => {
    const { path, bytes, starts } = await captured(20);
    const damaged = Buffer.from(bytes);
    damaged.fill(0, starts[8], starts[10] + 6);
    writeFileSync(path, damaged);
    const after = await reloaded();
    const expected = Array.from({ length: 100 }, (_, i) => i + 1).filter((n) => n <= 40 || n > 55);
    expect(after.names).toEqual(expected.map((n) => `call ${n}`).sort());
    const aside = path.replace('.otlp.pb', `.damaged-${starts[8]}.pb`);
    expect(readFileSync(aside).equals(damaged.subarray(starts[8], starts[11]))).toBe(true);
    expect(notices(after.engine)).toEqual([
      {
        key: `capture.damage:${after.list[0].id}`,
        level: 'warning',
        message: expect.stringMatching(
          /^1 place of the capture log .* is damaged .*8 requests before and 9 after were read\. 15 spans are missing\. The damaged parts are kept in /,
        ),
      },
    ]);
    expect(notices(after.engine)[0].message).toContain(aside);
    expect(after.list[0]).toMatchObject({ spans: 85, damage: { parts: 1, spans: 15, files: [aside] } });
    // The log is whole again, for any tool, and for the next window, which tells nothing anew.
    const mended = readFileSync(path);
    expect(mended.equals(Buffer.concat([bytes.subarray(0, starts[8]), bytes.subarray(starts[11])]))).toBe(true);
    const again = await reloaded();
    expect(again.names).toEqual(after.names);
    expect(notices(again.engine)).toEqual([]);
    expect(again.list[0].damage?.files).toEqual([aside]);
    await again.engine.call('clearCapture', { capture: again.list[0].id });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('loses nothing, and tells nobody but the log, where only a length was wrong', async () => {
    const { path, bytes, starts } = await captured(10);
    const damaged = Buffer.from(bytes);
    damaged[starts[4] + 2] ^= 0x10;
    writeFileSync(path, damaged);
    const after = await reloaded();
    expect(after.names).toHaveLength(50);
    expect(notices(after.engine)).toEqual([]);
    expect(readFileSync(path).equals(bytes)).toBe(true);
    expect(readdirSync(folder).filter((name) => name.includes('damaged'))).toEqual([]);
  });

  it('keeps what can be read of a damaged request, in the log as well', async () => {
    const { path, bytes, starts } = await captured(10);
    const damaged = Buffer.from(bytes);
    // In its last span, and over the length of the next request.
    damaged.fill(0xff, starts[5] - 20, starts[5] + 4);
    writeFileSync(path, damaged);
    const after = await reloaded();
    expect(after.names.length).toBeGreaterThanOrEqual(49 - 5);
    expect((await reloaded()).names).toEqual(after.names);
  });

  it('is left as it is, and read all the same, where it cannot be written anew', async () => {
    const { path, bytes, starts } = await captured(10);
    const damaged = Buffer.from(bytes);
    damaged.fill(0, starts[3], starts[4] + 6);
    writeFileSync(path, damaged);
    mkdirSync(`${path}.mending`);
    const after = await reloaded();
    expect(after.names).toHaveLength(40);
    expect(notices(after.engine)[0].message).toMatch(/The log stays as it is: /);
    expect(readFileSync(path).equals(damaged)).toBe(true);
    expect(readdirSync(folder).filter((name) => name.includes('damaged'))).toEqual([]);
  });

  it('of log records as well', async () => {
    const port = await start();
    await post(port, requestBytes(spans(1, 1)));
    for (let i = 0; i < 9; i++) expect((await post(port, records(1, `line ${i}`), '/v1/logs')).status).toBe(200);
    await engine.call('stopCapture', {});
    const path = logFile('.logs.pb');
    const bytes = readFileSync(path);
    const starts = framesOf(bytes);
    bytes.fill(0, starts[4], starts[4] + 6);
    writeFileSync(path, bytes);
    const after = await reloaded();
    const { logs } = (await after.engine.call('traceData', { dataset: 'local', traceId: '1'.padStart(32, '0') })).spans[0];
    expect(logs.map(({ body }) => body)).toEqual([0, 1, 2, 3, 5, 6, 7, 8].map((i) => `line ${i}`));
    expect(notices(after.engine)[0].message).toMatch(/1 place of the capture log .*\.logs\.pb is damaged/);
    expect(readdirSync(folder).filter((name) => /\.logs\.damaged-\d+\.pb$/.test(name))).toHaveLength(1);
  });
});

/** One log record of the span with this number. */
function records(span: number, body: string): string {
  const record = {
    timeUnixNano: '1760000000000000000',
    traceId: span.toString(16).padStart(32, '0'),
    spanId: span.toString(16).padStart(16, '0'),
    body: { stringValue: body },
  };
  return JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] });
}

describe('partial success', () => {
  const request = (list: unknown[]): string => JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: list }] }] });
  const good = { traceId: '1'.repeat(32), spanId: '2'.repeat(16), name: 'good', startTimeUnixNano: '1', endTimeUnixNano: '2' };

  it('rejects no span that is kept, and says what is odd about it', async () => {
    const port = await start();
    const answer = await post(port, request([good, { name: 'without ids' }]));
    expect(answer.status).toBe(200);
    const { partialSuccess }: { partialSuccess: { rejectedSpans: string; errorMessage: string } } = JSON.parse(
      await answer.text(),
    );
    expect(partialSuccess.rejectedSpans).toBe('0');
    expect(partialSuccess.errorMessage).toMatch(/without a valid trace id, kept/);
    expect((await state()).counts).toMatchObject({ spans: 2, rejected: 0 });
    expect((await reloaded()).list[0].spans).toBe(2);
  });

  it.each([
    [{ events: [{ name: 'e', droppedAttributesCount: -1 }] }],
    [{ links: [{ droppedAttributesCount: -1 }] }],
    [{ droppedEventsCount: 1e300 }],
    [{ droppedAttributesCount: 2 ** 70 }],
    [{ attributes: 'none' }],
    [{ startTimeUnixNano: [] }],
  ])('says of %j how many were rejected: with those kept as many as were sent, and all of those are there later', async (odd) => {
    const port = await start();
    const answer = await post(port, request([good, { ...good, spanId: '3'.repeat(16), ...odd }]));
    const said: unknown = JSON.parse(await answer.text());
    const kept = (await state()).counts.spans;
    if (answer.status === 200) {
      const { partialSuccess = { rejectedSpans: '0' } } = Object.assign({}, said) as {
        partialSuccess?: { rejectedSpans: string };
      };
      expect(kept + Number(partialSuccess.rejectedSpans)).toBe(2);
    } else {
      expect(answer.status).toBe(400);
      expect(kept).toBe(0);
    }
    const after = await reloaded();
    expect(after.list.reduce((sum, { spans: count }) => sum + count, 0)).toBe(kept);
    expect(notices(after.engine)).toEqual([]);
  });
});

function replace(path: string): void {
  // Kept open under another name: its number would be given to the next file otherwise.
  renameSync(path, `${path}.old`);
  writeFileSync(path, 'x');
}

describe('the disk', () => {
  it('is told of when the folder is removed under way: nothing is acknowledged that is gone, and a new log goes on', async () => {
    const port = await start();
    expect((await post(port, requestBytes(spans(1, 5)))).status).toBe(200);
    rmSync(folder, { recursive: true });
    for (let i = 0; i < 20; i++) expect((await post(port, requestBytes(spans(10 + i, 1)))).status).toBe(200);
    expect(notices()).toEqual([
      {
        key: expect.stringMatching(/^capture\.lost:/),
        level: 'warning',
        message: expect.stringMatching(/it was removed.*goes on in a new log/),
      },
    ]);
    const after = await reloaded();
    expect(after.names).toEqual(Array.from({ length: 20 }, (_, i) => `call ${10 + i}`).sort());
  });

  it.each([
    ['cut', (path: string) => truncateSync(path, 0), /another program changed it/],
    ['replaced', replace, /another file is in its place/],
    ['moved', (path: string) => renameSync(path, `${path}.old`), /it was removed/],
  ])('log %s by another program', async (_, change, message) => {
    const port = await start();
    expect((await post(port, requestBytes(spans(1, 5)))).status).toBe(200);
    change(logFile());
    expect((await post(port, requestBytes(spans(10, 5)))).status).toBe(200);
    expect(notices()[0].message).toMatch(message);
    const after = await reloaded();
    for (let n = 10; n < 15; n++) expect(after.names).toContain(`call ${n}`);
  });

  it('folder replaced by a link to another one', async () => {
    const port = await start();
    await post(port, requestBytes(spans(1, 5)));
    renameSync(folder, join(top, 'old'));
    mkdirSync(join(top, 'new'));
    symlinkSync(join(top, 'new'), folder);
    expect((await post(port, requestBytes(spans(10, 5)))).status).toBe(200);
    expect((await post(port, records(10, 'x'), '/v1/logs')).status).toBe(200);
    expect((await reloaded()).names).toHaveLength(5);
    expect(readdirSync(join(top, 'new')).filter((name) => name.endsWith('.pb'))).toHaveLength(2);
  });

  it('log of log records removed under way', async () => {
    const port = await start();
    await post(port, requestBytes(spans(1, 1)));
    expect((await post(port, records(1, 'first'), '/v1/logs')).status).toBe(200);
    rmSync(logFile('.logs.pb'));
    expect((await post(port, records(1, 'second'), '/v1/logs')).status).toBe(200);
    expect(notices()[0].message).toMatch(/\.logs\.pb cannot be used any more: it was removed/);
    const after = await reloaded();
    const { logs } = (await after.engine.call('traceData', { dataset: 'local', traceId: '1'.padStart(32, '0') })).spans[0];
    expect(logs.map(({ body }) => body)).toEqual(['second']);
  });

  it('is told of where no new log can be made, programs are told to come again, and it is over when it can', async () => {
    const port = await start();
    await post(port, requestBytes(spans(1, 5)));
    rmSync(folder, { recursive: true });
    writeFileSync(folder, 'in the way');
    const refused = await post(port, requestBytes(spans(10, 5)));
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    expect(notices()[0]).toMatchObject({
      key: 'capture.disk',
      level: 'error',
      message: expect.stringMatching(/Nothing is acknowledged/),
    });
    expect((await state()).trouble).toMatch(/^A capture cannot be kept in .*: something else is in its place\./);
    expect(notices()).toHaveLength(1);
    rmSync(folder);
    expect((await post(port, requestBytes(spans(10, 5)))).status).toBe(200);
    expect((await reloaded()).names).toHaveLength(5);
  });

  it('keeps log records of a capture that got no spans', async () => {
    const port = await start();
    expect((await post(port, records(1, 'alone'), '/v1/logs')).status).toBe(200);
    await engine.call('stopCapture', {});
    expect(existsSync(logFile('.logs.pb'))).toBe(true);
    expect((await engine.call('captures', {})).length).toBe(1);
  });
});

describe('a full disk', () => {
  let small: string | undefined;
  beforeEach(() => {
    mkdirSync(folder);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'none', folder], { stdio: 'ignore' });
      small = folder;
    } catch {
      small = undefined;
    }
  });
  afterEach(async () => {
    await engine.call('stopCapture', {});
    if (small !== undefined) execFileSync('umount', ['-l', small]);
  });

  it('is told of once; what was acknowledged is there, and it goes on when there is room', async ({ skip }) => {
    if (small === undefined) skip('no file system can be mounted here');
    const port = await start();
    const big = (n: number): Uint8Array => requestBytes(spans(n, 1, { attributes: { text: 'x'.repeat(50_000) } }));
    const answers: number[] = [];
    for (let n = 1; n <= 60; n++) answers.push((await post(port, big(n))).status);
    const kept = answers.flatMap((status, i) => (status === 200 ? [`call ${i + 1}`] : []));
    expect(new Set(answers)).toEqual(new Set([200, 503]));
    expect((await post(port, records(1, 'x'.repeat(200_000)), '/v1/logs')).status).toBe(503);
    expect(notices()).toEqual([
      { key: 'capture.disk', level: 'error', message: expect.stringMatching(/the disk is full\. Nothing is acknowledged/) },
    ]);
    expect((await state()).trouble).toMatch(/the disk is full/);
    execFileSync('mount', ['-o', 'remount,size=20m', folder]);
    expect((await post(port, big(100))).status).toBe(200);
    expect((await reloaded()).names).toEqual([...kept, 'call 100'].sort());
  });

  it('is told of where it is read-only', async ({ skip }) => {
    if (small === undefined) skip('no file system can be mounted here');
    const port = await start();
    expect((await post(port, requestBytes(spans(1, 1)))).status).toBe(200);
    await engine.call('stopCapture', {});
    execFileSync('mount', ['-o', 'remount,ro', folder]);
    await expect(engine.call('startCapture', { wellKnownPort: false })).rejects.toMatchObject({
      kind: 'Unreachable',
      message: expect.stringMatching(/the file system is read-only/),
    });
    execFileSync('mount', ['-o', 'remount,rw', folder]);
    expect((await engine.call('startCapture', { wellKnownPort: false })).running).toBe(true);
  });
});
