/**
 * Files as they are, whoever may read them: those of a disk by Node, others by the editor. Who asks has been at the fence, or is named with the
 * reason why not in `build/checkOpening.mjs`.
 */

import { stat } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type ReadFile, readRegular } from '../../engine/disk/regularFile';
import { formatUri, parseUri } from '../../source/uri/uri';
import type { FileStat, Workspace } from '../ports/workspace';

/** Undefined where there is nothing, or it is not to be seen. */
export async function statFile(uri: string, { virtualFiles }: Pick<Workspace, 'virtualFiles'>): Promise<FileStat | undefined> {
  if (!isOnDisk(uri)) return virtualFiles?.stat(uri);
  try {
    const found = await stat(fileURLToPath(uri));
    return {
      kind: found.isFile() ? 'file' : found.isDirectory() ? 'folder' : 'other',
      size: found.size,
      savedAtMs: found.mtimeMs,
    };
  } catch {
    return undefined;
  }
}

/** Undefined where it cannot be read, is no file, or has become longer than `maxBytes`: what is there may be another than was looked at. */
export async function readBytes(
  uri: string,
  { virtualFiles }: Pick<Workspace, 'virtualFiles'>,
  maxBytes = Number.POSITIVE_INFINITY,
): Promise<ReadFile | undefined> {
  if (!isOnDisk(uri)) {
    const found = await virtualFiles?.stat(uri);
    if (found?.kind !== 'file' || found.size > maxBytes) return undefined;
    const bytes = await virtualFiles?.read(uri);
    return bytes && bytes.length <= maxBytes ? { bytes, size: found.size, savedAtMs: found.savedAtMs } : undefined;
  }
  try {
    return await readRegular(fileURLToPath(uri), uri, maxBytes);
  } catch {
    return undefined;
  }
}

export function isOnDisk(uri: string): boolean {
  return uri.startsWith('file:');
}

/** URI of a path, without a slash at the end. */
export function uriOfPath(path: string): string {
  const { href } = pathToFileURL(path);
  const parsed = parseUri(href);
  return (parsed ? formatUri(parsed) : href).replace(/\/$/, '');
}
