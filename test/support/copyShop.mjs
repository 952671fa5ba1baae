// @ts-check
// The sample shop in a folder that is nobody's, so that traces and pictures of it name no one's paths. It gets its packages by the project's
// own means, which stand beside the sample and not beside the copy.

import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const sample = fileURLToPath(new URL('../sample', import.meta.url));
const npm = new URL('npm.mjs', import.meta.url).href;

/**
 * In place of what is there.
 * @param {string} folder
 * @returns {Promise<typeof import('../sample/start.mjs')>} what starts it
 */
export async function copyShop(folder) {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  await cp(sample, folder, { recursive: true, filter: (path) => path !== join(sample, 'dist') });
  const prepare = join(folder, 'prepare.mjs');
  await writeFile(prepare, (await readFile(prepare, 'utf8')).replace("'../support/npm.mjs'", JSON.stringify(npm)));
  return import(pathToFileURL(join(folder, 'start.mjs')).href);
}
