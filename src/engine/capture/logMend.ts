/**
 * Writes a damaged log anew: its whole requests as they are, and of damaged ones what can be read. The damaged parts go into a file beside it, so
 * that nothing is thrown away, and any tool can read the log again. The log is replaced in one step when all of that is on disk; it stays as it
 * is when that cannot be done (a full disk).
 */

import { type FileHandle, open, rename, unlink } from 'node:fs/promises';
import type { CaptureDirectory } from '../../capture/directory/directory';
import { PREFIX_BYTES } from '../../capture/log/logFormat';
import { type LogPiece, readLog } from '../../capture/log/logReader';

const COPY_BYTES = 4 << 20;

export interface Mending {
  readonly directory: CaptureDirectory;
  readonly id: string;
  readonly path: string;
  /** The log is one of log records. */
  readonly ofRecords: boolean;
  /** What can be read of a damaged request, as requests. */
  readonly salvage: (damaged: Uint8Array) => readonly Uint8Array[];
  readonly signal?: AbortSignal;
}

export interface Mended {
  /** File with the damaged parts; undefined when only lengths were wrong. */
  readonly aside: string | undefined;
  /** Of the log. */
  readonly bytes: number;
}

/**
 * Undefined when somebody writes the capture, or mends it just now.
 * @throws the system's error, and then nothing has changed
 */
export function mendLog(mending: Mending): Promise<Mended | undefined> {
  const { directory, id, path, signal } = mending;
  return directory.alone(id, async () => {
    const anew = `${path}.mending`;
    const aside = new Aside(mending);
    let source: FileHandle | undefined;
    let target: FileHandle | undefined;
    try {
      const from = await open(path, 'r');
      source = from;
      const to = await open(anew, 'w', 0o600);
      target = to;
      let bytes = 0;
      const write = async (frames: readonly Uint8Array[]): Promise<void> => {
        const joined = withLengths(frames);
        await to.writeFile(joined);
        bytes += joined.length;
      };
      await readLog(
        path,
        (piece) => write(piece.damaged ? mending.salvage(piece.bytes) : requestsOf(piece)),
        signal,
        undefined,
        (part) => (part.onlyLength ? undefined : aside.copy(from, part.at, part.bytes)),
      );
      await aside.finish();
      await to.sync();
      await rename(anew, path);
      return { aside: aside.path, bytes };
    } catch (error) {
      await aside.drop();
      await unlink(anew).catch(() => {});
      throw error;
    } finally {
      await source?.close();
      await target?.close();
    }
  });
}

/** The file with damaged parts, made with the first of them. */
class Aside {
  path: string | undefined;
  private file: FileHandle | undefined;

  constructor(private readonly mending: Mending) {}

  async copy(source: FileHandle, at: number, bytes: number): Promise<void> {
    if (!this.file) {
      const { directory, id, ofRecords } = this.mending;
      const made = await directory.createAside(id, ofRecords, at);
      this.file = made.file;
      this.path = made.path;
    }
    const buffer = new Uint8Array(Math.min(COPY_BYTES, bytes));
    for (let done = 0; done < bytes; ) {
      const { bytesRead } = await source.read(buffer, 0, Math.min(buffer.length, bytes - done), at + done);
      if (bytesRead === 0) return;
      await this.file.writeFile(buffer.subarray(0, bytesRead));
      done += bytesRead;
    }
  }

  async finish(): Promise<void> {
    await this.file?.sync();
    await this.file?.close();
    this.file = undefined;
  }

  async drop(): Promise<void> {
    await this.file?.close().catch(() => {});
    if (this.path !== undefined) await unlink(this.path).catch(() => {});
  }
}

function requestsOf({ bytes, lengths }: LogPiece): Uint8Array[] {
  let at = 0;
  return lengths.map((length) => {
    const from = at;
    at += length;
    return bytes.subarray(from, at);
  });
}

function withLengths(frames: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(frames.reduce((sum, { length }) => sum + PREFIX_BYTES + length, 0));
  const view = new DataView(joined.buffer);
  let at = 0;
  for (const frame of frames) {
    view.setUint32(at, frame.length);
    joined.set(frame, at + PREFIX_BYTES);
    at += PREFIX_BYTES + frame.length;
  }
  return joined;
}
