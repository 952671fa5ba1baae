/**
 * The engine as the extension host sees it: a worker thread behind typed calls and events. When the worker dies (out of memory, a defect
 * of ours) a new one takes its place with the same settings, the same capture directory and, if a capture ran, the same port, so that
 * programs that were launched with it keep on being captured; what was under way is refused with a sentence that says so. Files and
 * backends' answers are gone with the old worker: `onRestart` tells who opened them.
 */

import { Worker } from 'node:worker_threads';
import { SpanhopError } from '../core/errors';
import type { EngineEvents, EngineMethods } from '../protocol/engineProtocol';
import { type CallOptions, Connection, type EventHandlers, type Params, type Result } from '../protocol/rpc';
import type { EngineWorkerData } from './workerData';
import { workerPort } from './workerPort';

export interface EngineClientOptions {
  /** `dist/engine.js`. */
  readonly workerPath: string;
  readonly onLog: (level: 'info' | 'warn' | 'error', message: string) => void;
  /** Megabytes of JavaScript heap; columns and value bytes are outside of it. */
  readonly maxHeapMb?: number;
}

type EventName = keyof EngineEvents;
type Listeners = { [K in EventName]: Set<(event: EngineEvents[K]) => void> };
type EngineConnection = Connection<EngineMethods, Record<never, never>, EngineEvents>;

interface Running {
  readonly worker: Worker;
  readonly connection: EngineConnection;
}

/** A worker that dies this often within `RESTART_WINDOW_MS` is not started again by itself. */
const MAX_RESTARTS = 3;
const RESTART_WINDOW_MS = 60_000;

export class EngineClient {
  private running: Running | undefined;
  private starting: Promise<Running> | undefined;
  private disposed = false;
  private readonly crashes: number[] = [];
  private readonly deadThreads: number[] = [];
  private readonly listeners: Listeners = {
    captured: new Set(),
    captureChanged: new Set(),
    changed: new Set(),
    log: new Set(),
    notice: new Set(),
    memory: new Set(),
  };
  private readonly restartListeners = new Set<() => void>();
  private settings: Params<EngineMethods, 'configure'> | undefined;
  private captures: Params<EngineMethods, 'openCaptures'> | undefined;
  private capture: Params<EngineMethods, 'startCapture'> | undefined;

  constructor(private readonly options: EngineClientOptions) {}

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
    const { connection } = await this.ready();
    const result = await connection.call(method, params, options);
    this.remember(method, params, result);
    return result;
  }

  /** Listens to one of the engine's events, across restarts. Returns a function that stops listening. */
  on<K extends EventName>(name: K, listener: (event: EngineEvents[K]) => void): () => void {
    this.listeners[name].add(listener);
    return () => this.listeners[name].delete(listener);
  }

  /** Tells that a new worker took over: open files and backends' traces have to be given to it again. */
  onRestart(listener: () => void): () => void {
    this.restartListeners.add(listener);
    return () => this.restartListeners.delete(listener);
  }

  /** Ends the worker. What is under way rejects as cancelled. */
  async dispose(): Promise<void> {
    if (this.disposed) return;
    this.disposed = true;
    const { running } = this;
    this.running = undefined;
    if (!running) return;
    // The capture's log is complete after every answer; stopping it tidies its index and releases its lock.
    await running.connection.call('stopCapture', {}, { timeoutMs: 2_000 }).catch(() => {});
    running.connection.dispose();
    await running.worker.terminate();
  }

  private ready(): Promise<Running> {
    if (this.disposed) return Promise.reject(new SpanhopError('Cancelled', 'The trace engine is closed.'));
    if (this.running) return Promise.resolve(this.running);
    this.starting ??= this.launch().finally(() => {
      this.starting = undefined;
    });
    return this.starting;
  }

  private async launch(): Promise<Running> {
    const workerData: EngineWorkerData = { deadThreads: [...this.deadThreads] };
    const worker = new Worker(this.options.workerPath, {
      workerData,
      resourceLimits: { maxOldGenerationSizeMb: this.options.maxHeapMb ?? 4096 },
    });
    const { threadId } = worker;
    const emit = <K extends EventName>(name: K, event: EngineEvents[K]): void => {
      for (const listener of this.listeners[name]) listener(event);
    };
    const events: EventHandlers<EngineEvents> = {
      captured: (event) => emit('captured', event),
      captureChanged: (event) => emit('captureChanged', event),
      changed: (event) => emit('changed', event),
      log: (event) => {
        this.options.onLog(event.level, event.message);
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
    worker.on('error', (error) => {
      cause = error instanceof Error ? error.message : String(error);
    });
    worker.on('exit', (code) => {
      alive = false;
      if (this.running === running) this.running = undefined;
      connection.dispose(
        new SpanhopError('Unreachable', 'The trace engine stopped and is being started again. Repeat what you did.', cause),
      );
      if (this.disposed) return;
      this.deadThreads.push(threadId);
      this.crashed(cause || `exit code ${code}`);
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
    return running;
  }

  /** Gives a new worker what the old one knew. The first start has nothing to give. */
  private async restore(connection: EngineConnection): Promise<void> {
    try {
      if (this.settings) await connection.call('configure', this.settings);
      if (this.captures) await connection.call('openCaptures', { ...this.captures, load: 'newest' }, { timeoutMs: 0 });
      if (this.capture) await connection.call('startCapture', this.capture);
    } catch (error) {
      this.options.onLog('error', `The trace engine could not take over: ${error instanceof Error ? error.message : error}`);
    }
  }

  private crashed(cause: string): void {
    const now = Date.now();
    this.crashes.push(now);
    while (this.crashes.length > 0 && now - this.crashes[0] > RESTART_WINDOW_MS) this.crashes.shift();
    this.options.onLog('error', `The trace engine stopped: ${cause}`);
    if (this.crashes.length > MAX_RESTARTS) {
      this.options.onLog('error', 'The trace engine stopped too often; it starts again when it is next needed.');
      return;
    }
    this.ready().then(
      () => {
        for (const listener of this.restartListeners) listener();
      },
      (error: unknown) => this.options.onLog('error', error instanceof Error ? error.message : String(error)),
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
