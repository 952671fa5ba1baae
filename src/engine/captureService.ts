/**
 * The capture's life: where logs are kept, starting and stopping the receiver, clearing, loading kept captures. One capture is what came
 * between a start and a stop (or the moment when its log became too long and a new one began).
 */

import { CaptureDirectory, type CaptureIndex, captureTimeOf, type KeptCapture, type OpenCapture } from '../capture/directory';
import { OtlpReceiver } from '../capture/receiver';
import { SpanhopError } from '../core/errors';
import type { LogRecord } from '../core/model/logRecord';
import { type CaptureInfo, type CaptureState, LOCAL_DATASET } from '../protocol/engineProtocol';
import type { Progress } from '../protocol/rpc';
import { countLog, loadLog, loadRecords } from './captureLoad';
import type { Dataset, Datasets } from './dataset';
import { type CurrentCapture, Intake } from './intake';
import { type Emit, Notifier } from './notifier';

/** OTLP/HTTP's registered port. Source: IANA service names; OpenTelemetry Protocol specification, "OTLP/HTTP Default Port". */
const WELL_KNOWN_PORT = 4318;
/** How often indices are written and limits are looked at while a capture runs. */
const TIDY_MS = 5_000;

export interface CaptureLimits {
  readonly captureLogBytes: number;
}

interface Work {
  readonly signal?: AbortSignal;
  readonly progress?: (progress: Progress) => void;
}

interface Live extends CurrentCapture {
  readonly open: OpenCapture;
}

export class CaptureService {
  readonly intake: Intake;
  private readonly notifier: Notifier;
  private directory: CaptureDirectory | undefined;
  private receiver: OtlpReceiver | undefined;
  private httpPort: number | undefined;
  private wellKnown = false;
  private rotating = false;
  private live: Live | undefined;
  private tidying: NodeJS.Timeout | undefined;
  /** By number in the store, less 1. */
  private readonly ids: string[] = [];
  private readonly loaded = new Set<string>();
  /** One change of the capture at a time. */
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly datasets: Datasets,
    private readonly emit: Emit,
    private readonly limits: () => CaptureLimits,
    private readonly deadThreads: readonly number[],
    /** Spans or log records came, or were taken out: the ledger may have to make room. */
    private readonly grew: () => void,
  ) {
    const service = this;
    this.notifier = new Notifier(
      emit,
      () => datasets.get(LOCAL_DATASET)?.store,
      () => this.intake.counts,
    );
    this.intake = new Intake({
      get current() {
        return service.live;
      },
      get dataset() {
        return service.local;
      },
      grew,
      get touched() {
        return service.notifier.collector;
      },
      received: (spans) => {
        this.notifier.received(spans);
        if (this.live && this.isTooLong(this.live) && !this.rotating) void this.rotate();
      },
    });
  }

  get running(): boolean {
    return this.receiver !== undefined;
  }

  state(): CaptureState {
    return {
      running: this.running,
      ...(this.httpPort === undefined ? {} : { httpPort: this.httpPort }),
      wellKnownPort: this.wellKnown,
      counts: this.intake.counts,
    };
  }

  /** After the settings changed. */
  applyLimits(): void {
    if (this.directory) void this.inTurn(() => this.prune()).catch(() => {});
  }

  /** Number of a capture in the store; 0 when none of its spans ever was there. */
  numberOf(id: string): number {
    return this.ids.indexOf(id) + 1;
  }

  /** When a capture began, epoch milliseconds, by its number in the store. */
  startOf(number: number): number | undefined {
    return captureTimeOf(this.ids[number - 1] ?? '');
  }

  open(path: string, load: 'none' | 'newest', work: Work): Promise<CaptureInfo[]> {
    return this.inTurn(async () => {
      this.directory = new CaptureDirectory(path, this.deadThreads);
      await this.directory.sweep();
      const others = (await this.directory.list()).filter((capture) => !capture.live);
      if (load === 'newest') await this.loadNewest(others, work);
      void this.recount(others.filter(({ id }) => !this.loaded.has(id)));
      return this.list();
    });
  }

  /** The newest in which there are spans: one that ended before anything came says nothing of what was looked at last. */
  private async loadNewest(kept: readonly KeptCapture[], work: Work): Promise<void> {
    for (const capture of kept) {
      if (capture.bytes === 0) continue;
      try {
        if ((await this.loadKept(capture, work)) > 0) return;
      } catch (error) {
        if (work.signal?.aborted) throw error;
        this.emit('log', { level: 'warn', message: `${capture.path} cannot be read: ${textOf(error)}` });
      }
    }
  }

  start(wellKnownPort: boolean, port = 0): Promise<CaptureState> {
    return this.inTurn(async () => {
      if (!this.receiver) {
        this.live = await this.begin();
        const receiver = new OtlpReceiver(this.intake);
        this.httpPort = await receiver.listen(port).catch(async (error: unknown) => {
          if (port === 0) {
            await this.end();
            throw new SpanhopError('Unreachable', `No port could be opened on 127.0.0.1: ${textOf(error)}.`);
          }
          this.emit('log', { level: 'warn', message: `Port ${port} is taken (${textOf(error)}); another one is used.` });
          return receiver.listen(0);
        });
        this.receiver = receiver;
        this.intake.reset();
        this.tidying = setInterval(() => void this.tidy(), TIDY_MS);
        this.tidying.unref();
      }
      if (wellKnownPort && !this.wellKnown) await this.listenWellKnown(this.receiver);
      this.emit('captureChanged', this.state());
      return this.state();
    });
  }

  stop(): Promise<CaptureState> {
    return this.inTurn(async () => {
      const { receiver } = this;
      if (!receiver) return this.state();
      clearInterval(this.tidying);
      this.receiver = undefined;
      this.httpPort = undefined;
      this.wellKnown = false;
      await receiver.close();
      await this.end();
      await this.directory?.sweep();
      await this.prune();
      this.notifier.flush();
      this.emit('captureChanged', this.state());
      return this.state();
    });
  }

  /** Newest first. */
  async list(): Promise<CaptureInfo[]> {
    const kept = (await this.directory?.list()) ?? [];
    // What another window leaves behind empty is gone with the next sweep, and no capture to anybody.
    return kept.filter(({ live, bytes }) => live || bytes > 0).map((capture) => this.info(capture));
  }

  clear(id: string | undefined): Promise<void> {
    return this.inTurn(async () => {
      const { directory, live } = this;
      if (!directory) return;
      if (live && (id === undefined || id === live.id)) {
        // The receiver goes on: what comes from now on belongs to a new log.
        this.live = await this.begin();
        await live.open.close(indexOf(live));
        this.intake.reset();
      }
      for (const capture of await directory.list()) {
        if ((id === undefined || id === capture.id) && capture.id !== this.live?.id) {
          await directory.delete(capture.id);
          this.loaded.delete(capture.id);
        }
      }
      if (id === undefined) this.datasets.delete(LOCAL_DATASET);
      else this.removeSpans(this.numberOf(id));
      this.notifier.flush();
      this.emit('captureChanged', this.state());
    });
  }

  load(id: string, work: Work): Promise<CaptureInfo> {
    return this.inTurn(async () => {
      const capture = (await this.directory?.list())?.find((one) => one.id === id);
      if (!capture) throw new SpanhopError('NotFound', `There is no capture ${id} any more.`);
      const info = this.info(capture);
      const inMemory = this.local.store.spansOf(this.numberOf(id));
      if (!info.loaded || inMemory < info.spans) await this.loadKept(capture, work);
      return this.info(capture);
    });
  }

  private get local(): Dataset {
    return this.datasets.getOrAdd(LOCAL_DATASET);
  }

  /** Reads a kept capture (or what left memory of the live one) into 'local'. Returns how many spans it holds. */
  private async loadKept(capture: KeptCapture, work: Work): Promise<number> {
    const number = this.numberOf(capture.id) || this.ids.push(capture.id);
    this.removeSpans(number);
    const own = this.live?.id === capture.id ? this.live : undefined;
    const services = new Set<string>();
    const before = this.local.store.traceCount;
    let spans = 0;
    const end = await loadLog({
      ...work,
      path: capture.path,
      name: capture.path,
      endAt: own?.log.bytes,
      strings: () => this.local.strings,
      take: (batch) => {
        spans += batch.count;
        this.local.store.add(batch, number);
        this.grew();
        for (const resource of batch.resources) services.add(batch.strings.get(resource.service));
      },
    });
    if (capture.logs) {
      const take = (records: readonly LogRecord[]): void => {
        this.local.logs.add(records, number);
        this.grew();
      };
      await loadRecords(capture.logs.path, take, work.signal);
    }
    this.loaded.add(capture.id);
    this.notifier.received(0);
    if (capture.live) return spans;
    if (end.tornBytes > 0 && (await this.directory?.cut(capture.id, end.wholeBytes))) {
      const message = `The last ${end.tornBytes} bytes of ${capture.path} were an unfinished request, never acknowledged; they were cut.`;
      this.emit('log', { level: 'warn', message });
    }
    if (capture.index?.bytes === end.wholeBytes) return spans;
    services.delete('');
    const { store } = this.local;
    const traces = store.left.traces > 0 ? (await countLog(capture.path)).traces : store.traceCount - before;
    await this.directory?.writeIndex(capture.id, { spans, traces, services: [...services], bytes: end.wholeBytes });
    return spans;
  }

  private removeSpans(number: number): void {
    if (number === 0) return;
    this.local.store.forgetEvicted(number);
    this.local.store.removeCapture(number);
    this.local.logs.removeCapture(number);
  }

  private async begin(): Promise<Live> {
    if (!this.directory)
      throw new SpanhopError('NotFound', 'No place for captures is known yet; open a folder or a window first.');
    await this.prune();
    const open = await this.directory.create();
    this.loaded.add(open.id);
    const number = this.ids.push(open.id);
    const { id, startedAt, log, logs } = open;
    return { id, startedAt, log, logs, open, number, services: new Set(), spans: 0, traces: 0 };
  }

  private async end(): Promise<void> {
    const { live } = this;
    this.live = undefined;
    if (live) await live.open.close(indexOf(live));
  }

  /** Writes the index and deletes the oldest captures over the limit. */
  private async tidy(): Promise<void> {
    await this.inTurn(async () => {
      const { live, directory } = this;
      if (live && directory && live.log.bytes > 0) await directory.writeIndex(live.id, indexOf(live));
      await this.prune();
    }).catch((error: unknown) => this.emit('log', { level: 'warn', message: textOf(error) }));
  }

  private isTooLong(live: Live): boolean {
    return live.open.bytes > this.limits().captureLogBytes / 2;
  }

  /** Begins a new log when the present one takes half of what all may take, so that there is an older one to delete. */
  private async rotate(): Promise<void> {
    this.rotating = true;
    try {
      // The new one may be too long as well by the time that it is there, and nobody asks again until the next request.
      while (await this.inTurn(() => this.beginAnother()));
    } catch (error) {
      this.emit('log', { level: 'warn', message: textOf(error) });
    }
    this.rotating = false;
  }

  private async beginAnother(): Promise<boolean> {
    const { live } = this;
    if (!live || !this.isTooLong(live) || !this.receiver) return false;
    this.live = await this.begin();
    await live.open.close(indexOf(live));
    await this.prune();
    this.emit('captureChanged', this.state());
    return true;
  }

  private async prune(): Promise<void> {
    const deleted = (await this.directory?.prune(this.limits().captureLogBytes)) ?? [];
    for (const id of deleted) this.loaded.delete(id);
    if (deleted.length > 0) {
      this.emit('log', {
        level: 'info',
        message: `${deleted.length} of the oldest captures were deleted: the logs were over their limit.`,
      });
    }
  }

  private async listenWellKnown(receiver: OtlpReceiver): Promise<void> {
    try {
      await receiver.listen(WELL_KNOWN_PORT);
      this.wellKnown = true;
      // Where programs resolve "localhost" to ::1 first. A machine without IPv6 is no matter.
      await receiver.listen(WELL_KNOWN_PORT, '::1').catch(() => {});
    } catch {
      const message = `Port ${WELL_KNOWN_PORT} is in use, perhaps by another window; programs that are launched here are captured all the same.`;
      this.emit('log', { level: 'info', message });
    }
  }

  /** Makes anew the indices that a crash left behind. */
  private async recount(kept: readonly KeptCapture[]): Promise<void> {
    let changed = false;
    for (const capture of kept) {
      if (capture.live || capture.index?.bytes === capture.bytes) continue;
      try {
        await this.directory?.writeIndex(capture.id, { ...(await countLog(capture.path)), bytes: capture.bytes });
        changed = true;
      } catch (error) {
        this.emit('log', { level: 'warn', message: `${capture.path} cannot be read: ${textOf(error)}` });
      }
    }
    if (changed) this.emit('captureChanged', this.state());
  }

  private info(capture: KeptCapture): CaptureInfo {
    const { id, startedAt, live, path, bytes } = capture;
    const index = this.live?.id === id ? indexOf(this.live) : capture.index;
    return {
      id,
      startedAt,
      live,
      path,
      bytes: this.live?.id === id ? this.live.open.bytes : bytes + (capture.logs?.bytes ?? 0),
      spans: index?.spans ?? 0,
      traces: index?.traces ?? 0,
      services: index?.services ?? [],
      // What was loaded may have left memory for later spans.
      loaded: this.loaded.has(id) && (!index?.spans || this.local.store.hasCapture(this.numberOf(id))),
    };
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.turn.then(work);
    this.turn = result.catch(() => {});
    return result;
  }
}

function indexOf(live: Live): CaptureIndex {
  return { spans: live.spans, traces: live.traces, services: [...live.services], bytes: live.log.bytes };
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
