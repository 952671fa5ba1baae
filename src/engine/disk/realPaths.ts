/** What the fence asks of the disk (`source/uri/fence.ts`): for the engine, and for the files of the extension host. */

import { lstat, readlink, realpath, stat } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { RealPathPort } from '../../source/uri/fence';
import { formatUri, parseUri } from '../../source/uri/uri';

const windows = process.platform === 'win32';

export const diskPaths: RealPathPort = {
  windows,
  async realPath(uri) {
    try {
      const path = fileURLToPath(uri);
      if (windows && (await leadsToNetwork(path))) return undefined;
      return uriOf(await realpath(path));
    } catch {
      // Not there, or not to be seen by this user.
      return undefined;
    }
  },
  async identity(uri) {
    try {
      const { dev, ino } = await stat(fileURLToPath(uri), { bigint: true });
      return `${dev}:${ino}`;
    } catch {
      return undefined;
    }
  },
};

/** As the workspace's own URIs are spelt. */
function uriOf(path: string): string {
  const { href } = pathToFileURL(path);
  const parsed = parseUri(href);
  return parsed ? formatUri(parsed) : href;
}

/** What is asked of a file system by `leadsToNetwork`. */
export interface LinkReader {
  isLink(path: string): Promise<boolean>;
  target(path: string): Promise<string>;
}

const links: LinkReader = {
  isLink: async (path) => (await lstat(path)).isSymbolicLink(),
  target: (path) => readlink(path),
};

const maxLinks = 40;

/**
 * Whether a link on the way to a file of a local drive leads to another machine (`\\host\share`), which would be asked for the rest of the way.
 * Each step is looked at before it is gone.
 */
export async function leadsToNetwork(path: string, reader: LinkReader = links): Promise<boolean> {
  let left = path;
  for (let count = 0; count <= maxLinks; count++) {
    if (isNetwork(left) && count > 0) return true;
    const link = await firstLink(left, reader);
    if (!link) return false;
    left = isNetwork(link.target) ? link.target : resolve(dirname(link.path), link.target, relative(link.path, left));
  }
  return true;
}

/** `\\host\share`, in the spelling with `?` as well; a drive or a volume of this machine is none. */
function isNetwork(path: string): boolean {
  return /^[\\/]{2}/.test(path) && !/^\\\\[?.]\\(?:[a-z]:|Volume\{)/i.test(path);
}

async function firstLink(
  path: string,
  reader: LinkReader,
): Promise<{ readonly path: string; readonly target: string } | undefined> {
  const steps: string[] = [];
  for (let at = path; dirname(at) !== at; at = dirname(at)) steps.unshift(at);
  for (const step of steps) if (await reader.isLink(step)) return { path: step, target: await reader.target(step) };
  return undefined;
}

/** Whether there is a file, whatever links lead to it on this machine. */
export async function isFileOnDisk(path: string): Promise<boolean> {
  try {
    if (windows && (await leadsToNetwork(path))) return false;
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
