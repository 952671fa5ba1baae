/**
 * Folders of trace files that are backends. The engine reads them; here they are watched and let go of. Looking at a folder again costs little where
 * nothing changed, so it is done with each search, whatever a watcher missed.
 */

import { URI } from 'vscode-uri';
import type { FolderReader } from '../../backends/common/backend';
import { type Disposable, Disposables } from '../../base/disposables';
import { Throttle } from '../../base/throttle';
import type { EngineService } from '../engine/engineService';
import type { FileSystem } from '../ports/fileSystem';

export interface NamedFolder {
  /** Of the engine, for its traces. */
  readonly dataset: string;
  /** As a person knows it. */
  readonly name: string;
  /** Absolute. */
  readonly path: string;
}

/** What is written all the time is looked at once in so many milliseconds. */
const WATCH_MS = 1_000;

export class TraceFolders {
  /** Paths of those that may be in the engine, by dataset. */
  private readonly inEngine = new Map<string, string>();

  constructor(
    private readonly engine: Pick<EngineService, 'call' | 'started'>,
    private readonly system: Pick<FileSystem, 'watchFolder'>,
  ) {}

  readerOf(folder: NamedFolder): FolderReader {
    const { dataset, path } = folder;
    return {
      read: (signal) => {
        this.inEngine.set(dataset, path);
        return this.engine.call('lookAtFolder', folder, { signal, timeoutMs: 0 });
      },
      count: (signal) => this.engine.call('countFolder', { path }, { signal, timeoutMs: 0 }),
      services: (signal) => this.engine.call('services', { dataset }, { signal }),
      operations: (service, signal) => this.engine.call('operations', { dataset, service }, { signal }),
    };
  }

  /** Tells when something in a folder changed, until the answer is disposed. */
  watch(path: string, changed: () => void): Disposable {
    const telling = new Throttle(changed, { waitMs: WATCH_MS });
    return new Disposables(
      telling,
      this.system.watchFolder(URI.file(path), () => telling.ask()),
    );
  }

  /** Lets go of the folders that are not among these any more. */
  keepOnly(folders: readonly NamedFolder[]): void {
    for (const [dataset, path] of this.inEngine) {
      if (folders.some((folder) => folder.dataset === dataset && folder.path === path)) continue;
      this.inEngine.delete(dataset);
      if (this.engine.started) this.engine.call('dropDataset', { dataset }).catch(() => {});
    }
  }
}
