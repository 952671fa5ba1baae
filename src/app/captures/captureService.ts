/**
 * The capture of this window: whether it runs, on which port, what came. Whether it ran is remembered, so that it runs again after a
 * reload of the window. Starts the engine only when there is something to do.
 */

import { readdir } from 'node:fs/promises';
import { type Disposable, Disposables } from '../../base/disposables';
import { Emitter } from '../../base/emitter';
import { OneAtATime } from '../../base/limit';
import type {
  CaptureCounts,
  CaptureFormat,
  CaptureInfo,
  CaptureRecords,
  CaptureState,
  ExportedCapture,
} from '../../protocol/capture';
import type { EngineEvents } from '../../protocol/engine';
import type { CallOptions } from '../../protocol/rpc';
import type { EngineService } from '../engine/engineService';
import type { Memento } from '../ports/memento';
import type { Settings } from '../settings/settings';
import { type CaptureToken, reachableHost, variablesForOthers } from './captureToken';
import type { ForwardNotes } from './forwardNotes';

const runningKey = 'capture.running';
const comparedKey = 'capture.compared';
const noCounts: CaptureCounts = { spans: 0, traces: 0, rejected: 0, metricRequests: 0, logRequests: 0 };

export class CaptureService implements Disposable {
  private readonly disposables = new Disposables();
  private readonly changed = this.disposables.own(new Emitter<CaptureState>());
  private readonly received = this.disposables.own(new Emitter<EngineEvents['captured']>());
  /** Starting, stopping and clearing happen in the order in which they were asked for. */
  private readonly turns = new OneAtATime();
  private memoryMessage: string | undefined;
  private current: CaptureState = { running: false, registered: [], counts: noCounts };
  private readonly heard = this.disposables.own(new Emitter<string>());
  private silentNotes: readonly string[] = [];
  private forwardNotes: ForwardNotes = { line: undefined, notes: [] };
  /** Running, port, counts, or what is said of memory and of silent sessions changed. */
  readonly onDidChange = this.changed.event;
  readonly onDidReceive = this.received.event;
  /** The id of a debug session whose first spans came. */
  readonly onDidHear = this.heard.event;

  constructor(
    private readonly engine: Pick<
      EngineService,
      | 'call'
      | 'started'
      | 'reconfigure'
      | 'capturesListed'
      | 'capturesOpened'
      | 'onDidChangeCapture'
      | 'onDidCapture'
      | 'onDidHearSession'
      | 'onDidChangeMemory'
      | 'onDidRestart'
    >,
    private readonly settings: Pick<Settings, 'capture'>,
    private readonly memento: Memento,
    /** Where captures' logs are kept. */
    private readonly directory: string,
    private readonly token: CaptureToken,
  ) {
    this.disposables.add(
      engine.onDidChangeCapture((state) => this.update(state)),
      engine.onDidCapture((event) => {
        this.current = { ...this.current, counts: event.counts };
        this.received.fire(event);
        this.changed.fire(this.current);
      }),
      engine.onDidHearSession(({ session }) => this.heard.fire(session)),
      engine.onDidChangeMemory(({ message }) => this.noteMemory(message)),
      engine.onDidRestart(() => this.noteMemory(undefined)),
    );
  }

  /** A sentence, while captured traces are not in memory that were: the same in all views. */
  get leftMemory(): string | undefined {
    return this.memoryMessage;
  }

  /** How forwarding goes. */
  get forwarded(): ForwardNotes {
    return this.forwardNotes;
  }

  tellForwarding(notes: ForwardNotes): void {
    if (JSON.stringify(notes) === JSON.stringify(this.forwardNotes)) return;
    this.forwardNotes = notes;
    this.changed.fire(this.current);
  }

  /** Sentences on debug sessions that have sent nothing. */
  get silent(): readonly string[] {
    return this.silentNotes;
  }

  tellSilent(notes: readonly string[]): void {
    this.silentNotes = notes;
    this.changed.fire(this.current);
  }

  get state(): CaptureState {
    return this.current;
  }

  /** Endpoint for `OTEL_EXPORTER_OTLP_ENDPOINT`; undefined while stopped. */
  get endpoint(): string | undefined {
    return this.current.httpPort === undefined ? undefined : `http://127.0.0.1:${this.current.httpPort}`;
  }

  /** Ports that listen now. */
  get ports(): readonly number[] {
    const { httpPort, registered } = this.current;
    const own = registered.filter(({ holder }) => holder === 'here').map(({ port }) => port);
    return httpPort === undefined ? [] : [httpPort, ...own];
  }

  /** Variables for a program on another machine, with the token; undefined while none may send. */
  async variablesForOthers(): Promise<string | undefined> {
    const { httpPort, foreignHost } = this.current;
    if (httpPort === undefined || foreignHost === undefined) return undefined;
    return variablesForOthers(reachableHost(foreignHost), httpPort, await this.token.get());
  }

  /** Makes another token: programs that have the one before are let in no more. */
  async renewToken(): Promise<void> {
    await this.token.renew();
    if (this.current.running) await this.start();
  }

  /** Starts the receiver; while it runs, answers its state. */
  start(): Promise<CaptureState> {
    return this.turns.run(async () => {
      const { wellKnownPort, zipkinPort, port, host } = this.settings.capture;
      const foreign = host === undefined ? undefined : { host, token: await this.token.get() };
      await this.engine.capturesListed();
      const state = await this.engine.call('startCapture', {
        ...{ wellKnownPort, zipkinPort, foreign },
        port: port === 0 ? undefined : port,
      });
      this.update(state);
      // What fails is told by the engine, and again to who asks for traces.
      this.engine.capturesOpened().catch(() => {});
      await this.memento.update(runningKey, true);
      return state;
    });
  }

  stop(): Promise<void> {
    return this.turns.run(async () => {
      await this.memento.update(runningKey, undefined);
      if (!this.engine.started) return;
      this.update(await this.engine.call('stopCapture', {}));
    });
  }

  /** Deletes one capture, or all. */
  clear(capture?: string): Promise<void> {
    return this.turns.run(async () => {
      await this.engine.capturesListed();
      await this.engine.call('clearCapture', { capture });
      this.update(await this.engine.call('captureState', {}));
    });
  }

  /** Captures, live and kept. */
  async list(): Promise<readonly CaptureInfo[]> {
    await this.engine.capturesListed();
    return this.engine.call('captures', {});
  }

  /** The last log records of a capture. */
  async records(capture: string): Promise<CaptureRecords> {
    await this.engine.capturesListed();
    return this.engine.call('captureRecords', { capture }, { timeoutMs: 0 });
  }

  /** Names a capture (an empty name is none), or keeps it whatever the limits say. */
  async describe(capture: string, about: { readonly name?: string; readonly pinned?: boolean }): Promise<CaptureInfo> {
    await this.engine.capturesListed();
    return this.engine.call('describeCapture', { capture, ...about });
  }

  /** Writes a capture to a file on this machine, with redaction applied. */
  export(
    capture: string,
    { format, path }: { readonly format: CaptureFormat; readonly path: string },
    { signal, onProgress }: Pick<CallOptions, 'signal' | 'onProgress'>,
  ): Promise<ExportedCapture> {
    return this.engine.call('exportCapture', { capture, format, path }, { timeoutMs: 0, signal, onProgress });
  }

  /** Id of the capture that others are compared with; undefined: the one before. */
  get compared(): string | undefined {
    return comparedWith(this.memento).compareWith;
  }

  async compare(capture: string | undefined): Promise<void> {
    await this.memento.update(comparedKey, capture);
    await this.engine.reconfigure();
    this.changed.fire(this.current);
  }

  load(capture: string): Promise<CaptureInfo> {
    return this.engine.call('loadCapture', { capture }, { timeoutMs: 0 });
  }

  /** Ends what is being read of kept captures. */
  async stopReading(): Promise<void> {
    if (this.engine.started) await this.engine.call('stopReadingCaptures', {});
  }

  /** What a window does when it opens: capture again if it did, or if the setting says so; look at kept captures if there are any. */
  async resume(): Promise<void> {
    if (this.memento.get(runningKey) === true || this.settings.capture.autoStart) {
      await this.start();
    } else if (await hasEntries(this.directory)) {
      await this.engine.capturesOpened();
    }
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private noteMemory(message: string | undefined): void {
    if (message === this.memoryMessage) return;
    this.memoryMessage = message;
    this.changed.fire(this.current);
  }

  private update(state: CaptureState): void {
    this.current = state;
    this.changed.fire(state);
  }
}

/** Setting of the engine: which capture a person chose to compare others with. */
export function comparedWith(memento: Memento): { readonly compareWith?: string } {
  const id = memento.get(comparedKey);
  return typeof id === 'string' ? { compareWith: id } : {};
}

async function hasEntries(directory: string): Promise<boolean> {
  try {
    return (await readdir(directory)).length > 0;
  } catch {
    return false;
  }
}
