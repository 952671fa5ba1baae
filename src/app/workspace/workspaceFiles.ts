/**
 * The files of the workspace for the source resolver. Files are listed when a name is first asked for, outside of the extension host; where they
 * are too many for that, names asked within a moment are looked for in one search. A file watcher keeps the answers true. So a window with a
 * million files pays nothing until a trace names a file.
 */

import { fileURLToPath } from 'node:url';
import { type Disposable, Disposables } from '../../base/disposables';
import { Emitter } from '../../base/emitter';
import { Lru } from '../../base/lru';
import { Throttle } from '../../base/throttle';
import { isFileOnDisk } from '../../engine/disk/realPaths';
import type { PathTest, WorkspacePort } from '../../source';
import { fileNameOf } from '../../source/uri/uri';
import type { FileChange, Workspace } from '../ports/workspace';
import { FileIndex } from './fileIndex';
import { folderUris } from './folders';
import { KeptTexts, type ReadText } from './keptTexts';
import { isOnDisk, readBytes, statFile } from './rawFiles';
import { WorkspaceFence } from './workspaceFence';

/** Folders with other people's code: stacks name their files too, but nobody wants to be led there by a suffix. */
const excludedFolders: readonly string[] =
  'node_modules,.git,.hg,.svn,.venv,venv,site-packages,__pycache__,.tox,.gradle,.m2'.split(',');
const excluded = `**/{${excludedFolders.join(',')}}/**`;
/** Files of one name that are looked at; beyond that a suffix is no evidence anyway. */
const maxFiles = 2000;
/** Names asked for within so many milliseconds go into one search. */
const gatherMs = 4;
/** Between two times that changes are told. */
const quietMs = 250;
const maxKnown = 5000;
const decoder = new TextDecoder();

interface Asked {
  readonly resolve: (uris: readonly string[]) => void;
}

/** A file that came, went or changed. */
export interface TouchedFile {
  /** URI. */
  readonly uri: string;
  /** It came or went, so that other files of its name may be meant now. */
  readonly isMoved: boolean;
}

export class WorkspaceFiles implements WorkspacePort, Disposable {
  readonly caseSensitive = process.platform !== 'win32' && process.platform !== 'darwin';
  private readonly disposables = new Disposables();
  private readonly changed = this.disposables.own(new Emitter<void>());
  /** Files came, went or changed: what was resolved may be wrong now. At most once in 250 ms. */
  readonly onDidChange = this.changed.event;
  private readonly touched = this.disposables.own(new Emitter<TouchedFile | undefined>());
  /** One file came, went or changed, at once; undefined: any may have. */
  readonly onDidTouch = this.touched.event;
  private readonly index: FileIndex;
  private readonly byName = new Lru<string, Promise<readonly string[]>>({ maxSize: maxKnown });
  private readonly present = new Lru<string, Promise<boolean>>({ maxSize: maxKnown });
  private asked = new Map<string, Asked[]>();
  private readonly searching = this.disposables.own(new Throttle(() => void this.search(), { waitMs: gatherMs }));
  private readonly telling = this.disposables.own(new Throttle(() => this.changed.fire(), { waitMs: quietMs }));
  private readonly texts = new KeptTexts({
    stat: (uri) => statFile(uri, this.workspace),
    read: (uri, maxBytes) => this.decoded(uri, maxBytes),
  });
  private watching = false;
  readonly fence: WorkspaceFence;

  /** @param mapped URIs of the folders that the user's path mappings name */
  constructor(
    readonly workspace: Workspace,
    mapped: () => readonly string[] = () => [],
  ) {
    this.index = this.disposables.own(new FileIndex(workspace, excludedFolders));
    this.fence = new WorkspaceFence(workspace, mapped, this.caseSensitive);
    this.disposables.add(
      workspace.onDidChangeFolders(() => this.forget()),
      workspace.onDidChangeExcluded(() => this.forget()),
    );
  }

  folders(): readonly string[] {
    return folderUris(this.workspace);
  }

  exists(uri: string): Promise<boolean> {
    this.watch();
    const known = this.present.get(uri);
    if (known) return known;
    const askable = this.fence.askable(uri);
    const answer = askable === undefined ? Promise.resolve(false) : this.isFile(askable);
    this.present.set(uri, answer);
    return answer;
  }

  isInside(uri: string): Promise<boolean> {
    return this.fence.isInside(uri);
  }

  findByBaseName(name: string, anyCase = !this.caseSensitive): Promise<readonly string[]> {
    if (!this.hasFolders || name === '' || name.includes('/')) return Promise.resolve([]);
    this.watch();
    // In one order, whatever order they were listed in: where only some are looked at, they are the same each time.
    return this.index
      .find(name, anyCase)
      .then(async (found) => [...(found ?? (await this.lookFor(name)))].sort().slice(0, maxFiles));
  }

  async findByPath(test: PathTest): Promise<readonly string[] | undefined> {
    if (!this.hasFolders) return undefined;
    this.watch();
    return (await this.index.findByPath(test))?.toSorted();
  }

  /** Lists the files before somebody asks for a name. */
  async prepare(): Promise<void> {
    if (!this.hasFolders) return;
    this.watch();
    await this.index.find('', true);
  }

  /**
   * Undefined where it is no file, is longer, or may not be read.
   * @param asOf as it was up to two seconds ago, which is quick, or as it is
   */
  async readText(uri: string, maxBytes: number, asOf: 'aMomentAgo' | 'now' = 'aMomentAgo'): Promise<string | undefined> {
    const target = await (asOf === 'now' ? this.fence.readableNow(uri) : this.fence.readable(uri));
    if (target === undefined) return undefined;
    const open = this.workspace.documents.get(uri);
    // Lines are those that a person sees: unsaved edits included, and what is on disk only once the editor has read it.
    if (open) return open.getText();
    if (asOf === 'aMomentAgo') return this.texts.read(target, maxBytes);
    return (await this.decoded(target, maxBytes))?.text;
  }

  dispose(): void {
    this.disposables.dispose();
    for (const waiting of this.asked.values()) for (const { resolve } of waiting) resolve([]);
    this.asked.clear();
  }

  private async decoded(uri: string, maxBytes: number): Promise<ReadText | undefined> {
    const read = await readBytes(uri, this.workspace, maxBytes);
    return read && { text: decoder.decode(read.bytes), size: read.size, savedAtMs: read.savedAtMs };
  }

  private keyOf(name: string): string {
    return this.caseSensitive ? name : name.toLowerCase();
  }

  /** Without the index. */
  private lookFor(name: string): Promise<readonly string[]> {
    const key = this.keyOf(name);
    const known = this.byName.get(key);
    if (known) return known;
    const answer = new Promise<readonly string[]>((resolve) => {
      const waiting = this.asked.get(key) ?? [];
      waiting.push({ resolve });
      this.asked.set(key, waiting);
      this.searching.ask();
    });
    this.byName.set(key, answer);
    return answer;
  }

  private async search(): Promise<void> {
    const asked = this.asked;
    this.asked = new Map();
    const names = [...asked.keys()];
    const found = new Map<string, string[]>(names.map((name) => [name, []]));
    try {
      const pattern = names.map((name) => this.toGlob(name)).join(',');
      const uris = await this.workspace.findFiles({
        include: names.length === 1 ? `**/${pattern}` : `**/{${pattern}}`,
        exclude: excluded,
        most: maxFiles * names.length,
      });
      for (const uri of uris) found.get(this.keyOf(fileNameOf(uri)))?.push(uri);
    } catch {
      // A file system without search: only paths that are known exactly are found.
    }
    for (const [name, waiting] of asked) for (const { resolve } of waiting) resolve(found.get(name) ?? []);
  }

  /** A name as a glob that means it letter for letter; where case does not count, in either. */
  private toGlob(name: string): string {
    return [...name]
      .map((char) => {
        if ('[]{}*?!,\\'.includes(char)) return '?';
        if (this.caseSensitive || char.toLowerCase() === char.toUpperCase()) return char;
        return `[${char.toLowerCase()}${char.toUpperCase()}]`;
      })
      .join('');
  }

  /** Begins to watch; until somebody asks for something, nothing that changes is of interest. */
  watch(): void {
    if (this.watching || this.disposables.isDisposed || !this.hasFolders) return;
    this.watching = true;
    this.disposables.add(
      this.workspace.watchFiles((change) => this.noticed(change)),
      // The watcher does not see all of a tree of folders that is new; what is saved here is told by the editor.
      this.workspace.documents.onDidSave((uri) => this.tell({ uri, isMoved: false })),
    );
  }

  private get hasFolders(): boolean {
    return this.workspace.folders().length > 0;
  }

  private async isFile(uri: string): Promise<boolean> {
    return isOnDisk(uri) ? isFileOnDisk(fileURLToPath(uri)) : (await statFile(uri, this.workspace))?.kind === 'file';
  }

  private noticed({ uri, kind }: FileChange): void {
    if (kind === 'changed') {
      this.tell({ uri, isMoved: false });
      return;
    }
    if (kind === 'created') this.index.came(uri);
    else this.index.went(uri);
    this.byName.delete(this.keyOf(fileNameOf(uri)));
    this.present.delete(uri);
    this.fence.forget();
    // A folder that came or went takes its files along, and no event tells which.
    if (!fileNameOf(uri).includes('.')) this.forget();
    this.tell({ uri, isMoved: true });
  }

  private forget(): void {
    this.index.forget();
    this.byName.clear();
    this.forgetMapped();
    this.tell(undefined);
  }

  /** What may be asked for is another now. */
  forgetMapped(): void {
    this.present.clear();
    this.fence.forget();
  }

  private tell(file: TouchedFile | undefined): void {
    if (file) this.texts.forget(file.uri);
    else this.texts.clear();
    this.touched.fire(file);
    if (file === undefined || !/\/(?:node_modules|\.git)\//.test(file.uri)) this.telling.ask();
  }
}
