/**
 * The files of the workspace by their base name. One listing, outside of the extension host, answers for all names: a trace names files in
 * dozens, and a search for each takes as long as the listing of all (a quarter of a second for 20,000 files). Kept true by what the watcher
 * tells. There is none where files are very many, or on no disk; then names are looked for one by one.
 */

import { fileURLToPath } from 'node:url';
import type { Disposable } from '../../base/disposables';
import { Slices } from '../../base/slices';
import type { PathTest } from '../../source';
import { joinUri, relativeSegments } from '../../source/uri/uri';
import type { Workspace } from '../ports/workspace';
import { patternsOf } from './globs';
import { isOnDisk, statFile } from './rawFiles';

/** A path takes about 200 bytes. */
const maxFiles = 200_000;
/** Changes after which a new listing is cheaper. */
const maxChanges = 5000;
/** Whoever asks while files are being listed waits so long, and then looks by itself. */
const waitMs = 500;
/** Milliseconds of work between two pauses. */
const sliceMs = 8;

interface Listing {
  /** Paths relative to their folder, by the folder's URI, by base name. */
  readonly byName: ReadonlyMap<string, Map<string, Set<string>>>;
}

export class FileIndex implements Disposable {
  private listing: Promise<Listing | undefined> | undefined;
  private ready: Listing | undefined;
  /** What happened while files were listed. */
  private pending: (() => void)[] = [];
  private changes = 0;
  private controller = new AbortController();
  /** Files that passed a test, by its name, until files come or go. */
  private readonly byTest = new Map<string, Promise<readonly string[]>>();

  /** @param excluded folders that are left out wherever they are */
  constructor(
    private readonly workspace: Workspace,
    private readonly excluded: readonly string[],
  ) {}

  /** URIs of the files of a base name, in this letter case or in any; undefined where they have to be looked for. */
  async find(name: string, anyCase: boolean): Promise<readonly string[] | undefined> {
    this.listing ??= this.list();
    const listing = this.ready ?? (await orLater(this.listing));
    if (!listing) return undefined;
    const key = keyOf(name);
    return [...listing.byName].flatMap(([folder, byName]) =>
      [...(byName.get(key) ?? [])]
        .filter((path) => anyCase || baseOf(path) === name)
        .map((path) => joinUri(folder, path.split('/'))),
    );
  }

  /** URIs of the files whose path passes a test; undefined where files are not listed. */
  async findByPath(test: PathTest): Promise<readonly string[] | undefined> {
    this.listing ??= this.list();
    const listing = this.ready ?? (await orLater(this.listing));
    if (!listing) return undefined;
    let found = this.byTest.get(test.name);
    if (!found) {
      found = passing(listing, test);
      this.byTest.set(test.name, found);
    }
    return found;
  }

  /** A file or a folder came. */
  came(uri: string): void {
    this.after((listing) => {
      const place = this.placeOf(uri, listing);
      if (!place) return;
      add(place.byName, keyOf(place.name), place.path);
      // Of a folder that was moved here no event tells what is in it.
      void statFile(uri, this.workspace).then((found) => found?.kind === 'folder' && this.forget());
    });
  }

  /** A file or a folder went. */
  went(uri: string): void {
    this.after((listing) => {
      const place = this.placeOf(uri, listing);
      // What is not known as a file may have been a folder, with files in it.
      if (place && !place.byName.get(keyOf(place.name))?.delete(place.path)) this.forget();
    });
  }

  /** Anything may have changed: files are listed again when somebody asks. */
  forget(): void {
    this.controller.abort();
    this.byTest.clear();
    this.controller = new AbortController();
    this.listing = undefined;
    this.ready = undefined;
    this.pending = [];
    this.changes = 0;
  }

  dispose(): void {
    this.forget();
  }

  private after(change: (listing: Listing) => void): void {
    this.byTest.clear();
    if (!this.listing) return;
    if (++this.changes > maxChanges) this.forget();
    else if (this.ready) change(this.ready);
    else this.pending.push(() => this.ready && change(this.ready));
  }

  private async list(): Promise<Listing | undefined> {
    const { signal } = this.controller;
    const folders = this.workspace.folders();
    if (folders.length === 0 || folders.some(({ uri }) => !isOnDisk(uri))) return undefined;
    try {
      const binary = await this.workspace.findRipgrep();
      if (binary === undefined) return undefined;
      // Loaded with the first listing.
      const { listFiles } = await import('./ripgrep/listFiles');
      const byName = new Map(folders.map(({ uri }) => [uri, new Map<string, Set<string>>()]));
      let left = maxFiles;
      for (const [folder, names] of byName) {
        const isWhole = await listFiles({
          binary,
          folder: fileURLToPath(folder),
          excluded: [...this.excluded, ...patternsOf(this.workspace.excluded(folder).files)],
          signal,
          take: (path) => {
            add(names, keyOf(baseOf(path)), path);
            return left-- > 0 ? 'more' : 'enough';
          },
        });
        if (!isWhole) return undefined;
      }
      if (signal.aborted) return undefined;
      this.ready = { byName };
      for (const change of this.pending.splice(0)) change();
      return this.ready;
    } catch {
      // No ripgrep that runs, or forgotten meanwhile: whoever asks looks by itself.
      return undefined;
    }
  }

  private placeOf(uri: string, { byName }: Listing) {
    for (const [folder, names] of byName) {
      const segments = relativeSegments(folder, uri, true);
      if (!segments) continue;
      if (segments.some((segment) => this.excluded.includes(segment))) return undefined;
      return { byName: names, path: segments.join('/'), name: segments[segments.length - 1] };
    }
    return undefined;
  }
}

/** Cut, so that a listing of two hundred thousand files holds nobody up. */
async function passing({ byName }: Listing, test: PathTest): Promise<readonly string[]> {
  const found: string[] = [];
  const slices = new Slices(undefined, sliceMs);
  for (const [folder, names] of byName) {
    for (const paths of names.values()) {
      for (const path of paths) if (test.passes(path)) found.push(joinUri(folder, path.split('/')));
      await slices.maybePause();
    }
  }
  return found;
}

/** Undefined when it takes too long. */
async function orLater<T>(work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, waitMs, undefined);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function add(byName: Map<string, Set<string>>, key: string, path: string): void {
  const paths = byName.get(key);
  if (paths) paths.add(path);
  else byName.set(key, new Set([path]));
}

/** Paths of Windows are written in any letter case, also where the editor runs on a system to which it matters. */
function keyOf(name: string): string {
  return name.toLowerCase();
}

function baseOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
