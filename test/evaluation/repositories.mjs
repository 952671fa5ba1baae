// @ts-check
// Brings the repositories of the evaluation: from a folder of clones where there is one, else from where they are published. None is part of this
// project; one that cannot be had is skipped, and that is said.

import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { cacheRoot } from '../vscode/locations.mjs';

const run = promisify(execFile);
const timeoutMs = 10 * 60_000;

/**
 * @param {{ repository: string, commit: string }} wanted `github:owner/name`, and a full hash.
 * @returns {Promise<{ folder: string } | { problem: string }>} A work tree at that commit.
 */
export async function bring({ repository, commit }) {
  const [owner, name] = repository.replace(/^github:/, '').split('/');
  if (!/^[\w.-]+$/.test(owner) || !/^[\w.-]+$/.test(name ?? '') || !/^[0-9a-f]{40}$/.test(commit))
    return { problem: `${repository} at ${commit} is no repository and commit` };
  const folder = join(cacheRoot, 'evaluation', owner, `${name}-${commit.slice(0, 10)}`);
  if (existsSync(join(folder, '.git'))) return { folder };
  mkdirSync(folder, { recursive: true });
  try {
    await run('git', ['init', '-q', folder]);
    const clone = cloneOf(owner, name);
    if (clone === undefined) {
      const address = `https://github.com/${owner}/${name}.git`;
      await run('git', ['-C', folder, 'fetch', '-q', '--depth=1', address, commit], { timeout: timeoutMs });
    } else writeFileSync(join(folder, '.git', 'objects', 'info', 'alternates'), `${join(clone, 'objects')}\n`);
    await run('git', ['-C', folder, 'update-ref', '--no-deref', 'HEAD', commit]);
    await run('git', ['-C', folder, 'read-tree', commit]);
    // A clone may lack a large file that is no source; the others are there all the same.
    await run('git', ['-C', folder, 'checkout-index', '-a', '-f', '-q']).catch(() => {});
    return { folder };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    const [first] = String(error instanceof Error && 'stderr' in error ? error.stderr : error)
      .trim()
      .split('\n');
    return { problem: first };
  }
}

/** Of the folder that `SPANHOP_EVALUATION_CLONES` names: `owner+name/repo`, a bare repository. @param {string} owner @param {string} name */
function cloneOf(owner, name) {
  const clones = process.env.SPANHOP_EVALUATION_CLONES;
  const clone = clones === undefined ? undefined : resolve(clones, `${owner}+${name}`, 'repo');
  return clone !== undefined && existsSync(clone) ? clone : undefined;
}
