/**
 * A door that is open as long as its owner lives: a local socket that nobody says anything through. The system closes it when the process ends,
 * however that happens, and lets others in though the owner is busy, asleep or held at a breakpoint. Its name is random, so it is nobody else's.
 * Sources: unix(7); "Named Pipe Client", learn.microsoft.com.
 */

import { randomBytes } from 'node:crypto';
import { unlink, utimes } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { codeOf } from '../log/diskFailure';

export interface Door {
  readonly address: string;
  /** Keeps it from being cleaned away with files that nobody used for days. */
  renew(): void;
  close(): Promise<void>;
}

/** Who does not get through in this time does not know. */
const KNOCK_MS = 2_000;
const isWindows = process.platform === 'win32';
/** Names of ours: at no others is knocked, whatever a lock says, and no others are cleaned away. */
const SOCKET = /^spanhop-[0-9a-f]{16}\.sock$/;
const PIPE = /^\\\\\.\\pipe\\spanhop-[0-9a-f]{16}$/;

/** Undefined where the system does not let us. */
export function openDoor(): Promise<Door | undefined> {
  const name = `spanhop-${randomBytes(8).toString('hex')}`;
  const address = isWindows ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.sock`);
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.destroy();
  });
  // A capture that runs keeps no process from ending.
  server.unref();
  return new Promise((resolve) => {
    server.once('error', () => resolve(undefined));
    server.listen(address, () => {
      server.on('error', () => {});
      resolve({
        address,
        renew: () => {
          const now = new Date();
          if (!isWindows) utimes(address, now, now).catch(() => {});
        },
        close: () => new Promise((closed) => server.close(() => closed())),
      });
    });
  });
}

/** Whether a door is open; undefined where that cannot be told: it was cleaned away, or does not answer. */
export function isOpen(address: string): Promise<boolean | undefined> {
  const isOurs = isWindows ? PIPE.test(address) : isAbsolute(address) && SOCKET.test(basename(address));
  if (!isOurs) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const socket = connect({ path: address });
    const end = (open: boolean | undefined): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(open);
    };
    const timer = setTimeout(() => end(undefined), KNOCK_MS);
    socket.on('connect', () => end(true));
    socket.on('error', (error) => {
      const code = codeOf(error);
      // A pipe is there as long as its owner; the file of a socket stays when the owner was killed, and may be cleaned away before.
      if (code === 'ECONNREFUSED' || (isWindows && code === 'ENOENT')) {
        cleanAway(address);
        end(false);
      } else end(code === 'EBUSY' || code === 'EAGAIN' || code === 'EPERM' || code === 'EACCES' ? true : undefined);
    });
  });
}

/** What an owner that was killed left behind. */
function cleanAway(address: string): void {
  if (!isWindows && dirname(address) === tmpdir() && SOCKET.test(basename(address))) unlink(address).catch(() => {});
}
