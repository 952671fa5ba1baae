/**
 * The directory of captures. Each capture is a log of spans `<id>.otlp.pb`, one of log records `<id>.logs.pb` if there were any, a lock while they
 * are written, and a small index `<id>.json` with what a list shows (counts, services). The index is a convenience: without it, or when it is
 * older than its log, it is made anew. Parts of a log that were damaged stand beside it, `<id>.damaged-<offset>.pb` (of log records
 * `<id>.logs.damaged-<offset>.pb`), and so does what else is known of a capture, `<id>.<what>.json` (`captureAbout.ts`): all that goes
 * with the capture. Ids sort by time: `20261121T140500123Z-1a2b3c4d`.
 */

import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, stat, truncate, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { SpanhopError } from '../../base/errors';
import { codeOf, diskReason, LogFailure } from '../log/diskFailure';
import { CaptureLog } from '../log/log';
import type { LogEnd } from '../log/logReader';
import { type CaptureAbout, parseAbout } from './captureAbout';
import { type CaptureIndex, parseIndex } from './captureIndex';
import { readJson, writeJson } from './jsonFile';
import { endOf, type KeptCapture } from './keptCapture';
import { isHeld, type Lock, type LockOptions, takeLock } from './lock';
import { LockWatch } from './watch';

const LOG = '.otlp.pb';
const RECORDS = '.logs.pb';
const ASIDE = /^\.(?:logs\.)?damaged-\d+(?:-\d+)?\.pb$/;
/** What is known of a capture beside its log. */
const BESIDE = /^\.[a-z]{1,20}\.json$/;
/** What a window that died leaves of files that it was writing. */
const HALF_WRITTEN =
  /^\.(?:(?:[a-z]{1,20}\.)?json\.\d+(?:-\d+)?|lock\.(?:\d+-\d+(?:-[0-9a-f]+)?|after-[0-9a-f]+)|(?:otlp|logs)\.pb\.mending)$/;
/** A capture that began so recently is not swept: another window may be making its files just now. */
const BEGINNING_MS = 60_000;
/** Written, and deleted again, to see whether there is room: as much as what had none. */
const MAX_PROBE_BYTES = 16 << 20;
const ID = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z-[0-9a-f]{8}$/;

export interface OpenCapture {
  readonly id: string;
  readonly startedAt: number;
  readonly log: CaptureLog;
  /** The log of log records, made when it is first asked for; again, when that failed. */
  logs(): Promise<CaptureLog>;
  /** Bytes of both. */
  readonly bytes: number;
  /** Closes the logs, writes the index (asked for when nothing is under way any more) and gives up the lock; a capture without a request leaves nothing behind. */
  close(index: () => CaptureIndex): Promise<void>;
  /** Deletes it: what is not acknowledged yet is refused, so that it goes to another. */
  discard(): Promise<void>;
}

export class CaptureDirectory {
  private readonly locks: LockOptions;

  /** @param locks how it is told whether others write captures; threads of this process that are gone, above all */
  constructor(
    readonly path: string,
    locks: Partial<LockOptions> = {},
  ) {
    this.locks = { watch: new LockWatch(), ...locks };
  }

  /** Kept and live captures, newest first. */
  async list(): Promise<KeptCapture[]> {
    const names = await readdir(this.path).catch((error: unknown): string[] => {
      if (codeOf(error) === 'ENOENT') return [];
      throw unreadable(this.path, error);
    });
    const found: KeptCapture[] = [];
    for (const [id, own] of namesById(names)) {
      const kept = own.includes(id + LOG) ? await this.entry(id, own) : undefined;
      if (kept) found.push(kept);
    }
    return found.sort((a, b) => (a.id < b.id ? 1 : -1));
  }

  /** One capture; undefined when it is not there. */
  async find(id: string): Promise<KeptCapture | undefined> {
    const names = await readdir(this.path).catch((): string[] => []);
    return this.entry(id, namesById(names).get(id) ?? []);
  }

  /** @param names of its files */
  private async entry(id: string, names: readonly string[]): Promise<KeptCapture | undefined> {
    const startedAt = captureTimeOf(id);
    const path = this.file(id, LOG);
    const log = startedAt === undefined ? undefined : await stat(path).catch(() => undefined);
    if (startedAt === undefined || !log) return undefined;
    const bytes = log.size;
    const records = this.file(id, RECORDS);
    const size = names.includes(id + RECORDS) ? await sizeOf(records) : undefined;
    const logs = size === undefined ? undefined : { path: records, bytes: size };
    const aside = await this.asideOf(id, names);
    const allBytes = bytes + (size ?? 0) + aside.bytes;
    // The lock is there before the log is.
    const live = names.includes(`${id}.lock`) && (await this.isLive(id));
    const index = names.includes(`${id}.json`) ? parseIndex(await readJson(this.file(id, '.json'))) : undefined;
    const about = names.includes(`${id}.about.json`) ? parseAbout(await this.readBeside(id, 'about')) : {};
    return { id, path, startedAt, bytes, logs, aside, allBytes, live, index, about, writtenAt: log.mtimeMs };
  }

  /** Starts a capture. The lock comes before the log, so that no other window ever sees a log without one. */
  async create(now = Date.now(), about?: CaptureAbout): Promise<OpenCapture> {
    try {
      await mkdir(this.path, { recursive: true });
      const stamp = new Date(now).toISOString().replace(/[-:.]/g, '');
      const id = `${stamp}-${randomBytes(4).toString('hex')}`;
      const lock = await takeLock(this.file(id, '.lock'), this.locks);
      if (!lock) throw new Error('another window uses its name');
      const log = await CaptureLog.create(this.file(id, LOG)).catch(async (error: unknown) => {
        await lock.release();
        throw error;
      });
      // It can be done without: the capture has no name then.
      if (about) await this.writeBeside(id, 'about', about).catch(() => {});
      return this.openCapture(id, captureTimeOf(id) ?? now, log, lock);
    } catch (error) {
      throw new SpanhopError(
        'Unreachable',
        `A capture cannot be kept in ${this.path}: ${diskReason(error)}. Make room, or make the folder writable.`,
      );
    }
  }

  /**
   * Goes on with a capture that was closed. Undefined where it is gone, is written or mended by somebody else, or its logs are not as long as its index says:
   * whether they end with a whole request is not known.
   */
  async reopen(id: string): Promise<OpenCapture | undefined> {
    const startedAt = captureTimeOf(id);
    if (startedAt === undefined) return undefined;
    const lock = await takeLock(this.file(id, '.lock'), this.locks);
    if (!lock) return undefined;
    const index = parseIndex(await readJson(this.file(id, '.json')));
    const log = await CaptureLog.open(this.file(id, LOG)).catch(() => undefined);
    const records = (await sizeOf(this.file(id, RECORDS))) ?? 0;
    if (log && index?.bytes === log.bytes && (index.recordBytes ?? 0) === records)
      return this.openCapture(id, startedAt, log, lock, records);
    await log?.close();
    await lock.release();
    return undefined;
  }

  private openCapture(id: string, startedAt: number, log: CaptureLog, lock: Lock, recordBytes = 0): OpenCapture {
    let records: Promise<CaptureLog> | undefined;
    let made: CaptureLog | undefined;
    let closed = false;
    return {
      id,
      startedAt,
      log,
      logs: () => {
        if (closed) return Promise.reject(new LogFailure('The capture was stopped.', 'stopped'));
        records ??= openOrCreate(this.file(id, RECORDS)).then(
          (log) => {
            made = log;
            return log;
          },
          (error: unknown) => {
            // Too many files are open, say: the next request may find it otherwise.
            records = undefined;
            const message = `The log of log records in ${this.path} cannot be made: ${diskReason(error)}.`;
            throw new LogFailure(message, codeOf(error) === 'ENOENT' ? 'lost' : undefined);
          },
        );
        return records;
      },
      get bytes() {
        return log.bytes + (made?.bytes ?? recordBytes);
      },
      close: async (index) => {
        closed = true;
        await records?.catch(() => {});
        try {
          await made?.close();
          await log.close();
        } finally {
          await this.finish(id, log, made?.bytes ?? recordBytes, index);
          await lock.release();
        }
      },
      discard: async () => {
        closed = true;
        try {
          // At once: what comes between would be acknowledged.
          const ended = [log.discard(), made?.discard()];
          await records?.catch(() => {});
          await Promise.all([...ended, made?.discard()]);
        } finally {
          await this.removeBeside(id);
          for (const extension of [LOG, RECORDS, '.json']) await unlink(this.file(id, extension)).catch(() => {});
          await lock.release();
        }
      },
    };
  }

  /**
   * Whether a request of so many bytes could be written now.
   * @throws the system's error when it could not
   */
  async probe(bytes: number): Promise<void> {
    const path = join(this.path, `probe-${process.pid}-${threadId}.tmp`);
    await mkdir(this.path, { recursive: true });
    try {
      await writeFile(path, new Uint8Array(Math.min(MAX_PROBE_BYTES, Math.max(bytes, 1 << 16))), { mode: 0o600 });
    } finally {
      await unlink(path).catch(() => {});
    }
  }

  async writeIndex(id: string, index: CaptureIndex): Promise<void> {
    await writeJson(this.file(id, '.json'), index);
  }

  /**
   * Writes what is known of a capture beside its log: `<id>.<what>.json`. It goes with the capture.
   * @param what lower-case letters, at most 20
   */
  async writeBeside(id: string, what: string, value: unknown): Promise<void> {
    await writeJson(this.besidePath(id, what), value);
  }

  /** What stands beside a capture's log, not checked; undefined where nothing that can be read does. */
  readBeside(id: string, what: string): Promise<unknown> {
    return readJson(this.besidePath(id, what));
  }

  private besidePath(id: string, what: string): string {
    if (captureTimeOf(id) === undefined || !BESIDE.test(`.${what}.json`)) throw new Error(`no name of a file: ${what}`);
    return this.file(id, `.${what}.json`);
  }

  /** Cuts a torn tail, unless the capture is being written, or another window mends it or has mended it since it was read. */
  async cut(path: string, id: string, { wholeBytes, tornBytes }: Pick<LogEnd, 'wholeBytes' | 'tornBytes'>): Promise<boolean> {
    const done = await this.alone(id, async () => {
      if ((await sizeOf(path)) !== wholeBytes + tornBytes) return false;
      await truncate(path, wholeBytes);
      return true;
    });
    return done ?? false;
  }

  /** Begins a file for damaged parts of a capture's log, the first of which stood at `offset`. */
  async createAside(
    id: string,
    ofRecords: boolean,
    offset: number,
  ): Promise<{ readonly file: FileHandle; readonly path: string }> {
    const name = `${ofRecords ? '.logs' : ''}.damaged-${offset}`;
    for (let more = 1; ; more++) {
      const path = this.file(id, more === 1 ? `${name}.pb` : `${name}-${more}.pb`);
      try {
        return { file: await open(path, 'wx', 0o600), path };
      } catch (error) {
        if (codeOf(error) !== 'EEXIST' || more > 100) throw error;
      }
    }
  }

  /** Runs `work` as the only one of all windows that works on a capture which nobody writes; undefined when another one is at it. */
  async alone<T>(id: string, work: () => Promise<T>): Promise<T | undefined> {
    const lock = await takeLock(this.file(id, '.lock'), this.locks);
    if (!lock) return undefined;
    try {
      return await work();
    } finally {
      await lock.release();
    }
  }

  /** Deletes a capture that nobody writes. Returns whether it did. */
  async delete(id: string): Promise<boolean> {
    if (captureTimeOf(id) === undefined || (await this.isLive(id))) return false;
    const names = await readdir(this.path).catch((): string[] => []);
    const more = names.filter((name) => name.startsWith(id) && HALF_WRITTEN.test(name.slice(id.length)));
    const paths = [...more.map((name) => join(this.path, name)), ...(await this.asideOf(id, names)).paths];
    for (const path of paths) await unlink(path).catch(() => {});
    await this.removeBeside(id, names);
    for (const extension of [LOG, RECORDS, '.json', '.lock']) await unlink(this.file(id, extension)).catch(() => {});
    return true;
  }

  /** Removes what windows that died left behind: locks and indices without a log, and logs without a request. */
  async sweep(now = Date.now()): Promise<void> {
    const names = await readdir(this.path).catch((): string[] => []);
    for (const id of new Set(names.map((name) => name.split('.', 1)[0]))) {
      const startedAt = captureTimeOf(id);
      if (startedAt === undefined || Math.abs(now - startedAt) < BEGINNING_MS) continue;
      let bytes = (await this.asideOf(id, names)).bytes;
      for (const extension of [LOG, RECORDS])
        if (names.includes(id + extension)) bytes += (await sizeOf(this.file(id, extension))) ?? 0;
      if (bytes === 0) await this.delete(id);
    }
  }

  /**
   * Deletes captures that nobody writes and nobody keeps: those that ended before `endedBefore`, then the oldest until all take at most `limit` bytes.
   * Returns the ids of those deleted.
   */
  async prune(limit: number, endedBefore = 0, spared: (id: string) => boolean = () => false): Promise<string[]> {
    const all = await this.list();
    let bytes = all.reduce((sum, capture) => sum + capture.allBytes, 0);
    const deleted: string[] = [];
    for (const capture of all.reverse()) {
      const isOld = endOf(capture) < endedBefore && !spared(capture.id);
      if (bytes <= limit && !isOld) continue;
      if (capture.live || capture.about.pinned || !(await this.delete(capture.id))) continue;
      bytes -= capture.allBytes;
      deleted.push(capture.id);
    }
    return deleted;
  }

  isLive(id: string): Promise<boolean> {
    return isHeld(this.file(id, '.lock'), this.locks);
  }

  private async finish(id: string, log: CaptureLog, recordBytes: number, index: () => CaptureIndex): Promise<void> {
    // Of a log that was deleted or changed by another, nothing is known.
    if (log.lost !== undefined) return;
    if (log.bytes > 0)
      await this.writeIndex(id, { ...index(), bytes: log.bytes, ...(recordBytes > 0 ? { recordBytes } : {}) }).catch(() => {});
    // Records may belong to spans that an earlier log has.
    else if (recordBytes === 0) {
      for (const extension of [LOG, RECORDS]) await unlink(this.file(id, extension)).catch(() => {});
      await this.removeBeside(id);
    }
  }

  private async removeBeside(id: string, given?: readonly string[]): Promise<void> {
    const names = given ?? (await readdir(this.path).catch((): string[] => []));
    for (const name of names)
      if (name.startsWith(id) && BESIDE.test(name.slice(id.length))) await unlink(join(this.path, name)).catch(() => {});
  }

  private async asideOf(id: string, names: readonly string[]): Promise<KeptCapture['aside']> {
    const paths: string[] = [];
    let bytes = 0;
    for (const name of names) {
      if (!name.startsWith(id) || !ASIDE.test(name.slice(id.length))) continue;
      paths.push(join(this.path, name));
      bytes += (await sizeOf(join(this.path, name))) ?? 0;
    }
    return { paths: paths.sort(), bytes };
  }

  private file(id: string, extension: string): string {
    return join(this.path, id + extension);
  }
}

/** Names of files by the capture that they are of. */
function namesById(names: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const all = new Map<string, string[]>();
  for (const name of names) {
    const id = name.split('.', 1)[0];
    const known = all.get(id);
    if (known) known.push(name);
    else all.set(id, [name]);
  }
  return all;
}

async function openOrCreate(path: string): Promise<CaptureLog> {
  return (await sizeOf(path)) === undefined ? CaptureLog.create(path) : CaptureLog.open(path);
}

function sizeOf(path: string): Promise<number | undefined> {
  return stat(path).then(
    (file) => file.size,
    () => undefined,
  );
}

/** Epoch milliseconds at which the capture of this id began; undefined for what is no id. */
export function captureTimeOf(id: string): number | undefined {
  const match = ID.exec(id);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second, millisecond] = match.map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second, millisecond);
}

function unreadable(path: string, error: unknown): SpanhopError {
  return new SpanhopError('Unreachable', `The captures in ${path} cannot be read: ${diskReason(error)}.`);
}
