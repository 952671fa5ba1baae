// The search for texts in the source of a real workspace, with the ripgrep of the VS Code that runs and without it: both find the same.

import { deepStrictEqual, ok, rejects, strictEqual } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { commands, env, type LogOutputChannel, Range, Uri, WorkspaceEdit, window, workspace } from 'vscode';
import type { FileGrams } from '../../src/app/source/textSearch/sourceIndex';
import { WorkspaceTextSearch } from '../../src/app/source/textSearch/textSearch';
import { findRipgrep } from '../../src/app/workspace/ripgrep/ripgrepBinary';
import { WorkspaceFiles } from '../../src/app/workspace/workspaceFiles';
import { vsCodeWorkspace } from '../../src/editor/adapters/workspace';
import { fileGramsHandlers } from '../../src/engine/source/fileGrams';
import { findCommand } from '../support/findCommand.mjs';
import { until, workspaceFolder } from './support/spanhop';
import { watchedFolders } from './support/watchedFolders';

const files: Readonly<Record<string, string>> = {
  '.gitignore': 'ignored/\n*.generated.ts\n',
  'src/cart.ts': "import x from 'x';\nrouter.get('/tsq/cart/:id', getTsqCart);\nexport function getTsqCart() {}\n",
  'src/größe.py': 'TSQ_SQL = "SELECT tsq FROM cart"\r\ndef tsq_größe(): pass\r\n',
  'src/some.generated.ts': 'export function getTsqCart() {}\n',
  'ignored/cart.ts': 'export function getTsqCart() {}\n',
  'node_modules/shop/index.js': 'function getTsqCart() {}\n',
  'yarn.lock': 'getTsqCart@1\n',
  'trace.otlp.json': '{ "name": "getTsqCart" }\n',
  'big.json': `{ "getTsqCart": [\n${'  "getTsqCart",\n'.repeat(8000)}1] }\n`,
  'small.json': '{ "route": "/tsq/cart/:id" }\n',
  'bundle.js': `${'function getTsqCart(){}'.repeat(1000)}\n`,
  'binary.dat': 'getTsqCart\0\0\0',
};

/** What the engine does for the search. */
const grams = fileGramsHandlers();
const callGrams = (async (method: 'indexFiles' | 'filesHolding', params: never) =>
  grams[method](params, { signal: new AbortController().signal } as never)) as FileGrams['call'];

for (const way of ['ripgrep', 'ripgrep and the few files that may have it', 'reading files'] as const) {
  describe(`text search, by ${way}`, () => {
    const root = (): string => join(workspaceFolder().fsPath, 'tsq');
    const write = (name: string, text: string): void => {
      mkdirSync(dirname(join(root(), name)), { recursive: true });
      writeFileSync(join(root(), name), text);
    };
    let log: LogOutputChannel;
    let workspaceFiles: WorkspaceFiles;
    let search: WorkspaceTextSearch;

    before(async () => {
      // In a browser VS Code saves by itself.
      await workspace.getConfiguration('files').update('autoSave', 'off', true);
      log = window.createOutputChannel('Test of the text search', { log: true });
      workspaceFiles = new WorkspaceFiles(vsCodeWorkspace());
      // A window that was just opened does not watch its files yet.
      workspaceFiles.watch();
      await watchedFolders(
        ['', 'src', 'ignored'].map((name) => join(root(), name)),
        workspaceFiles.onDidTouch,
      );
      for (const [name, text] of Object.entries(files)) write(name, text);
      const binary = way === 'reading files' ? undefined : await findRipgrep(env.appRoot);
      if (way !== 'reading files') ok(binary, `there is no ripgrep below ${env.appRoot}`);
      const engine = way.includes('few') ? { call: callGrams } : undefined;
      search = new WorkspaceTextSearch({ files: workspaceFiles, log, engine, indexAfterMs: 0, findBinary: async () => binary });
    });

    after(async () => {
      await workspace.getConfiguration('files').update('autoSave', undefined, true);
      search.dispose();
      workspaceFiles.dispose();
      log.dispose();
      await commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
      rmSync(root(), { recursive: true, force: true });
    });

    /** Hits as `src/cart.ts:2:16`, from 0. */
    const placesOf = async (text: string): Promise<string[]> => {
      const { hits, truncated } = await search.find(text);
      strictEqual(truncated, false);
      return hits.map(
        ({ file, line, column }) => `${workspace.asRelativePath(Uri.parse(file)).slice('tsq/'.length)}:${line}:${column}`,
      );
    };

    it('finds texts of the same moment in one search, letter for letter, and in source only', async () => {
      const [route, name, other, sql, umlaut] = await Promise.all(
        ['/tsq/cart/:id', 'getTsqCart', 'gettsqcart', 'SELECT tsq FROM cart', 'tsq_größe'].map(placesOf),
      );
      deepStrictEqual(name, ['src/cart.ts:1:28', 'src/cart.ts:2:16']);
      deepStrictEqual(other, []);
      deepStrictEqual(sql, ['src/größe.py:0:11']);
      deepStrictEqual(umlaut, ['src/größe.py:1:4']);
      deepStrictEqual(route, ['small.json:0:12', 'src/cart.ts:1:12']);
    });

    it('gives the line without its end', async () => {
      const { hits } = await search.find('tsq_größe');
      strictEqual(hits[0].text, 'def tsq_größe(): pass');
    });

    it('knows unsaved text, and forgets it when it is not saved', async () => {
      const uri = Uri.file(join(root(), 'src', 'cart.ts'));
      await window.showTextDocument(uri);
      const edit = new WorkspaceEdit();
      edit.insert(uri, new Range(0, 0, 0, 0).start, '// one\n// getTsqCart\n');
      await workspace.applyEdit(edit);
      deepStrictEqual(await placesOf('getTsqCart'), ['src/cart.ts:1:3', 'src/cart.ts:3:28', 'src/cart.ts:4:16']);
      // Also for a text that nobody asked for before.
      deepStrictEqual(await placesOf('// getTsq'), ['src/cart.ts:1:0']);
      await commands.executeCommand('workbench.action.files.revert');
      deepStrictEqual(await placesOf('getTsqCart'), ['src/cart.ts:1:28', 'src/cart.ts:2:16']);
      deepStrictEqual(await placesOf('// getTsq'), []);
    });

    /** Events of files come when they come: until then the old answer is right. */
    const comesTo = async (...places: string[]): Promise<void> => {
      let last: string[] = [];
      await until(async () => {
        last = await placesOf('getTsqCart');
        return last.join() === places.join();
      }).catch(() => deepStrictEqual(last, places));
    };

    it('follows files that come, change, move and go', async () => {
      const cart = ['src/cart.ts:1:28', 'src/cart.ts:2:16'];
      write('src/added.ts', 'getTsqCart();\n');
      await comesTo('src/added.ts:0:0', ...cart);
      write('src/added.ts', '\ngetTsqCart();\n');
      await comesTo('src/added.ts:1:0', ...cart);
      write('src/new.generated.ts', 'getTsqCart();\n');
      renameSync(join(root(), 'src', 'added.ts'), join(root(), 'src', 'moved.ts'));
      await comesTo(...cart, 'src/moved.ts:1:0');
      rmSync(join(root(), 'src', 'moved.ts'));
      await comesTo(...cart);
    });

    it('follows a folder that moves', async () => {
      renameSync(join(root(), 'src'), join(root(), 'code'));
      await comesTo('code/cart.ts:1:28', 'code/cart.ts:2:16');
      renameSync(join(root(), 'code'), join(root(), 'src'));
      await comesTo('src/cart.ts:1:28', 'src/cart.ts:2:16');
    });

    it('follows .gitignore, and a change of very many files', async () => {
      write('.gitignore', 'src/\n');
      await comesTo('ignored/cart.ts:0:16');
      write('.gitignore', files['.gitignore']);
      await comesTo('src/cart.ts:1:28', 'src/cart.ts:2:16');
      for (let number = 100; number < 300; number++) write(`many/file${number}.ts`, number === 299 ? 'getTsqCart()' : '\n');
      await comesTo('many/file299.ts:0:0', 'src/cart.ts:1:28', 'src/cart.ts:2:16');
      rmSync(join(root(), 'many'), { recursive: true });
      await comesTo('src/cart.ts:1:28', 'src/cart.ts:2:16');
    });

    it('keeps to its bounds, and says so', async () => {
      write('src/many.ts', 'tsqMany();\n'.repeat(3000));
      // Who knows which files have a text hears of a new one a moment later.
      await until(async () => (await search.find('tsqMany')).hits.length > 0);
      const { hits, truncated } = await search.find('tsqMany');
      deepStrictEqual([hits.length, truncated], [500, true]);
      deepStrictEqual(await search.find('ts'), { hits: [], truncated: true });
      deepStrictEqual(await search.find('x'.repeat(2000)), { hits: [], truncated: false });
      deepStrictEqual(await search.find('two\nlines'), { hits: [], truncated: false });
      rmSync(join(root(), 'src', 'many.ts'));
    });

    it('is cancelled, for whoever cancels', async () => {
      const controller = new AbortController();
      const given = search.find('tsqNobody', controller.signal);
      const other = search.find('tsqOther', controller.signal);
      const kept = search.find('tsqOther');
      controller.abort();
      await rejects(given, { name: 'Cancelled' });
      await rejects(other, { name: 'Cancelled' });
      deepStrictEqual(await kept, { hits: [], truncated: false });
      await rejects(search.find('tsqOther', controller.signal), { name: 'Cancelled' });
      // After everybody gave up, the same question is asked anew.
      const alone = new AbortController();
      const nobody = search.find('getTsqCartAlone', alone.signal);
      alone.abort();
      await rejects(nobody, { name: 'Cancelled' });
      deepStrictEqual(await placesOf('getTsqCartAlone'), []);
    });

    if (way !== 'ripgrep') return;

    it('leaves no process behind', async function () {
      if (process.platform === 'win32' || !findCommand('ps')) this.skip();
      // One that would never end by itself.
      const binary = join(root(), 'endless');
      writeFileSync(binary, '#!/bin/sh\nexec sleep 7654\n', { mode: 0o755 });
      const running = (): boolean => execFileSync('ps', ['-eo', 'args='], { encoding: 'utf8' }).includes('sleep 7654');
      const endless = new WorkspaceTextSearch({ files: workspaceFiles, log, findBinary: async () => binary });
      const controller = new AbortController();
      const cancelled = endless.find('tsqOne', controller.signal);
      await until(running);
      controller.abort();
      await rejects(cancelled, { name: 'Cancelled' });
      await until(() => !running());
      const disposed = endless.find('tsqTwo');
      await until(running);
      endless.dispose();
      await rejects(disposed, { name: 'Cancelled' });
      await until(() => !running());
    });

    it('does without a ripgrep that cannot be run', async () => {
      const broken = new WorkspaceTextSearch({
        files: workspaceFiles,
        log,
        findBinary: async () => join(root(), 'src', 'cart.ts'),
      });
      const { hits } = await broken.find('getTsqCart');
      strictEqual(hits.length, 2);
      broken.dispose();
    });
  });
}
