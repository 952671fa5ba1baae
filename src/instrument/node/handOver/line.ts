/**
 * The connection to the editor, so that bytes are with the system when `write` returns, from the first line of the program on.
 *
 * Connecting on loopback is over when the call returns, though Node tells of it in a later turn only; and a call of `write(2)` needs no turn. So the
 * file descriptor of the socket is written to directly. A custom `lookup` makes Node connect at once, where it waits for a turn with a plain address.
 * Windows has no file descriptors for sockets: there the socket's own `write` is used, which gives bytes to the system at once as well, but only
 * when Node knows of the connection.
 */

import { writeSync } from 'node:fs';
import { connect, type Socket } from 'node:net';

/** `full`: the system takes no more now. `gone`: nobody is there. */
export type Written = number | 'full' | 'gone';

export interface LineEvents {
  /** There is a connection, or there is room again, or there is something to hear. */
  ready(): void;
  heard(text: string): void;
  /** Once, after which nothing comes. */
  gone(): void;
}

/** A port of the editor, on this machine: connecting to another one takes time, in which a program could not end. */
export interface Address {
  /** An address of loopback. */
  readonly host: string;
  readonly port: number;
}

/**
 * Bytes that are written before Node knows of the connection, which it learns from there being room; until it does, a program cannot end. Systems
 * have room for some more than that: 2.5 MB on Linux, 128 kB on macOS.
 */
const MOST_BEFORE = process.platform === 'linux' ? 1 << 19 : 48 << 10;
/** Milliseconds in which Node has to learn of the connection; it is given up then. */
const CONNECT_MS = 300;

/** Socket.writableLength over which nothing more is given to a socket. */
const MOST_BUFFERED = 1 << 16;
/** What `write(2)` says that is no failure: no room, or not yet connected (macOS takes a moment). */
const NOT_NOW = new Set(['EAGAIN', 'EWOULDBLOCK', 'ENOTCONN', 'EINPROGRESS', 'EALREADY', 'EINTR', 'ENOBUFS']);
/** The file descriptor is none that can be written to like this. */
const NOT_SO = new Set(['EBADF', 'EINVAL', 'ENOSYS', 'ENOTSUP', 'ENOTSOCK', 'EISDIR', 'EPERM', 'EACCES']);

/** Taken before a program puts others in their place, as tests of programs do. */
const { setTimeout, setImmediate } = globalThis;

export class Line {
  private readonly socket: Socket;
  private direct: boolean;
  private connected = false;
  private before = 0;
  private over = false;

  constructor(
    { host, port }: Address,
    private readonly events: LineEvents,
    direct = process.platform !== 'win32',
  ) {
    this.direct = direct;
    const socket = connect({
      host: 'editor.localhost',
      port,
      autoSelectFamily: false,
      lookup: (_name, _options, found) => found(null, host, host.includes(':') ? 6 : 4),
    });
    this.socket = socket;
    socket.unref();
    socket.setNoDelay(true);
    socket.on('connect', () => {
      this.connected = true;
      events.ready();
    });
    socket.on('data', (bytes) => events.heard(bytes.toString('latin1')));
    socket.on('drain', () => events.ready());
    socket.on('error', () => this.lost());
    socket.on('end', () => this.lost());
    socket.on('close', () => this.lost());
    // After a first turn that took long, timers come before what happened meanwhile.
    setTimeout(() => {
      if (!this.connected) setImmediate(() => this.connected || this.lost()).unref();
    }, CONNECT_MS).unref();
  }

  /** Whether all that was written is with the system. */
  get isHandedOver(): boolean {
    return this.direct || (this.connected && this.socket.writableLength === 0);
  }

  /**
   * Writes as much as there is room for. The bytes must not change afterwards.
   * @param last the program ends
   */
  write(bytes: Buffer, from: number, to: number, last = false): Written {
    if (this.over) return 'gone';
    const fd = this.direct ? descriptorOf(this.socket) : -1;
    if (fd < 0) return this.writeBySocket(bytes, from, to);
    if (!this.connected && !last && this.before + to - from > MOST_BEFORE) return 'full';
    try {
      const written = writeSync(fd, bytes, from, to - from);
      if (!this.connected) this.before += written;
      return written;
    } catch (error) {
      const { code = '' } = error instanceof Error ? (error as NodeJS.ErrnoException) : {};
      if (NOT_NOW.has(code)) return 'full';
      if (!NOT_SO.has(code)) {
        this.lost();
        return 'gone';
      }
      this.direct = false;
      return this.writeBySocket(bytes, from, to);
    }
  }

  close(): void {
    this.over = true;
    this.socket.destroy();
  }

  private writeBySocket(bytes: Buffer, from: number, to: number): Written {
    const { socket } = this;
    if (!this.connected || socket.writableLength > MOST_BUFFERED) return 'full';
    socket.write(bytes.subarray(from, to));
    return to - from;
  }

  private lost(): void {
    if (this.over) return;
    this.close();
    this.events.gone();
  }
}

/** Of an open socket; asked for anew each time, for one that was closed may be another file's. */
function descriptorOf(socket: Socket): number {
  const handle: unknown = Reflect.get(socket, '_handle');
  if (typeof handle !== 'object' || handle === null) return -1;
  const fd: unknown = Reflect.get(handle, 'fd');
  return typeof fd === 'number' ? fd : -1;
}
