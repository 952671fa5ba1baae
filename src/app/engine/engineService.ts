/**
 * The engine as the application sees it: started with the first question, told its settings before anything else, and told where captures
 * are kept. What depends on the spans of kept captures waits for `capturesOpened`; starting one does not.
 */

import { abortable } from '../../base/abortable';
import { Disposables } from '../../base/disposables';
import { Emitter, type Event } from '../../base/emitter';
import { cancelled, throwIfAborted } from '../../base/errors';
import type { CaptureInfo } from '../../protocol/capture';
import type { EngineEvents, EngineMethods, EngineSettings } from '../../protocol/engine';
import type { CallOptions, Params, Result } from '../../protocol/rpc';

/** An engine somewhere: in a worker (`engine/client.ts`), or in a test without one. It starts with its first call. */
export interface EngineLink {
  /** Rejects with `SpanhopError`; `Unreachable` when the engine died meanwhile. */
  call<K extends keyof EngineMethods>(
    method: K,
    params: Params<EngineMethods, K>,
    options?: CallOptions,
  ): Promise<Result<EngineMethods, K>>;
  /** Listens to one of its events, across restarts, until the answer is called. */
  on<K extends keyof EngineEvents>(name: K, listener: (event: EngineEvents[K]) => void): () => void;
  /** Tells that another engine took over. */
  onRestart(listener: () => void): () => void;
  /** Ends it. Resolves when the capture's log is tidy and it is gone. */
  dispose(): Promise<void>;
}

export class EngineService {
  private readonly disposables = new Disposables();
  private configured: Promise<void> | undefined;
  private opening: Promise<readonly CaptureInfo[]> | undefined;
  private readonly startedEmitter = this.disposables.own(new Emitter<void>());
  private readonly restarted = this.disposables.own(new Emitter<void>());

  /** The first question was asked: from now on there may be something to show. */
  readonly onDidStart = this.startedEmitter.event;
  readonly onDidCapture: Event<EngineEvents['captured']>;
  readonly onDidChangeCapture: Event<EngineEvents['captureChanged']>;
  /** The first spans of a debug session came. */
  readonly onDidHearSession: Event<EngineEvents['sessionHeard']>;
  /** Something waits to be forwarded. */
  readonly onDidForwardWait: Event<EngineEvents['forwardWaiting']>;
  /** Traces of a dataset changed; at most four times a second. */
  readonly onDidChangeTraces: Event<EngineEvents['changed']>;
  /** Something that a person must be told; `messages/notices.ts` shows it. */
  readonly onDidNotice: Event<EngineEvents['notice']>;
  /** Captured traces left memory, or are back; at most once a second. */
  readonly onDidChangeMemory: Event<EngineEvents['memory']>;
  /** The engine went down and came up again: files and backends' answers are gone and have to be given to it again. */
  readonly onDidRestart = this.restarted.event;

  /**
   * @param captureDirectory where captures' logs are kept
   * @param settings as they are now
   */
  constructor(
    private readonly link: EngineLink,
    private readonly captureDirectory: string,
    private readonly settings: () => EngineSettings,
  ) {
    this.onDidCapture = this.relay('captured');
    this.onDidChangeCapture = this.relay('captureChanged');
    this.onDidHearSession = this.relay('sessionHeard');
    this.onDidForwardWait = this.relay('forwardWaiting');
    this.onDidChangeTraces = this.relay('changed');
    this.onDidNotice = this.relay('notice');
    this.onDidChangeMemory = this.relay('memory');
    this.disposables.add({ dispose: link.onRestart(() => this.restarted.fire()) });
  }

  /** Whether something was asked of the engine already. */
  get started(): boolean {
    return this.configured !== undefined;
  }

  /** Asks the engine. Rejects with `SpanhopError`, as soon as the signal aborts. Starts the engine when it does not run. */
  call<K extends keyof EngineMethods>(
    method: K,
    params: Params<EngineMethods, K>,
    options: CallOptions = {},
  ): Promise<Result<EngineMethods, K>> {
    const { signal } = options;
    const asking = async (): Promise<Result<EngineMethods, K>> => {
      await this.configure();
      throwIfAborted(signal);
      return this.link.call(method, params, options);
    };
    // Starting, and starting again, take as long as they take; who gave up does not wait for it.
    return signal?.aborted ? Promise.reject(cancelled()) : abortable(asking(), signal);
  }

  /** Resolves when the engine knows where captures are kept. From then on one can be started. */
  capturesListed(signal?: AbortSignal): Promise<readonly CaptureInfo[]> {
    this.opening ??= this.call('openCaptures', { directory: this.captureDirectory }).catch((error: unknown) => {
      this.opening = undefined;
      throw error;
    });
    return abortable(this.opening, signal);
  }

  /** Resolves when the newest kept capture's spans are in memory as well, or reading them was stopped. */
  async capturesOpened(signal?: AbortSignal): Promise<void> {
    await this.capturesListed(signal);
    await this.call('restoreCaptures', { begin: true }, { timeoutMs: 0, signal });
  }

  /** Hands changed settings to an engine that runs. */
  async reconfigure(): Promise<void> {
    if (this.configured) await this.link.call('configure', this.settings());
  }

  /** Ends the engine; what is under way rejects as cancelled. Resolves when it is gone. */
  close(): Promise<void> {
    this.disposables.dispose();
    return this.link.dispose();
  }

  private relay<K extends keyof EngineEvents>(name: K): Event<EngineEvents[K]> {
    const emitter = this.disposables.own(new Emitter<EngineEvents[K]>());
    this.disposables.add({ dispose: this.link.on(name, (event) => emitter.fire(event)) });
    return emitter.event;
  }

  private configure(): Promise<void> {
    if (!this.configured) {
      this.configured = this.link.call('configure', this.settings()).catch((error: unknown) => {
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
