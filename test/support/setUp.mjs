// @ts-check
// What `npm start` and `npm test` do first on a fresh clone: the project's packages, as the lock file has them.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

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
 * Runs `npm ci` if needed. Ends the process when that ends with an error: nothing else can work then.
 * @param {string} folder
 */
export function ensurePackages(folder) {
  if (hasPackages(folder)) return;
  console.log('Installing packages (npm ci) …');
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status === 0) return;
  console.error(`npm ci ended with ${status}. Without packages nothing can be built; is there a network?`);
  process.exit(1);
}
