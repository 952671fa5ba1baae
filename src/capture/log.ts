/**
 * The log of one capture: what programs sent, as they sent it. Each `ExportTraceServiceRequest` stands behind its length (4 bytes, big
 * endian), which is how the OpenTelemetry Collector's file exporter writes protobuf, so any tool can read it.
 *
 * `append` resolves when the operating system has the bytes: a process that is killed right after loses nothing. Requests that come
 * while a write is under way go together in the next one. A write that ends early (disk full) is undone, so that the file always
 * ends with a whole request unless the process dies inside a write; readers cut that tail (`logReader.ts`).
 */

import { type FileHandle, open } from 'node:fs/promises';
import { SpanhopError } from '../core/errors';

interface Waiting {
  readonly body: Uint8Array;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** Bytes written in one go at most; bounds how long the first of a group waits for the last. */
const GROUP_BYTES = 16 << 20;

export class CaptureLog {
  private waiting: Waiting[] = [];
  private writing = false;
  private closed = false;
  private idle: (() => void)[] = [];

  private constructor(
    private readonly file: FileHandle,
    readonly path: string,
    private size: number,
  ) {}

  /** Creates the file; one that exists is an error (names are unique). */
  static async create(path: string): Promise<CaptureLog> {
    return new CaptureLog(await open(path, 'wx', 0o600), path, 0);
  }

  /** Length of the file: whole requests only. */
  get bytes(): number {
    return this.size;
  }

  /** Resolves when the request stands in the file. Rejects with `SpanhopError` (disk full, log closed), and then it does not. */
  append(body: Uint8Array): Promise<void> {
    if (this.closed) return Promise.reject(new SpanhopError('NotFound', 'The capture was stopped.'));
    return new Promise((resolve, reject) => {
      this.waiting.push({ body, resolve, reject });
      if (!this.writing) void this.write();
    });
  }

  /** Waits for what is under way, then closes the file. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    if (this.writing) await new Promise<void>((resolve) => this.idle.push(resolve));
    await this.file.close();
  }

  private async write(): Promise<void> {
    this.writing = true;
    while (this.waiting.length > 0) {
      const group = this.nextGroup();
      try {
        this.size += await this.writeGroup(group);
        for (const request of group) request.resolve();
      } catch (error) {
        const reason = await this.undo(error);
        for (const request of group) request.reject(reason);
      }
    }
    this.writing = false;
    for (const resolve of this.idle.splice(0)) resolve();
  }

  private nextGroup(): Waiting[] {
    let bytes = 0;
    let count = 0;
    while (count < this.waiting.length && (count === 0 || bytes + this.waiting[count].body.length <= GROUP_BYTES)) {
      bytes += this.waiting[count++].body.length + 4;
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
    const lengths = new Uint8Array(group.length * 4);
    const view = new DataView(lengths.buffer);
    let parts: Uint8Array[] = [];
    let total = 0;
    group.forEach(({ body }, i) => {
      view.setUint32(i * 4, body.length);
      parts.push(lengths.subarray(i * 4, i * 4 + 4), body);
      total += body.length + 4;
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
  private async undo(cause: unknown): Promise<SpanhopError> {
    const why = cause instanceof Error ? cause.message : String(cause);
    try {
      await this.file.truncate(this.size);
    } catch {
      this.closed = true;
    }
    return new SpanhopError('Unreachable', `The capture log ${this.path} cannot be written: ${why}.`);
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
