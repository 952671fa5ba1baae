/** Small files of JSON beside a capture's log, which several windows read and write. */

import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { threadId } from 'node:worker_threads';

/** Longer is not ours. */
const MAX_BYTES = 1 << 20;

/** Written aside and renamed: another window never reads half of it. */
export async function writeJson(path: string, value: unknown): Promise<void> {
  const aside = `${path}.${process.pid}-${threadId}`;
  await writeFile(aside, JSON.stringify(value), { mode: 0o600 });
  await rename(aside, path);
}

/** What stands there, not checked; undefined where nothing does that can be read. */
export async function readJson(path: string): Promise<unknown> {
  try {
    if ((await stat(path)).size > MAX_BYTES) return undefined;
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    return value;
  } catch {
    return undefined;
  }
}
