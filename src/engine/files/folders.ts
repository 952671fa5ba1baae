/**
 * Folders of trace files, each a dataset. Looking at one reads what is new, reads again what changed, of a file that only grew what was added, and takes
 * out what is gone; a file that was only renamed, as rotations do, stays as it is. Each reading of a file has a number of its own, which the
 * store has for captures, so that it is taken out without touching the others.
 */

import { realpath } from 'node:fs/promises';
import { SpanhopError, throwIfAborted, toErrorData } from '../../base/errors';
import { OneAtATime } from '../../base/limit';
import { Slices } from '../../base/slices';
import type { FolderState } from '../../protocol/files';
import type { CallContext } from '../../protocol/rpc';
import { Dataset, type Datasets } from '../store/dataset';
import { describeLimit } from '../store/memoryLimits';
import type { Emit } from '../store/notifier';
import { type FileProblem, type FolderFile, type FolderListing, listFolder } from './folderFiles';
import { type Growth, growthOf, markOf, readGrowth } from './growingFile';
import { type ReadingRoom, readTraces } from './readFile';

export interface FolderInput {
  readonly dataset: string;
  /** As a person knows it. */
  readonly name: string;
  readonly path: string;
}

export interface FolderOptions {
  readonly datasets: Datasets;
  readonly memory: ReadingRoom;
  readonly emit: Emit;
  /** After spans came or went. */
  readonly changed: () => void;
}

type Work = Pick<CallContext, 'signal' | 'progress'>;

/** While many files are read, it is told at most so often that there are more. */
const TELL_MS = 500;

/** A file that was read, or could not be. */
interface ReadFile {
  readonly file: FolderFile;
  /** Of its spans in the store. */
  readonly number: number;
  readonly problem: FileProblem | undefined;
  /** Memory had no room for all of it. */
  readonly isCapped: boolean;
  /** Where what may be added to it begins. */
  readonly growth: Growth | undefined;
}

class OpenFolder {
  readonly turns = new OneAtATime();
  /** By `FolderFile.id`. */
  readonly files = new Map<string, ReadFile>();
  /** Files for which there was no room. */
  unread: readonly FolderFile[] = [];
  /** Numbers of readings; 0 is none. */
  last = 0;
  /** When it was told of last, `performance.now()`. */
  toldAt = 0;

  constructor(
    readonly dataset: Dataset,
    readonly path: string,
  ) {}
}

export class Folders {
  private readonly all = new Map<string, OpenFolder>();

  constructor(private readonly options: FolderOptions) {}

  /** Brings the dataset to what the folder holds now. Rejects with `SpanhopError`; what was read before it gave up stays. */
  async look(input: FolderInput, work: Work): Promise<FolderState> {
    const folder = this.folderOf(input);
    return folder.turns.run(() => this.lookNow(folder, input, work), work.signal);
  }

  forget(dataset: string): void {
    this.all.delete(dataset);
  }

  private folderOf({ dataset: name, path }: FolderInput): OpenFolder {
    const { datasets } = this.options;
    const known = this.all.get(name);
    if (known && known.path === path && datasets.get(name) === known.dataset) return known;
    const dataset = new Dataset(name, datasets.nextRevision, 'files');
    const folder = new OpenFolder(dataset, path);
    datasets.set(dataset);
    this.all.set(name, folder);
    return folder;
  }

  private async lookNow(folder: OpenFolder, { path }: FolderInput, work: Work): Promise<FolderState> {
    const { files } = folder;
    let listing: FolderListing;
    try {
      listing = await listFolder(path, work.signal);
    } catch (error) {
      // A folder that is gone has no traces; one that may not be looked at now may be again.
      if (error instanceof SpanhopError && error.kind === 'NotFound')
        await this.takeOut(folder, [...files.values()]).then(() => this.tellOf(folder));
      throw error;
    }
    const there = new Set(listing.files.map(({ id }) => id));
    const going = [...files.values()].filter(({ file }) => !there.has(file.id));
    // What had no room has some when something else went.
    const isRoom = going.length > 0;
    const wanted: FolderFile[] = [];
    const waiting: FolderFile[] = [];
    for (const file of listing.files) {
      const known = files.get(file.id);
      const isSame = known !== undefined && isSameFile(known.file, file);
      if (isSame && (!known.isCapped || !isRoom)) files.set(file.id, { ...known, file });
      else if (!isRoom && folder.unread.some((one) => one.id === file.id && isSameFile(one, file))) waiting.push(file);
      else wanted.push(file);
    }
    await this.takeOut(folder, going);
    folder.unread = [...waiting, ...(await this.readAll(folder, wanted, work))];
    const isNew = going.length > 0 || wanted.length > 0;
    if (isNew) this.tellOf(folder);
    return this.stateOf(folder, listing, isNew);
  }

  /** Returns those for which memory has no room. */
  private async readAll(folder: OpenFolder, wanted: readonly FolderFile[], work: Work): Promise<readonly FolderFile[]> {
    const total = wanted.reduce((sum, { bytes }) => sum + bytes, 0);
    let done = 0;
    for (const [i, file] of wanted.entries()) {
      throwIfAborted(work.signal);
      const progress: Work['progress'] = (one) => work.progress({ ...one, done: done + Math.min(one.done, file.bytes), total });
      const read = await this.read(folder, file, { ...work, progress });
      this.tellSoon(folder);
      // Of this one, what had room is there.
      if (read.isCapped) return wanted.slice(i + 1);
      done += file.bytes;
    }
    return [];
  }

  private async read(folder: OpenFolder, file: FolderFile, work: Work): Promise<ReadFile> {
    const known = folder.files.get(file.id);
    const added = known && (await this.added(folder, known, file, work));
    if (added) return added;
    if (known) await this.takeOut(folder, [known]);
    return this.whole(folder, file, work);
  }

  /** What came behind what was read before; undefined where it is to be read as a whole. */
  private async added(folder: OpenFolder, known: ReadFile, file: FolderFile, work: Work): Promise<ReadFile | undefined> {
    if (!known.growth || known.isCapped || file.bytes <= known.file.bytes) return undefined;
    const growth = await growthOf(file.path, known.growth, file.bytes).catch(() => undefined);
    if (!growth) return undefined;
    if (growth.from === growth.to) return this.note(folder, { ...known, file, growth: known.growth });
    try {
      const bytes = await readGrowth(file.path, growth);
      const read = await readTraces({ dataset: '', name: file.name, bytes }, this.readOptions, work);
      if (read.defects.length > 0) return undefined;
      await this.take(folder, read, known.number);
      return this.note(folder, { ...known, file, growth: await markOf(file.path, growth.to) });
    } catch (error) {
      if (toErrorData(error).kind === 'Cancelled') throw error;
      return undefined;
    }
  }

  private async whole(folder: OpenFolder, file: FolderFile, work: Work): Promise<ReadFile> {
    const number = ++folder.last;
    const told = (message: string): FileProblem => ({ name: file.name, message });
    try {
      // A link may have taken its place since it was found.
      if ((await realpath(file.path)) !== file.path) throw new SpanhopError('NotFound', `${file.name} is another file by now.`);
      const read = await readTraces({ dataset: '', name: file.name, path: file.path }, this.readOptions, work);
      await this.take(folder, read, number);
      const isCapped = read.defects.some(({ kind }) => kind === 'capped');
      const damage = read.defects.find(({ kind }) => kind === 'unreadable' || kind === 'capped');
      const growth = damage ? undefined : await markOf(file.path, file.bytes).catch(() => undefined);
      return this.note(folder, { file, number, problem: damage && told(damage.message), isCapped, growth });
    } catch (error) {
      const { kind, message } = toErrorData(error);
      if (kind === 'Cancelled') throw error;
      // A log or a text beside the traces is none of theirs.
      const isOther = kind === 'BadData' && !file.isCertain;
      return this.note(folder, {
        file,
        number,
        problem: isOther || file.bytes === 0 ? undefined : told(message),
        isCapped: kind === 'TooLarge' && (await this.isFull()),
        growth: undefined,
      });
    }
  }

  private note(folder: OpenFolder, read: ReadFile): ReadFile {
    folder.files.set(read.file.id, read);
    return read;
  }

  /** Spans and log records of a reading become the folder's: all of them, whoever gives up meanwhile. */
  private async take({ dataset }: OpenFolder, read: Dataset, number: number): Promise<void> {
    const slices = new Slices();
    dataset.format = read.format;
    for (const { batch } of read.store.batches()) {
      dataset.store.add(batch, number);
      await slices.maybePause();
    }
    dataset.logs.add(read.logs.records(), number);
  }

  private async takeOut(folder: OpenFolder, going: readonly ReadFile[]): Promise<void> {
    const { store, logs } = folder.dataset;
    for (const { file, number } of going) {
      logs.removeCapture(number);
      await store.removeCapture(number, new Slices());
      folder.files.delete(file.id);
    }
  }

  private tellSoon(folder: OpenFolder): void {
    if (performance.now() - folder.toldAt > TELL_MS) this.tellOf(folder);
  }

  private tellOf(folder: OpenFolder): void {
    folder.toldAt = performance.now();
    this.options.changed();
    this.options.emit('changed', { dataset: folder.dataset.name, traceIds: [] });
  }

  private get readOptions() {
    const { datasets, memory } = this.options;
    return { nextRevision: datasets.nextRevision, memory };
  }

  private async isFull(): Promise<boolean> {
    return !(await this.options.memory.hasRoom(1 << 20, new Slices()));
  }

  private stateOf(folder: OpenFolder, listing: FolderListing, isNew: boolean): FolderState {
    const { unread } = folder;
    const read = [...folder.files.values()];
    const problems = [...listing.problems, ...read.flatMap(({ problem }) => problem ?? [])];
    const isFull = unread.length > 0 || read.some(({ isCapped }) => isCapped);
    return {
      files: read.filter(({ problem, isCapped }) => problem === undefined && !isCapped).length,
      bytes: listing.files.reduce((sum, { bytes }) => sum + bytes, 0),
      spans: folder.dataset.store.spans,
      problems: problems.map(({ message }) => message),
      unread: unread.length,
      isCut: listing.isCut,
      memoryLimit: isFull ? describeLimit(this.options.memory.limitFor('files')) : undefined,
      isNew,
    };
  }
}

function isSameFile(left: FolderFile, right: FolderFile): boolean {
  return left.bytes === right.bytes && left.changedNs === right.changedNs;
}
