import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseQuery } from '../../../src/core/query/parse';
import { EngineClient } from '../../../src/engine/client';
import type { CaptureInfo } from '../../../src/protocol/capture';
import type { EngineEvents } from '../../../src/protocol/engine';
import { bundleEngine, type EngineBundle } from '../../support/engineBundle';
import { requestBytes, type SpanSpec } from '../../support/otlp';

// A machine that is busy with other tests is slow, and that is no failure.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

const load = resolve(__dirname, '../../support/load');
const settings = { redactKeys: [], redactPatterns: [], captureMemoryBytes: 256 << 20, captureLogBytes: 1 << 30 };
const everything = parseQuery('{}');

let bundle: EngineBundle;
let folder: string;
let client: EngineClient;
let logs: string[];
const clients: EngineClient[] = [];
const children: ChildProcess[] = [];

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
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await Promise.all(clients.splice(0).map((one) => one.dispose()));
  rmSync(folder, { recursive: true, force: true });
});

/** Another window, as it were. */
function newClient(): EngineClient {
  const made = new EngineClient({ workerPath: bundle.engine, onLog: (level, message) => logs.push(`${level}: ${message}`) });
  clients.push(made);
  return made;
}

async function start(of = client): Promise<number> {
  await of.call('configure', settings);
  await of.call('openCaptures', { directory: folder });
  const { httpPort } = await of.call('startCapture', { wellKnownPort: false });
  if (httpPort === undefined) throw new Error('no port');
  return httpPort;
}

/** What a window does when it opens: the captures, with the spans of the newest one in memory. */
async function restored(of: EngineClient): Promise<CaptureInfo[]> {
  await of.call('openCaptures', { directory: folder });
  await of.call('restoreCaptures', { begin: true }, { timeoutMs: 0 });
  return of.call('captures', {});
}

async function post(port: number, body: Uint8Array | string, type = 'application/json', path = '/v1/traces'): Promise<Response> {
  return fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', headers: { 'content-type': type }, body: Buffer.from(body) });
}

const spans = (from: number, count: number): SpanSpec[] =>
  Array.from({ length: count }, (_, i) => ({
    traceId: (from + i).toString(16),
    spanId: (from + i).toString(16),
    name: `call ${from + i}`,
    service: `s${from}`,
  }));

const next = <K extends keyof EngineEvents>(of: EngineClient, name: K): Promise<EngineEvents[K]> =>
  new Promise((done) => {
    const stop = of.on(name, (event) => {
      stop();
      done(event);
    });
  });

async function names(of = client, capture?: string): Promise<string[]> {
  const { traces } = await of.call('findTraces', { dataset: 'local', query: everything, limit: 10_000, capture });
  return traces.map(({ rootName }) => rootName).sort();
}

const captures = (of = client): Promise<CaptureInfo[]> => of.call('captures', {});

describe('a capture', () => {
  it('takes JSON, and tells of it within a second', async () => {
    const port = await start();
    const told = Promise.all([next(client, 'captured'), next(client, 'changed')]);
    const before = performance.now();
    expect((await post(port, requestBytes(spans(1, 3)))).status).toBe(200);
    const [captured, changed] = await told;
    expect(performance.now() - before).toBeLessThan(1000);
    expect(captured).toMatchObject({ spans: 3, counts: { spans: 3, traces: 3, rejected: 0 } });
    expect(captured.traceIds.map((id) => id.slice(-1)).sort()).toEqual(['1', '2', '3']);
    expect(changed).toMatchObject({ dataset: 'local', traceIds: captured.traceIds });
    expect(await names()).toEqual(['call 1', 'call 2', 'call 3']);
    const opened = await client.call('openTrace', { dataset: 'local', traceId: captured.traceIds[0] });
    expect(opened).toMatchObject({ count: 1, live: true });
  });

  it('takes numbers that no field can hold as the nearest that it can, tells the sender, and goes on', async () => {
    const port = await start();
    const ids = (id: number) => `"traceId":"${`${id}`.repeat(32)}","spanId":"${`${id}`.repeat(16)}","name":"call ${id}"`;
    const odd = [
      '"droppedAttributesCount":1e400',
      '"events":[{"name":"e","droppedAttributesCount":-1}]',
      '"droppedEventsCount":1e300',
    ];
    const all = odd.map((members, i) => `{${ids(i + 1)},${members}}`).join(',');
    const answer = await post(port, `{"resourceSpans":[{"scopeSpans":[{"spans":[${all}]}]}]}`);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({
      partialSuccess: {
        rejectedSpans: '0',
        errorMessage: expect.stringContaining('3 spans with a number that is none or out of range'),
      },
    });
    const record = `{"traceId":"${'1'.repeat(32)}","timeUnixNano":1e400,"body":{"stringValue":"x"}}`;
    const logs = await post(port, `{"resourceLogs":[{"scopeLogs":[{"logRecords":[${record}]}]}]}`, undefined, '/v1/logs');
    expect(logs.status).toBe(200);
    expect(await logs.json()).toEqual({
      partialSuccess: { rejectedLogRecords: '0', errorMessage: expect.stringContaining('1 log record with a number') },
    });
    expect((await post(port, requestBytes(spans(9, 1)))).status).toBe(200);
    expect(await names()).toEqual(['call 1', 'call 2', 'call 3', 'call 9']);
  });

  it('counts what it refuses and what holds no spans, and loses nothing else', async () => {
    const port = await start();
    const proto = 'application/x-protobuf';
    await post(port, requestBytes(spans(1, 1)));
    const log = (await captures())[0].path;
    const whole = readFileSync(log).subarray(4);
    expect((await post(port, whole.subarray(0, whole.length - 5), proto)).status).toBe(400);
    expect((await post(port, 'no protobuf', proto)).status).toBe(400);
    expect((await post(port, '{"resourceSpans": [{', 'application/json')).status).toBe(400);
    expect((await post(port, 'x', 'text/plain')).status).toBe(415);
    expect((await post(port, '', proto)).status).toBe(200);
    expect((await post(port, '{}')).status).toBe(200);
    expect((await post(port, 'x', proto, '/v1/metrics')).status).toBe(200);
    expect((await post(port, 'x', proto, '/v1/logs')).status).toBe(400);
    expect((await post(port, whole, proto)).status).toBe(200);
    const { counts } = await client.call('captureState', {});
    expect(counts).toEqual({ spans: 2, traces: 1, rejected: 4, metricRequests: 1, logRequests: 1 });
    expect(readFileSync(log)).toHaveLength(2 * (whole.length + 4));
  });

  it('keeps in its log what any tool can read, JSON as protobuf', async () => {
    const port = await start();
    await post(port, requestBytes(spans(1, 2)));
    await post(port, requestBytes(spans(9, 1)));
    await client.call('stopCapture', {});
    const [{ path, spans: counted, traces, services, live, bytes }] = await captures();
    expect([counted, traces, services, live]).toEqual([3, 3, ['s1', 's9'], false]);
    expect(statSync(path).size).toBe(bytes);
    const content = await client.call('openFile', { dataset: 'file:log', name: 'log', path });
    expect([content.format, content.spanCount, content.defects]).toEqual(['otlp-proto', 3, []]);
  });

  it('stops: the port is closed, and what was captured stays', async () => {
    const port = await start();
    await post(port, requestBytes(spans(1, 2)));
    const stopped = next(client, 'captureChanged');
    const state = await client.call('stopCapture', {});
    expect(state).toMatchObject({ running: false, wellKnownPort: false, counts: { spans: 2 } });
    expect(state.httpPort).toBeUndefined();
    expect((await stopped).running).toBe(false);
    await expect(post(port, '{}')).rejects.toThrow();
    expect(await names()).toEqual(['call 1', 'call 2']);
    expect((await client.call('stopCapture', {})).running).toBe(false);
  });

  it('starts twice without harm, and again after a stop as another capture', async () => {
    const port = await start();
    expect((await client.call('startCapture', { wellKnownPort: false })).httpPort).toBe(port);
    await post(port, requestBytes(spans(1, 1)));
    await client.call('stopCapture', {});
    const again = await client.call('startCapture', { wellKnownPort: false });
    expect(again.counts.spans).toBe(0);
    await post(again.httpPort ?? 0, requestBytes(spans(2, 1)));
    const [newest, oldest] = await captures();
    expect([newest.live, oldest.live]).toEqual([true, false]);
    expect(await names(client, newest.id)).toEqual(['call 2']);
    expect(await names(client, oldest.id)).toEqual(['call 1']);
    expect(await names()).toEqual(['call 1', 'call 2']);
  });

  it('says so, and works, when the well-known port or the wished one is taken', async () => {
    await client.call('openCaptures', { directory: folder });
    const busy = createServer();
    const taken = await new Promise<number>((done) => {
      busy.listen(0, '127.0.0.1', () => {
        const address = busy.address();
        done(typeof address === 'object' && address ? address.port : 0);
      });
    });
    const { httpPort } = await client.call('startCapture', { wellKnownPort: false, port: taken });
    expect(httpPort).not.toBe(taken);
    expect(logs.join()).toMatch(new RegExp(`Port ${taken} is taken`));
    expect((await post(httpPort ?? 0, requestBytes(spans(1, 1)))).status).toBe(200);
    busy.close();
  });

  it('keeps spans that come one by one in little memory, and every one of them', async () => {
    const port = await start();
    const count = 1_500;
    for (let i = 0; i < count; i += 10) {
      // Traces of five spans each, in requests of their own.
      const sent = Array.from({ length: 10 }, (_, k) => {
        const n = i + k;
        return post(
          port,
          requestBytes([{ traceId: (1 + Math.floor(n / 5)).toString(16), spanId: (1 + n).toString(16), name: `n${n}` }]),
        );
      });
      for (const answer of await Promise.all(sent)) expect(answer.status).toBe(200);
    }
    const { spans: kept, bytes } = await client.call('memory', {});
    expect(kept).toBe(count);
    expect(bytes / count).toBeLessThan(3_000);
    const { traces } = await client.call('findTraces', { dataset: 'local', query: everything, limit: 1_000 });
    expect(traces.map(({ spanCount }) => spanCount)).toEqual(new Array(count / 5).fill(5));
    for (const trace of [1, 52, 150, 299]) {
      const { spans: read } = await client.call('traceData', { dataset: 'local', traceId: trace.toString(16).padStart(32, '0') });
      const wanted = Array.from({ length: 5 }, (_, k) => `n${(trace - 1) * 5 + k}`);
      expect(read.map(({ name }) => name).sort()).toEqual(wanted.sort());
    }
  });

  it('keeps its logs within their limit by beginning new ones and deleting the oldest', async () => {
    const port = await start();
    await client.call('configure', { ...settings, captureLogBytes: 40_000 });
    const [first] = await captures();
    for (let i = 0; i < 60; i++) expect((await post(port, requestBytes(spans(1 + i * 20, 20)))).status).toBe(200);
    // Where a new log began late, the old ones are looked at again within five seconds.
    const bytesOfAll = async (): Promise<number> => (await captures()).reduce((sum, { bytes }) => sum + bytes, 0);
    await expect.poll(bytesOfAll, { timeout: 10_000 }).toBeLessThan(45_000);
    const list = await captures();
    expect(list[0].live).toBe(true);
    expect(list.map(({ id }) => id)).not.toContain(first.id);
    // Memory has its own limit: nothing left it.
    expect(await names()).toHaveLength(1_200);
    await client.call('stopCapture', {});
    expect((await captures()).reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(40_000);
  });

  it('clears: one capture or all, of memory and disk, and goes on receiving', async () => {
    const port = await start();
    await post(port, requestBytes(spans(1, 1)));
    await client.call('stopCapture', {});
    const second = (await client.call('startCapture', { wellKnownPort: false })).httpPort ?? 0;
    await post(second, requestBytes(spans(2, 1)));
    const [, first] = await captures();
    await client.call('clearCapture', { capture: first.id });
    expect(await names()).toEqual(['call 2']);
    await client.call('clearCapture', {});
    expect(await names()).toEqual([]);
    expect((await client.call('captureState', {})).counts.spans).toBe(0);
    expect((await post(second, requestBytes(spans(3, 1)))).status).toBe(200);
    expect(await names()).toEqual(['call 3']);
    expect((await captures()).map(({ spans: count }) => count)).toEqual([1]);
    expect(readdirSync(folder).filter((name) => name.endsWith('.pb'))).toHaveLength(1);
  });
});

describe('after a reload', () => {
  it('loads the newest capture, lists the others, and loads them when asked', async () => {
    for (const from of [1, 5]) {
      const port = await start();
      await post(port, requestBytes(spans(from, 2)));
      await client.call('stopCapture', {});
    }
    await client.dispose();
    const reloaded = newClient();
    const list = await restored(reloaded);
    expect(list.map(({ loaded, spans: count, services }) => [loaded, count, services])).toEqual([
      [true, 2, ['s5']],
      [false, 2, ['s1']],
    ]);
    expect(await names(reloaded)).toEqual(['call 5', 'call 6']);
    const info = await reloaded.call('loadCapture', { capture: list[1].id });
    expect([info.loaded, info.spans]).toEqual([true, 2]);
    expect(await names(reloaded, list[1].id)).toEqual(['call 1', 'call 2']);
    await reloaded.call('loadCapture', { capture: list[1].id });
    expect(await names(reloaded)).toEqual(['call 1', 'call 2', 'call 5', 'call 6']);
    await expect(reloaded.call('loadCapture', { capture: 'none' })).rejects.toMatchObject({ kind: 'NotFound' });
  });

  it('loads the newest capture in which there is anything, and keeps no empty ones', async () => {
    await post(await start(), requestBytes(spans(1, 2)));
    await client.call('stopCapture', {});
    // What a window that was killed leaves: a log that nobody holds, without a request or with half of one.
    const kept = (await captures()).map(({ id }) => id);
    const empty = '29990101T000000000Z-0000000a';
    const half = '29990101T000000000Z-0000000b';
    writeFileSync(join(folder, `${empty}.otlp.pb`), '');
    writeFileSync(join(folder, `${half}.otlp.pb`), new Uint8Array([0, 0, 0, 200, 10, 197, 1, 10]));
    const reloaded = newClient();
    await reloaded.call('configure', settings);
    const list = await restored(reloaded);
    expect(list.map(({ id, loaded, spans: count }) => [id, loaded, count])).toEqual([[kept[0], true, 2]]);
    expect(await names(reloaded)).toEqual(['call 1', 'call 2']);
    await reloaded.call('startCapture', { wellKnownPort: false });
    await reloaded.call('stopCapture', {});
    expect((await captures(reloaded)).map(({ id }) => id)).toEqual(kept);
    expect(readdirSync(folder).sort()).toEqual([`${kept[0]}.json`, `${kept[0]}.otlp.pb`]);
  });

  it('makes lost indices anew, and cuts a torn tail', async () => {
    for (const from of [1, 5]) {
      const port = await start();
      await post(port, requestBytes(spans(from, 2)));
      await post(port, requestBytes(spans(from + 2, 1)));
      await client.call('stopCapture', {});
    }
    await client.dispose();
    for (const name of readdirSync(folder)) if (name.endsWith('.json')) rmSync(join(folder, name));
    const torn = join(folder, readdirSync(folder).sort().at(-1) ?? '');
    truncateSync(torn, statSync(torn).size - 3);
    const reloaded = newClient();
    const recounted = next(reloaded, 'captureChanged');
    await restored(reloaded);
    await recounted;
    const list = await captures(reloaded);
    expect(list.map(({ spans: count, traces, services }) => [count, traces, services.join()])).toEqual([
      [2, 2, 's5'],
      [3, 3, 's1,s3'],
    ]);
    expect(statSync(torn).size).toBe(list[0].bytes);
    expect(logs.join('\n')).toMatch(/unfinished request, never acknowledged/);
  });

  it('brings back what left memory', async () => {
    const port = await start();
    await client.call('configure', { ...settings, captureMemoryBytes: 400_000 });
    for (let i = 0; i < 40; i++) await post(port, requestBytes(spans(1 + i * 50, 50)));
    const kept = await names();
    expect(kept.length).toBeLessThan(1_000);
    expect(kept).toContain('call 2000');
    expect((await client.call('captureState', {})).counts).toMatchObject({ spans: 2_000, traces: 2_000 });
    const { accounts } = await client.call('memory', {});
    expect(accounts.reduce((sum, { kind, bytes }) => sum + (kind === 'captures' ? bytes : 0), 0)).toBeLessThanOrEqual(400_000);
    expect((await captures())[0]).toMatchObject({ spans: 2_000, traces: 2_000, loaded: true });
    await client.call('configure', settings);
    const [{ id }] = await captures();
    await client.call('loadCapture', { capture: id });
    expect(await names()).toHaveLength(2_000);
    await post(port, requestBytes(spans(5_000, 1)));
    expect(await names()).toHaveLength(2_001);
  });
});

describe('two windows with one directory', () => {
  it('have each their own port and capture, and leave the other one alone', async () => {
    const other = newClient();
    const [port, otherPort] = [await start(), await start(other)];
    expect(port).not.toBe(otherPort);
    await post(port, requestBytes(spans(1, 1)));
    await post(otherPort, requestBytes(spans(2, 1)));
    expect((await captures()).map(({ live }) => live)).toEqual([true, true]);
    await client.call('clearCapture', {});
    expect(await names(other)).toEqual(['call 2']);
    await other.call('stopCapture', {});
    const list = await captures();
    expect(list.filter(({ live }) => !live).map(({ spans: count }) => count)).toEqual([1]);
  });
});

describe('a crash', () => {
  it('of the engine: it comes back with its settings, its capture and its port, and says what was lost', async () => {
    const port = await start();
    await client.call('restoreCaptures', { begin: true });
    await post(port, requestBytes(spans(1, 2)));
    const restarted = new Promise<void>((done) => client.onRestart(done));
    const lost = client
      .call('openFile', { dataset: 'file:x', name: 'x', path: process.execPath }, { timeoutMs: 0 })
      .then(String, (error: unknown) => String(error));
    await crash(client);
    expect(await lost).toMatch(/Unreachable: The trace engine stopped and is being started again/);
    await restarted;
    expect(await client.call('captureState', {})).toMatchObject({ running: true, httpPort: port });
    await client.call('restoreCaptures', { begin: false });
    expect(await names()).toEqual(['call 1', 'call 2']);
    expect((await post(port, requestBytes(spans(3, 1)))).status).toBe(200);
    expect(await names()).toEqual(['call 1', 'call 2', 'call 3']);
    expect(logs.join('\n')).toMatch(/error: The trace engine stopped/);
  });

  it('of the whole process under load (SIGKILL): every acknowledged span is there afterwards', { timeout: 60_000 }, async () => {
    const host = child('captureHost.mjs', bundle.client, bundle.engine, folder, JSON.stringify(settings));
    const port = Number(await lineWith(host, 'port'));
    const sender = child('sender.mjs', String(port), '4', '100');
    const done = lineWith(sender, 'last');
    await lineWith(sender, 'acknowledged', (count) => Number(count) > 100);
    host.kill('SIGKILL');
    const last = await done;
    const acknowledged: [number, number][] = JSON.parse(last);
    expect(acknowledged.every(([, count]) => count > 10)).toBe(true);
    const [capture] = await restored(client);
    const sum = acknowledged.reduce((all, [, count]) => all + count, 0);
    // At most one request of each connection was written and not answered any more.
    expect(capture.spans).toBeGreaterThanOrEqual(sum * 100);
    expect(capture.spans).toBeLessThanOrEqual((sum + 4) * 100);
    for (const [sender_, count] of acknowledged) {
      for (const sequence of [1, count >> 1, count]) {
        const id = traceIdOf(sender_, sequence * 1000);
        expect((await client.call('openTrace', { dataset: 'local', traceId: id })).count).toBe(10);
      }
    }
  });
});

/** As `stamp` of the load writes them. */
function traceIdOf(sender: number, trace: number): string {
  const words = [Math.imul(trace, 0x9e3779b1), sender, Math.imul(trace, 0x85ebca6b), trace];
  return words.map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

function child(script: string, ...args: string[]): ChildProcess {
  const started = spawn(process.execPath, [join(load, script), ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(started);
  return started;
}

/** The value of `key` in the first line of JSON that has it (and passes the test). */
function lineWith(of: ChildProcess, key: string, passes: (value: unknown) => boolean = () => true): Promise<string> {
  return new Promise((done) => {
    if (!of.stdout) return;
    createInterface({ input: of.stdout }).on('line', (line) => {
      const said: Record<string, unknown> = JSON.parse(line);
      if (key in said && passes(said[key])) done(JSON.stringify(said[key]));
    });
  });
}

/** Ends the worker as a defect would. */
async function crash(of: EngineClient): Promise<void> {
  const running: { worker: { terminate(): Promise<number> } } = Reflect.get(of, 'running');
  await running.worker.terminate();
}
