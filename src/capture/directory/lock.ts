/**
 * Says which captures are being written. Windows share one directory; a capture that another window is writing must not be deleted or cut.
 * A lock is a small file beside the log that names who writes. Whether that one is still there is found out in this order:
 *
 * 1. The process is gone, or its number belongs to another one by now (Linux tells when a process started; it is the same one in the same
 *    namespace of processes only).
 * 2. Where that cannot be told (macOS, Windows), the owner holds a door open (`door.ts`): the system closes it with the process.
 * 3. Where neither says, because the owner is on another machine or its door was cleaned away, the lock has to be renewed: it is void when a
 *    watcher saw it unchanged at several looks, each some time after the one before (`watch.ts`). Clocks that differ or jump do not matter, and a
 *    sleep is one look.
 *
 * In doubt a lock holds. One that is void by mistake costs no acknowledged span: the log sees that its file is another (`log.ts`).
 */

import { createHash, randomBytes } from 'node:crypto';
import { link, readFile, rename, stat, unlink, utimes, writeFile } from 'node:fs/promises';
import { threadId } from 'node:worker_threads';
import { codeOf } from '../log/diskFailure';
import { type Door, isOpen, openDoor } from './door';
import { isAlive, machineName, startOf } from './process';
import type { LockWatch } from './watch';

/** How often a holder renews its lock. */
const RENEW_MS = 30_000;
/** A lock of another machine that is so old is one that nobody renews, by any clock. */
const LONG_GONE_MS = 3_600_000;

interface Holder {
  /** Random; tells two locks at the same path apart. */
  readonly owner: string;
  /** Machine, and namespace of processes on it. */
  readonly host: string;
  readonly pid: number;
  readonly thread: number;
  /** Start of the process as the system counts it; empty where it cannot be had. */
  readonly started: string;
  /** Address of the owner's door; empty without one. */
  readonly door: string;
}

export interface Lock {
  release(): Promise<void>;
}

export interface LockOptions {
  /** Threads of this process that are known to be gone. */
  readonly deadThreads?: readonly number[];
  readonly watch: LockWatch;
  /** When a process started; empty where the system does not tell. */
  readonly startOf?: (pid: number) => Promise<string>;
}

/** Takes the lock. Undefined when somebody else holds it. */
export async function takeLock(path: string, options: LockOptions): Promise<Lock | undefined> {
  const started = await (options.startOf ?? startOf)(process.pid);
  const door = started === '' ? await openDoor() : undefined;
  const owner = randomBytes(8).toString('hex');
  const { pid } = process;
  const holder: Holder = { owner, host: await machineName(), pid, thread: threadId, started, door: door?.address ?? '' };
  const aside = `${path}.${pid}-${threadId}-${owner}`;
  try {
    // Written aside: a lock that is half written would be taken for one that nobody holds.
    await writeFile(aside, JSON.stringify(holder), { mode: 0o600 });
    if (!(await put(aside, path, options))) {
      await door?.close();
      return undefined;
    }
  } catch (error) {
    await door?.close();
    throw error;
  } finally {
    await unlink(aside).catch(() => {});
  }
  return held(path, owner, door);
}

/** Whether somebody holds the lock. */
export async function isHeld(path: string, options: LockOptions): Promise<boolean> {
  const holder = await holderOf(path);
  return holder !== undefined && isThere(holder, path, options);
}

/** Puts a lock at its path where none is that holds: of all who want it one gets it. Returns whether this is that one. */
async function put(mine: string, path: string, options: LockOptions): Promise<boolean> {
  for (let attempt = 1; attempt <= 3; attempt++) {
    if (await isNew(mine, path)) return true;
    const found = await textOf(path);
    if (found === undefined) continue;
    const holder = holderIn(found);
    if (holder && (await isThere(holder, path, options))) return false;
    if (await replace(mine, path, found, options)) return true;
  }
  return false;
}

/**
 * Puts it in the place of a void lock. Of all who found that one void, only who has the guard that is named after it may do so, and then looks
 * again: a lock that was put there meanwhile is another one, with another guard.
 */
async function replace(mine: string, path: string, found: string, options: LockOptions): Promise<boolean> {
  const guard = `${path}.after-${createHash('sha256').update(found).digest('hex').slice(0, 16)}`;
  if (!(await isNew(mine, guard))) {
    const holder = await holderOf(guard);
    if (!holder || !(await isThere(holder, guard, options))) await unlink(guard).catch(() => {});
    return false;
  }
  try {
    if ((await textOf(path)) !== found) return false;
    await rename(mine, path);
    return true;
  } finally {
    await unlink(guard).catch(() => {});
  }
}

/** Gives a file another name, unless there is one of that name. */
async function isNew(mine: string, path: string): Promise<boolean> {
  try {
    await linkOrCopy(mine, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

async function linkOrCopy(aside: string, path: string): Promise<void> {
  try {
    await link(aside, path);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw error;
    // No links on this file system.
    await writeFile(path, await readFile(aside), { mode: 0o600, flag: 'wx' });
  }
}

function held(path: string, owner: string, door: Door | undefined): Lock {
  const timer = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => {});
    door?.renew();
  }, RENEW_MS);
  timer.unref();
  return {
    async release() {
      clearInterval(timer);
      await door?.close();
      if ((await holderOf(path))?.owner === owner) await unlink(path).catch(() => {});
    },
  };
}

async function isThere(
  holder: Holder,
  path: string,
  { deadThreads = [], watch, startOf: startedAt = startOf }: LockOptions,
): Promise<boolean> {
  const beat = await beatOf(path);
  if (holder.host !== (await machineName())) return Date.now() - beat < LONG_GONE_MS && watch.isRenewed(path, beat);
  if (holder.pid === process.pid && deadThreads.includes(holder.thread)) return false;
  if (!isAlive(holder.pid)) return false;
  const started = await startedAt(holder.pid);
  if (started !== '' && holder.started !== '') return started === holder.started;
  const open = holder.door === '' ? undefined : await isOpen(holder.door);
  return open ?? watch.isRenewed(path, beat);
}

/** Another one with each renewal. */
function beatOf(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}

async function holderOf(path: string): Promise<Holder | undefined> {
  const text = await textOf(path);
  return text === undefined ? undefined : holderIn(text);
}

function textOf(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}

function holderIn(text: string): Holder | undefined {
  try {
    return parseHolder(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** 0 and what is below stand for groups of processes, one of which is always there. */
function isProcess(pid: unknown): pid is number {
  return typeof pid === 'number' && Number.isSafeInteger(pid) && pid > 0;
}

function parseHolder(value: unknown): Holder | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { owner, host, pid, thread, started, door }: Partial<Record<keyof Holder, unknown>> = value;
  if (typeof host !== 'string' || !isProcess(pid) || typeof thread !== 'number' || typeof started !== 'string') return undefined;
  const text = (one: unknown): string => (typeof one === 'string' ? one : '');
  return { owner: text(owner), host, pid, thread, started, door: text(door) };
}
