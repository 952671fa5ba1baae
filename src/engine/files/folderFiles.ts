/**
 * What of a folder may be trace data: regular files by their real path, those that the path leads to and no others. Links stay inside of the folder,
 * pipes and devices are not touched, and a folder without an end is looked at in part.
 */

import type { BigIntStats, Stats } from 'node:fs';
import { opendir, realpath, stat } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { SpanhopError, throwIfAborted } from '../../base/errors';
import { leadsToNetwork } from '../disk/realPaths';

/** Folders within each other. */
const MAX_DEPTH = 8;
/** Names that are looked at, and files that are read; of more, those that were changed last. */
const MAX_ENTRIES = 50_000;
const MAX_FILES = 2_000;
const MAX_PROBLEMS = 100;

/** What trace data is kept as, compressed or numbered by a rotation as well: `traces.jsonl`, `traces-2026-11-21T13-20-39.123.jsonl`, `traces.json.1.gz`. */
const certain = /\.(?:jsonl?|ndjson|pb|binpb|otlp|traces?)(?:[.-]\w+)*$/i;
/** What may hold a trace, and mostly does not. */
const possible = /\.(?:log|out|txt)(?:[.-]\w+)*$|^[^.]+$/i;

/** A file as it was when it was looked at. */
export interface FolderFile {
  /** Below the folder, with slashes. */
  readonly name: string;
  /** Its real path. */
  readonly path: string;
  /** The same as long as it is the same file, under whatever name. */
  readonly id: string;
  readonly bytes: number;
  /** When its content changed, epoch nanoseconds. */
  readonly changedNs: bigint;
  /** By its name it is trace data, and not only may be: where it holds none, that is told. */
  readonly isCertain: boolean;
}

/** What is wrong with a file, as a sentence that names it. */
export interface FileProblem {
  readonly name: string;
  readonly message: string;
}

export interface FolderListing {
  /** The one that was changed last is first. */
  readonly files: readonly FolderFile[];
  readonly problems: readonly FileProblem[];
  /** There are more, which were not looked at or are too many. */
  readonly isCut: boolean;
}

/** Rejects with `SpanhopError`: NotFound, BadData for what is no folder, Unauthorized, Cancelled. */
export async function listFolder(path: string, signal: AbortSignal): Promise<FolderListing> {
  const walk = new Walk(await rootOf(path), signal);
  await walk.run();
  const files = walk.files.sort((a, b) =>
    a.changedNs > b.changedNs || (a.changedNs === b.changedNs && a.name < b.name) ? -1 : 1,
  );
  return { files: files.slice(0, MAX_FILES), problems: walk.problems, isCut: walk.isCut || files.length > MAX_FILES };
}

async function rootOf(path: string): Promise<string> {
  let found: Stats;
  try {
    if (process.platform === 'win32' && (await leadsToNetwork(path)))
      throw new SpanhopError('BadData', `The folder ${path} is behind a link to another machine, which is not followed.`);
    found = await stat(path);
    if (found.isDirectory()) return await realpath(path);
  } catch (error) {
    throw explained(error, path);
  }
  throw new SpanhopError('BadData', `${path} is no folder. Name the folder that holds the trace files.`);
}

function explained(error: unknown, path: string): SpanhopError {
  if (error instanceof SpanhopError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'EACCES' || code === 'EPERM')
    return new SpanhopError('Unauthorized', `The folder ${path} may not be read: permission is denied.`, code);
  if (code === 'ELOOP') return new SpanhopError('BadData', `The folder ${path} is a link that leads to itself.`, code);
  const isMissing = code === 'ENOENT' || code === 'ENOTDIR';
  if (isMissing)
    return new SpanhopError('NotFound', `There is no folder ${path}. Make it, or change the path of the backend.`, code);
  return new SpanhopError('Unreachable', `The folder ${path} cannot be read.`, code);
}

class Walk {
  readonly files: FolderFile[] = [];
  readonly problems: FileProblem[] = [];
  isCut = false;
  private entries = 0;
  /** Real paths, so that links make no circles. */
  private readonly seen = new Set<string>();
  private readonly open: { readonly path: string; readonly depth: number }[];

  constructor(
    private readonly root: string,
    private readonly signal: AbortSignal,
  ) {
    this.open = [{ path: root, depth: 0 }];
  }

  async run(): Promise<void> {
    for (let next = this.open.pop(); next !== undefined; next = this.open.pop()) {
      if (this.seen.has(next.path)) continue;
      this.seen.add(next.path);
      await this.folder(next.path, next.depth);
    }
  }

  private async folder(path: string, depth: number): Promise<void> {
    try {
      for await (const { name } of await opendir(path)) {
        throwIfAborted(this.signal);
        if (++this.entries > MAX_ENTRIES) {
          this.isCut = true;
          return;
        }
        if (!name.startsWith('.') && name !== 'node_modules') await this.entry(join(path, name), depth);
      }
    } catch (error) {
      if (error instanceof SpanhopError) throw error;
      // One that is gone meanwhile is nothing to tell.
      if (!isGone(error)) this.tell(path, 'may not be listed');
    }
  }

  private async entry(path: string, depth: number): Promise<void> {
    try {
      const real = await realpath(path);
      const found = await stat(real, { bigint: true });
      const isInside = real === this.root || real.startsWith(this.root.endsWith(sep) ? this.root : this.root + sep);
      const name = basename(path);
      const isLikely = certain.test(name) || possible.test(name);
      if (!isInside && (isLikely || found.isDirectory())) return this.tell(path, 'is a link that leads out of the folder');
      if (found.isDirectory()) {
        if (depth < MAX_DEPTH) this.open.push({ path: real, depth: depth + 1 });
        else this.isCut = true;
        return;
      }
      if (!isLikely) return;
      if (!found.isFile()) this.tell(path, 'is no file, but a pipe or a device');
      else this.add(path, real, found);
    } catch (error) {
      if (!isGone(error) && certain.test(path)) this.tell(path, 'may not be read');
    }
  }

  private add(path: string, real: string, { dev, ino, size, mtimeNs }: BigIntStats): void {
    // Named by two links it is one file.
    if (this.seen.has(real)) return;
    this.seen.add(real);
    const name = relative(this.root, path).split(sep).join('/');
    // File systems without numbers of files have their paths.
    const id = ino === 0n ? real : `${dev}:${ino}`;
    this.files.push({ name, path: real, id, bytes: Number(size), changedNs: mtimeNs, isCertain: certain.test(name) });
  }

  private tell(path: string, what: string): void {
    const name = relative(this.root, path).split(sep).join('/') || path;
    if (this.problems.length < MAX_PROBLEMS) this.problems.push({ name, message: `${name} ${what}.` });
  }
}

function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
