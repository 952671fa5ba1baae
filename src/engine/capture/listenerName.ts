/**
 * Which program listens on a port, as far as the system tells: on Linux by what stands in `/proc`, on macOS by `lsof`. Programs of other users (and
 * so those in containers) are known to be that, and no more.
 * Sources: proc_pid_net(5), proc_pid_fd(5); lsof(8), "Output for other programs".
 */

import { execFile } from 'node:child_process';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { userInfo } from 'node:os';

/** State of a socket that listens, in `/proc/net/tcp`. */
const LISTEN = '0A';
/** A name is shown to people. */
const MAX_NAME = 60;

/** `otelcol (process 1234)`; undefined where it cannot be told within `patienceMs`. */
export function listenerName(port: number, patienceMs: number, platform: string = process.platform): Promise<string | undefined> {
  const finding =
    platform === 'linux' ? onLinux(port) : platform === 'darwin' ? byLsof(port, patienceMs) : Promise.resolve(undefined);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), patienceMs);
  });
  return Promise.race([finding.catch(() => undefined), late]).finally(() => clearTimeout(timer));
}

async function onLinux(port: number): Promise<string | undefined> {
  const tables = await Promise.all(['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8').catch(() => '')));
  const sockets = new Map(tables.flatMap((table) => listenersIn(table, port)));
  if (sockets.size === 0) return undefined;
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    const files = await readdir(`/proc/${pid}/fd`).catch(() => []);
    for (const file of files) {
      const target = await readlink(`/proc/${pid}/fd/${file}`).catch(() => '');
      const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
      if (inode === undefined || !sockets.has(inode)) continue;
      return named(await readFile(`/proc/${pid}/comm`, 'utf8'), pid);
    }
  }
  const { uid } = userInfo();
  return [...sockets.values()].every((owner) => owner !== uid) ? 'which another user runs (or a container)' : undefined;
}

/** Inodes of the sockets that listen there, and the users whose they are. */
export function listenersIn(table: string, port: number): [inode: string, uid: number][] {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  return table.split('\n').flatMap((line): [string, number][] => {
    const [, local = '', , state, , , , uid, , inode] = line.trim().split(/\s+/);
    return state === LISTEN && local.endsWith(`:${wanted}`) && inode !== undefined ? [[inode, Number(uid)]] : [];
  });
}

function byLsof(port: number, patienceMs: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const options = { timeout: patienceMs, windowsHide: true };
    execFile('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'], options, (_error, output) => resolve(lsofName(output)));
  });
}

/** Of lines that begin with what they are: `p1234`, `cotelcol`. */
export function lsofName(output: string): string | undefined {
  const pid = /^p(\d+)$/m.exec(output)?.[1];
  const name = /^c(.+)$/m.exec(output)?.[1];
  return pid === undefined || name === undefined ? undefined : named(name, pid);
}

function named(name: string, pid: string): string {
  return `${name.trim().slice(0, MAX_NAME)} (process ${pid})`;
}
