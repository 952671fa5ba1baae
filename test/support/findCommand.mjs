// @ts-check
// Finds programs as a shell does.

import { existsSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * @param {string} name
 * @returns {string | undefined} The full path of a command on the PATH.
 */
export function findCommand(name) {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, name);
    if (folder !== '' && existsSync(path) && statSync(path).isFile()) return path;
  }
  return undefined;
}
