// @ts-check
// Gets the packages of the programs here, each version once.

import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { npmInstall } from '../../support/npm.mjs';

const folder = dirname(fileURLToPath(import.meta.url));

export async function preparePrograms() {
  const lock = await readFile(join(folder, 'package-lock.json'));
  const wanted = createHash('sha256')
    .update(lock)
    .update(process.platform + process.arch)
    .digest('hex');
  const stamp = join(folder, 'node_modules', '.installed');
  if ((await readFile(stamp, 'utf8').catch(() => undefined)) === wanted) return;
  await npmInstall({ what: "the Node programs' packages", folder, args: ['ci', '--ignore-scripts'] });
  await writeFile(stamp, wanted);
}
