// Files by base name in a real workspace: one listing answers, and it follows what comes, moves and goes.

import { deepStrictEqual } from 'node:assert';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Uri, workspace } from 'vscode';
import { WorkspaceFiles } from '../../src/app/workspace/workspaceFiles';
import { vsCodeWorkspace } from '../../src/editor/adapters/workspace';
import { until, workspaceFolder } from './support/spanhop';
import { watchedFolders } from './support/watchedFolders';

describe('files of the workspace by base name', () => {
  const root = (): string => join(workspaceFolder().fsPath, 'byname');
  const write = (name: string): void => {
    mkdirSync(dirname(join(root(), name)), { recursive: true });
    writeFileSync(join(root(), name), '');
  };
  let files: WorkspaceFiles;

  before(async () => {
    files = new WorkspaceFiles(vsCodeWorkspace());
    files.watch();
    await watchedFolders(
      ['', 'a', 'b c'].map((name) => join(root(), name)),
      files.onDidTouch,
    );
    for (const name of ['.gitignore', 'a/byname.ts', 'b c/byname.ts', 'node_modules/x/byname.ts', 'dist/byname.js']) write(name);
    writeFileSync(join(root(), '.gitignore'), 'dist/\n');
  });

  after(() => {
    files.dispose();
    rmSync(root(), { recursive: true, force: true });
  });

  const find = async (name: string): Promise<string[]> =>
    (await files.findByBaseName(name)).map((uri) => workspace.asRelativePath(Uri.parse(uri)).slice('byname/'.length)).sort();
  const comesTo = async (name: string, ...expected: string[]): Promise<void> => {
    await until(async () => (await find(name)).join() === expected.join()).catch(async () =>
      deepStrictEqual(await find(name), expected),
    );
  };

  it('finds those of all folders, build output too, packages not', async () => {
    deepStrictEqual(await find('byname.ts'), ['a/byname.ts', 'b c/byname.ts']);
    deepStrictEqual(await find('byname.js'), ['dist/byname.js']);
    deepStrictEqual(await find('nobody.ts'), []);
  });

  it('follows files and folders', async () => {
    write('c/byname.ts');
    await comesTo('byname.ts', 'a/byname.ts', 'b c/byname.ts', 'c/byname.ts');
    renameSync(join(root(), 'a', 'byname.ts'), join(root(), 'a', 'renamed.ts'));
    await comesTo('byname.ts', 'b c/byname.ts', 'c/byname.ts');
    await comesTo('renamed.ts', 'a/renamed.ts');
    renameSync(join(root(), 'c'), join(root(), 'd.e'));
    await comesTo('byname.ts', 'b c/byname.ts', 'd.e/byname.ts');
    rmSync(join(root(), 'd.e'), { recursive: true });
    await comesTo('byname.ts', 'b c/byname.ts');
  });
});
