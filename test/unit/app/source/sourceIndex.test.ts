/** Texts are looked for in a few files, and found as if all had been read: whatever changes meanwhile. */

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { FileChange } from '../../../../src/app/ports/workspace';
import type { FileGrams } from '../../../../src/app/source/textSearch/sourceIndex';
import { WorkspaceTextSearch } from '../../../../src/app/source/textSearch/textSearch';
import { nodeWorkspace } from '../../../../src/app/workspace/nodeWorkspace';
import { WorkspaceFiles } from '../../../../src/app/workspace/workspaceFiles';
import { fileGramsHandlers } from '../../../../src/engine/source/fileGrams';
import { silentLog } from '../support/fakePorts';

let folder: string;
let files: WorkspaceFiles;
let search: WorkspaceTextSearch;
let tell: (change: FileChange) => void;
/** Of the questions that were put to the index: how many it answered, and how many it left to a search of all. */
let answered: number;
let left: number;
/** Resolves when the index was made for the next time. */
let indexed: Promise<void>;
let handlers: ReturnType<typeof fileGramsHandlers>;
let hold: Promise<void> | undefined;

const uriOf = (path: string): string => pathToFileURL(join(folder, path)).href;
function write(path: string, text: string): void {
  const file = join(folder, path);
  const kind = existsSync(file) ? 'changed' : 'created';
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  tell({ uri: uriOf(path), kind });
}
function remove(path: string): void {
  rmSync(join(folder, path), { recursive: true });
  tell({ uri: uriOf(path), kind: 'deleted' });
}

/** Every line on disk that has a text and that a person wrote. */
function onDisk(text: string, below = ''): string[] {
  return readdirSync(join(folder, below)).flatMap((name) => {
    const path = below === '' ? name : `${below}/${name}`;
    if (/^\.|ignored|^node_modules$/.test(name)) return [];
    if (statSync(join(folder, path)).isDirectory()) return onDisk(text, path);
    return readFileSync(join(folder, path), 'utf8')
      .split('\n')
      .flatMap((line, i) => (line.includes(text) ? [`${path}:${i}`] : []));
  });
}
const found = async (text: string): Promise<string[]> =>
  (await search.find(text)).hits.map(({ file, line }) => `${file.slice(uriOf('x').length - 1)}:${line}`).sort();

const ripgrep = await nodeWorkspace([]).findRipgrep();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spanhop-index-'));
  writeFileSync(join(folder, '.gitignore'), 'ignored.ts\n');
  tell = () => {};
  answered = 0;
  left = 0;
  hold = undefined;
  handlers = fileGramsHandlers();
  let made: () => void = () => {};
  const next = (): void => {
    indexed = new Promise((resolve) => {
      made = resolve;
    });
  };
  next();
  const call = async (method: string, params: never): Promise<unknown> => {
    const signal = new AbortController().signal;
    if (method === 'indexFiles') {
      const version = await handlers.indexFiles(params, { signal } as never);
      await hold;
      setTimeout(() => {
        made();
        next();
      });
      return version;
    }
    const answer = await handlers.filesHolding(params, { signal } as never);
    if (answer.paths) answered++;
    else left++;
    return answer;
  };
  const workspace = nodeWorkspace([folder]);
  files = new WorkspaceFiles({
    ...workspace,
    watchFiles: (listener) => {
      tell = listener;
      return { dispose() {} };
    },
  });
  search = new WorkspaceTextSearch({
    files,
    log: silentLog,
    engine: { call } as unknown as FileGrams,
    indexAfterMs: 0,
    findBinary: async () => ripgrep,
  });
});
afterEach(() => {
  search.dispose();
  files.dispose();
  rmSync(folder, { recursive: true, force: true });
});

let seed = 11;
const random = (count: number): number => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return Math.floor((seed / 2 ** 32) * count);
};
const word = (): string => Array.from({ length: 2 + random(4) }, () => 'abcdeé日/'[random(8)]).join('');
const text = (): string =>
  Array.from({ length: 1 + random(12) }, () => Array.from({ length: random(6) }, word).join(' ')).join('\n');
const path = (): string => `${['', 'src/', 'src/deep/', 'node_modules/x/'][random(4)]}${'abcdefghij'[random(10)]}.ts`;

it.skipIf(!ripgrep)('agrees with reading all files, through random changes of them', { timeout: 60_000 }, async () => {
  for (let i = 0; i < 40; i++) write(path(), text());
  write('ignored.ts', 'abcde');
  await found('nothing of this');
  await indexed;
  let hits = 0;
  for (let i = 0; i < 200; i++) {
    const at = path();
    if (random(3) > 0) write(at, text());
    else if (existsSync(join(folder, at))) remove(at);
    if (random(20) === 0 && existsSync(join(folder, 'src/deep'))) remove('src/deep');
    const wanted = word().padEnd(3, word());
    const here = onDisk(wanted).sort();
    hits += here.length;
    expect(await found(wanted), wanted).toEqual(here);
  }
  expect(answered).toBeGreaterThan(70);
  expect(hits).toBeGreaterThan(50);
});

it.skipIf(!ripgrep)('finds what is in a folder that came, and what came while the index was made', async () => {
  write('a.ts', 'first line');
  let go: () => void = () => {};
  hold = new Promise((resolve) => {
    go = resolve;
  });
  await found('first');
  write('b.ts', 'second line');
  go();
  await indexed;
  expect(await found('second')).toEqual(['b.ts:0']);
  expect(answered).toBe(1);
  // No event tells of the files in a folder that was moved here.
  mkdirSync(join(folder, 'moved/deep'), { recursive: true });
  writeFileSync(join(folder, 'moved/deep/c.ts'), 'third line');
  tell({ uri: uriOf('moved'), kind: 'created' });
  expect(await found('third')).toEqual(['moved/deep/c.ts:0']);
});

it.skipIf(!ripgrep)('goes on without an engine that began anew, and makes its index again', async () => {
  write('a.ts', 'first line\nother');
  await found('first');
  await indexed;
  handlers = fileGramsHandlers();
  expect(await found('other')).toEqual(['a.ts:1']);
  expect([answered, left]).toEqual([0, 1]);
  await indexed;
  expect(await found('line')).toEqual(['a.ts:0']);
  expect(answered).toBe(1);
});

it.skipIf(!ripgrep)('leaves to a search of all what stands in very many files, and what is too short to tell', async () => {
  for (let i = 0; i < 120; i++) write(`many/${i}.ts`, 'common word');
  await found('nothing of this');
  await indexed;
  expect(await found('common')).toHaveLength(120);
  expect([answered, left]).toEqual([0, 1]);
});

it('tells files in UTF-16, those that are gone and those that are too large', async () => {
  const handlers = fileGramsHandlers();
  const at = (name: string): string => join(folder, name);
  writeFileSync(at('a'), Buffer.from('\ufeffgrüße', 'utf16le'));
  writeFileSync(at('b'), 'grüße');
  writeFileSync(at('c'), 'other'.repeat(300_000));
  // It would be waited for without end.
  if (process.platform !== 'win32') execFileSync('mkfifo', [at('pipe')]);
  const context = { signal: new AbortController().signal } as never;
  const paths = ['a', 'b', 'c', 'gone', '.', 'pipe'].map((path) => `${path}\0`).join('');
  const version = (await handlers.indexFiles({ folder, paths }, context)) ?? 0;
  const holding = async (text: string, most = 9): Promise<unknown> =>
    handlers.filesHolding({ folder, version, texts: [text], most }, context);
  expect(await holding('grüße')).toEqual({ isKnown: true, paths: ['a', 'b'] });
  expect(await holding('other')).toEqual({ isKnown: true, paths: ['a'] });
  expect(await holding('grüße', 1)).toEqual({ isKnown: true, paths: undefined });
  expect(await holding('gr')).toEqual({ isKnown: true, paths: undefined });
  expect(await handlers.filesHolding({ folder: 'g', version, texts: ['abc'], most: 9 }, context)).toEqual({ isKnown: false });
  // The later of two is the one that counts.
  const both = await Promise.all([
    handlers.indexFiles({ folder, paths: '' }, context),
    handlers.indexFiles({ folder, paths: '' }, context),
  ]);
  expect(both[0]).toBeUndefined();
  expect(both[1]).toBeGreaterThan(version);
});
