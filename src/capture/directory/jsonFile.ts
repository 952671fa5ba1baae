/** Small files of JSON beside a capture's log, which several windows read and write. */

import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { threadId } from 'node:worker_threads';
import { Lru } from '../../base/lru';

/** Longer is not ours. */
const MAX_BYTES = 1 << 20;

/** Written aside and renamed: another window never reads half of it. */
export async function writeJson(path: string, value: unknown): Promise<void> {
  const aside = `${path}.${process.pid}-${threadId}`;
  await writeFile(aside, JSON.stringify(value), { mode: 0o600 });
  await rename(aside, path);
}

interface Read {
  /** Another one when the file is. */
  readonly print: string;
  readonly value: unknown;
}

/** Lists of captures are asked for once a second, and most files stay as they are. */
const known = new Lru<string, Read>({ maxSize: 2_000 });

/** What stands there, not checked, and not to be changed; undefined where nothing does that can be read. */
export async function readJson(path: string): Promise<unknown> {
  try {
    const { size, mtimeMs, ino } = await stat(path);
    if (size > MAX_BYTES) return undefined;
    const print = `${ino} ${size} ${mtimeMs}`;
    const before = known.get(path);
    if (before?.print === print) return before.value;
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    known.set(path, { print, value });
    return value;
  } catch {
    return undefined;
  }
}
