/** What the fence asks of the disk (`core/source/fence.ts`): for the engine, and for the files of the extension host. */

import { lstat, readlink, realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { RealPathPort } from '../core/source/fence';
import { formatUri, parseUri } from '../core/source/paths/uri';

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

/**
 * Whether a link on the way to a file of a local drive names another machine (`\\host\share`), which would be asked for the rest of the way. Each
 * step is looked at before it is gone.
 */
export async function leadsToNetwork(path: string, reader: LinkReader = links): Promise<boolean> {
  if (/^[\\/]{2}/.test(path)) return false;
  const steps: string[] = [];
  for (let at = path; dirname(at) !== at; at = dirname(at)) steps.unshift(at);
  for (const step of steps) {
    if (!(await reader.isLink(step))) continue;
    const target = await reader.target(step);
    if (/^(?:\\\\|\/\/)(?![?.]\\[a-z]:)/i.test(target) || /^\\\\[?.]\\UNC\\/i.test(target)) return true;
  }
  return false;
}
