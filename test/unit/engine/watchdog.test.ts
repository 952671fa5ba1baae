// A worker that hangs: found by looks in vain, not by time; ended, told of, replaced; and not hung again by the same thing without end.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { EngineClient } from '../../../src/engine/client';
import { Hangs } from '../../../src/engine/hangs';
import { newBeats, SILENT_LOOKS, Watchdog } from '../../../src/engine/watchdog';
import type { EngineNotice } from '../../../src/protocol/engine';
import { failure } from '../../support/inProcessEngine';

describe('the watchdog', () => {
  let counter: Int32Array;
  let silent: number;
  let held: boolean;
  let dog: Watchdog;
  const seconds = (count: number, alive = false): void => {
    for (let i = 0; i < count; i++) {
      if (alive) counter[0]++;
      vi.advanceTimersByTime(1000);
    }
  };
  beforeEach(() => {
    vi.useFakeTimers();
    const beats = newBeats();
    counter = new Int32Array(beats);
    silent = 0;
    held = false;
    dog = new Watchdog(beats, () => silent++, { held: () => held });
  });
  afterEach(() => {
    dog.stop();
    vi.useRealTimers();
  });

  it('calls a worker that falls silent, once', () => {
    seconds(5, true);
    seconds(SILENT_LOOKS - 1);
    expect(silent).toBe(0);
    seconds(1);
    expect(silent).toBe(1);
    seconds(100);
    expect(silent).toBe(1);
  });

  it('calls one that never came to life', () => {
    seconds(SILENT_LOOKS);
    expect(silent).toBe(1);
  });

  it('waits for one that answers late', () => {
    for (let i = 0; i < 10; i++) {
      seconds(SILENT_LOOKS - 1);
      seconds(1, true);
    }
    expect(silent).toBe(0);
  });

  it('takes a night of sleep, or a host that was held, for one look', () => {
    seconds(SILENT_LOOKS - 2);
    vi.setSystemTime(Date.now() + 8 * 3_600_000);
    seconds(1);
    expect(silent).toBe(0);
    seconds(1, true);
    seconds(SILENT_LOOKS - 1);
    expect(silent).toBe(0);
  });

  it('waits while a debugger is attached, and nothing after its end', () => {
    held = true;
    seconds(1000);
    held = false;
    seconds(SILENT_LOOKS - 1);
    expect(silent).toBe(0);
    dog.stop();
    seconds(100);
    expect(silent).toBe(0);
  });
});

describe('after hangs', () => {
  const capturing = { underWay: [], starting: false, capturing: true };
  const minutes = 60_000;

  it('the capture goes on after the first, is off after the second, and all is off after the fourth within five minutes', () => {
    const hangs = new Hangs();
    expect(hangs.plan(capturing, 0)).toMatchObject({ restart: true, capture: true, load: true });
    const second = hangs.plan(capturing, 1 * minutes);
    expect(second).toMatchObject({ restart: true, capture: false });
    expect(second.message).toContain('Capturing is off, because a program may send again what held it');
    expect(hangs.plan(capturing, 2 * minutes)).toMatchObject({ restart: true, capture: false });
    const fourth = hangs.plan(capturing, 3 * minutes);
    expect(fourth).toMatchObject({ restart: false });
    expect(fourth.message).toContain('Reload the window');
  });

  it('hangs that are far apart are each the first', () => {
    const hangs = new Hangs();
    for (let i = 0; i < 5; i++) expect(hangs.plan(capturing, i * 6 * minutes).capture).toBe(true);
  });

  it('a capture that cannot be read is not read again', () => {
    expect(new Hangs().plan({ ...capturing, underWay: [{ method: 'restoreCaptures', params: {} }] }, 0).load).toBe(false);
  });

  it('a file that hung it twice is not opened again, others are', () => {
    const hangs = new Hangs();
    const call = (dataset: string) => ({ method: 'openFile', params: { dataset } });
    for (let i = 0; i < 2; i++) {
      expect(hangs.refusal(call('file:a'))).toBeUndefined();
      hangs.plan({ underWay: [call('file:a')], starting: false, capturing: false }, i);
    }
    expect(hangs.refusal(call('file:a'))?.message).toContain('hung twice');
    expect(hangs.refusal(call('file:b'))).toBeUndefined();
    expect(hangs.refusal({ method: 'findTraces', params: { dataset: 'file:a' } })).toBeUndefined();
  });
});

/** Speaks the engine's protocol as far as the client needs it, and loops for ever when it is asked to. */
const script = `
const { parentPort, workerData } = require('node:worker_threads');
const beats = new Int32Array(workerData.beats);
setInterval(() => Atomics.add(beats, 0, 1), 20);
const asked = [];
let directory = '';
const holds = (method, params) => {
  if (method === 'openCaptures') directory = params.directory;
  if (directory === 'forever') return method === 'restoreCaptures' && params.begin;
  if (directory === 'once') return method === 'openCaptures' && workerData.deadThreads.length < 2;
  return JSON.stringify(params).includes('forever');
};
parentPort.on('message', ({ type, id, method, params }) => {
  if (type !== 'call') return;
  asked.push(method + ':' + JSON.stringify(params));
  if (holds(method, params)) for (;;);
  const result = method === 'startCapture' ? { running: true, httpPort: params.port ?? 4318, wellKnownPort: params.wellKnownPort } : asked;
  parentPort.postMessage({ type: 'result', id, result });
});
`;

describe('a worker that loops for ever', () => {
  let folder: string;
  let client: EngineClient;
  let notices: EngineNotice[];
  let restarts: number;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'spanhop-watchdog-'));
    writeFileSync(join(folder, 'worker.cjs'), script);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  beforeEach(() => {
    notices = [];
    restarts = 0;
    client = new EngineClient({
      workerPath: join(folder, 'worker.cjs'),
      onLog: () => {},
      watch: { lookMs: 100, silentLooks: 8, held: () => false },
    });
    client.on('notice', (notice) => notices.push(notice));
    client.onRestart(() => restarts++);
  });
  afterEach(() => client.dispose());

  const asked = async (): Promise<unknown> => client.call('captures', {});
  const hang = (dataset = 'file:forever'): Promise<string> =>
    failure(client.call('openFile', { dataset, name: 'a' }, { timeoutMs: 0 }));
  const restarted = (count: number): Promise<void> =>
    vi.waitFor(() => expect(restarts).toBe(count), { timeout: 15_000, interval: 20 });

  it('is ended and told of, and the next one captures at the same port', async () => {
    await client.call('openCaptures', { directory: 'd' });
    await client.call('restoreCaptures', { begin: true });
    await client.call('startCapture', { wellKnownPort: true });
    expect(await hang()).toMatch(
      /^Unreachable: The trace engine did not answer for 30 s, while it read a trace file\. It was ended and is started/,
    );
    await restarted(1);
    expect(await asked()).toEqual([
      'openCaptures:{"directory":"d"}',
      'startCapture:{"wellKnownPort":true,"port":4318}',
      'restoreCaptures:{"begin":true}',
      'captures:{}',
    ]);
    expect(notices).toHaveLength(1);
    expect(notices[0].message).toContain('capturing goes on at the same port');
  }, 30_000);

  it('does not capture again after the second time, and offers to', async () => {
    const states: boolean[] = [];
    client.on('captureChanged', ({ running }) => states.push(running));
    await client.call('startCapture', { wellKnownPort: true });
    await hang();
    await restarted(1);
    await hang();
    await restarted(2);
    expect(await asked()).toEqual(['captures:{}']);
    expect(states).toEqual([false]);
    expect(notices[1]).toMatchObject({ level: 'error', step: 'capture' });
    // The file that held it twice is refused at once.
    expect(await hang()).toContain('hung twice');
    expect(await hang('file:other')).toBe('no failure');
  }, 30_000);

  it('over the newest capture: the next one captures, and reads none', async () => {
    await client.call('openCaptures', { directory: 'forever' });
    await client.call('startCapture', { wellKnownPort: true });
    expect(await failure(client.call('restoreCaptures', { begin: true }, { timeoutMs: 0 }))).toContain(
      'while it read the newest capture',
    );
    await restarted(1);
    await client.call('restoreCaptures', { begin: true });
    expect(await asked()).toEqual([
      'openCaptures:{"directory":"forever"}',
      'startCapture:{"wellKnownPort":true,"port":4318}',
      'restoreCaptures:{"begin":false}',
      'restoreCaptures:{"begin":false}',
      'captures:{}',
    ]);
  }, 30_000);

  it('when it takes over from one that died: whoever waits is told, and the next one runs', async () => {
    await client.call('configure', { redactKeys: [], redactPatterns: [], captureLogBytes: 1 });
    Reflect.set(client, 'captures', { directory: 'once' });
    await Reflect.get(client, 'worker').terminate();
    expect(await failure(asked())).toMatch(/^Unreachable: /);
    await restarted(1);
    expect(await asked()).toContain('openCaptures:{"directory":"once"}');
    expect(notices[0].message).toContain('when it started');
  }, 30_000);

  it('and a client that is disposed meanwhile ends it', async () => {
    const hanging = hang();
    await vi.waitFor(() => expect(Reflect.get(client, 'running')).toBeDefined());
    await client.dispose();
    expect(await hanging).toMatch(/^Cancelled/);
    expect(notices).toEqual([]);
    expect(await failure(asked())).toBe('Cancelled: The trace engine is closed.');
  }, 30_000);
});
