/**
 * The capture's life: where logs are kept, starting and stopping the receiver, clearing, loading kept captures. One capture is what came
 * between a start and a stop (or the moment when its log became too long and a new one began).
 */

import { SpanhopError } from '../../base/errors';
import { CaptureDirectory, type CaptureIndex, type KeptCapture, type OpenCapture } from '../../capture/directory/directory';
import { OtlpReceiver } from '../../capture/listen/receiver';
import type { LogFailure } from '../../capture/log/diskFailure';
import type { CaptureInfo, CaptureState } from '../../protocol/capture';
import { LOCAL_DATASET, type TraceKey } from '../../protocol/traces';
import { type Emit, Notifier } from '../notifier';
import type { Dataset, Datasets } from '../store/dataset';
import { CaptureArchive, type Work } from './captureArchive';
import { DiskTrouble } from './diskTrouble';
import { Refusals } from './refusals';
import { type CurrentCapture, Intake } from './spanIntake';

/** OTLP/HTTP's registered port. Source: IANA service names; OpenTelemetry Protocol specification, "OTLP/HTTP Default Port". */
const WELL_KNOWN_PORT = 4318;
/** How often indices are written and limits are looked at while a capture runs. */
const TIDY_MS = 5_000;

export interface CaptureLimits {
  readonly captureLogBytes: number;
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
  private readonly archive: CaptureArchive;
  private readonly trouble: DiskTrouble;
  private readonly refusals: Refusals;
  /** One change of the capture at a time. */
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly datasets: Datasets,
    private readonly emit: Emit,
    private readonly limits: () => CaptureLimits,
    private readonly deadThreads: readonly number[],
    /** Spans or log records came, or were taken out: the ledger may have to make room. */
    grew: () => void,
    /** Traces of which somebody is told whenever they change. */
    followed: () => readonly TraceKey[],
  ) {
    const service = this;
    this.refusals = new Refusals(emit);
    this.trouble = new DiskTrouble(emit, () => emit('captureChanged', this.state()));
    this.archive = new CaptureArchive({
      get directory() {
        return service.directory;
      },
      get dataset() {
        return service.local;
      },
      emit,
      grew,
    });
    this.notifier = new Notifier(
      emit,
      () => datasets.get(LOCAL_DATASET)?.store,
      () => this.intake.counts,
      followed,
    );
    this.intake = new Intake({
      get current() {
        return service.live;
      },
      get dataset() {
        return service.local;
      },
      grew,
      disk: this.trouble,
      refusals: this.refusals,
      follow: (ended, why) => this.follow(ended, why),
      get touched() {
        return service.notifier.collector;
      },
      received: (spans) => {
        this.notifier.received(spans);
        if (this.live && this.isTooLong(this.live) && !this.rotating) void this.rotate();
      },
    });
  }

  /** What requests that are being received have in memory. */
  get receivingBytes(): number {
    return this.receiver?.openBytes ?? 0;
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
      ...(this.trouble.current === undefined ? {} : { trouble: this.trouble.current }),
    };
  }

  /** After the settings changed. */
  applyLimits(): void {
    if (this.directory) void this.inTurn(() => this.prune()).catch(() => {});
  }

  /** Number of a capture in the store; 0 when none of its spans ever was there. */
  numberOf(id: string): number {
    return this.archive.numberOf(id);
  }

  /** When a capture began, epoch milliseconds, by its number in the store. */
  startOf(number: number): number | undefined {
    return this.archive.startOf(number);
  }

  open(path: string, load: 'none' | 'newest', work: Work): Promise<CaptureInfo[]> {
    return this.inTurn(async () => {
      this.directory = new CaptureDirectory(path, this.deadThreads);
      await this.directory.sweep();
      const others = (await this.directory.list()).filter((capture) => !capture.live);
      if (load === 'newest') await this.archive.loadNewest(others, work);
      this.notifier.received(0);
      void this.recount(others.filter(({ id }) => !this.archive.isLoaded(id)));
      return this.list();
    });
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
        this.refusals.begin();
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
      this.trouble.end();
      this.notifier.flush();
      this.emit('captureChanged', this.state());
      return this.state();
    });
  }

  /** Newest first. */
  async list(): Promise<CaptureInfo[]> {
    const kept = (await this.directory?.list()) ?? [];
    // What another window leaves behind empty is gone with the next sweep, and no capture to anybody.
    return kept.filter(({ live, allBytes }) => live || allBytes > 0).map((capture) => this.info(capture));
  }

  clear(id: string | undefined): Promise<void> {
    return this.inTurn(async () => {
      const { directory, live } = this;
      if (!directory) return;
      if (live && (id === undefined || id === live.id)) {
        // The receiver goes on: what comes from now on belongs to a new log.
        this.live = await this.begin();
        await this.close(live);
        this.intake.reset();
      }
      for (const capture of await directory.list()) {
        if ((id === undefined || id === capture.id) && capture.id !== this.live?.id) {
          await directory.delete(capture.id);
          this.archive.forget(capture.id);
        }
      }
      if (id === undefined) this.datasets.delete(LOCAL_DATASET);
      else await this.archive.removeSpans(this.numberOf(id));
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
      if (!info.loaded || inMemory < info.spans) {
        const own = this.live?.id === id ? this.live.open : undefined;
        await this.archive.load(capture, own && { bytes: own.log.bytes, recordBytes: own.recordBytes }, work);
        this.notifier.received(0);
      }
      return this.info((await this.directory?.list())?.find((one) => one.id === id) ?? capture);
    });
  }

  private get local(): Dataset {
    return this.datasets.getOrAdd(LOCAL_DATASET);
  }

  private async begin(): Promise<Live> {
    if (!this.directory)
      throw new SpanhopError('NotFound', 'No place for captures is known yet; open a folder or a window first.');
    // What keeps the old ones from being listed keeps a new one from being made, and that says more.
    await this.prune().catch((error: unknown) => this.emit('log', { level: 'warn', message: textOf(error) }));
    const open = await this.directory.create();
    const number = this.archive.add(open.id);
    const { id, startedAt, log, logs } = open;
    return { id, startedAt, log, logs, open, number, services: new Set(), spans: 0, traces: 0 };
  }

  private async end(): Promise<void> {
    const { live } = this;
    this.live = undefined;
    if (live) await this.close(live);
  }

  /** What could not be closed was appended all the same. */
  private async close(live: Live): Promise<void> {
    await live.open
      .close(() => indexOf(live))
      .catch((error: unknown) => this.emit('log', { level: 'warn', message: textOf(error) }));
  }

  /** Begins a new log in place of one that was deleted or changed by another. Resolves with whether there is one to write to. */
  private follow(ended: CurrentCapture, why: LogFailure): Promise<boolean> {
    return this.inTurn(async () => {
      const { live } = this;
      if (live !== ended || why.ended !== 'lost') return live !== undefined && live !== ended;
      // While it stops, programs are told to come again.
      if (!this.receiver) return false;
      this.live = await this.begin();
      await this.close(live);
      const message = `${why.message} Traces captured before are in memory only, as far as the log was deleted; capturing goes on in a new log.`;
      this.emit('notice', { key: `capture.lost:${live.id}`, level: 'warning', message });
      this.emit('log', { level: 'warn', message });
      this.emit('captureChanged', this.state());
      return true;
    });
  }

  /** Writes the index and deletes the oldest captures over the limit. */
  private async tidy(): Promise<void> {
    await this.inTurn(async () => {
      const { live, directory } = this;
      if (directory) await this.trouble.look((bytes) => directory.probe(bytes));
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
    await this.close(live);
    await this.prune();
    this.emit('captureChanged', this.state());
    return true;
  }

  private async prune(): Promise<void> {
    const deleted = (await this.directory?.prune(this.limits().captureLogBytes)) ?? [];
    for (const id of deleted) this.archive.forget(id);
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

  private async recount(kept: readonly KeptCapture[]): Promise<void> {
    if (await this.archive.recount(kept)) this.emit('captureChanged', this.state());
  }

  private info(capture: KeptCapture): CaptureInfo {
    const { id, startedAt, live, path, aside } = capture;
    const index = this.live?.id === id ? indexOf(this.live) : capture.index;
    const { damage } = capture.index ?? {};
    return {
      id,
      startedAt,
      live,
      path,
      bytes: this.live?.id === id ? this.live.open.bytes : capture.allBytes,
      spans: index?.spans ?? 0,
      traces: index?.traces ?? 0,
      services: index?.services ?? [],
      // What was loaded may have left memory for later spans.
      loaded: this.archive.isLoaded(id) && (!index?.spans || this.local.store.hasCapture(this.numberOf(id))),
      ...(damage || aside.paths.length > 0 ? { damage: { parts: 0, bytes: aside.bytes, ...damage, files: aside.paths } } : {}),
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
