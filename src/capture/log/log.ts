/**
 * The log of one capture: what programs sent, as they sent it (`logFormat.ts` says how).
 *
 * `append` resolves when the operating system has the bytes and the file still stands where it was made, whole: a process that is killed right
 * after loses nothing, and nothing is acknowledged that went to a file which was deleted, replaced or cut meanwhile. Requests that come
 * while a write is under way go together in the next one. A write that ends early (disk full) is undone, so that the file always
 * ends with a whole request unless the process dies inside a write; readers cut that tail (`logReader.ts`).
 */

import { statSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { SpanhopError } from '../../base/errors';
import { diskReason, LogFailure } from './diskFailure';
import { MAX_FRAME_BYTES, PREFIX_BYTES } from './logFormat';

interface Waiting {
  /** Written together or not at all. */
  readonly bodies: readonly Uint8Array[];
  /** With their lengths. */
  readonly bytes: number;
  readonly resolve: (end: number) => void;
  readonly reject: (error: Error) => void;
}

/** Bytes written in one go at most; bounds how long the first of a group waits for the last. */
const GROUP_BYTES = 16 << 20;

export class CaptureLog {
  private waiting: Waiting[] = [];
  private writing = false;
  private closed = false;
  private discarded = false;
  private why: string | undefined;
  private idle: (() => void)[] = [];

  private constructor(
    private readonly file: FileHandle,
    readonly path: string,
    private readonly device: bigint,
    private readonly inode: bigint,
    private size: number,
  ) {}

  /** Creates the file; one that exists is an error (names are unique). */
  static async create(path: string): Promise<CaptureLog> {
    const file = await open(path, 'wx', 0o600);
    const { dev, ino } = await file.stat({ bigint: true });
    return new CaptureLog(file, path, dev, ino, 0);
  }

  /** Goes on with a file that ends with a whole request; one that is not there is an error. */
  static async open(path: string): Promise<CaptureLog> {
    const file = await open(path, 'r+');
    const { dev, ino, size } = await file.stat({ bigint: true });
    return new CaptureLog(file, path, dev, ino, Number(size));
  }

  /** Length of the file: whole requests only. */
  get bytes(): number {
    return this.size;
  }

  /** Why what was written is not at `path` any more; it takes nothing from then on. */
  get lost(): string | undefined {
    return this.why;
  }

  /**
   * Resolves when the request (or all of those that one was split into) stands in the file, with where it ends there; those that were appended
   * before resolve before. Rejects with `LogFailure`, and then none of it does, and with `TooLarge` for one that no reader takes.
   */
  append(...bodies: readonly Uint8Array[]): Promise<number> {
    if (this.closed) return Promise.reject(this.ended());
    if (bodies.some(({ length }) => length === 0 || length > MAX_FRAME_BYTES)) {
      const most = Math.round(MAX_FRAME_BYTES / (1 << 20));
      return Promise.reject(new SpanhopError('TooLarge', `A request is empty, or over ${most} MiB as it would be kept.`));
    }
    const bytes = bodies.reduce((sum, { length }) => sum + length + PREFIX_BYTES, 0);
    return new Promise((resolve, reject) => {
      this.waiting.push({ bodies, bytes, resolve, reject });
      if (!this.writing) void this.write();
    });
  }

  /** Closes the file, which is to be deleted: whatever waits, or is being written just now, is refused as by a log that was stopped. */
  discard(): Promise<void> {
    this.discarded = true;
    return this.close();
  }

  /** Waits for what is under way, then closes the file. */
  async close(): Promise<void> {
    if (this.file.fd < 0) return;
    this.closed = true;
    if (this.writing) await new Promise<void>((resolve) => this.idle.push(resolve));
    await this.file.close();
  }

  private async write(): Promise<void> {
    this.writing = true;
    while (this.waiting.length > 0) {
      const group = this.nextGroup();
      try {
        if (this.discarded) throw this.ended();
        // Cut by another: what follows would stand behind a hole.
        this.check();
        const written = await this.writeGroup(group);
        this.size += written;
        if (this.discarded) throw this.ended();
        this.check();
        let end = this.size - written;
        for (const request of group) {
          end += request.bytes;
          request.resolve(end);
        }
      } catch (error) {
        const reason = error instanceof LogFailure ? error : await this.undo(error);
        for (const request of group) request.reject(reason);
      }
    }
    this.writing = false;
    for (const resolve of this.idle.splice(0)) resolve();
  }

  /**
   * Looks whether the file at the path is this one, and as long as it should be. A few microseconds, on the thread: to be asked between the
   * write and the answer, it may not take a turn.
   */
  private check(): void {
    this.why ??= this.difference();
    if (this.why === undefined) return;
    this.closed = true;
    throw this.ended();
  }

  private difference(): string | undefined {
    try {
      const found = statSync(this.path, { bigint: true, throwIfNoEntry: false });
      if (!found) return 'it was removed';
      if (found.ino !== this.inode || found.dev !== this.device) return 'another file is in its place';
      return found.size === BigInt(this.size) ? undefined : 'another program changed it';
    } catch (error) {
      return diskReason(error);
    }
  }

  private ended(): LogFailure {
    if (this.why === undefined) return new LogFailure('The capture was stopped.', 'stopped');
    return new LogFailure(`The capture log ${this.path} cannot be used any more: ${this.why}.`, 'lost');
  }

  private nextGroup(): Waiting[] {
    let bytes = 0;
    let count = 0;
    while (count < this.waiting.length && (count === 0 || bytes + this.waiting[count].bytes <= GROUP_BYTES)) {
      bytes += this.waiting[count++].bytes;
    }
    if (count === this.waiting.length) {
      const all = this.waiting;
      this.waiting = [];
      return all;
    }
    return this.waiting.splice(0, count);
  }

  /** One `writev` for the group; the rest of it when the system took less. Returns its bytes. */
  private async writeGroup(group: readonly Waiting[]): Promise<number> {
    const bodies = group.flatMap((request) => request.bodies);
    const lengths = new Uint8Array(bodies.length * PREFIX_BYTES);
    const view = new DataView(lengths.buffer);
    let parts: Uint8Array[] = [];
    let total = 0;
    bodies.forEach((body, i) => {
      view.setUint32(i * PREFIX_BYTES, body.length);
      parts.push(lengths.subarray(i * PREFIX_BYTES, (i + 1) * PREFIX_BYTES), body);
      total += body.length + PREFIX_BYTES;
    });
    let written = 0;
    while (written < total) {
      const { bytesWritten } = await this.file.writev(parts, this.size + written);
      if (bytesWritten === 0) throw new Error('nothing was written');
      written += bytesWritten;
      if (written < total) parts = withoutFirst(parts, bytesWritten);
    }
    return total;
  }

  /** Cuts what a failed write left behind, so that later requests follow a whole one. */
  private async undo(cause: unknown): Promise<LogFailure> {
    try {
      await this.file.truncate(this.size);
    } catch {
      this.why ??= diskReason(cause);
      this.closed = true;
      return this.ended();
    }
    return new LogFailure(`The capture log ${this.path} cannot be written: ${diskReason(cause)}.`);
  }
}

function withoutFirst(parts: readonly Uint8Array[], bytes: number): Uint8Array[] {
  const rest: Uint8Array[] = [];
  let skip = bytes;
  for (const part of parts) {
    if (skip >= part.length) {
      skip -= part.length;
    } else {
      rest.push(part.subarray(skip));
      skip = 0;
    }
  }
  return rest;
}
