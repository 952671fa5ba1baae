// A folder of trace files as one dataset: what is there, what comes, grows, is renamed and goes; and what is none of it.

import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { everything } from '../../../src/core/query/build';
import { parseQuery } from '../../../src/core/query/parse';
import type { FolderState } from '../../../src/protocol/files';
import { findCommand } from '../../support/findCommand.mjs';
import { failure, InProcessEngine } from '../../support/inProcessEngine';
import { requestBytes } from '../../support/otlp';

const dataset = 'backend:folder';
let engine: InProcessEngine;
let root: string;
let folder: string;

beforeEach(() => {
  engine = new InProcessEngine();
  root = mkdtempSync(join(tmpdir(), 'spanhop-folder-'));
  folder = join(root, 'traces');
  mkdirSync(folder);
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

/** A request of one span, as the Collector's file exporter writes it: a line of JSON. */
function line(
  traceId: number,
  more: { readonly name?: string; readonly spanId?: number; readonly service?: string } = {},
): string {
  const { name = 'work', spanId = 1, service = 'shop' } = more;
  const span = {
    traceId: traceId.toString(16).padStart(32, '0'),
    spanId: spanId.toString(16).padStart(16, '0'),
    name,
    kind: 1,
    startTimeUnixNano: String(1_795_267_000_000_000_000n + BigInt(traceId) * 1_000_000n),
    endTimeUnixNano: String(1_795_267_000_001_000_000n + BigInt(traceId) * 1_000_000n),
  };
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: service } }] };
  return `${JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] })}\n`;
}

const lines = (...ids: number[]): string => ids.map((id) => line(id)).join('');
const put = (name: string, content: string | Uint8Array): void => writeFileSync(join(folder, name), content);
const look = (path = folder, signal?: AbortSignal): Promise<FolderState> =>
  engine.call('lookAtFolder', { dataset, name: 'folder', path }, signal);

async function traces(query = everything): Promise<number[]> {
  const found = await engine.call('findTraces', { dataset, query, limit: 1000 });
  return found.traces.map(({ traceId }) => Number(`0x${traceId}`)).sort((a, b) => a - b);
}

describe('a folder', () => {
  it('has the traces of all its files, of any kind, compressed or not, in the folders in it too', async () => {
    put('traces.jsonl', lines(1, 2));
    put('traces-2026-11-21T13-20-39.123.jsonl', lines(3));
    put('old.json.1.gz', gzipSync(lines(4)));
    put('a.otlp.pb', requestBytes([{ traceId: '5', spanId: '1', name: 'x' }]));
    mkdirSync(join(folder, 'shop'));
    writeFileSync(
      join(folder, 'shop', 'zipkin.json'),
      '[{"traceId":"0000000000000006","id":"0000000000000001","name":"x","timestamp":1}]',
    );
    const state = await look();
    expect(state).toMatchObject({ files: 5, problems: [], unread: 0, isCut: false, memoryLimit: undefined });
    expect(await traces()).toHaveLength(6);
    expect(await traces(parseQuery('{ resource.service.name = "shop" && name = "work" }'))).toEqual([1, 2, 3, 4]);
  });

  it('has one trace of what several files hold of it', async () => {
    put('traces-1.jsonl', line(1, { spanId: 1 }));
    put('traces-2.jsonl', line(1, { spanId: 2, service: 'cart' }));
    await look();
    const { traces: found } = await engine.call('findTraces', { dataset, query: everything, limit: 10 });
    expect(found).toMatchObject([{ spanCount: 2 }]);
    // Which of two files that are as new as each other is read first is not said.
    expect([...(found[0].services ?? [])].sort()).toEqual(['cart', 'shop']);
    // What one of them had goes with it.
    unlinkSync(join(folder, 'traces-1.jsonl'));
    await look();
    expect((await engine.call('findTraces', { dataset, query: everything, limit: 10 })).traces).toMatchObject([
      { spanCount: 1, services: ['cart'] },
    ]);
  });

  it('is not read again where nothing changed', async () => {
    put('traces.jsonl', lines(1));
    expect((await look()).isNew).toBe(true);
    expect((await look()).isNew).toBe(false);
    expect(await traces()).toEqual([1]);
  });

  it('takes what is added to a file, when its line is whole, and only that', async () => {
    put('traces.jsonl', lines(1, 2));
    await look();
    appendFileSync(join(folder, 'traces.jsonl'), lines(3));
    const half = line(4);
    appendFileSync(join(folder, 'traces.jsonl'), half.slice(0, 50));
    expect((await look()).problems).toEqual([]);
    expect(await traces()).toEqual([1, 2, 3]);
    appendFileSync(join(folder, 'traces.jsonl'), half.slice(50));
    await look();
    expect(await traces()).toEqual([1, 2, 3, 4]);
    // Read as a whole again, a span would be there twice.
    const { spans } = await look();
    expect(spans).toBe(4);
  });

  it('follows a rotation: the file is renamed, and another one begins', async () => {
    put('traces.jsonl', lines(1, 2));
    await look();
    renameSync(join(folder, 'traces.jsonl'), join(folder, 'traces-2026-11-21T13-20-39.123.jsonl'));
    put('traces.jsonl', lines(3));
    const state = await look();
    expect(state).toMatchObject({ files: 2, spans: 3 });
    expect(await traces()).toEqual([1, 2, 3]);
    // The oldest goes, as rotations do.
    unlinkSync(join(folder, 'traces-2026-11-21T13-20-39.123.jsonl'));
    await look();
    expect(await traces()).toEqual([3]);
  });

  it('reads a file anew that was emptied or written over', async () => {
    put('traces.jsonl', lines(1, 2, 3));
    await look();
    truncateSync(join(folder, 'traces.jsonl'), 0);
    await look();
    expect(await traces()).toEqual([]);
    put('traces.jsonl', lines(4, 5, 6, 7));
    await look();
    expect(await traces()).toEqual([4, 5, 6, 7]);
    // Longer, and another one.
    put('traces.jsonl', lines(8, 9, 10, 11, 12));
    await look();
    expect(await traces()).toEqual([8, 9, 10, 11, 12]);
  });

  it('names what cannot be read, and keeps the rest', async () => {
    put('good.jsonl', lines(1));
    put('bad.json', '{"resourceSpans": [{"scopeSpans": [{"spans": [');
    put('noise.pb', new Uint8Array(100).fill(0xff));
    put('broken.jsonl.gz', gzipSync(lines(2, 3, 4)).subarray(0, 60));
    put('empty.json', '');
    put('notes.txt', 'Nothing of a trace.');
    put('readme.md', '# Nothing');
    const { files, problems } = await look();
    expect(files).toBe(3); // the good one, the empty one and the notes
    expect(problems.map((problem) => problem.split(' ')[0]).sort()).toEqual(['bad.json', 'broken.jsonl.gz', 'noise.pb']);
    expect(await traces()).toContain(1);
    // A file that is mended is read.
    put('bad.json', lines(9));
    expect((await look()).problems).toHaveLength(2);
    expect(await traces()).toContain(9);
  });

  it.skipIf(process.platform === 'win32')('stays inside of itself, and touches no pipe', async () => {
    writeFileSync(join(root, 'outside.jsonl'), lines(1));
    mkdirSync(join(root, 'elsewhere'));
    writeFileSync(join(root, 'elsewhere', 'a.jsonl'), lines(2));
    put('inside.jsonl', lines(3));
    symlinkSync('../outside.jsonl', join(folder, 'link.jsonl'));
    symlinkSync('../elsewhere', join(folder, 'shop'));
    symlinkSync('inside.jsonl', join(folder, 'again.jsonl'));
    symlinkSync('.', join(folder, 'round'));
    symlinkSync('nowhere.jsonl', join(folder, 'lost.jsonl'));
    if (findCommand('mkfifo')) execFileSync('mkfifo', [join(folder, 'pipe.jsonl')]);
    const { problems, spans } = await look();
    expect(await traces()).toEqual([3]);
    expect(spans).toBe(1);
    expect(problems).toContain('link.jsonl is a link that leads out of the folder.');
    expect(problems).toContain('shop is a link that leads out of the folder.');
    if (findCommand('mkfifo')) expect(problems).toContain('pipe.jsonl is no file, but a pipe or a device.');
    // A folder may itself be behind a link.
    symlinkSync(folder, join(root, 'shortcut'));
    expect((await look(join(root, 'shortcut'))).spans).toBe(1);
  });

  it('that is not there says so, and has nothing any more', async () => {
    put('traces.jsonl', lines(1));
    await look();
    rmSync(folder, { recursive: true });
    expect(await failure(look())).toBe(`NotFound: There is no folder ${folder}. Make it, or change the path of the backend.`);
    expect(await traces()).toEqual([]);
    mkdirSync(folder);
    put('traces.jsonl', lines(2));
    await look();
    expect(await traces()).toEqual([2]);
    expect(await failure(look(join(folder, 'traces.jsonl')))).toMatch(/^BadData: .*traces\.jsonl is no folder\./);
  });

  it('reads what was changed last where memory has no room for all, and says how much', async () => {
    await engine.call('configure', { redactKeys: [], redactPatterns: [], memoryBytes: 4 << 20, captureLogBytes: 1 << 30 });
    const many = (from: number): string => Array.from({ length: 6_000 }, (_, i) => line(from + i)).join('');
    for (const [i, name] of ['a.jsonl', 'b.jsonl', 'c.jsonl'].entries()) {
      put(name, many(i * 10_000));
      utimesSync(join(folder, name), 1_700_000_000 + i, 1_700_000_000 + i);
    }
    const state = await look();
    expect(state.memoryLimit).toContain('spanhop.memoryMegabytes');
    expect(state.unread).toBeGreaterThan(0);
    const got = await traces();
    expect(got.length).toBeGreaterThan(0);
    expect(Math.min(...got)).toBeGreaterThanOrEqual(20_000);
    // It is not tried again and again.
    expect((await look()).isNew).toBe(false);
  });

  it('stops when it is not wanted, and goes on the next time', async () => {
    for (let i = 0; i < 20; i++) put(`${i}.jsonl`, Array.from({ length: 300 }, (_, n) => line(i * 1000 + n + 1)).join(''));
    const stop = new AbortController();
    const looking = look(folder, stop.signal);
    const stopped = failure(looking);
    stop.abort();
    expect(await stopped).toMatch(/^Cancelled/);
    const state = await look();
    expect(state).toMatchObject({ files: 20, spans: 6_000, problems: [] });
  });

  it('has the log records of its files, and lets go of them', async () => {
    const traceId = '1'.padStart(32, '0');
    const spanId = '1'.padStart(16, '0');
    const record = { traceId, spanId, timeUnixNano: '1795267000000000000', body: { stringValue: 'said' } };
    put('traces.jsonl', lines(1));
    put('logs.jsonl', `${JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] })}\n`);
    await look();
    const logs = async (): Promise<number> => (await engine.call('spanDetails', { dataset, traceId, spanId })).logs.length;
    expect(await logs()).toBe(1);
    unlinkSync(join(folder, 'logs.jsonl'));
    await look();
    expect(await logs()).toBe(0);
  });
});
