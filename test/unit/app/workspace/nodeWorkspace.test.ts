// Folders of a disk as a workspace: what is found in them, and what is told when they change.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FileChange } from '../../../../src/app/ports/workspace';
import { globTest } from '../../../../src/app/workspace/globTest';
import { nodeWorkspace } from '../../../../src/app/workspace/nodeWorkspace';
import { uriOfPath } from '../../../../src/app/workspace/rawFiles';
import { WorkspaceFiles } from '../../../../src/app/workspace/workspaceFiles';

let folder: string;
const write = (path: string, text = ''): void => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
};
const uriOf = (path: string): string => uriOfPath(join(folder, path));

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'spanhop-node-')));
  for (const path of ['a.ts', 'src/a.ts', 'src/b c/a.ts', 'src/größe.py', 'node_modules/x/a.ts', '.git/a.ts']) write(path, path);
  symlinkSync(folder, join(folder, 'loop'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a glob', () => {
  it('means what VS Code means by it', () => {
    const means = (glob: string): string[] => ['a.ts', 'x/a.ts', 'x/y/b.js', 'x', 'node_modules/a.ts'].filter(globTest(glob));
    expect(means('**/*.{ts,js}')).toEqual(['a.ts', 'x/a.ts', 'x/y/b.js', 'node_modules/a.ts']);
    expect(means('**/{a.ts,c}')).toEqual(['a.ts', 'x/a.ts', 'node_modules/a.ts']);
    expect(means('a.ts')).toEqual(['a.ts']);
    expect(means('**/{node_modules,.git}/**')).toEqual(['node_modules/a.ts']);
  });
});

describe('folders of a disk', () => {
  it('are found by their spelling in URIs', () => {
    expect(nodeWorkspace([`${folder}/`]).folders()).toEqual([{ uri: uriOfPath(folder), name: folder.split('/').at(-1) }]);
  });

  it('are searched without following links', async () => {
    const workspace = nodeWorkspace([folder]);
    const found = await workspace.findFiles({ include: '**/*.ts', exclude: '**/{node_modules,.git}/**', most: 100 });
    expect(found.toSorted()).toEqual(['a.ts', 'src/a.ts', 'src/b c/a.ts'].map(uriOf).toSorted());
    const some = await workspace.findFiles({ folder: uriOf('src'), include: '*.py', exclude: '', most: 100 });
    expect(some).toEqual([uriOf('src/größe.py')]);
    expect(await workspace.findFiles({ include: '**/*.ts', exclude: '', most: 2 })).toHaveLength(2);
  });

  it('have their files by base name, however they are listed', async () => {
    for (const ripgrep of [undefined, nodeWorkspace([folder]).findRipgrep()]) {
      const files = new WorkspaceFiles({ ...nodeWorkspace([folder]), findRipgrep: async () => ripgrep });
      // In one order, whatever lists them.
      expect(await files.findByBaseName('a.ts')).toEqual(['a.ts', 'src/a.ts', 'src/b c/a.ts'].map(uriOf).toSorted());
      expect(await files.readText(uriOf('src/b c/a.ts'), 100)).toBe('src/b c/a.ts');
      expect(await files.exists(uriOf('src'))).toBe(false);
      files.dispose();
    }
  });

  it('tell what comes, changes and goes', async () => {
    const told: FileChange[] = [];
    const watching = nodeWorkspace([folder]).watchFiles((change) => told.push(change));
    const kinds = (path: string): string[] => told.filter(({ uri }) => uri === uriOf(path)).map(({ kind }) => kind);
    // The watcher tells of what happens after it began, whenever that is.
    const written = (): string[] => {
      write('src/new.ts', String(told.length));
      return kinds('src/new.ts');
    };
    await expect.poll(written).not.toEqual([]);
    rmSync(join(folder, 'src/new.ts'));
    await expect.poll(() => kinds('src/new.ts')).toContain('deleted');
    watching.dispose();
  });
});
