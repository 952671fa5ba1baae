// @ts-check
// Processes that never outlive the one that started them. Each child leads a process group of its own and runs under a two-line
// shell guard that holds our pipe: when this process ends, even by `kill -9`, the pipe closes and the guard kills the whole group.

import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// `$$` is the guard itself, the leader of the group. The reader gets end-of-file when the parent is gone. Its subshell must not
// hold the output pipes, or whoever reads them would wait for it after the program has ended.
const guardScript = `exec 3<&0
( read -r line <&3; kill -9 -$$ ) </dev/null >/dev/null 2>&1 &
watcher=$!
"$@" </dev/null 3<&-
code=$?
kill "$watcher" 2>/dev/null
exit "$code"`;

/**
 * @typedef {object} OwnedProcess
 * @property {import('node:child_process').ChildProcessByStdio<import('node:stream').Writable, import('node:stream').Readable, import('node:stream').Readable>} child
 *   `stdout` and `stderr` are pipes and must be read.
 * @property {Promise<number>} exited The exit code; 128 + n for a signal that it did not name.
 * @property {() => Promise<void>} stop Kills the whole group and waits until its leader is gone.
 */

/** @type {Set<() => void>} */
const cleanups = new Set();
let watching = false;

/** @param {() => void} cleanup Runs once when this process ends, on whichever way that can be observed. Must be synchronous. */
function onEnd(cleanup) {
  cleanups.add(cleanup);
  if (watching) return;
  watching = true;
  const runAll = () => {
    // Newest first: what uses a folder was started after the folder was made.
    for (const each of [...cleanups].reverse()) each();
    cleanups.clear();
  };
  process.on('exit', runAll);
  for (const [signal, number] of /** @type {const} */ ([
    ['SIGINT', 2],
    ['SIGTERM', 15],
    ['SIGHUP', 1],
  ])) {
    process.once(signal, () => {
      runAll();
      // Vitest workers and `npm start` have their own handlers for an orderly end; only force the end where nobody else listens.
      if (process.listenerCount(signal) === 0) process.exit(128 + number);
    });
  }
}

/**
 * Starts a program in its own process group, bound to the life of this process.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {OwnedProcess}
 */
export function startOwned(command, args, options = {}) {
  const child = spawn('/bin/sh', ['-c', guardScript, 'guard', command, ...args], {
    cwd: options.cwd,
    env: options.env ?? process.env,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const pid = child.pid;
  const killGroup = () => {
    if (pid === undefined) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // ESRCH: the group is already gone, which is what was wanted.
    }
  };
  child.stdin.on('error', () => {}); // EPIPE when the guard is killed first
  onEnd(killGroup);
  /** @type {Promise<number>} */
  const exited = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      killGroup(); // what the program left behind in its group
      cleanups.delete(killGroup);
      resolve(code ?? 137);
    });
  });
  exited.catch(() => {});
  return {
    child,
    exited,
    stop: async () => {
      killGroup();
      await exited.catch(() => {});
    },
  };
}

/**
 * Makes an empty folder that goes away with this process.
 * @param {string} name Part of the folder's name, for people who look into the temporary folder.
 * @param {string} [parent]
 * @returns {{ path: string, remove: () => void }}
 */
export function temporaryFolder(name, parent = tmpdir()) {
  const path = mkdtempSync(join(parent, `spanhop-${name}-`));
  const remove = () => {
    cleanups.delete(remove);
    try {
      // A Chromium that is just being killed may still write its last file: try again, for two seconds at most.
      rmSync(path, { recursive: true, force: true, maxRetries: 8, retryDelay: 50 });
    } catch {
      // Better a folder left in the temporary ones than an end that hides the result.
    }
  };
  onEnd(remove);
  return { path, remove };
}

/**
 * Makes one folder for all that this process and its children put into the system's temporary folder, browsers and compilers among them. It goes
 * with this process, however that ends: a shell waits for the end of a pipe of ours and removes it.
 * @param {string} name
 */
export function ownTemporaryFolder(name) {
  if (process.platform === 'win32') return;
  // VS Code puts sockets there, whose paths may have 103 characters: below the 49 that macOS begins with they would not fit.
  const { path } = temporaryFolder(name, tmpdir().startsWith('/var/folders/') ? '/tmp' : tmpdir());
  // What is being killed may write for a moment longer. Nothing of our environment: the shell outlives us, and is not to be taken for a leftover.
  const script = 'read -r line; for i in 1 2 3 4 5; do rm -rf "$1" && sleep 0.2; [ -e "$1" ] || [ $i -lt 3 ] || exit 0; done';
  const guard = spawn('/bin/sh', ['-c', script, 'guard', path], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { PATH: process.env.PATH },
  });
  guard.on('error', () => {});
  guard.stdin.on('error', () => {});
  guard.unref();
  if ('unref' in guard.stdin && typeof guard.stdin.unref === 'function') guard.stdin.unref();
  process.env.TMPDIR = path;
}

/**
 * Ends this process, in order, when the npm that runs it is gone: a signal that goes to npm alone reaches no further than npm or its shell, and a window
 * and a server that nobody waits for would run on. Does nothing where no npm runs it, or where it cannot be found out which.
 */
export function endWithNpm() {
  if (process.env.npm_lifecycle_event === undefined) return;
  const npm = npmAbove(process.ppid);
  if (npm === undefined) return;
  setInterval(() => {
    if (!isRunning(npm)) process.kill(process.pid, 'SIGTERM');
  }, 1000).unref();
}

/** The npm that started a process: its parent, or the parent of the shell in between. @param {number} parent */
function npmAbove(parent) {
  const known = processInfo(parent);
  if (!known) return undefined;
  return /(?:^|\/|-)(?:sh|dash|bash|zsh|ksh|ash|busybox)$/.test(known.name) ? known.parent : parent;
}

/** @param {number} pid @returns {{ parent: number, name: string } | undefined} */
function processInfo(pid) {
  try {
    if (process.platform === 'linux') {
      // "pid (name) state parent …", the name may hold anything (proc(5)).
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const end = stat.lastIndexOf(')');
      return { name: stat.slice(stat.indexOf('(') + 1, end), parent: Number(stat.slice(end + 2).split(' ')[1]) };
    }
    const [, parent, name] =
      /^\s*(\d+)\s+(.+?)\s*$/.exec(execFileSync('ps', ['-o', 'ppid=,comm=', '-p', `${pid}`], { encoding: 'utf8' })) ?? [];
    return name === undefined ? undefined : { name, parent: Number(parent) };
  } catch {
    return undefined; // no such process, no /proc, no ps
  }
}

/** Whether a process is there. One of another user counts as well. @param {number} pid */
function isRunning(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
