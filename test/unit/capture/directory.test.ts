import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CaptureIndex } from '../../../src/capture/directory/captureIndex';
import { CaptureDirectory } from '../../../src/capture/directory/directory';

let folder: string;
let directory: CaptureDirectory;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spanhop-captures-'));
  directory = new CaptureDirectory(folder);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const index = (spans: number): CaptureIndex => ({ spans, traces: 1, errors: 0, services: ['shop'], bytes: 0 });

/** A capture of `bytes` bytes that was stopped. */
async function kept(bytes: number, startedAt: number): Promise<string> {
  const open = await directory.create(startedAt);
  await open.log.append(new Uint8Array(bytes - 4).fill(1));
  await open.close(() => index(bytes));
  return open.id;
}

const ids = async (): Promise<string[]> => (await directory.list()).map(({ id }) => id);

/** The process of a lock that is gone by now. */
async function deadProcess(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await new Promise((resolve) => child.on('exit', resolve));
  return child.pid ?? 0;
}

describe('CaptureDirectory', () => {
  it('is empty where there is no folder yet', async () => {
    expect(await new CaptureDirectory(join(folder, 'none')).list()).toEqual([]);
  });

  it('lists captures newest first, with what their index says', async () => {
    const first = await kept(100, 1_760_000_000_000);
    const second = await kept(50, 1_760_000_000_001);
    const live = await directory.create(1_760_000_005_000);
    const list = await directory.list();
    expect(list.map(({ id, startedAt, bytes, live: isLive }) => [id, startedAt, bytes, isLive])).toEqual([
      [live.id, 1_760_000_005_000, 0, true],
      [second, 1_760_000_000_001, 50, false],
      [first, 1_760_000_000_000, 100, false],
    ]);
    expect(list[2].index).toEqual({ spans: 100, traces: 1, errors: 0, services: ['shop'], bytes: 100 });
    await live.close(() => index(0));
  });

  it('leaves nothing of a capture that got nothing', async () => {
    const open = await directory.create();
    await open.close(() => index(0));
    expect(readdirSync(folder)).toEqual([]);
  });

  it('lives without an index, and with a damaged one', async () => {
    const id = await kept(60, 1_760_000_000_000);
    writeFileSync(join(folder, `${id}.json`), '{"spans": 1');
    expect((await directory.list())[0].index).toBeUndefined();
    rmSync(join(folder, `${id}.json`));
    expect(await ids()).toEqual([id]);
  });

  it('ignores files of others', async () => {
    writeFileSync(join(folder, 'notes.otlp.pb'), 'x');
    writeFileSync(join(folder, '20261399T000000000Z-xx.otlp.pb'), 'x');
    expect(await directory.list()).toEqual([]);
    expect(await directory.delete('../../etc/passwd')).toBe(false);
  });

  it('deletes the oldest over the limit, and never a live one', async () => {
    const live = await directory.create(1_750_000_000_000);
    await live.log.append(new Uint8Array(996));
    const first = await kept(100, 1_760_000_000_000);
    const second = await kept(100, 1_760_000_001_000);
    const third = await kept(100, 1_760_000_002_000);
    expect(await directory.prune(1_110)).toEqual([first, second]);
    expect(await ids()).toEqual([third, live.id]);
    expect(await directory.prune(0)).toEqual([third]);
    expect(await directory.delete(live.id)).toBe(false);
    await live.close(() => index(1));
    expect(await directory.delete(live.id)).toBe(true);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('sweeps up after windows that died, and leaves the living alone', async () => {
    const first = await kept(100, 1_760_000_000_000);
    const live = await directory.create(1_760_000_001_000);
    const dead = await directory.create(1_760_000_002_000);
    const holder: unknown = JSON.parse(readFileSync(join(folder, `${dead.id}.lock`), 'utf8'));
    writeFileSync(join(folder, `${dead.id}.lock`), JSON.stringify(Object.assign({}, holder, { pid: await deadProcess() })));
    writeFileSync(join(folder, '20251009T085320000Z-00000000.json'), '{}');
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    await directory.sweep();
    expect(readdirSync(folder).sort()).toEqual(
      [`${first}.json`, `${first}.otlp.pb`, `${live.id}.lock`, `${live.id}.otlp.pb`, 'notes.txt'].sort(),
    );
    await live.close(() => index(0));
  });

  it('keeps a capture of log records alone, however it ended and however old it is, until it is deleted', async () => {
    const began = 1_760_000_000_000;
    const ended = await directory.create(began);
    await (await ended.logs()).append(Uint8Array.of(1, 2, 3));
    await ended.close(() => index(0));
    const dead = await directory.create(began + 1);
    await (await dead.logs()).append(Uint8Array.of(4));
    const lock = join(folder, `${dead.id}.lock`);
    const holder: unknown = JSON.parse(readFileSync(lock, 'utf8'));
    writeFileSync(lock, JSON.stringify(Object.assign({}, holder, { pid: await deadProcess() })));
    const empty = await directory.create(began + 2);
    await empty.close(() => index(0));
    for (let i = 0; i < 2; i++) await directory.sweep(began + 365 * 86_400_000);
    expect(await directory.prune(1 << 20)).toEqual([]);
    expect((await directory.list()).map(({ id, bytes, logs, live }) => [id, bytes, logs?.bytes, live])).toEqual([
      [dead.id, 0, 5, false],
      [ended.id, 0, 7, false],
    ]);
    expect(await directory.delete(ended.id)).toBe(true);
    expect(await ids()).toEqual([dead.id]);
  });

  it("knows the captures of other windows as live, and a dead window's as its own", async () => {
    const open = await directory.create();
    await open.log.append(Uint8Array.from([1]));
    const lock = join(folder, `${open.id}.lock`);
    const holder: unknown = JSON.parse(readFileSync(lock, 'utf8'));
    const write = (more: object): void => writeFileSync(lock, JSON.stringify(Object.assign({}, holder, more)));
    expect(await directory.isLive(open.id)).toBe(true);
    write({ pid: process.ppid, started: '' });
    expect(await directory.isLive(open.id)).toBe(true);
    write({ pid: await deadProcess() });
    expect(await directory.isLive(open.id)).toBe(false);
    // The number was given to another process since.
    write({ pid: process.ppid, started: '1' });
    expect(await directory.isLive(open.id)).toBe(process.platform !== 'linux');
    write({ host: `not-${hostname()}` });
    expect(await directory.isLive(open.id)).toBe(true);
    writeFileSync(lock, 'damaged');
    expect(await directory.isLive(open.id)).toBe(false);
    await open.close(() => index(1));
  });

  it('cuts a torn tail of a log that is as it was read, and of no other', async () => {
    const id = await kept(100, 1_760_000_000_000);
    const path = join(folder, `${id}.otlp.pb`);
    const end = { wholeBytes: 80, tornBytes: 20 };
    const size = (): number => readFileSync(path).length;
    // Another window has mended it meanwhile, or does just now.
    expect(await directory.cut(path, id, { wholeBytes: 200, tornBytes: 20 })).toBe(false);
    await directory.alone(id, async () => expect(await new CaptureDirectory(folder).cut(path, id, end)).toBe(false));
    expect(size()).toBe(100);
    expect(await directory.cut(path, id, end)).toBe(true);
    expect(size()).toBe(80);
    expect(readdirSync(folder).some((name) => name.includes('lock'))).toBe(false);
  });

  it('knows which threads of its own process are gone', async () => {
    const open = await directory.create();
    await open.log.append(Uint8Array.from([1]));
    const lock = join(folder, `${open.id}.lock`);
    const holder: unknown = JSON.parse(readFileSync(lock, 'utf8'));
    writeFileSync(lock, JSON.stringify(Object.assign({}, holder, { thread: 77 })));
    expect(await directory.isLive(open.id)).toBe(true);
    expect(await new CaptureDirectory(folder, { deadThreads: [77] }).isLive(open.id)).toBe(false);
    await open.close(() => index(1));
  });

  it('says where and why when it cannot write', async () => {
    writeFileSync(join(folder, 'file'), '');
    const inFile = new CaptureDirectory(join(folder, 'file'));
    await expect(inFile.create()).rejects.toMatchObject({ kind: 'Unreachable', message: /A capture cannot be kept in .*file/ });
  });
});
