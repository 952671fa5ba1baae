// @ts-check
// Copies what runs in people's Python programs (`src/instrument/python`) to `dist/instrument/python`: as it is, without what Python has compiled of it.

import { cp, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const source = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'src', 'instrument', 'python');

/** @param {string} dist The folder `dist`. */
export async function instrumentPython(dist) {
  const target = join(dist, 'instrument', 'python');
  await rm(target, { recursive: true, force: true });
  await cp(source, target, { recursive: true, filter: (path) => basename(path) !== '__pycache__' });
}
