/** VS Code's file systems as `app/files` reads them. */

import { FileSystemError, FileType, Uri, workspace } from 'vscode';
import { type FileSystem, FileTrouble } from '../../app/ports/fileSystem';

export const vsCodeFiles: FileSystem = {
  stat: (uri) =>
    troubled(async () => {
      const { size, type } = await workspace.fs.stat(Uri.from(uri));
      return { size, isFolder: (type & FileType.Directory) !== 0 };
    }),
  read: (uri) => troubled(async () => workspace.fs.readFile(Uri.from(uri))),
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
