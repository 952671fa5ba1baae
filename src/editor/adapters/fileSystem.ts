/** VS Code's file systems as `app/files` reads them. */

import { basename, dirname } from 'node:path';
import { FileSystemError, FileType, RelativePattern, Uri, workspace } from 'vscode';
import { type FileSystem, FileTrouble } from '../../app/ports/fileSystem';
import { Disposables } from '../../base/disposables';

export const vsCodeFiles: FileSystem = {
  stat: (uri) =>
    troubled(async () => {
      const { size, type } = await workspace.fs.stat(Uri.from(uri));
      return { size, isFolder: (type & FileType.Directory) !== 0 };
    }),
  read: (uri) => troubled(async () => workspace.fs.readFile(Uri.from(uri))),
  watch(uri, changed) {
    const folder = Uri.from(uri).with({ path: dirname(uri.path) });
    // What has a meaning in patterns stands for any one character.
    const watcher = workspace.createFileSystemWatcher(new RelativePattern(folder, basename(uri.path).replace(/[[\]{}*?]/g, '?')));
    return new Disposables(watcher, watcher.onDidChange(changed), watcher.onDidCreate(changed));
  },
  watchFolder(uri, changed) {
    const watcher = workspace.createFileSystemWatcher(new RelativePattern(Uri.from(uri), '**'));
    return new Disposables(watcher, watcher.onDidChange(changed), watcher.onDidCreate(changed), watcher.onDidDelete(changed));
  },
};

async function troubled<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = error instanceof FileSystemError ? error.code : undefined;
    const message = error instanceof Error ? error.message : String(error);
    throw new FileTrouble(code === 'FileNotFound' || code === 'NoPermissions' ? code : 'Unknown', message);
  }
}
