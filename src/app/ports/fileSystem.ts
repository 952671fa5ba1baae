/** Files wherever the editor has them: on this machine, on another one, inside of an archive. */

import type { URI } from 'vscode-uri';
import type { Disposable } from '../../base/disposables';

export interface FileStat {
  /** Bytes. */
  readonly size: number;
  readonly isFolder: boolean;
}

/** Why a file cannot be had; VS Code's own names (`FileSystemError.code`). */
export type FileTroubleCode = 'FileNotFound' | 'NoPermissions' | 'Unknown';

/** What the promises of a file system reject with. */
export class FileTrouble extends Error {
  constructor(
    readonly code: FileTroubleCode,
    message: string,
  ) {
    super(message);
    this.name = 'FileTrouble';
  }
}

/** What its promises reject with is `FileTrouble`. */
export interface FileSystem {
  stat(uri: URI): Promise<FileStat>;
  /** The whole file. The array may be a window into a larger buffer that is not the caller's. */
  read(uri: URI): Promise<Uint8Array>;
  /** Tells each time that a file is there anew, or holds something else. */
  watch(uri: URI, changed: () => void): Disposable;
  /** Tells each time that something in a folder, or in one below it, came, went or holds something else. The folder need not be there. */
  watchFolder(uri: URI, changed: () => void): Disposable;
}
