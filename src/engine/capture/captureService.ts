/**
 * The capture's life: where logs are kept, starting and stopping the receiver, clearing, reading kept captures back. One capture is what a session
 * sent, or what came without one between a start and a stop (or up to the moment when its log became too long and a new one began). What changes
 * captures has one turn; reading a log, which may take long, has its own, so that the receiver listens, stops and clears whatever is being read.
 */

import { SpanhopError, toErrorData } from '../../base/errors';
import { OneAtATime } from '../../base/limit';
import { type CaptureAbout, parseAbout } from '../../capture/directory/captureAbout';
import { CaptureDirectory } from '../../capture/directory/directory';
import type { KeptCapture } from '../../capture/directory/keptCapture';
import { SpanStreams } from '../../capture/stream/spanStreams';
import type { CaptureInfo, CaptureStart, CaptureState, ExportedCapture, SessionAbout } from '../../protocol/capture';
import { LOCAL_DATASET, type TraceKey } from '../../protocol/traces';
import { LiveCaptures } from '../live/liveCaptures';
import type { StoredRedactor } from '../redact/storedRedactor';
import type { Dataset, Datasets } from '../store/dataset';
import { type Emit, Notifier } from '../store/notifier';
import { CaptureArchive } from './captureArchive';
import { type CaptureExport, exportCapture } from './captureExport';
import { infoOf } from './captureInfo';
import { type CaptureLimits, pruneCaptures } from './captureLimits';
import { CapturePorts } from './capturePorts';
import { captureProtocol, registeredPorts } from './captureProtocols';
import { stateOf } from './captureState';
import { DiskTrouble } from './diskTrouble';
import { Forwarding } from './forwarding';
import { HeardSessions } from './heardSessions';
import { OtherWindows } from './otherWindows';
import { Readings, type Work } from './readings';
import { Refusals } from './refusals';
import { Restoring } from './restoring';
import { RunningCaptures } from './runningCaptures';
import { Intake } from './spanIntake';

/** How often indices are written and limits are looked at while a capture runs. */
const TIDY_MS = 5_000;

export class CaptureService {
  readonly intake: Intake;
  readonly live: LiveCaptures;
  readonly forwarding: Forwarding;
  private readonly notifier: Notifier;
  private directory: CaptureDirectory | undefined;
  private ports: CapturePorts | undefined;
  readonly running: RunningCaptures;
  private tidying: NodeJS.Timeout | undefined;
  readonly archive: CaptureArchive;
  private readonly readings = new Readings((id, work) => this.read(id, work));
  private readonly restoring: Restoring;
  private readonly trouble: DiskTrouble;
  private readonly refusals: Refusals;
  private readonly sessions = new HeardSessions((name, event) => this.emit(name, event));
  private readonly changes = new OneAtATime();
  private readonly others = new OtherWindows(
    () => this.list(),
    (id) => this.running.get(id) !== undefined,
    () => this.changed(),
  );

  constructor(
    private readonly datasets: Datasets,
    private readonly emit: Emit,
    private readonly limits: () => CaptureLimits,
    private readonly deadThreads: readonly number[],
    /** Spans or log records came, or were taken out: the ledger may have to make room. */
    grew: () => void,
    /** Traces of which somebody is told whenever they change. */
    followed: () => readonly TraceKey[],
    /** What hides secrets before anything is stored; undefined: all is stored as it comes. */
    redactor: () => StoredRedactor | undefined,
  ) {
    const service = this;
    this.live = new LiveCaptures(datasets, emit, followed, {
      directory: () => this.directory,
      capturing: () => this.isRunning,
      captureOf: (session) => this.idOfSession(session),
      changed: () => this.notifier.received(0),
    });
    this.forwarding = new Forwarding(emit);
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
    this.restoring = new Restoring(this.readings, {
      unreadable: (capture, error) => this.archive.unreadable(capture, error),
      recount: async (others) => {
        if (await this.archive.recount(others.filter(({ id }) => !this.archive.isLoaded(id)))) this.changed();
      },
    });
    this.running = new RunningCaptures({
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
      number: (id) => this.archive.number(id),
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
      get capturing() {
        return service.running.current !== undefined;
      },
      take: (session) => this.running.take(session),
      get redactor() {
        return redactor();
      },
      get dataset() {
        return service.local;
      },
      grew,
      programs: this.live.programs,
      disk: this.trouble,
      tellOnce: (where, message) => this.refusals.remark(where, message),
      heard: (session) => this.sessions.heard(session),
      tellLoss: (kind, message) => this.refusals.report(kind, message),
      follow: (ended, why) => this.running.follow(ended, why),
      forward: this.forwarding,
      get touched() {
        return service.notifier.collector;
      },
      received: (spans) => {
        this.notifier.received(spans);
        void this.running.rotate();
      },
    });
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
      this.others.watch(list);
      return list;
    });
  }

  /** Reads the newest kept captures back, once for each place of captures. Resolves when that is over, also when it was stopped. */
  restore(begin: boolean, work: Work): Promise<void> {
    return this.restoring.restore(begin, this.directory, work);
  }

  /** Ends what is being read. What was not read to its end is not in memory then. */
  stopReading(): Promise<void> {
    return this.readings.stop();
  }

  start(wanted: CaptureStart): Promise<CaptureState> {
    return this.changes.run(async () => {
      const ports = this.ports ?? (await this.begin(wanted));
      ports.admit(wanted.foreign);
      await ports.openRegistered(registeredPorts(wanted));
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
      await this.live.records.write();
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
      const forgetAll = (): void => {
        this.datasets.delete(LOCAL_DATASET);
        this.intake.reset();
      };
      if (running.current && (id === undefined || running.get(id))) {
        // The receiver goes on: what comes from now on belongs to a new log.
        await running.clear(id, id === undefined ? forgetAll : () => this.intake.reset());
      } else if (id === undefined) {
        forgetAll();
      }
      await this.readings.stop(id);
      for (const capture of await directory.list()) {
        if ((id !== undefined && id !== capture.id) || running.get(capture.id)) continue;
        await directory.delete(capture.id);
        this.archive.forget(capture.id);
      }
      // What somebody began to read meanwhile.
      await this.readings.stop(id);
      for (const number of id === undefined ? this.archive.numbers() : [this.numberOf(id)])
        if (!running.hasNumber(number)) await this.archive.removeSpans(number);
      this.notifier.flush();
      this.changed();
    });
  }

  /** A session is about to begin, or more is known of it: what its capture is called. */
  async beginSession(session: string, about: SessionAbout): Promise<void> {
    this.running.sessions.announce(session, about);
    const id = this.running.idOf(session);
    if (id !== undefined) await this.describe(id, about).catch(() => {});
  }

  endSession(session: string): void {
    this.running.sessions.end(session);
  }

  /** Id of the capture of a session; undefined while nothing of it came. */
  idOfSession(session: string): string | undefined {
    return this.running.idOf(session);
  }

  /** Changes what a person sees of a capture. Rejects with `NotFound` where it is gone. */
  async describe(id: string, about: Partial<CaptureAbout>): Promise<CaptureInfo> {
    const kept = await this.kept(id);
    await this.directory?.writeBeside(id, 'about', parseAbout({ ...kept.about, ...about }));
    this.changed();
    return this.find(id);
  }

  /** Writes a capture to a file; one that runs, as far as it is by now. */
  async export(id: string, given: Omit<CaptureExport, 'capture' | 'endAt'>): Promise<ExportedCapture> {
    const running = this.running.get(id);
    const endAt = running && { spans: running.keptTo, records: running.recordsKeptTo };
    return exportCapture({ ...given, capture: await this.kept(id), endAt });
  }

  async load(id: string, work: Work): Promise<CaptureInfo> {
    const info = await this.find(id);
    const inMemory = this.local.store.spansOf(this.numberOf(id));
    const { spans = 0 } = this.running.indexOf(id) ?? (await this.kept(id)).index ?? {};
    if (info.loaded && inMemory >= spans && !this.readings.has(id)) return info;
    await this.readings.get(id, work);
    return this.find(id);
  }

  private async find(id: string): Promise<CaptureInfo> {
    return this.info(await this.kept(id));
  }

  async kept(id: string): Promise<KeptCapture> {
    const capture = await this.directory?.find(id);
    if (!capture) throw new SpanhopError('NotFound', `There is no capture ${id} any more.`);
    return capture;
  }

  private get local(): Dataset {
    return this.datasets.getOrAdd(LOCAL_DATASET);
  }

  private async begin({ port = 0, foreign }: CaptureStart): Promise<CapturePorts> {
    await this.running.begin((await this.directory?.list().catch(() => [])) ?? []);
    const ports = new CapturePorts(captureProtocol(this.intake), {
      emit: this.emit,
      tell: (kind, message) => this.refusals.report(kind, message),
      streams: new SpanStreams(this.intake, (message) => this.refusals.report('part', message)),
      inTurn: (work) => this.changes.run(work),
      leaves: (port) => this.forwarding.leaves(port),
      changed: () => this.changed(),
    });
    ports.admit(foreign);
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
    await this.live.records.read(id);
    return this.archive.load(capture, {
      ...work,
      running: this.running.get(id),
      leavesFirst: this.restoring.isReading(id),
    });
  }

  /** Writes the index and deletes the oldest captures over the limit. */
  private async tidy(): Promise<void> {
    await this.changes
      .run(async () => {
        const { directory } = this;
        if (directory) await this.trouble.look((bytes) => directory.probe(bytes));
        await this.running.closeOver();
        await this.running.writeIndices();
        await this.live.records.write();
        await this.prune();
      })
      .catch((error: unknown) => this.emit('log', { level: 'warn', message: toErrorData(error).message }));
  }

  private async prune(): Promise<void> {
    if (!this.directory) return;
    const isShown = (id: string): boolean => this.archive.isLoaded(id) && this.local.store.hasCapture(this.numberOf(id));
    const deleted = await pruneCaptures(this.directory, this.limits(), isShown, this.emit);
    for (const id of deleted) this.archive.forget(id);
    if (deleted.length > 0) this.changed();
  }

  private info(capture: KeptCapture): CaptureInfo {
    const { archive, running, readings } = this;
    const isInMemory = archive.isLoaded(capture.id) && this.local.store.hasCapture(this.numberOf(capture.id));
    return infoOf(capture, { archive, running, isInMemory, isRead: readings.has(capture.id) });
  }

  changed(): void {
    this.emit('captureChanged', this.state());
  }
}
