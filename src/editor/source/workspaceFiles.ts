/**
 * The files of the workspace for the source resolver. Files are listed when a name is first asked for, outside of the extension host; where they
 * are too many for that, names asked within a moment are looked for in one search. A file watcher keeps the answers true. So a window with a
 * million files pays nothing until a trace names a file.
 */

import { readFile, stat } from 'node:fs/promises';
import { type Disposable, EventEmitter, FileType, Uri, workspace } from 'vscode';
import { Disposables } from '../../base/disposables';
import { isFileOnDisk } from '../../engine/files/realPaths';
import type { WorkspacePort } from '../../source';
import { FileIndex } from './fileIndex';
import { WorkspaceFence, workspaceFolders } from './workspaceFence';

/** Folders with other people's code: stacks name their files too, but nobody wants to be led there by a suffix. */
const excludedFolders: readonly string[] =
  'node_modules,.git,.hg,.svn,.venv,venv,site-packages,__pycache__,.tox,.gradle,.m2'.split(',');
const excluded = `**/{${excludedFolders.join(',')}}/**`;
/** Files of one name that are looked at; beyond that a suffix is no evidence anyway. */
const maxFiles = 2000;
/** Names asked for within so many milliseconds go into one search. */
const gatherMs = 4;
const maxKnown = 5000;

interface Asked {
  readonly resolve: (uris: readonly string[]) => void;
}

export class WorkspaceFiles implements WorkspacePort, Disposable {
  readonly caseSensitive = process.platform !== 'win32' && process.platform !== 'darwin';
  private readonly disposables = new Disposables();
  private readonly changedEmitter = this.disposables.own(new EventEmitter<void>());
  /** Files came, went or changed: what was resolved may be wrong now. At most once in 250 ms. */
  readonly onDidChange = this.changedEmitter.event;
  private readonly touchedEmitter = this.disposables.own(new EventEmitter<Uri | undefined>());
  /** One file came, went or changed, at once; undefined: any may have. */
  readonly onDidTouch = this.touchedEmitter.event;
  private readonly index = this.disposables.own(new FileIndex(excludedFolders));
  private readonly byName = new Map<string, Promise<readonly string[]>>();
  private readonly present = new Map<string, Promise<boolean>>();
  private asked = new Map<string, Asked[]>();
  private gathering: NodeJS.Timeout | undefined;
  private announcing: NodeJS.Timeout | undefined;
  private watching = false;
  readonly fence: WorkspaceFence;

  /** @param mapped URIs of the folders that the user's path mappings name */
  constructor(mapped: () => readonly string[] = () => []) {
    this.fence = new WorkspaceFence(mapped, this.caseSensitive);
    this.disposables.add(
      workspace.onDidChangeWorkspaceFolders(() => this.forget()),
      workspace.onDidChangeConfiguration((event) => event.affectsConfiguration('files.exclude') && this.forget()),
      { dispose: () => clearTimeout(this.gathering) },
      { dispose: () => clearTimeout(this.announcing) },
    );
  }

  folders(): readonly string[] {
    return workspaceFolders();
  }

  exists(uri: string): Promise<boolean> {
    this.watch();
    const known = this.present.get(uri);
    if (known) return known;
    const askable = this.fence.askable(uri);
    const answer = askable ? isFile(askable) : Promise.resolve(false);
    if (this.present.size >= maxKnown) this.present.clear();
    this.present.set(uri, answer);
    return answer;
  }

  isInside(uri: string): Promise<boolean> {
    return this.fence.isInside(uri);
  }

  findByBaseName(name: string, anyCase = !this.caseSensitive): Promise<readonly string[]> {
    if (!workspace.workspaceFolders?.length || name === '' || name.includes('/')) return Promise.resolve([]);
    this.watch();
    return this.index.find(name, anyCase).then((found) => found?.slice(0, maxFiles) ?? this.lookFor(name));
  }

  /** Lists the files before somebody asks for a name. */
  async prepare(): Promise<void> {
    if (!workspace.workspaceFolders?.length) return;
    this.watch();
    await this.index.find('', true);
  }

  async readText(uri: string, maxBytes: number): Promise<string | undefined> {
    const target = await this.fence.readable(uri);
    if (!target) return undefined;
    const shown = Uri.parse(uri).toString();
    const open = workspace.textDocuments.find((document) => document.uri.toString() === shown);
    // Lines are those that a person sees: unsaved edits included, and what is on disk only once the editor has read it.
    if (open) return open.getText();
    try {
      if (target.scheme === 'file') {
        const found = await stat(target.fsPath);
        return found.isFile() && found.size <= maxBytes ? withoutMark(await readFile(target.fsPath, 'utf8')) : undefined;
      }
      const { type, size } = await workspace.fs.stat(target);
      if ((type & FileType.File) === 0 || size > maxBytes) return undefined;
      return new TextDecoder().decode(await workspace.fs.readFile(target));
    } catch {
      // The port's contract: what cannot be read is not there.
      return undefined;
    }
  }

  dispose(): void {
    this.disposables.dispose();
    for (const waiting of this.asked.values()) for (const { resolve } of waiting) resolve([]);
    this.asked.clear();
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
      this.gathering ??= setTimeout(() => void this.search(), gatherMs);
    });
    if (this.byName.size >= maxKnown) this.byName.clear();
    this.byName.set(key, answer);
    return answer;
  }

  private async search(): Promise<void> {
    this.gathering = undefined;
    const asked = this.asked;
    this.asked = new Map();
    const names = [...asked.keys()];
    const found = new Map<string, string[]>(names.map((name) => [name, []]));
    try {
      const pattern = names.map((name) => this.toGlob(name)).join(',');
      const uris = await workspace.findFiles(
        names.length === 1 ? `**/${pattern}` : `**/{${pattern}}`,
        excluded,
        maxFiles * names.length,
      );
      for (const uri of uris) found.get(this.keyOf(baseOf(uri)))?.push(uri.toString());
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
    if (this.watching || this.disposables.isDisposed || !workspace.workspaceFolders?.length) return;
    this.watching = true;
    const watcher = this.disposables.own(workspace.createFileSystemWatcher('**/*'));
    this.disposables.add(
      watcher.onDidCreate((uri) => {
        this.index.came(uri);
        this.moved(uri);
      }),
      watcher.onDidDelete((uri) => {
        this.index.went(uri);
        this.moved(uri);
      }),
      watcher.onDidChange((uri) => this.announce(uri)),
      // The watcher does not see all of a tree of folders that is new; what is saved here is told by the editor.
      workspace.onDidSaveTextDocument(({ uri }) => this.announce(uri)),
    );
  }

  private moved(uri: Uri): void {
    this.byName.delete(this.keyOf(baseOf(uri)));
    this.present.delete(uri.toString());
    this.fence.forget();
    // A folder that came or went takes its files along, and no event tells which.
    if (!baseOf(uri).includes('.')) this.forget();
    this.announce(uri);
  }

  private forget(): void {
    this.index.forget();
    this.byName.clear();
    this.forgetMapped();
    this.announce(undefined);
  }

  /** What may be asked for is another now. */
  forgetMapped(): void {
    this.present.clear();
    this.fence.forget();
  }

  private announce(uri: Uri | undefined): void {
    this.touchedEmitter.fire(uri);
    if (uri && /\/(?:node_modules|\.git)\//.test(uri.path)) return;
    this.announcing ??= setTimeout(() => {
      this.announcing = undefined;
      this.changedEmitter.fire();
    }, 250);
  }
}

function baseOf(uri: Uri): string {
  return uri.path.slice(uri.path.lastIndexOf('/') + 1);
}

/** As a TextDecoder does. */
function withoutMark(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

/** A path in a trace is tried below every folder, so many of these are asked: on disk without the way through VS Code's main process. */
async function isFile(target: Uri): Promise<boolean> {
  try {
    if (target.scheme === 'file') return isFileOnDisk(target.fsPath);
    return ((await workspace.fs.stat(target)).type & FileType.File) !== 0;
  } catch {
    return false;
  }
}
