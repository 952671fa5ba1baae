/**
 * Says which captures are being written. Windows share one directory; a capture that another window is writing must not be deleted or cut.
 * A lock is a small file beside the log with the process that writes; it is void when that process is gone, also when its number was given
 * to another one (Linux tells the start time of a process). Where the directory is shared with another machine, the other
 * machine's locks hold while they are touched.
 */

import { readFile, rename, stat, unlink, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { threadId } from 'node:worker_threads';

/** A lock of another machine that was not touched for this long is void. */
const FOREIGN_MS = 120_000;
/** How often a holder touches its lock. */
const TOUCH_MS = 30_000;

interface Holder {
  readonly host: string;
  readonly pid: number;
  readonly thread: number;
  /** Start of the process as the system counts it; empty where it cannot be had. */
  readonly started: string;
}

export interface Lock {
  release(): Promise<void>;
}

/** Takes the lock; the caller made sure by a unique name that nobody else wants it. */
export async function takeLock(path: string): Promise<Lock> {
  const holder: Holder = { host: hostname(), pid: process.pid, thread: threadId, started: await startOf(process.pid) };
  // Written aside and renamed: a lock that is half written would be taken for one that nobody holds.
  const aside = `${path}.${process.pid}-${threadId}`;
  await writeFile(aside, JSON.stringify(holder), { mode: 0o600 });
  await rename(aside, path);
  const timer = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => {});
  }, TOUCH_MS);
  timer.unref();
  return {
    async release() {
      clearInterval(timer);
      await unlink(path).catch(() => {});
    },
  };
}

/**
 * Whether somebody holds the lock.
 * @param deadThreads threads of this process that are known to be gone
 */
export async function isHeld(path: string, deadThreads: readonly number[] = []): Promise<boolean> {
  let holder: Holder;
  try {
    holder = parseHolder(await readFile(path, 'utf8'));
  } catch {
    return false;
  }
  if (holder.host !== hostname()) {
    const touched = await stat(path).then(
      (file) => file.mtimeMs,
      () => 0,
    );
    return Date.now() - touched < FOREIGN_MS;
  }
  if (holder.pid === process.pid) return !deadThreads.includes(holder.thread);
  if (!isAlive(holder.pid)) return false;
  const started = await startOf(holder.pid);
  return started === '' || holder.started === '' || started === holder.started;
}

function parseHolder(text: string): Holder {
  const value: unknown = JSON.parse(text);
  if (
    typeof value === 'object' &&
    value !== null &&
    'host' in value &&
    typeof value.host === 'string' &&
    'pid' in value &&
    typeof value.pid === 'number' &&
    'thread' in value &&
    typeof value.thread === 'number' &&
    'started' in value &&
    typeof value.started === 'string'
  ) {
    return { host: value.host, pid: value.pid, thread: value.thread, started: value.started };
  }
  throw new Error('not a lock');
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Field 22 of /proc/<pid>/stat. Source: proc_pid_stat(5). A zombie counts as gone: it has no start. */
async function startOf(pid: number): Promise<string> {
  if (process.platform !== 'linux') return '';
  try {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? 'gone' : (fields[19] ?? '');
  } catch {
    return '';
  }
}
