/**
 * The capture's life: where logs are kept, starting and stopping the receiver, clearing, reading kept captures back. One capture is what came
 * between a start and a stop (or the moment when its log became too long and a new one began). What changes captures has one turn; reading a log,
 * which may take long, has its own, so that the receiver listens, stops and clears whatever is being read.
 */

import { SpanhopError, toErrorData } from '../../base/errors';
import { OneAtATime } from '../../base/limit';
import { CaptureDirectory, type KeptCapture } from '../../capture/directory/directory';
import { SpanStreams } from '../../capture/stream/spanStreams';
import type { CaptureInfo, CaptureState } from '../../protocol/capture';
import { LOCAL_DATASET, type TraceKey } from '../../protocol/traces';
import type { Dataset, Datasets } from '../store/dataset';
import { type Emit, Notifier } from '../store/notifier';
import { CaptureArchive } from './captureArchive';
import { CapturePorts, type ProtocolPort } from './capturePorts';
import { captureProtocols } from './captureProtocols';
import { stateOf } from './captureState';
import { DiskTrouble } from './diskTrouble';
import { HeardSessions } from './heardSessions';
import { Readings, type Work } from './readings';
import { Refusals } from './refusals';
import { RunningCapture } from './runningCapture';
import { Intake } from './spanIntake';

/** How often indices are written and limits are looked at while a capture runs. */
const TIDY_MS = 5_000;
const WATCH_MS = 30_000;

export interface CaptureLimits {
  readonly captureLogBytes: number;
}

export class CaptureService {
  readonly intake: Intake;
  private readonly notifier: Notifier;
  private directory: CaptureDirectory | undefined;
  private readonly protocols: readonly ProtocolPort[];
  private ports: CapturePorts | undefined;
  private readonly running: RunningCapture;
  private tidying: NodeJS.Timeout | undefined;
  private watching: NodeJS.Timeout | undefined;
  private readonly archive: CaptureArchive;
  private readonly readings = new Readings((id, work) => this.read(id, work));
  private restoring: Promise<void> | undefined;
  /** The place whose newest capture was read back. */
  private restored: string | undefined;
  /** The capture that is read back, though nobody asked for it just now. */
  private restoringId: string | undefined;
  private readonly trouble: DiskTrouble;
  private readonly refusals: Refusals;
  private readonly sessions = new HeardSessions((name, event) => this.emit(name, event));
  private readonly changes = new OneAtATime();

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
    this.refusals = new Refusals(
      emit,
      () => performance.now(),
      () => this.changed(),
    );
    this.trouble = new DiskTrouble(emit, () => this.changed());
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
    this.running = new RunningCapture({
      get directory() {
        return service.directory;
      },
      get receiving() {
        return service.ports !== undefined;
      },
      get limitBytes() {
        return limits().captureLogBytes;
      },
      emit,
      add: (id) => this.archive.add(id),
      prune: () => this.prune(),
      changed: () => this.changed(),
      inTurn: (work) => this.changes.run(work),
    });
    this.notifier = new Notifier(
      emit,
      () => datasets.get(LOCAL_DATASET)?.store,
      () => this.intake.counts,
      followed,
    );
    this.intake = new Intake({
      get current() {
        return service.running.current;
      },
      get dataset() {
        return service.local;
      },
      grew,
      disk: this.trouble,
      tellOnce: (where, message) => this.refusals.remark(where, message),
      heard: (session) => this.sessions.heard(session),
      tellLoss: (kind, message) => this.refusals.report(kind, message),
      follow: (ended, why) => this.running.follow(ended, why),
      get touched() {
        return service.notifier.collector;
      },
      received: (spans) => {
        this.notifier.received(spans);
        void this.running.rotate();
      },
    });
    this.protocols = captureProtocols(this.intake);
  }

  /** What requests that are being received have in memory. */
  get receivingBytes(): number {
    return this.ports?.openBytes ?? 0;
  }

  get isRunning(): boolean {
    return this.ports !== undefined;
  }

  state(): CaptureState {
    const { ports, intake, refusals, trouble } = this;
    return stateOf(ports, { counts: intake.counts, untaken: refusals.untaken, trouble: trouble.current });
  }

  /** After the settings changed. */
  applyLimits(): void {
    if (this.directory) void this.changes.run(() => this.prune()).catch(() => {});
  }

  /** Number of a capture in the store; 0 when none of its spans ever was there. */
  numberOf(id: string): number {
    return this.archive.numberOf(id);
  }

  /** When a capture began, epoch milliseconds, by its number in the store. */
  startOf(number: number): number | undefined {
    return this.archive.startOf(number);
  }

  /** Names the place of captures. Reads nothing but its list. */
  open(path: string): Promise<CaptureInfo[]> {
    return this.changes.run(async () => {
      this.directory = new CaptureDirectory(path, { deadThreads: this.deadThreads });
      await this.directory.sweep();
      this.notifier.received(0);
      const list = await this.list();
      this.watchOthers(list);
      return list;
    });
  }

  /** Reads the newest kept capture back, once for each place of captures. Resolves when that is over, also when it was stopped. */
  restore(begin: boolean, work: Work): Promise<void> {
    const { directory } = this;
    if (!begin || !directory || this.restored === directory.path) return this.restoring ?? Promise.resolve();
    this.restored = directory.path;
    const restoring = this.readNewest(directory, work).finally(() => {
      this.restoring = undefined;
      this.restoringId = undefined;
    });
    this.restoring = restoring;
    return restoring;
  }

  /** Ends what is being read. What was not read to its end is not in memory then. */
  stopReading(): Promise<void> {
    return this.readings.stop();
  }

  start(wellKnownPort: boolean, port = 0): Promise<CaptureState> {
    return this.changes.run(async () => {
      const ports = this.ports ?? (await this.begin(port));
      if (wellKnownPort) await ports.openRegistered();
      this.changed();
      return this.state();
    });
  }

  stop(): Promise<CaptureState> {
    return this.changes.run(async () => {
      const { ports } = this;
      if (!ports) return this.state();
      clearInterval(this.tidying);
      this.ports = undefined;
      await ports.close();
      await this.running.end();
      await this.directory?.sweep();
      await this.prune();
      this.trouble.end();
      this.notifier.flush();
      this.changed();
      return this.state();
    });
  }

  /** Newest first. */
  async list(): Promise<CaptureInfo[]> {
    const kept = (await this.directory?.list()) ?? [];
    // What another window leaves behind empty is gone with the next sweep, and no capture to anybody.
    return kept.filter(({ live, allBytes }) => live || allBytes > 0).map((capture) => this.info(capture));
  }

  /** Deletes one capture or all, of disk and memory. What is acknowledged from now on stays, in a new log. */
  clear(id: string | undefined): Promise<void> {
    return this.changes.run(async () => {
      const { directory, running } = this;
      if (!directory) return;
      const { current } = running;
      const forgetAll = (): void => {
        this.datasets.delete(LOCAL_DATASET);
        this.intake.reset();
      };
      if (current && (id === undefined || id === current.id)) {
        // The receiver goes on: what comes from now on belongs to a new log.
        await running.clear(id === undefined ? forgetAll : () => this.intake.reset());
      } else if (id === undefined) {
        forgetAll();
      }
      await this.readings.stop(id);
      for (const capture of await directory.list()) {
        if ((id !== undefined && id !== capture.id) || capture.id === running.current?.id) continue;
        await directory.delete(capture.id);
        this.archive.forget(capture.id);
      }
      // What somebody began to read meanwhile.
      await this.readings.stop(id);
      const kept = running.current?.number;
      for (const number of id === undefined ? this.archive.numbers() : [this.numberOf(id)])
        if (number !== kept) await this.archive.removeSpans(number);
      this.notifier.flush();
      this.changed();
    });
  }

  async load(id: string, work: Work): Promise<CaptureInfo> {
    const info = await this.find(id);
    const inMemory = this.local.store.spansOf(this.numberOf(id));
    if (info.loaded && inMemory >= info.spans && !this.readings.has(id)) return info;
    await this.readings.get(id, work);
    return this.find(id);
  }

  private async find(id: string): Promise<CaptureInfo> {
    return this.info(await this.kept(id));
  }

  private async kept(id: string): Promise<KeptCapture> {
    const capture = (await this.directory?.list())?.find((one) => one.id === id);
    if (!capture) throw new SpanhopError('NotFound', `There is no capture ${id} any more.`);
    return capture;
  }

  private get local(): Dataset {
    return this.datasets.getOrAdd(LOCAL_DATASET);
  }

  private async begin(port: number): Promise<CapturePorts> {
    await this.running.begin();
    const ports = new CapturePorts(this.protocols, {
      emit: this.emit,
      tell: (kind, message) => this.refusals.report(kind, message),
      streams: new SpanStreams(this.intake, (message) => this.refusals.report('part', message)),
      inTurn: (work) => this.changes.run(work),
      changed: () => this.changed(),
    });
    try {
      await ports.openOwn(port);
    } catch (error) {
      await this.running.end();
      throw error;
    }
    this.ports = ports;
    this.intake.reset();
    this.refusals.begin();
    this.tidying = setInterval(() => void this.tidy(), TIDY_MS);
    this.tidying.unref();
    return ports;
  }

  private read(id: string, work: Required<Work>): Promise<number> {
    this.changed();
    return this.readKept(id, work).finally(() => {
      this.notifier.received(0);
      this.changed();
    });
  }

  /** Reads one capture. The running one only as far as it is in memory: what comes meanwhile is there. */
  private async readKept(id: string, work: Required<Work>): Promise<number> {
    const capture = await this.kept(id);
    const { current } = this.running;
    return this.archive.load(capture, {
      ...work,
      running: current?.id === id ? current : undefined,
      leavesFirst: this.restoringId === id,
    });
  }

  /** The newest in which there are spans: one that ended before anything came says nothing of what was looked at last. */
  private async readNewest(directory: CaptureDirectory, { progress }: Work): Promise<void> {
    const all = await directory.list().catch((error: unknown) => {
      this.restored = undefined;
      throw error;
    });
    const others = all.filter((capture) => !capture.live && capture.allBytes > 0);
    for (const capture of others) {
      this.restoringId = capture.id;
      try {
        if ((await this.readings.get(capture.id, { progress })) > 0) break;
      } catch (error) {
        // What was stopped is not read for its counts either.
        if (toErrorData(error).kind === 'Cancelled') return;
        this.archive.unreadable(capture, error);
      }
    }
    void this.recount(others.filter(({ id }) => !this.archive.isLoaded(id)));
  }

  /** Writes the index and deletes the oldest captures over the limit. */
  private async tidy(): Promise<void> {
    await this.changes
      .run(async () => {
        const { directory } = this;
        if (directory) await this.trouble.look((bytes) => directory.probe(bytes));
        await this.running.writeIndex();
        await this.prune();
      })
      .catch((error: unknown) => this.emit('log', { level: 'warn', message: toErrorData(error).message }));
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

  /** Looks now and then whether captures of other windows still run: how that ends is told by nobody else. */
  private watchOthers(list: readonly CaptureInfo[]): void {
    clearTimeout(this.watching);
    const others = list.filter(({ live, id }) => live && id !== this.running.current?.id);
    if (others.length === 0) return;
    this.watching = setTimeout(async () => {
      const now = await this.list().catch(() => list);
      this.watchOthers(now);
      if (others.some(({ id }) => now.every((one) => one.id !== id || !one.live))) this.changed();
    }, WATCH_MS);
    this.watching.unref();
  }

  private async recount(kept: readonly KeptCapture[]): Promise<void> {
    if (await this.archive.recount(kept)) this.changed();
  }

  private info(capture: KeptCapture): CaptureInfo {
    const { id, startedAt, live, path, aside } = capture;
    const isRunning = this.running.current?.id === id;
    const index = isRunning ? this.running.index : capture.index;
    const { damage } = capture.index ?? {};
    return {
      id,
      startedAt,
      live,
      path,
      bytes: isRunning ? this.running.bytes : capture.allBytes,
      spans: index?.spans ?? 0,
      traces: index?.traces ?? 0,
      services: index?.services ?? [],
      // What was loaded may have left memory for later spans.
      loaded: this.archive.isLoaded(id) && (!index?.spans || this.local.store.hasCapture(this.numberOf(id))),
      ...(this.readings.has(id) ? { reading: true } : {}),
      ...(damage || aside.paths.length > 0 ? { damage: { parts: 0, bytes: aside.bytes, ...damage, files: aside.paths } } : {}),
    };
  }

  private changed(): void {
    this.emit('captureChanged', this.state());
  }
}
