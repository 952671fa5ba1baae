// Makes the shop ready to run: installs its packages and compiles it, each only when something has changed.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { npmInstall } from '../support/npm.mjs';

const run = promisify(execFile);
const folder = dirname(fileURLToPath(import.meta.url));

/** Installs if the lock file has changed, compiles if a source has. Safe to call from several processes at once. */
export async function prepare() {
  await withLock(async () => {
    const wanted = createHash('sha256')
      .update(await readFile(join(folder, 'package-lock.json')))
      .update(process.platform + process.arch)
      .digest('hex');
    const stamp = join(folder, 'node_modules', '.shop-installed');
    if ((await textOf(stamp)) !== wanted) {
      await npmInstall({ what: "the sample shop's packages", folder, args: ['ci', '--ignore-scripts'] });
      await writeFile(stamp, wanted);
    }
    if (await isStale()) {
      await rm(join(folder, 'dist'), { recursive: true, force: true });
      await compile();
      await writeFile(join(folder, 'dist', '.built'), '');
    }
  });
}

async function isStale() {
  const built = await stat(join(folder, 'dist', '.built')).catch(() => undefined);
  if (!built) return true;
  const sources = (await readdir(join(folder, 'src'), { recursive: true })).map((name) => join(folder, 'src', name));
  const times = await Promise.all([...sources, join(folder, 'tsconfig.json')].map(async (path) => (await stat(path)).mtimeMs));
  return times.some((time) => time > built.mtimeMs);
}

async function compile() {
  try {
    await run(process.execPath, [join(folder, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', folder], { cwd: folder });
  } catch (error) {
    throw new Error(`the shop does not compile:\n${error.stdout ?? error.message}`);
  }
}

/** One process at a time installs and builds. The lock is a file with the owner's id; one whose owner is gone counts for nothing. */
async function withLock(work) {
  const lock = join(folder, '.prepare.lock');
  while (
    !(await writeFile(lock, String(process.pid), { flag: 'wx' }).then(
      () => true,
      (error) => {
        if (error.code !== 'EEXIST') throw error;
        return false;
      },
    ))
  ) {
    const owner = Number(await textOf(lock));
    if (owner && !isAlive(owner)) await rm(lock, { force: true });
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  try {
    await work();
  } finally {
    await rm(lock, { force: true });
  }
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

const textOf = (file) => readFile(file, 'utf8').catch(() => undefined);
