/**
 * Trace files that are open. A file on this machine's disk is read by the engine itself, so it may be of any size; a file of another
 * file system (remote, virtual, inside an archive) is read by the editor and handed over. A file is in the engine as long as
 * somebody holds it open; it is watched as long, and is read again when it changed or when the engine lost it.
 *
 * One reading of a file follows the other, whoever asked for it, and so does letting go of it: what was read last is what is there.
 */

import { basename } from 'node:path';
import { URI } from 'vscode-uri';
import { abortable } from '../../base/abortable';
import { type Disposable, Disposables } from '../../base/disposables';
import { Emitter } from '../../base/emitter';
import { SpanhopError } from '../../base/errors';
import { OneAtATime } from '../../base/limit';
import { SharedWork } from '../../base/sharedWork';
import { Throttle } from '../../base/throttle';
import type { DatasetContent, DatasetSummary } from '../../protocol/files';
import type { Progress } from '../../protocol/rpc';
import type { EngineService } from '../engine/engineService';
import { type FileSystem, FileTrouble } from '../ports/fileSystem';

export interface OpenOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/** Reading a file once, for all who wait for it. */
class Reading {
  readonly progress = new Emitter<Progress>();
  private readonly superseded = new AbortController();

  constructor(readonly file: OpenFile) {}

  /** Aborts when the file is read again, or is not wanted any more. */
  get signal(): AbortSignal {
    return this.superseded.signal;
  }

  abandon(): void {
    this.superseded.abort();
    this.progress.dispose();
  }
}

class OpenFile {
  holders = 0;
  /** Of the file as it is now, under way or not. */
  reading = new Reading(this);
  summary: DatasetSummary | undefined;
  content: DatasetContent | undefined;
  /** The engine may have something of it: what was read before, or the beginning of what is being read. */
  isInEngine = false;
  readonly turns = new OneAtATime();
  watching: Disposable | undefined;

  constructor(
    readonly uri: URI,
    readonly dataset: string,
  ) {}

  /** What was read, or is being read, is of the past. */
  forget(): void {
    this.reading.abandon();
    this.reading = new Reading(this);
    this.summary = undefined;
    this.content = undefined;
  }
}

/** A file that is being written is read again when it has been quiet for so long. */
const quietMs = 500;
/** Bytes from which on a file of another file system is refused: it has to fit into memory as a whole, twice for a moment. */
const maxVirtualBytes = 1 << 30;

export class TraceFiles implements Disposable {
  private readonly disposables = new Disposables();
  private readonly files = new Map<string, OpenFile>();
  private readonly readings = new SharedWork((reading: Reading, signal) => this.read(reading, signal));
  private readonly lists = new SharedWork(({ file }: Reading, signal) =>
    this.engine.call('listFile', { dataset: file.dataset }, { signal, timeoutMs: 0 }),
  );
  private readonly reloaded = this.disposables.own(new Emitter<URI>());
  /** The file's traces in the engine are others than before. */
  readonly onDidReload = this.reloaded.event;

  constructor(
    private readonly engine: Pick<EngineService, 'call' | 'started' | 'onDidRestart'>,
    private readonly system: FileSystem,
  ) {
    this.disposables.add(
      engine.onDidRestart(() => {
        for (const file of this.files.values()) {
          file.isInEngine = false;
          // One that was not read to its end may be what the engine died of: it is read again when a person says so.
          if (file.summary === undefined) continue;
          file.forget();
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

  /** Keeps the file in the engine until the answer is disposed. It is not read yet: `open` does. */
  hold(uri: URI): Disposable {
    const dataset = TraceFiles.datasetOf(uri);
    const file = this.files.get(dataset) ?? new OpenFile(uri, dataset);
    this.files.set(dataset, file);
    if (file.holders++ === 0) file.watching = this.watch(uri);
    let held = true;
    return {
      dispose: () => {
        if (!held) return;
        held = false;
        if (--file.holders > 0) return;
        file.watching?.dispose();
        file.forget();
        void file.turns.run(() => this.drop(file));
      },
    };
  }

  /** What the file holds, in short; reads it when that has not happened yet. The file must be held. Rejects with `SpanhopError`. */
  open(uri: URI, { signal, onProgress }: OpenOptions = {}): Promise<DatasetSummary> {
    return this.ofNow(uri, signal, async (reading) => {
      const { file, progress } = reading;
      if (file.summary) return file.summary;
      const listening = onProgress && progress.event(onProgress);
      try {
        return await this.readings.get(reading, signal);
      } finally {
        listening?.dispose();
      }
    });
  }

  /** `open`, and the list of its traces. */
  content(uri: URI, options: OpenOptions = {}): Promise<DatasetContent> {
    return this.ofNow(uri, options.signal, async (reading) => {
      const { file } = reading;
      await this.open(uri, options);
      if (file.content) return file.content;
      const content = await this.lists.get(reading, options.signal);
      if (reading === file.reading) file.content = content;
      return content;
    });
  }

  /** What is asked of the file as it is now, again when it changed meanwhile. */
  private async ofNow<T>(uri: URI, signal: AbortSignal | undefined, ask: (reading: Reading) => Promise<T>): Promise<T> {
    for (;;) {
      const file = this.files.get(TraceFiles.datasetOf(uri));
      if (!file || file.holders === 0) throw new SpanhopError('NotFound', `${nameOf(uri)} is not open. Open it first.`);
      const { reading } = file;
      try {
        const answer = await ask(reading);
        if (reading === file.reading || file.holders === 0) return answer;
      } catch (error) {
        // The file changed meanwhile: what it holds now is what was asked for.
        if (reading === file.reading || signal?.aborted) throw error;
      }
    }
  }

  /** Reads the file again. */
  reload(uri: URI): void {
    const file = this.files.get(TraceFiles.datasetOf(uri));
    if (!file || file.holders === 0) return;
    file.forget();
    this.reloaded.fire(uri);
  }

  dispose(): void {
    this.disposables.dispose();
    for (const { reading, watching } of this.files.values()) {
      reading.abandon();
      watching?.dispose();
    }
    this.files.clear();
  }

  private watch(uri: URI): Disposable {
    const quiet = new Throttle(() => this.reload(uri), { waitMs: quietMs, after: 'last' });
    return new Disposables(
      quiet,
      this.system.watch(uri, () => quiet.ask()),
    );
  }

  /** Lets go of a file that nobody holds any more. */
  private drop(file: OpenFile): void {
    if (file.holders > 0) return;
    this.files.delete(file.dataset);
    if (file.isInEngine && this.engine.started) this.engine.call('dropDataset', { dataset: file.dataset }).catch(() => {});
  }

  /** @param unwanted aborts when nobody waits any more */
  private read(reading: Reading, unwanted: AbortSignal): Promise<DatasetSummary> {
    const { file } = reading;
    const signal = AbortSignal.any([unwanted, reading.signal]);
    return file.turns.run(async () => {
      const summary = await this.load(file, { signal, onProgress: (progress) => reading.progress.fire(progress) });
      if (reading === file.reading) file.summary = summary;
      return summary;
    }, signal);
  }

  private async load(file: OpenFile, { signal, onProgress }: OpenOptions): Promise<DatasetSummary> {
    const { uri, dataset } = file;
    const name = nameOf(uri);
    const size = await abortable(this.sizeOf(uri, name), signal);
    const options = { signal, onProgress, timeoutMs: 0 };
    if (uri.scheme === 'file') {
      file.isInEngine = true;
      return this.engine.call('openFile', { dataset, name, path: uri.fsPath }, options);
    }
    if (size > maxVirtualBytes) {
      throw new SpanhopError(
        'TooLarge',
        `${name} has ${Math.round(size / 1e6)} MB, too much to read from this file system. Save it to disk and open it there.`,
      );
    }
    const read = await abortable(this.system.read(uri), signal);
    // The array may be a window into a larger buffer, or belong to a cache of the file system: what is transferred is a copy of our own.
    const bytes = read.slice();
    file.isInEngine = true;
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
