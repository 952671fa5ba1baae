// @ts-check
// What `npm start` and `npm test` do first on a fresh clone: the project's packages, as the lock file has them.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { npmInstall } from './npm.mjs';
import { SetUpError } from './steps.mjs';

/** As `engines` of package.json. */
const leastNode = 20;

/**
 * Whether node_modules holds what package-lock.json says. npm keeps its own copy of the lock beside what it installed; packages for
 * other platforms (optional) are missing there.
 * @param {string} folder
 */
export function hasPackages(folder) {
  const installedFile = join(folder, 'node_modules', '.package-lock.json');
  if (!existsSync(installedFile)) return false;
  const versions = (/** @type {string} */ file) => JSON.parse(readFileSync(file, 'utf8')).packages ?? {};
  const wanted = versions(join(folder, 'package-lock.json'));
  const installed = versions(installedFile);
  return Object.entries(wanted).every(
    ([path, entry]) =>
      path === '' || entry.optional || entry.devOptional || entry.link || installed[path]?.version === entry.version,
  );
}

/**
 * Runs `npm ci` if needed.
 * @param {string} folder
 * @throws {SetUpError}
 */
export async function ensurePackages(folder) {
  if (Number(process.versions.node.split('.', 1)[0]) < leastNode)
    throw new SetUpError(
      `This needs Node.js ${leastNode} or later; this is ${process.version}. Install a newer one from nodejs.org.`,
    );
  if (!hasPackages(folder)) await npmInstall({ what: "the project's packages", folder, args: ['ci'] });
}
