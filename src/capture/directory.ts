/**
 * The directory of captures. Each capture is a log of spans `<id>.otlp.pb`, one of log records `<id>.logs.pb` if there were any, a lock while they
 * are written, and a small index `<id>.json` with what a list shows (counts, services). The index is a convenience: without it, or when it is older than its log, it is made anew.
 * Ids sort by time: `20261121T140500123Z-1a2b3c4d`.
 */

import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, stat, truncate, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SpanhopError } from '../core/errors';
import { isHeld, type Lock, takeLock } from './lock';
import { CaptureLog } from './log';

const LOG = '.otlp.pb';
const RECORDS = '.logs.pb';
const ID = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z-[0-9a-f]{8}$/;

/** What the index of a capture says. */
export interface CaptureIndex {
  readonly spans: number;
  readonly traces: number;
  readonly services: readonly string[];
  /** Length of the log when the index was written. */
  readonly bytes: number;
}

export interface KeptCapture {
  readonly id: string;
  readonly path: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly bytes: number;
  /** Log of log records; undefined where there were none. */
  readonly logs: { readonly path: string; readonly bytes: number } | undefined;
  /** Somebody writes it, this window or another. */
  readonly live: boolean;
  /** Undefined when there is none. It is current when its `bytes` are those of the log. */
  readonly index: CaptureIndex | undefined;
}

export interface OpenCapture {
  readonly id: string;
  readonly startedAt: number;
  readonly log: CaptureLog;
  /** The log of log records, made when it is first asked for. */
  logs(): Promise<CaptureLog>;
  /** Bytes of both. */
  readonly bytes: number;
  /** Closes the logs, writes the index and gives up the lock; a capture without a request leaves nothing behind. */
  close(index: CaptureIndex): Promise<void>;
}

export class CaptureDirectory {
  constructor(
    readonly path: string,
    private readonly deadThreads: readonly number[] = [],
  ) {}

  /** Kept and live captures, newest first. */
  async list(): Promise<KeptCapture[]> {
    const names = await readdir(this.path).catch((error: unknown): string[] => {
      if (codeOf(error) === 'ENOENT') return [];
      throw unreadable(this.path, error);
    });
    const found: KeptCapture[] = [];
    for (const name of names) {
      const id = name.endsWith(LOG) ? name.slice(0, -LOG.length) : '';
      const startedAt = captureTimeOf(id);
      if (startedAt === undefined) continue;
      const path = join(this.path, name);
      const bytes = await sizeOf(path);
      if (bytes === undefined) continue;
      const records = this.file(id, RECORDS);
      const size = names.includes(id + RECORDS) ? await sizeOf(records) : undefined;
      const logs = size === undefined ? undefined : { path: records, bytes: size };
      found.push({ id, path, startedAt, bytes, logs, live: await this.isLive(id), index: await this.readIndex(id) });
    }
    return found.sort((a, b) => (a.id < b.id ? 1 : -1));
  }

  /** Starts a capture. The lock comes before the log, so that no other window ever sees a log without one. */
  async create(now = Date.now()): Promise<OpenCapture> {
    try {
      await mkdir(this.path, { recursive: true });
      const stamp = new Date(now).toISOString().replace(/[-:.]/g, '');
      const id = `${stamp}-${randomBytes(4).toString('hex')}`;
      const lock = await takeLock(this.file(id, '.lock'));
      const log = await CaptureLog.create(this.file(id, LOG));
      let records: Promise<CaptureLog> | undefined;
      let recordBytes = (): number => 0;
      const logs = (): Promise<CaptureLog> => {
        records ??= CaptureLog.create(this.file(id, RECORDS)).then((made) => {
          recordBytes = () => made.bytes;
          return made;
        });
        return records;
      };
      return {
        id,
        startedAt: captureTimeOf(id) ?? now,
        log,
        logs,
        get bytes() {
          return log.bytes + recordBytes();
        },
        close: async (index) => {
          await records?.then((made) => made.close());
          await this.finish(id, log, lock, index);
        },
      };
    } catch (error) {
      throw new SpanhopError(
        'Unreachable',
        `A capture cannot be kept in ${this.path}: ${messageOf(error)}. Free some space or choose another place.`,
      );
    }
  }

  async writeIndex(id: string, index: CaptureIndex): Promise<void> {
    // Written aside and renamed: another window never reads half of it.
    const aside = this.file(id, `.json.${process.pid}`);
    await writeFile(aside, JSON.stringify(index), { mode: 0o600 });
    await rename(aside, this.file(id, '.json'));
  }

  /** Cuts a torn tail, unless the capture is being written. */
  async cut(id: string, wholeBytes: number): Promise<boolean> {
    if (await this.isLive(id)) return false;
    await truncate(this.file(id, LOG), wholeBytes);
    return true;
  }

  /** Deletes a capture that nobody writes. Returns whether it did. */
  async delete(id: string): Promise<boolean> {
    if (captureTimeOf(id) === undefined || (await this.isLive(id))) return false;
    for (const extension of [LOG, RECORDS, '.json', '.lock']) await unlink(this.file(id, extension)).catch(() => {});
    return true;
  }

  /** Removes what windows that died left behind: locks and indices without a log, and logs without a request. */
  async sweep(): Promise<void> {
    const names = await readdir(this.path).catch((): string[] => []);
    for (const id of new Set(names.map((name) => name.split('.', 1)[0]))) {
      const size = names.includes(id + LOG) ? await stat(this.file(id, LOG)).then((file) => file.size) : 0;
      // A capture that begins right now holds its lock before it has a log.
      if (size === 0) await this.delete(id);
    }
  }

  /** Deletes the oldest captures that nobody writes until all take at most `limit` bytes. Returns the ids of those deleted. */
  async prune(limit: number): Promise<string[]> {
    const all = await this.list();
    const bytesOf = (capture: KeptCapture): number => capture.bytes + (capture.logs?.bytes ?? 0);
    let bytes = all.reduce((sum, capture) => sum + bytesOf(capture), 0);
    const deleted: string[] = [];
    for (const capture of all.reverse()) {
      if (bytes <= limit) break;
      if (capture.live || !(await this.delete(capture.id))) continue;
      bytes -= bytesOf(capture);
      deleted.push(capture.id);
    }
    return deleted;
  }

  isLive(id: string): Promise<boolean> {
    return isHeld(this.file(id, '.lock'), this.deadThreads);
  }

  private async finish(id: string, log: CaptureLog, lock: Lock, index: CaptureIndex): Promise<void> {
    await log.close();
    if (log.bytes > 0) await this.writeIndex(id, { ...index, bytes: log.bytes }).catch(() => {});
    else for (const extension of [LOG, RECORDS]) await unlink(this.file(id, extension)).catch(() => {});
    await lock.release();
  }

  private async readIndex(id: string): Promise<CaptureIndex | undefined> {
    try {
      return parseIndex(JSON.parse(await readFile(this.file(id, '.json'), 'utf8')));
    } catch {
      return undefined;
    }
  }

  private file(id: string, extension: string): string {
    return join(this.path, id + extension);
  }
}

function sizeOf(path: string): Promise<number | undefined> {
  return stat(path).then(
    (file) => file.size,
    () => undefined,
  );
}

function parseIndex(value: unknown): CaptureIndex | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (!('spans' in value && 'traces' in value && 'bytes' in value && 'services' in value)) return undefined;
  const { spans, traces, bytes, services } = value;
  if (typeof spans !== 'number' || typeof traces !== 'number' || typeof bytes !== 'number' || !Array.isArray(services)) {
    return undefined;
  }
  return { spans, traces, bytes, services: services.filter((service) => typeof service === 'string') };
}

/** Epoch milliseconds that an id names; undefined when it is no id. */
/** Epoch milliseconds at which the capture of this id began; undefined for what is no id. */
export function captureTimeOf(id: string): number | undefined {
  const match = ID.exec(id);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second, millisecond] = match.map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second, millisecond);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function unreadable(path: string, error: unknown): SpanhopError {
  return new SpanhopError('Unreachable', `The captures in ${path} cannot be read: ${messageOf(error)}.`);
}
