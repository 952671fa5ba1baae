/**
 * The engine as the extension host sees it: a worker thread behind typed calls and events. When the worker dies (out of memory, a defect
 * of ours) a new one takes its place with the same settings, the same capture directory and, if a capture ran, the same port, so that
 * programs that were launched with it keep on being captured; what was under way is refused with a sentence that says so. Files and
 * backends' answers are gone with the old worker: `onRestart` tells who opened them. A worker that hangs is ended and replaced alike, and
 * a person is told; what held it is not repeated without end (`hangs.ts`).
 */

import { Worker } from 'node:worker_threads';
import { abortable } from '../base/abortable';
import { Emitter } from '../base/emitter';
import { cancelled, SpanhopError, toErrorData } from '../base/errors';
import { Slices } from '../base/slices';
import { visibleText } from '../core/text/visibleText';
import type { EngineEvents, EngineMethods } from '../protocol/engine';
import { unpacked } from '../protocol/packedAnswers';
import { type CallOptions, Connection, type EventHandlers, type Params, type Result } from '../protocol/rpc';
import { type HangPlan, Hangs } from './hangs';
import { newBeats, Watchdog, type WatchOptions } from './watchdog';
import type { EngineWorkerData } from './workerData';
import { workerPort } from './workerPort';

export interface EngineClientOptions {
  /** `dist/engine.js`. */
  readonly workerPath: string;
  readonly onLog: (level: 'info' | 'warn' | 'error', message: string) => void;
  /** Megabytes of JavaScript heap; columns and value bytes are outside of it. */
  readonly maxHeapMb?: number;
  /** How a worker that hangs is found. */
  readonly watch?: WatchOptions;
}

type EventName = keyof EngineEvents;
type Emitters = { readonly [K in EventName]: Emitter<EngineEvents[K]> };
type EngineConnection = Connection<EngineMethods, Record<never, never>, EngineEvents>;

interface Running {
  readonly worker: Worker;
  readonly connection: EngineConnection;
}

const NO_COUNTS = { spans: 0, traces: 0, rejected: 0, metricRequests: 0, logRequests: 0 };

/** A worker that dies this often within `RESTART_WINDOW_MS` is not started again by itself. */
const MAX_RESTARTS = 3;
const RESTART_WINDOW_MS = 60_000;
/** A worker that was ended is gone after so many milliseconds, or is never. */
const ENDING_MS = 10_000;

export class EngineClient {
  private running: Running | undefined;
  private starting: Promise<Running> | undefined;
  private disposed = false;
  /** The worker of now, running or starting. */
  private worker: Worker | undefined;
  /** Ends with a worker that hung: its port and its lock are free only then. */
  private ending: Promise<void> | undefined;
  private readonly hangs = new Hangs();
  private plan: HangPlan | undefined;
  private readonly crashes: number[] = [];
  private hangCount = 0;
  private readonly deadThreads: number[] = [];
  private readonly emitters: Emitters = {
    captured: new Emitter(),
    captureChanged: new Emitter(),
    sessionHeard: new Emitter(),
    forwardWaiting: new Emitter(),
    changed: new Emitter(),
    log: new Emitter(),
    notice: new Emitter(),
    memory: new Emitter(),
  };
  private readonly restarted = new Emitter<void>();
  private settings: Params<EngineMethods, 'configure'> | undefined;
  private captures: Params<EngineMethods, 'openCaptures'> | undefined;
  private capture: Params<EngineMethods, 'startCapture'> | undefined;
  /** The newest capture was asked for. */
  private restored = false;

  constructor(private readonly options: EngineClientOptions) {}

  /** Texts of requests and of files are in what the engine tells: a line of it is never made two. */
  private log(level: 'info' | 'warn' | 'error', message: string): void {
    this.options.onLog(level, visibleText(message));
  }

  /** Starts the worker, unless it runs. `call` does so by itself. */
  async start(): Promise<void> {
    await this.ready();
  }

  /** Calls the engine. Rejects with `SpanhopError`; `Unreachable` when the engine died meanwhile. */
  async call<K extends keyof EngineMethods>(
    method: K,
    params: Params<EngineMethods, K>,
    options?: CallOptions,
  ): Promise<Result<EngineMethods, K>> {
    const refused = this.hangs.refusal({ method, params });
    if (refused) throw refused;
    // The engine comes up for whoever asks next, too: who gives up waits no longer, and that is all.
    const { connection } = await abortable(this.ready(), options?.signal);
    if (method === 'restoreCaptures') this.restored = true;
    const answer = await connection.call(method, this.asPlanned(method, params), options);
    const result = await unpacked(answer, new Slices(options?.signal));
    this.remember(method, params, result);
    return result;
  }

  /** Listens to one of the engine's events, across restarts. Returns a function that stops listening. */
  on<K extends EventName>(name: K, listener: (event: EngineEvents[K]) => void): () => void {
    const { dispose } = this.emitters[name].event(listener);
    return dispose;
  }

  /** Tells that a new worker took over: open files and backends' traces have to be given to it again. */
  onRestart(listener: () => void): () => void {
    const { dispose } = this.restarted.event(listener);
    return dispose;
  }

  /** Ends the worker. What is under way rejects as cancelled. */
  async dispose(): Promise<void> {
    if (this.disposed) return;
    this.disposed = true;
    const { running } = this;
    this.running = undefined;
    if (!running) {
      await this.worker?.terminate();
      return;
    }
    // The capture's log is complete after every answer; stopping it tidies its index and releases its lock.
    await running.connection.call('stopCapture', {}, { timeoutMs: 2_000 }).catch(() => {});
    running.connection.dispose();
    await running.worker.terminate();
  }

  /** What reading the newest capture held once is not read by itself again. */
  private asPlanned<K extends keyof EngineMethods>(method: K, params: Params<EngineMethods, K>): Params<EngineMethods, K> {
    return method === 'restoreCaptures' && this.plan?.load === false ? Object.assign({}, params, { begin: false }) : params;
  }

  private ready(): Promise<Running> {
    if (this.disposed) return Promise.reject(new SpanhopError('Cancelled', 'The trace engine is closed.'));
    if (this.running) return Promise.resolve(this.running);
    if (this.plan && !this.plan.restart) return Promise.reject(new SpanhopError('Unreachable', this.plan.message));
    this.starting ??= this.launch().finally(() => {
      this.starting = undefined;
    });
    return this.starting;
  }

  private async launch(): Promise<Running> {
    await this.ending;
    if (this.disposed) throw new SpanhopError('Cancelled', 'The trace engine is closed.');
    const beats = newBeats();
    const workerData: EngineWorkerData = { deadThreads: [...this.deadThreads], beats };
    const worker = new Worker(this.options.workerPath, {
      workerData,
      resourceLimits: { maxOldGenerationSizeMb: this.options.maxHeapMb ?? 4096 },
    });
    this.worker = worker;
    const { threadId } = worker;
    const emit = this.emit;
    const events: EventHandlers<EngineEvents> = {
      captured: (event) => emit('captured', event),
      captureChanged: (event) => emit('captureChanged', event),
      sessionHeard: (event) => emit('sessionHeard', event),
      forwardWaiting: (event) => emit('forwardWaiting', event),
      changed: (event) => emit('changed', event),
      log: (event) => {
        this.log(event.level, event.message);
        emit('log', event);
      },
      notice: (event) => emit('notice', event),
      memory: (event) => emit('memory', event),
    };
    const connection: EngineConnection = new Connection<EngineMethods, Record<never, never>, EngineEvents>(
      workerPort(worker),
      {},
      events,
    );
    const running: Running = { worker, connection };
    let cause = '';
    let alive = true;
    let hung = false;
    const watchdog = new Watchdog(
      beats,
      () => {
        hung = true;
        alive = false;
        const starting = this.running !== running;
        const underWay = connection.underWay.filter(({ since }) => since <= watchdog.silentSince);
        const plan = this.hangs.plan({ underWay, starting, capturing: this.capture !== undefined }, performance.now());
        this.end(running, plan);
      },
      this.options.watch,
    );
    worker.on('error', (error) => {
      cause = error instanceof Error ? error.message : String(error);
    });
    worker.on('exit', (code) => {
      alive = false;
      watchdog.stop();
      if (this.running === running) this.running = undefined;
      if (this.worker === worker) this.worker = undefined;
      connection.dispose(
        this.disposed
          ? cancelled()
          : new SpanhopError('Unreachable', 'The trace engine stopped and is being started again. Repeat what you did.', cause),
      );
      if (this.disposed) return;
      this.deadThreads.push(threadId);
      // What hung counts apart, and its next worker waits for this one's end.
      if (!hung) this.crashed(cause || `exit code ${code}`);
    });
    // Only now is it everybody's: what others call comes after what the old worker knew.
    await this.restore(connection);
    if (!alive) throw new SpanhopError('Unreachable', 'The trace engine stopped while it was starting.', cause);
    if (this.disposed) {
      connection.dispose();
      await worker.terminate();
      throw new SpanhopError('Cancelled', 'The trace engine is closed.');
    }
    this.running = running;
    this.readBack(connection);
    return running;
  }

  /** Ends a worker that hangs, tells of it, and starts the next one as planned. */
  private end({ worker, connection }: Running, plan: HangPlan): void {
    if (this.disposed) {
      void worker.terminate();
      return;
    }
    this.running = undefined;
    this.plan = plan;
    const paused = this.capture !== undefined && !plan.capture;
    if (!plan.capture) this.capture = undefined;
    const ended = new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), ENDING_MS);
      worker.once('exit', () => {
        clearTimeout(timer);
        resolve(true);
      });
    });
    this.ending = ended.then(() => {});
    void worker.terminate();
    connection.dispose(new SpanhopError('Unreachable', plan.message));
    this.emit('notice', {
      key: `engine.hang:${++this.hangCount}`,
      level: 'error',
      message: plan.message,
      ...(paused && plan.restart ? { step: 'capture' } : {}),
    });
    // Not before whoever waits for the start that failed has been told.
    void ended.then((gone) => {
      if (!gone) {
        const message = 'The trace engine hangs and cannot be ended. Reload the window; captured spans are kept on disk.';
        this.plan = { ...plan, restart: false, message };
        this.emit('notice', { key: 'engine.stuck', level: 'error', message });
      }
      if (paused) this.emit('captureChanged', { running: false, registered: [], counts: NO_COUNTS });
      if (this.plan?.restart) this.restart();
    });
  }

  private readonly emit = <K extends EventName>(name: K, event: EngineEvents[K]): void => {
    this.emitters[name].fire(event);
  };

  /** Has a new worker read what the old one had read of the captures; nobody waits for it here. */
  private readBack(connection: EngineConnection): void {
    if (!this.restored) return;
    const params = this.asPlanned('restoreCaptures', { begin: true });
    connection.call('restoreCaptures', params, { timeoutMs: 0 }).catch((error: unknown) => {
      this.log('warn', `The newest capture was not read back: ${toErrorData(error).message}`);
    });
  }

  /** Gives a new worker what the old one knew. The first start has nothing to give. */
  private async restore(connection: EngineConnection): Promise<void> {
    try {
      if (this.settings) await connection.call('configure', this.settings);
      if (this.captures) await connection.call('openCaptures', this.captures);
      // Programs that are captured go on sending: what is on disk is read when they can.
      if (this.capture) await connection.call('startCapture', this.capture);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.log('error', `The trace engine could not take over: ${why}`);
    }
  }

  private crashed(cause: string): void {
    const now = Date.now();
    this.crashes.push(now);
    while (this.crashes.length > 0 && now - this.crashes[0] > RESTART_WINDOW_MS) this.crashes.shift();
    this.log('error', `The trace engine stopped: ${cause}`);
    if (this.crashes.length > MAX_RESTARTS) {
      this.log('error', 'The trace engine stopped too often; it starts again when it is next needed.');
      return;
    }
    this.restart();
  }

  private restart(): void {
    this.ready().then(
      () => this.restarted.fire(),
      (error: unknown) => this.log('error', error instanceof Error ? error.message : String(error)),
    );
  }

  private remember<K extends keyof EngineMethods>(method: K, params: Params<EngineMethods, K>, result: unknown): void {
    const known: { method: keyof EngineMethods; params: unknown } = { method, params };
    if (isCallOf(known, 'configure')) this.settings = known.params;
    else if (isCallOf(known, 'openCaptures')) this.captures = known.params;
    else if (isCallOf(known, 'startCapture')) this.capture = { ...known.params, port: portOf(result) ?? known.params.port };
    else if (method === 'stopCapture') this.capture = undefined;
  }
}

function isCallOf<K extends keyof EngineMethods>(
  call: { method: keyof EngineMethods; params: unknown },
  method: K,
): call is { method: K; params: Params<EngineMethods, K> } {
  return call.method === method;
}

function portOf(result: unknown): number | undefined {
  return typeof result === 'object' && result !== null && 'httpPort' in result && typeof result.httpPort === 'number'
    ? result.httpPort
    : undefined;
}
