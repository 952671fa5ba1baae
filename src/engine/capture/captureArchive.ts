/**
 * Kept captures: their numbers in the store, reading them back, what to do about a log that a crash or a disk damaged, indices that are out of
 * date. Nothing that was read is thrown away: an unfinished request at the end is cut, damaged parts go into a file beside the log
 * (`logMend.ts`), and what is missing is told in the window.
 */

import { throwIfAborted } from '../../base/errors';
import { Slices } from '../../base/slices';
import type { CaptureIndex, IndexedDamage } from '../../capture/directory/captureIndex';
import { type CaptureDirectory, captureTimeOf } from '../../capture/directory/directory';
import { endOf, type KeptCapture } from '../../capture/directory/keptCapture';
import { diskReason } from '../../capture/log/diskFailure';
import type { SpanBatch } from '../../core/model/batch';
import type { LogRecord } from '../../core/model/logRecord';
import type { Dataset } from '../store/dataset';
import { IdIndex } from '../store/idIndex';
import type { Emit } from '../store/notifier';
import type { Restoring, StoredBatch } from '../store/storedBatch';
import { BegunSpans, errorsOf } from './captureCounts';
import { countLog, type LoadEnd, loadLog, loadRecords, salvageRecords, salvageSpans } from './captureLoad';
import { describeDamage, isLoss, type LogFinding } from './damageText';
import type { CurrentCapture } from './intakeOwner';
import { mendLog } from './logMend';
import type { Work } from './readings';

export interface LoadOptions extends Work {
  /** The running capture, when it is the one that is read: what comes meanwhile is in memory already, and is not read. */
  readonly running?: Pick<CurrentCapture, 'keptTo' | 'recordsKeptTo' | 'spans'>;
  /** Nobody asked for it just now: its traces leave memory before those that are here. */
  readonly leavesFirst?: boolean;
}

export interface ArchiveOwner {
  readonly directory: CaptureDirectory | undefined;
  readonly dataset: Dataset;
  readonly emit: Emit;
  /** Memory has more in it than before. */
  grew(): void;
}

export class CaptureArchive {
  /** By number in the store, less 1. */
  private readonly ids: string[] = [];
  private readonly loaded = new Set<string>();

  constructor(private readonly owner: ArchiveOwner) {}

  /** Number of a capture in the store; 0 when none of its spans ever was there. */
  numberOf(id: string): number {
    return this.ids.indexOf(id) + 1;
  }

  /** Of all captures that have one. */
  numbers(): number[] {
    return this.ids.map((_, i) => i + 1);
  }

  /** When a capture began, epoch milliseconds, by its number in the store. */
  startOf(number: number): number | undefined {
    return captureTimeOf(this.ids[number - 1] ?? '');
  }

  /** Its logs, of spans and of log records, by its number in the store; undefined where they are gone. */
  async logsOf(number: number): Promise<{ readonly spans: string; readonly records: string | undefined } | undefined> {
    const kept = await this.owner.directory?.find(this.ids[number - 1] ?? '');
    return kept && { spans: kept.path, records: kept.logs?.path };
  }

  /** A capture whose spans are in memory from its beginning. Returns its number. */
  add(id: string): number {
    this.loaded.add(id);
    return this.number(id);
  }

  /** Number of a capture of which spans may be on disk alone. */
  number(id: string): number {
    return this.numberOf(id) || this.ids.push(id);
  }

  isLoaded(id: string): boolean {
    return this.loaded.has(id);
  }

  /** Its files are gone. */
  forget(id: string): void {
    this.loaded.delete(id);
  }

  /** Takes the spans and log records of a capture that are in memory now out of it; what comes of it meanwhile stays. */
  async removeSpans(number: number): Promise<void> {
    if (number === 0) return;
    const { store, logs, left } = this.owner.dataset;
    store.forgetEvicted(number);
    left.forgetCapture(number);
    logs.removeCapture(number);
    await store.removeCapture(number, new Slices());
  }

  /** Reads a capture into memory, before what came since. Returns how many spans it holds. */
  async load(capture: KeptCapture, { running, leavesFirst = false, ...work }: LoadOptions): Promise<number> {
    const { owner } = this;
    const number = this.number(capture.id);
    // In the same turn as what is here is told from what comes.
    const { keptTo, recordsKeptTo } = running ?? {};
    const removed = this.removeSpans(number);
    const restoring = this.restoring(capture.id, number, { leavesFirst, goesOn: running !== undefined });
    const counter = capture.index?.bytes === capture.bytes || running ? undefined : new TraceCounter();
    const services = new Set<string>();
    let spans = 0;
    let again = 0;
    let errors = 0;
    const begun = new BegunSpans();
    let end: LoadEnd;
    let records: LoadEnd | undefined;
    try {
      await removed;
      end = await loadLog({
        ...work,
        path: capture.path,
        name: capture.path,
        endAt: keptTo,
        strings: () => owner.dataset.strings,
        take: (batch) => {
          spans += batch.count;
          again += begun.countAgain(batch);
          errors += errorsOf(batch);
          counter?.add(batch);
          restoring.added(owner.dataset.store.add(batch, number, undefined, restoring));
          owner.grew();
          for (const resource of batch.resources) services.add(batch.strings.get(resource.service));
        },
      });
      if (capture.logs) records = await loadRecords(capture.logs.path, this.takeRecords(number), work.signal, recordsKeptTo);
      throwIfAborted(work.signal);
    } catch (error) {
      // A part of it would pass for the whole. What the running capture got stays, and the rest is told as missing.
      if (running) owner.dataset.store.countMissing(number, running.spans - owner.dataset.store.spansOf(number));
      else await this.removeSpans(number);
      throw error;
    }
    this.loaded.add(capture.id);
    services.delete('');
    const traces = counter?.count ?? (end.damage ? (await countLog(capture.path)).index.traces : (capture.index?.traces ?? 0));
    await this.finishReading(
      capture,
      { spans, again, traces, errors, services: [...services], bytes: end.wholeBytes },
      end,
      records,
    );
    return spans;
  }

  /** Makes anew the indices that a crash left behind. Returns whether there were any. */
  async recount(kept: readonly KeptCapture[]): Promise<boolean> {
    let changed = false;
    for (const capture of kept) {
      if (capture.live || capture.index?.bytes === capture.bytes) continue;
      try {
        const { index, end } = await countLog(capture.path);
        await this.finishReading(capture, index, end, undefined);
        changed = true;
      } catch (error) {
        this.unreadable(capture, error);
      }
    }
    return changed;
  }

  /** How the spans of a capture are put before those of later captures, and before what comes of it while it is read. */
  private restoring(
    id: string,
    number: number,
    { leavesFirst, goesOn }: { readonly leavesFirst: boolean; readonly goesOn: boolean },
  ): Restoring & { added(stored?: StoredBatch): void } {
    const read = new WeakSet<StoredBatch>();
    return {
      leavesFirst,
      isLater: (stored) => (stored.capture === number ? goesOn && !read.has(stored) : (this.ids[stored.capture - 1] ?? '') > id),
      added: (stored) => stored && read.add(stored),
    };
  }

  private takeRecords(number: number): (records: readonly LogRecord[]) => void {
    return (records) => {
      this.owner.dataset.logs.add(records, number);
      this.owner.grew();
    };
  }

  /** After a capture was read: mends or cuts its logs, tells what is missing, and brings its index up to date. */
  private async finishReading(
    capture: KeptCapture,
    counted: CaptureIndex,
    end: LoadEnd,
    records: LoadEnd | undefined,
  ): Promise<void> {
    const known = capture.index?.bytes === capture.bytes ? capture.index.spans : undefined;
    const missing = known === undefined ? undefined : Math.max(0, known - counted.spans);
    const ofSpans = await this.treat(capture, capture.path, end, missing);
    const ofRecords = capture.logs && records ? await this.treat(capture, capture.logs.path, records, undefined) : undefined;
    const findings = [ofSpans, ofRecords].filter((finding) => finding !== undefined);
    const lossy = findings.filter(isLoss);
    for (const finding of findings) this.owner.emit('log', { level: 'warn', message: describeDamage(finding) });
    if (lossy.length > 0) {
      const message = lossy.map(describeDamage).join(' ');
      this.owner.emit('notice', { key: `capture.damage:${capture.id}`, level: 'warning', message });
    }
    if (capture.live) return;
    const bytes = ofSpans?.bytes ?? counted.bytes;
    if (capture.index?.bytes === bytes && lossy.length === 0) return;
    const damage = sumOf(capture.index?.damage, lossy);
    const endedAt = endOf(capture);
    await this.owner.directory?.writeIndex(capture.id, { ...counted, bytes, endedAt, ...(damage ? { damage } : {}) });
  }

  /** Undefined when nothing is wrong with the log but an unfinished request, which is cut. */
  private async treat(
    capture: KeptCapture,
    path: string,
    end: LoadEnd,
    missing: number | undefined,
  ): Promise<(LogFinding & { readonly bytes: number }) | undefined> {
    const { directory, emit } = this.owner;
    const { damage, leftOut, tornBytes, wholeBytes } = end;
    const found = { path, damage, leftOut, missing, aside: undefined, problem: undefined, bytes: wholeBytes };
    if (!damage) {
      if (!capture.live && tornBytes > 0 && (await directory?.cut(path, capture.id, end))) {
        const message = `The last ${tornBytes} bytes of ${path} were an unfinished request, never acknowledged; they were cut.`;
        emit('log', { level: 'warn', message });
      }
      return leftOut > 0 || (missing ?? 0) > 0 ? found : undefined;
    }
    if (capture.live || !directory) return { ...found, problem: 'it is being written' };
    const ofRecords = path === capture.logs?.path;
    const salvage = ofRecords ? salvageRecords : salvageSpans;
    try {
      const mended = await mendLog({ directory, id: capture.id, path, ofRecords, salvage });
      return mended ? { ...found, ...mended } : { ...found, problem: 'another window reads it' };
    } catch (error) {
      return { ...found, problem: diskReason(error) };
    }
  }

  unreadable(capture: KeptCapture, error: unknown): void {
    const message = `The capture log ${capture.path} cannot be read: ${diskReason(error)}.`;
    this.owner.emit('log', { level: 'warn', message });
    this.owner.emit('notice', { key: `capture.unreadable:${capture.id}`, level: 'warning', message });
  }
}

/** How many traces there are. */
class TraceCounter {
  private readonly ids = new IdIndex();

  get count(): number {
    return this.ids.size;
  }

  add({ count, traceId }: SpanBatch): void {
    for (let row = 0; row < count; row++) if (this.ids.find(traceId, row * 4) < 0) this.ids.add(traceId, row * 4);
  }
}

function sumOf(before: IndexedDamage | undefined, findings: readonly LogFinding[]): IndexedDamage | undefined {
  let sum = before;
  for (const { damage, leftOut, missing } of findings) {
    const spans = missing === undefined ? sum?.spans : (sum?.spans ?? 0) + missing;
    sum = {
      parts: (sum?.parts ?? 0) + (damage?.count ?? leftOut),
      bytes: (sum?.bytes ?? 0) + (damage?.bytes ?? 0),
      ...(spans === undefined ? {} : { spans }),
    };
  }
  return sum;
}
