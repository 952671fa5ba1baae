/**
 * What a project says of what it is built from: the nearest of its manifests, from the folder where the program is up to the folder of the workspace.
 * Behind the fence, bounded; a launch waits for it.
 */

import { dirname, isAbsolute, join, relative } from 'node:path';
import { uriOfPath } from '../workspace/rawFiles';
import type { WorkspaceFiles } from '../workspace/workspaceFiles';

/** Bytes of one manifest. */
const maxBytes = 1 << 20;
/** Folders that are looked into. */
const maxFolders = 12;

export interface Manifest {
  readonly path: string;
  readonly text: string;
}

/** Where to begin: the first path that is in the folder of the workspace; each a file or a folder, relative ones to that folder. */
export interface ProjectPlace {
  readonly folder: string | undefined;
  readonly starts: readonly unknown[];
}

/**
 * The manifests of these names in the nearest folder that has one, and in the folder of the workspace.
 * @param names of files, without folders
 */
export async function manifestsOf(
  files: Pick<WorkspaceFiles, 'readText'>,
  names: readonly string[],
  { folder, starts }: ProjectPlace,
): Promise<readonly Manifest[]> {
  if (folder === undefined) return [];
  const within = starts
    .flatMap((start) => (typeof start === 'string' && start !== '' ? [isAbsolute(start) ? start : join(folder, start)] : []))
    .find((path) => isBelow(path, folder));
  for (const each of upwards(within ?? folder, folder)) {
    const found = await inFolder(files, names, each);
    if (found.length === 0) continue;
    return each === folder ? found : [...found, ...(await inFolder(files, names, folder))];
  }
  return [];
}

async function inFolder(
  files: Pick<WorkspaceFiles, 'readText'>,
  names: readonly string[],
  folder: string,
): Promise<readonly Manifest[]> {
  const read = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      const text = await files.readText(uriOfPath(path), maxBytes, 'now');
      return text === undefined || text.length > maxBytes ? [] : [{ path, text }];
    }),
  );
  return read.flat();
}

function isBelow(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return !way.startsWith('..') && !isAbsolute(way);
}

/** From a path to a folder above it, both included. */
function upwards(path: string, top: string): readonly string[] {
  const all: string[] = [];
  for (let at = path; all.length < maxFolders && isBelow(at, top); at = dirname(at)) {
    all.push(at);
    if (relative(top, at) === '') return all;
  }
  return [...all, top];
}
