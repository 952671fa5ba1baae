/** Folders of a disk as a workspace, for a program without an editor: nothing is open in it, and it trusts what it was given. */

import { existsSync, watch } from 'node:fs';
import { opendir } from 'node:fs/promises';
import { basename, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Disposable, Disposables } from '../../base/disposables';
import { Emitter } from '../../base/emitter';
import { throwIfAborted } from '../../base/errors';
import { joinUri } from '../../source/uri/uri';
import type { Documents, FileChange, FileSearch, Globs, Workspace, WorkspaceFolder } from '../ports/workspace';
import { globTest } from './globTest';
import { uriOfPath } from './rawFiles';
import { findRipgrep } from './ripgrep/ripgrepBinary';

/** As VS Code leaves them out unless somebody says otherwise. */
const excluded: Globs = { '**/.git': true, '**/.svn': true, '**/.hg': true, '**/CVS': true, '**/.DS_Store': true };

const never = new Emitter<never>().event;
const noDocuments: Documents = {
  get: () => undefined,
  dirty: () => [],
  onDidEdit: never,
  onDidOpen: never,
  onDidSave: never,
  onDidClose: never,
};

/** @param folders paths */
export function nodeWorkspace(folders: readonly string[]): Workspace {
  const all: readonly WorkspaceFolder[] = folders.map((path) => ({
    uri: uriOfPath(resolve(path)),
    name: basename(resolve(path)),
  }));
  return {
    folders: () => all,
    onDidChangeFolders: never,
    file: undefined,
    onDidChangeLaunch: never,
    isTrusted: true,
    onDidTrust: never,
    documents: noDocuments,
    virtualFiles: undefined,
    findFiles: (search) => findFiles(search, search.folder === undefined ? all.map(({ uri }) => uri) : [search.folder]),
    watchFiles: (listener) => new Disposables(...all.map(({ uri }) => watchTree(uri, () => true, listener))),
    watchFolder(folder, pattern, listener) {
      return watchTree(folder, globTest(pattern), listener);
    },
    excluded: () => ({ files: excluded, search: {} }),
    onDidChangeExcluded: never,
    findRipgrep: () => findRipgrep(''),
  };
}

/** Links are not followed. */
async function findFiles({ include, exclude, most, signal }: FileSearch, folders: readonly string[]): Promise<readonly string[]> {
  const isWanted = globTest(include);
  const isLeftOut = globTest(exclude);
  const found: string[] = [];
  for (const folder of folders) {
    const waiting = [''];
    for (let inFolder = waiting.pop(); inFolder !== undefined && found.length < most; inFolder = waiting.pop()) {
      throwIfAborted(signal);
      // What cannot be listed is not there.
      const entries = await opendir(join(fileURLToPath(folder), inFolder)).catch(() => undefined);
      if (!entries) continue;
      for await (const entry of entries) {
        const path = inFolder === '' ? entry.name : `${inFolder}/${entry.name}`;
        if (isLeftOut(path)) continue;
        if (entry.isDirectory()) waiting.push(path);
        else if (entry.isFile() && found.length < most && isWanted(path)) found.push(joinUri(folder, path.split('/')));
      }
    }
  }
  return found;
}

/** Does not keep the program alive. Where the system cannot watch, nothing is told. */
function watchTree(folder: string, isWanted: (path: string) => boolean, listener: (change: FileChange) => void): Disposable {
  const root = fileURLToPath(folder);
  try {
    const watcher = watch(root, { recursive: true, persistent: false }, (event, name) => {
      const path = name?.split(sep).join('/');
      if (path === undefined || path === '' || !isWanted(path)) return;
      const kind = event === 'change' ? 'changed' : existsSync(join(root, path)) ? 'created' : 'deleted';
      listener({ uri: joinUri(folder, path.split('/')), kind });
    });
    watcher.on('error', () => {});
    return { dispose: () => watcher.close() };
  } catch {
    return { dispose: () => {} };
  }
}
