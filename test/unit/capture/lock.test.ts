// Who holds a capture: by the process where the system tells when it began, by a door that closes with it where it does not, and by being renewed.

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isOpen, openDoor } from '../../../src/capture/directory/door';
import { isHeld, type Lock, type LockOptions, takeLock } from '../../../src/capture/directory/lock';
import { LockWatch } from '../../../src/capture/directory/watch';

const SECOND = 1_000;

let folder: string;
let path: string;
let now: number;
let options: LockOptions;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spanhop-lock-'));
  path = join(folder, 'a.lock');
  now = 0;
  options = { watch: new LockWatch(() => now), startOf: async () => '' };
});
afterEach(async () => {
  for (const lock of taken.splice(0)) await lock.release();
  rmSync(folder, { recursive: true, force: true });
});

/** Released at the end. */
const taken: Lock[] = [];
async function take(): Promise<Lock | undefined> {
  const lock = await takeLock(path, options);
  if (lock) taken.push(lock);
  return lock;
}

/** What the lock says, with some of it changed. */
function rewrite(more: object): void {
  const { mtime } = statSync(path);
  const holder: unknown = JSON.parse(readFileSync(path, 'utf8'));
  writeFileSync(path, JSON.stringify(Object.assign({}, holder, more)));
  utimesSync(path, mtime, mtime);
}

/** Another process with a door of its own, until it is killed as by a crash. */
async function otherProcess(): Promise<{ pid: number; door: string; kill: () => Promise<void> }> {
  const name = `spanhop-${randomBytes(8).toString('hex')}`;
  const door = process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(folder, `${name}.sock`);
  const script = `require('net').createServer((s) => s.destroy()).listen(${JSON.stringify(door)}, () => console.log('open'))`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  const gone = new Promise<void>((resolve) => child.on('exit', () => resolve()));
  return {
    pid: child.pid ?? 0,
    door,
    kill: () => {
      child.kill('SIGKILL');
      return gone;
    },
  };
}

describe('where the system does not tell when a process began', () => {
  it('a lock holds as long as its owner lives, whatever it does, and no longer', async () => {
    const lock = await take();
    const other = await otherProcess();
    rewrite({ pid: other.pid, door: other.door });
    expect(await isHeld(path, options)).toBe(true);
    // Its number was given to another process since.
    rewrite({ pid: process.ppid });
    expect(await isHeld(path, options)).toBe(true);
    await other.kill();
    expect(await isHeld(path, options)).toBe(false);
    // The next one has it.
    const next = await takeLock(path, options);
    expect(next).toBeDefined();
    await lock?.release();
    expect(await isHeld(path, options)).toBe(true);
    await next?.release();
    expect(readdirSync(folder).filter((name) => name.includes('lock'))).toEqual([]);
  });

  it('a lock of which the door was cleaned away holds while it is renewed', async () => {
    await take();
    rewrite({ pid: process.ppid, door: join(folder, 'none.sock') });
    for (let i = 0; i < 20; i++) {
      now += 31 * SECOND;
      if (i % 3 === 0) utimesSync(path, i, i);
      expect(await isHeld(path, options)).toBe(true);
    }
    for (let i = 0; i < 4; i++) {
      now += 31 * SECOND;
      await isHeld(path, options);
    }
    expect(await isHeld(path, options)).toBe(false);
  });

  it('a lock of before, which has no door, is told the same way', async () => {
    writeFileSync(path, JSON.stringify({ host: JSON.parse(await written()).host, pid: process.ppid, thread: 0, started: '' }));
    expect(await isHeld(path, options)).toBe(true);
    for (let i = 0; i < 5; i++) {
      now += 31 * SECOND;
      await isHeld(path, options);
    }
    expect(await isHeld(path, options)).toBe(false);
  });
});

/** A lock as it is written. */
async function written(): Promise<string> {
  const other = join(folder, 'b.lock');
  const lock = await takeLock(other, options);
  const text = readFileSync(other, 'utf8');
  await lock?.release();
  return text;
}

it.runIf(process.platform === 'linux')('a lock of a process that had our number is void', async () => {
  const linux = { watch: options.watch };
  const lock = await takeLock(path, linux);
  expect(await isHeld(path, linux)).toBe(true);
  rewrite({ started: '1' });
  expect(await isHeld(path, linux)).toBe(false);
  await lock?.release();
});

describe('of another machine', () => {
  it('a lock holds though clocks differ, and while it is renewed', async () => {
    await take();
    rewrite({ host: 'elsewhere' });
    const minutesAgo = (minutes: number): number => Date.now() / SECOND - minutes * 60;
    for (const minutes of [-120, 10, 50]) {
      utimesSync(path, minutesAgo(minutes), minutesAgo(minutes));
      now += 31 * SECOND;
      expect(await isHeld(path, options)).toBe(true);
    }
    // A container that was made anew has another name, and this one's owner is gone for good.
    utimesSync(path, minutesAgo(70), minutesAgo(70));
    expect(await isHeld(path, options)).toBe(false);
  });
});

describe('watching', () => {
  it('takes looks for time: a sleep is one, and looks that follow at once are none', () => {
    const watch = new LockWatch(() => now);
    expect(watch.isRenewed('a', 1)).toBe(true);
    now += 8 * 3_600 * SECOND;
    for (let i = 0; i < 100; i++) expect(watch.isRenewed('a', 1)).toBe(true);
    now += 31 * SECOND;
    expect(watch.isRenewed('a', 2)).toBe(true);
    for (let i = 0; i < 3; i++) {
      now += 31 * SECOND;
      expect(watch.isRenewed('a', 2)).toBe(true);
    }
    now += 31 * SECOND;
    expect(watch.isRenewed('a', 2)).toBe(false);
    // It was only asleep.
    expect(watch.isRenewed('a', 3)).toBe(true);
  });
});

describe('taking', () => {
  it('is for one of all who want it at the same time, also where a void lock is in the way', async () => {
    const other = await otherProcess();
    for (const isVoid of [false, true]) {
      if (isVoid) {
        writeFileSync(path, await written());
        rewrite({ pid: process.ppid, door: other.door });
        await other.kill();
      }
      const asked = await Promise.all(Array.from({ length: 20 }, () => takeLock(path, options)));
      const locks = asked.filter((lock) => lock !== undefined);
      expect(locks).toHaveLength(1);
      expect(await isHeld(path, options)).toBe(true);
      await locks[0].release();
      expect(await isHeld(path, options)).toBe(false);
      expect(readdirSync(folder).filter((name) => name.includes('lock'))).toEqual([]);
    }
  });
});

describe('a lock that says', () => {
  const holder = { owner: 'x', host: 'elsewhere', pid: 1, thread: 0, started: '', door: '' };

  it.each<[string, string]>([
    ['nothing', ''],
    ['half of it', JSON.stringify(holder).slice(0, 20)],
    ['null', 'null'],
    ['a list', '[1, 2]'],
    ['something else', '{"name":"lock"}'],
    ['no process', JSON.stringify({ ...holder, pid: undefined })],
    ['a process in words', JSON.stringify({ ...holder, pid: 'one' })],
    ['the group of this process', JSON.stringify({ ...holder, pid: 0 })],
    ['all processes', JSON.stringify({ ...holder, pid: -1 })],
    ['half a process', JSON.stringify({ ...holder, pid: 1.5 })],
    ['more than any process', JSON.stringify({ ...holder, pid: 2 ** 60 })],
    ['bytes', String.fromCharCode(0, 255, 7).repeat(100)],
  ])('%s is nobody’s, and can be taken', async (_, text) => {
    writeFileSync(path, text);
    expect(await isHeld(path, options)).toBe(false);
    expect(await take()).toBeDefined();
    expect(await isHeld(path, options)).toBe(true);
    expect(readdirSync(folder)).toEqual(['a.lock']);
  });

  it('that it is a folder is not taken, and is left alone', async () => {
    mkdirSync(path);
    expect(await isHeld(path, options)).toBe(false);
    expect(await take()).toBeUndefined();
    expect(readdirSync(folder)).toEqual(['a.lock']);
  });

  it.each([
    '8080',
    '/etc/hostname',
    '\\\\server\\pipe\\spanhop-0123456789abcdef',
    'spanhop-0123456789abcdef.sock',
    'http://localhost',
  ])('a door at %s is not knocked at', async (door) => {
    const began = performance.now();
    expect(await isOpen(door)).toBeUndefined();
    // A knock that is not answered takes two seconds.
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});

it('a lock is released once, also when that is said twice, and never takes another one along', async () => {
  const first = await take();
  await Promise.all([first?.release(), first?.release()]);
  expect(readdirSync(folder)).toEqual([]);
  const second = await take();
  await first?.release();
  expect(await isHeld(path, options)).toBe(true);
  await second?.release();
});

it('of many who take and release at the same time one holds at any time', async () => {
  let holders = 0;
  let got = 0;
  await Promise.all(
    Array.from({ length: 12 }, async () => {
      for (let i = 0; i < 4; i++) {
        const lock = await takeLock(path, options);
        if (!lock) continue;
        got++;
        expect(++holders).toBe(1);
        await new Promise((resolve) => setImmediate(resolve));
        holders--;
        await lock.release();
      }
    }),
  );
  expect(got).toBeGreaterThan(0);
  expect(readdirSync(folder)).toEqual([]);
});

it('a door is open until it is closed', async () => {
  const door = await openDoor();
  expect(await isOpen(door?.address ?? '')).toBe(true);
  door?.renew();
  await door?.close();
  expect(await isOpen(door?.address ?? '')).not.toBe(true);
});
