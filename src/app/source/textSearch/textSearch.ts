/**
 * Looks for texts in the source of the workspace. Texts that are asked for in the same moment are looked for in one search, whoever asks for
 * one that is being looked for joins, and answers are kept. They stay true: a file that changed, on disk or in an open document, is looked
 * through again for all kept texts when the next one asks, and no other file. When very much changes at once, all is forgotten.
 */

import { type Disposable, Disposables } from '../../../base/disposables';
import { SpanhopError, throwIfAborted } from '../../../base/errors';
import { Limit, OneAtATime } from '../../../base/limit';
import { Slices } from '../../../base/slices';
import { Throttle } from '../../../base/throttle';
import type { SearchReach, TextSearchAnswer, TextSearchPort } from '../../../source';
import type { Log } from '../../ports/log';
import type { Workspace } from '../../ports/workspace';
import { folderOf } from '../../workspace/folders';
import { isOnDisk, statFile } from '../../workspace/rawFiles';
import type { WorkspaceFiles } from '../../workspace/workspaceFiles';
import { maxJsonBytes } from './exclusions';
import { HitCollector } from './hitCollector';
import { KeptAnswers } from './keptAnswers';
import { maxNeedle, minNeedle } from './needleScanner';
import { scanFolder } from './scanFolder';
import { scanText } from './scanText';
import { SearchBatch } from './searchBatch';
import { searchFolder } from './searchFolder';
import { maxFileBytes } from './searchLines';
import { SourceFolder } from './sourceFolders';
import { type FileGrams, SourceIndex } from './sourceIndex';

/** Texts that are asked for within so many milliseconds go into one search. */
const gatherMs = 4;
const maxInSearch = 2500;
const maxProcesses = 2;
/** Files that are looked through again one by one; when more change, it was a checkout. */
const maxTouched = 100;
/** Time on the shared thread between two turns of its event loop. */
const sliceMs = 4;

export interface TextSearchOptions {
  readonly files: WorkspaceFiles;
  readonly log: Log;
  /** Without one every text that is not known is looked for in all files. */
  readonly engine?: FileGrams;
  /** How long after a search the index is made; a second by default. */
  readonly indexAfterMs?: number;
  /** Path of ripgrep; by default that of the workspace. */
  readonly findBinary?: () => Promise<string | undefined>;
}

export class WorkspaceTextSearch implements TextSearchPort, Disposable {
  private readonly disposables = new Disposables();
  private readonly kept = new KeptAnswers();
  private readonly running = new Set<SearchBatch>();
  /** The search that looks for a text now, or soon. */
  private readonly looking = new Map<string, SearchBatch>();
  /** What is asked for in this moment, and what of it somebody wants more of. */
  private gathering: SearchBatch | undefined;
  private further: SearchBatch | undefined;
  private readonly begins = this.disposables.own(new Throttle(() => this.begin(), { waitMs: gatherMs }));
  private readonly processes = new Limit(maxProcesses);
  private readonly touched = new Set<string>();
  private readonly refreshing = new OneAtATime();
  private folders: Promise<readonly SourceFolder[]> | undefined;
  private binary: Promise<string | undefined> | undefined;
  private readonly indices = new Map<SourceFolder, SourceIndex>();
  /** Grows when all is forgotten: what was found before is not kept. */
  private generation = 0;

  constructor(private readonly options: TextSearchOptions) {
    options.files.watch();
    const { documents, onDidChangeExcluded } = this.workspace;
    this.disposables.add(
      options.files.onDidTouch((file) => this.touch(file?.uri)),
      documents.onDidEdit(({ document }) => this.touch(document.uri)),
      // Edits that were not saved are gone.
      documents.onDidClose(({ uri, isDirty }) => isDirty && this.touch(uri)),
      onDidChangeExcluded(() => this.forget()),
      { dispose: () => this.stop() },
    );
  }

  private get workspace(): Workspace {
    return this.options.files.workspace;
  }

  async find(text: string, signal?: AbortSignal, reach: SearchReach = 'usual'): Promise<TextSearchAnswer> {
    throwIfAborted(signal);
    if (!canFind(text)) return { hits: [], truncated: text.length < minNeedle };
    if (this.kept.has(text)) {
      await this.refresh();
      throwIfAborted(signal);
      const answer = this.kept.get(text);
      if (answer && !(answer.truncated && reach === 'further')) return answer;
    }
    const batch = reach === 'usual' ? this.looking.get(text) : undefined;
    return (batch && !batch.signal.aborted ? batch : this.enqueue(text, reach)).wait(text, signal);
  }

  /** Looks for texts that will be asked for soon, all in one search. Answers when it is done; what went wrong shows when they are asked for. */
  async warm(texts: readonly string[]): Promise<void> {
    const batches = new Set<SearchBatch>();
    for (const text of texts) {
      if (!canFind(text) || this.kept.has(text) || this.looking.has(text)) continue;
      batches.add(this.enqueue(text, 'usual'));
    }
    for (const batch of batches) batch.hold();
    await Promise.all([...batches].map((batch) => batch.settled));
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private enqueue(text: string, reach: SearchReach): SearchBatch {
    if (this.disposables.isDisposed) throw new SpanhopError('Cancelled', 'Cancelled.');
    // Whoever gathered gave up.
    if (this.gathering?.signal.aborted || this.further?.signal.aborted) this.begin();
    const batch = (reach === 'usual' ? this.gathering : this.further) ?? new SearchBatch(reach);
    if (reach === 'usual') this.gathering = batch;
    else this.further = batch;
    this.begins.ask();
    batch.needles.add(text);
    this.looking.set(text, batch);
    if (batch.needles.size >= maxInSearch) this.begin();
    return batch;
  }

  private begin(): void {
    this.begins.cancel();
    for (const batch of [this.gathering, this.further]) if (batch) this.run(batch);
    this.gathering = undefined;
    this.further = undefined;
  }

  private run(batch: SearchBatch): void {
    this.running.add(batch);
    void this.search(batch)
      .then(
        (collector) => batch.resolve(collector),
        (error: unknown) => batch.reject(error),
      )
      .finally(() => {
        this.running.delete(batch);
        for (const text of batch.needles) if (this.looking.get(text) === batch) this.looking.delete(text);
      });
  }

  private async search(batch: SearchBatch): Promise<HitCollector> {
    const started = performance.now();
    const { generation } = this;
    const { signal } = batch;
    const found = new HitCollector([...batch.needles], batch.reach);
    for (const uri of this.workspace.documents.dirty()) batch.touched.add(uri);
    const folders = await this.sourceFolders();
    await Promise.all(folders.map((folder) => this.searchOne(folder, found, batch)));
    await this.lookAgain(batch, found);
    throwIfAborted(signal);
    if (generation === this.generation) this.kept.add(found);
    this.options.log.debug(
      `Looked for ${found.needles.length} texts in the source, ${Math.round(performance.now() - started)} ms.`,
    );
    return found;
  }

  private async searchOne(folder: SourceFolder, found: HitCollector, batch: SearchBatch): Promise<void> {
    const { signal } = batch;
    const index = this.indexOf(folder);
    if (index && batch.reach === 'usual' && (await this.lookInFew(index, found, signal))) return;
    const binary = isOnDisk(folder.uri) ? await this.ripgrep() : undefined;
    if (binary !== undefined) {
      try {
        const crowded = await this.processes.run(() => searchFolder(binary, folder, found, signal, this.workspace), signal);
        for (const file of crowded) batch.touched.add(file);
        index?.prepare(binary);
        return;
      } catch (error) {
        throwIfAborted(signal);
        this.options.log.warn(`Source is searched without ripgrep (${binary}), which is slower: ${String(error)}`);
        this.binary = Promise.resolve(undefined);
      }
    }
    await scanFolder(folder, found, (uri) => this.textOf(uri), signal, this.workspace);
  }

  private indexOf(folder: SourceFolder): SourceIndex | undefined {
    const { engine, indexAfterMs = 1_000 } = this.options;
    if (!engine || !isOnDisk(folder.uri)) return undefined;
    let index = this.indices.get(folder);
    if (!index) {
      index = new SourceIndex(folder, engine, indexAfterMs);
      this.indices.set(folder, index);
    }
    return index;
  }

  /** In the files of a folder alone that may have a text. Answers whether that was all there is to look for. */
  private async lookInFew(index: SourceIndex, found: HitCollector, signal: AbortSignal): Promise<boolean> {
    const { generation } = this;
    const files = await index.filesFor(found.needles);
    throwIfAborted(signal);
    if (!files) return false;
    const slices = new Slices(signal, sliceMs);
    for (const file of files.changed) await this.scanFile(file, found, slices);
    for (const file of files.known) {
      const text = await this.textOf(file);
      if (text !== undefined) await scanText(file, text, found, slices);
    }
    // All was forgotten meanwhile: a folder came.
    return generation === this.generation;
  }

  /** Files that changed while it ran, or whose text is not that on disk. */
  private async lookAgain({ touched, signal }: SearchBatch, found: HitCollector): Promise<void> {
    const slices = new Slices(signal, sliceMs);
    for (let left = maxTouched; touched.size > 0 && left > 0; left--) {
      const [file] = touched;
      touched.delete(file);
      found.drop(file);
      await this.scanFile(file, found, slices);
    }
  }

  /** Kept answers, made true again for the files that changed. One at a time: a later one finds the work done. */
  private refresh(): Promise<void> {
    return this.refreshing.run(() => this.rescan()).catch(() => this.forget());
  }

  private async rescan(): Promise<void> {
    if (this.touched.size === 0) return;
    const touched = [...this.touched];
    this.touched.clear();
    const { generation } = this;
    const files = [...touched, ...this.kept.filesBelow(touched)];
    if (files.length > maxTouched) {
      this.forget();
      return;
    }
    const fresh = new HitCollector(this.kept.needles);
    const slices = new Slices(undefined, sliceMs);
    for (const file of files) await this.scanFile(file, fresh, slices);
    if (generation === this.generation) this.kept.replace(files, fresh);
  }

  private async scanFile(file: string, found: HitCollector, slices: Slices): Promise<void> {
    for (const folder of await this.sourceFolders()) {
      const path = folder.pathOf(file);
      if (path === undefined) continue;
      if (!(await folder.isSource(path))) return;
      const text = await this.textOf(file);
      if (text !== undefined) await scanText(file, text, found, slices);
      // A folder came, and no event tells of the files in it.
      else if ((await statFile(file, this.workspace))?.kind === 'folder') this.forget();
      return;
    }
  }

  private textOf(file: string): Promise<string | undefined> {
    return this.options.files.readText(file, file.endsWith('.json') ? maxJsonBytes : maxFileBytes);
  }

  private sourceFolders(): Promise<readonly SourceFolder[]> {
    this.folders ??= Promise.all(this.workspace.folders().map(({ uri }) => SourceFolder.of(uri, this.workspace)));
    return this.folders;
  }

  private ripgrep(): Promise<string | undefined> {
    this.binary ??= (this.options.findBinary ?? (() => this.workspace.findRipgrep()))();
    return this.binary;
  }

  private touch(file: string | undefined): void {
    if (file === undefined || /\/(?:\.gitignore|\.git\/info\/exclude)$/.test(file)) {
      this.forget();
      return;
    }
    // Output channels, settings of the person, texts of Git: what is in no folder of the workspace is not searched.
    if (folderOf(this.workspace, file) === undefined || /\/(?:node_modules|\.git)\//.test(file)) return;
    for (const batch of this.running) batch.touched.add(file);
    for (const index of this.indices.values()) index.touch(file);
    if (this.kept.size === 0) return;
    this.touched.add(file);
    if (this.touched.size > maxTouched) this.forget();
  }

  private forget(): void {
    this.generation++;
    this.kept.clear();
    this.touched.clear();
    this.folders = undefined;
    for (const index of this.indices.values()) index.dispose();
    this.indices.clear();
  }

  private stop(): void {
    this.gathering?.abort();
    this.further?.abort();
    this.gathering = undefined;
    this.further = undefined;
    for (const batch of this.running) batch.abort();
    this.forget();
  }
}

function canFind(text: string): boolean {
  return text.length >= minNeedle && text.length <= maxNeedle && text.trim() !== '' && !/[\n\r\0]/.test(text);
}
