/**
 * Trace files that are open. A file on this machine's disk is read by the engine itself, so it may be of any size; a file of another
 * file system (remote, virtual, inside an archive) is read by the editor and handed over. A file is in the engine as long as
 * somebody holds it open, and is read again when it changed or when the engine lost it.
 */

import { basename } from 'node:path';
import { URI } from 'vscode-uri';
import { type Disposable, Disposables } from '../../base/disposables';
import { Emitter } from '../../base/emitter';
import { SpanhopError } from '../../base/errors';
import type { DatasetContent } from '../../protocol/files';
import type { Progress } from '../../protocol/rpc';
import type { EngineService } from '../engine/engineService';
import { type FileSystem, FileTrouble } from '../ports/fileSystem';

export interface OpenOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

interface OpenFile {
  readonly uri: URI;
  holders: number;
  content: Promise<DatasetContent> | undefined;
}

/** Bytes from which on a file of another file system is refused: it has to fit into memory as a whole, twice for a moment. */
const maxVirtualBytes = 1 << 30;

export class TraceFiles implements Disposable {
  private readonly disposables = new Disposables();
  private readonly files = new Map<string, OpenFile>();
  private readonly reloaded = this.disposables.own(new Emitter<URI>());
  /** The file's traces in the engine are others than before. */
  readonly onDidReload = this.reloaded.event;

  constructor(
    private readonly engine: EngineService,
    private readonly system: FileSystem,
  ) {
    this.disposables.add(
      engine.onDidRestart(() => {
        for (const file of this.files.values()) {
          // One that was not read to its end may be what the engine died of: it is read again when a person says so.
          if (file.content === undefined) continue;
          file.content = undefined;
          this.reloaded.fire(file.uri);
        }
      }),
    );
  }

  static datasetOf(uri: URI): string {
    return `file:${uri.toString()}`;
  }

  /** The file that a dataset is of. */
  static uriOf(dataset: string): URI | undefined {
    return dataset.startsWith('file:') ? URI.parse(dataset.slice('file:'.length), true) : undefined;
  }

  /** Keeps the file in the engine until the answer is disposed. It is not read yet: `content` does. */
  hold(uri: URI): Disposable {
    const dataset = TraceFiles.datasetOf(uri);
    const file = this.files.get(dataset) ?? { uri, holders: 0, content: undefined };
    file.holders++;
    this.files.set(dataset, file);
    let held = true;
    return {
      dispose: () => {
        if (!held) return;
        held = false;
        if (--file.holders > 0) return;
        this.files.delete(dataset);
        if (file.content && this.engine.started) this.engine.call('dropDataset', { dataset }).catch(() => {});
      },
    };
  }

  /** What the file holds; reads it when that has not happened yet. The file must be held. Rejects with `SpanhopError`. */
  async content(uri: URI, options: OpenOptions = {}): Promise<DatasetContent> {
    for (;;) {
      const file = this.files.get(TraceFiles.datasetOf(uri));
      if (!file) throw new SpanhopError('NotFound', `${nameOf(uri)} is not open. Open it first.`);
      const own = file.content === undefined;
      const reading = file.content ?? this.begin(file, options);
      try {
        return await reading;
      } catch (error) {
        // Somebody else began to read and gave up; that is no reason to give up here.
        const isCancelled = error instanceof SpanhopError && error.kind === 'Cancelled';
        if (own || !isCancelled || options.signal?.aborted) throw error;
      }
    }
  }

  /** Reads the file again. */
  reload(uri: URI): void {
    const file = this.files.get(TraceFiles.datasetOf(uri));
    if (!file) return;
    file.content = undefined;
    this.reloaded.fire(uri);
  }

  dispose(): void {
    this.disposables.dispose();
    this.files.clear();
  }

  private begin(file: OpenFile, options: OpenOptions): Promise<DatasetContent> {
    const reading = this.read(file.uri, options);
    file.content = reading;
    reading.catch(() => {
      if (file.content === reading) file.content = undefined;
    });
    return reading;
  }

  private async read(uri: URI, { signal, onProgress }: OpenOptions): Promise<DatasetContent> {
    const dataset = TraceFiles.datasetOf(uri);
    const name = nameOf(uri);
    const size = await this.sizeOf(uri, name);
    const options = { signal, onProgress, timeoutMs: 0 };
    if (uri.scheme === 'file') return this.engine.call('openFile', { dataset, name, path: uri.fsPath }, options);
    if (size > maxVirtualBytes) {
      throw new SpanhopError(
        'TooLarge',
        `${name} has ${Math.round(size / 1e6)} MB, too much to read from this file system. Save it to disk and open it there.`,
      );
    }
    const read = await this.system.read(uri);
    // The array may be a window into a larger buffer, or belong to a cache of the file system: what is transferred is a copy of our own.
    const bytes = read.slice();
    return this.engine.call('openFile', { dataset, name, bytes }, { ...options, transfer: [bytes.buffer] });
  }

  private async sizeOf(uri: URI, name: string): Promise<number> {
    try {
      const { size, isFolder } = await this.system.stat(uri);
      if (isFolder) throw new SpanhopError('BadData', `${name} is a folder. Open a trace file in it.`);
      return size;
    } catch (error) {
      if (!(error instanceof FileTrouble)) throw error;
      const { code, message: reason } = error;
      if (code === 'FileNotFound')
        throw new SpanhopError('NotFound', `There is no file ${uri.scheme === 'file' ? uri.fsPath : uri.toString(true)}.`);
      if (code === 'NoPermissions')
        throw new SpanhopError('Unauthorized', `${name} may not be read: permission is denied.`, reason);
      throw new SpanhopError('Unreachable', `${name} cannot be read: ${reason}`, reason);
    }
  }
}

/** The file's name without its folder. */
export function nameOf(uri: URI): string {
  return basename(uri.path) || uri.toString();
}
