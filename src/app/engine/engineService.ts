/**
 * The engine as the application sees it: started with the first question, told its settings before anything else, and told where captures
 * are kept.  What depends on kept captures waits for `capturesOpened`; everything else does not.
 */

import { type Disposable, Disposables } from '../../base/disposables';
import { Emitter } from '../../base/emitter';
import { EngineClient } from '../../engine/client';
import type { CaptureInfo } from '../../protocol/capture';
import type { EngineEvents, EngineMethods, EngineSettings } from '../../protocol/engine';
import type { CallOptions, Params, Result } from '../../protocol/rpc';
import type { Log } from '../ports/log';

export interface EngineServiceOptions {
  readonly workerPath: string;
  /** Where captures' logs are kept. */
  readonly captureDirectory: string;
  readonly settings: () => EngineSettings;
  readonly log: Log;
}

export class EngineService implements Disposable {
  private readonly disposables = new Disposables();
  private readonly client: EngineClient;
  private configured: Promise<void> | undefined;
  private opening: Promise<readonly CaptureInfo[]> | undefined;
  private readonly startedEmitter = this.disposables.own(new Emitter<void>());
  private readonly captured = this.disposables.own(new Emitter<EngineEvents['captured']>());
  private readonly captureChanged = this.disposables.own(new Emitter<EngineEvents['captureChanged']>());
  private readonly changed = this.disposables.own(new Emitter<EngineEvents['changed']>());
  private readonly noticed = this.disposables.own(new Emitter<EngineEvents['notice']>());
  private readonly memoryChanged = this.disposables.own(new Emitter<EngineEvents['memory']>());
  private readonly restarted = this.disposables.own(new Emitter<void>());

  /** The first question was asked: from now on there may be something to show. */
  readonly onDidStart = this.startedEmitter.event;
  readonly onDidCapture = this.captured.event;
  readonly onDidChangeCapture = this.captureChanged.event;
  /** Traces of a dataset changed; at most four times a second. */
  readonly onDidChangeTraces = this.changed.event;
  /** Something that a person must be told; `notices.ts` shows it. */
  readonly onDidNotice = this.noticed.event;
  /** Captured traces left memory, or are back; at most once a second. */
  readonly onDidChangeMemory = this.memoryChanged.event;
  /** The engine went down and came up again: files and backends' answers are gone and have to be given to it again. */
  readonly onDidRestart = this.restarted.event;

  constructor(private readonly options: EngineServiceOptions) {
    const { log } = options;
    this.client = new EngineClient({
      workerPath: options.workerPath,
      onLog: (level, message) => log[level](message),
    });
    const listening = [
      this.client.on('captured', (event) => this.captured.fire(event)),
      this.client.on('captureChanged', (event) => this.captureChanged.fire(event)),
      this.client.on('changed', (event) => this.changed.fire(event)),
      this.client.on('notice', (event) => this.noticed.fire(event)),
      this.client.on('memory', (event) => this.memoryChanged.fire(event)),
      this.client.onRestart(() => this.restarted.fire()),
    ];
    this.disposables.add(...listening.map((stop) => ({ dispose: stop })));
  }

  /** Whether something was asked of the engine already. */
  get started(): boolean {
    return this.configured !== undefined;
  }

  /** Asks the engine. Rejects with `SpanhopError`. Starts it when it does not run. */
  async call<K extends keyof EngineMethods>(
    method: K,
    params: Params<EngineMethods, K>,
    options?: CallOptions,
  ): Promise<Result<EngineMethods, K>> {
    await this.configure();
    return this.client.call(method, params, options);
  }

  /** Resolves when the kept captures are listed and the newest one's spans are in memory. */
  capturesOpened(): Promise<readonly CaptureInfo[]> {
    this.opening ??= this.call(
      'openCaptures',
      { directory: this.options.captureDirectory, load: 'newest' },
      { timeoutMs: 0 },
    ).catch((error: unknown) => {
      this.opening = undefined;
      throw error;
    });
    return this.opening;
  }

  /** Hands changed settings to an engine that runs. */
  async reconfigure(): Promise<void> {
    if (this.configured) await this.client.call('configure', this.options.settings());
  }

  dispose(): void {
    this.disposables.dispose();
    void this.client.dispose();
  }

  private configure(): Promise<void> {
    if (!this.configured) {
      this.configured = this.client.call('configure', this.options.settings()).catch((error: unknown) => {
        this.configured = undefined;
        throw error;
      });
      this.configured.then(
        () => this.startedEmitter.fire(),
        () => {},
      );
    }
    return this.configured;
  }
}
