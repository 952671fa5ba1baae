// What a capture left on the disk, after a reload, beside another window, and after a crash.
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from 'vitest';
import type { EngineClient } from '../../../src/engine/client';
import { requestBytes } from '../../support/otlp';
import {
  bundle,
  captures,
  client,
  folder,
  logs,
  names,
  namesInMemory,
  newClient,
  next,
  post,
  restored,
  settings,
  spans,
  start,
} from './support/captureWindow';

const load = resolve(__dirname, '../../support/load');
const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
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
    expect(readdirSync(folder).sort()).toEqual(['about.json', 'json', 'otlp.pb'].map((end) => `${kept[0]}.${end}`));
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
    const kept = await namesInMemory();
    expect(kept.length).toBeLessThan(1_500);
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
