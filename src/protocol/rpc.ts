/**
 * One typed RPC for every port of the extension: host and engine (worker threads), host and webview (`postMessage`).
 *
 * A surface is an interface of methods (`(params) => result`) and one of events. Calls and handlers derive from it, so a missing
 * handler does not compile. Every call has a time-out and can be cancelled; errors cross as data (`ErrorData`) and come back as
 * `SpanhopError`; a disposed connection rejects what is still under way.
 */

import { type ErrorData, isErrorData, SpanhopError, toErrorData } from '../base/errors';

/** What carries messages: a worker, a parent port, a webview, `window`. */
export interface Port {
  /** Throws or rejects where the message cannot be sent: it holds what cannot be serialised. One that is lost on its way is no error. */
  post(message: unknown, transfer?: readonly ArrayBuffer[]): void | Promise<void>;
  /** Returns a function that stops listening. */
  listen(listener: (message: unknown) => void): () => void;
}

export type Params<M, K extends keyof M> = M[K] extends (params: infer P) => unknown ? P : never;
export type Result<M, K extends keyof M> = M[K] extends (params: never) => infer R ? Awaited<R> : never;

/** What a handler gets beside its parameters. */
export interface CallContext {
  /** Aborted when the caller cancels, times out or goes away. */
  readonly signal: AbortSignal;
  /** Tells the caller how far the work is; cheap, may be called often (the caller sees the latest). */
  progress(value: Progress): void;
  /** Buffers of the result to move instead of copying. Views over them are useless here afterwards. */
  transfer(...buffers: readonly ArrayBufferLike[]): void;
}

export interface Progress {
  /** What is going on: "decoding". */
  readonly step: string;
  readonly done: number;
  /** 0: not known. */
  readonly total: number;
  readonly unit: 'bytes' | 'spans' | 'traces';
}

export type Handlers<M> = {
  readonly [K in keyof M]: (params: Params<M, K>, context: CallContext) => Result<M, K> | Promise<Result<M, K>>;
};
export type EventHandlers<E> = { readonly [K in keyof E]?: (event: E[K]) => void };

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Milliseconds; 0: wait for ever (only for work that a user can cancel). Default 30,000. */
  readonly timeoutMs?: number;
  readonly onProgress?: (progress: Progress) => void;
  readonly transfer?: readonly ArrayBuffer[];
}

type Message =
  | { readonly type: 'call'; readonly id: number; readonly method: string; readonly params: unknown }
  | { readonly type: 'cancel'; readonly id: number }
  | { readonly type: 'progress'; readonly id: number; readonly progress: Progress }
  | { readonly type: 'result'; readonly id: number; readonly result: unknown }
  | { readonly type: 'error'; readonly id: number; readonly error: ErrorData }
  | { readonly type: 'event'; readonly name: string; readonly event: unknown };

/** A call that the far side has not answered. */
export interface CallUnderWay {
  readonly method: string;
  readonly params: unknown;
  /** `performance.now()` when it was made. */
  readonly since: number;
}

interface Pending extends CallUnderWay {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: ((progress: Progress) => void) | undefined;
}

function isMessage(value: unknown): value is Message {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

/**
 * A connection whose far side offers the methods `Theirs` and emits `TheirEvents`, while this side offers `Ours` and emits `OurEvents`.
 */
export class Connection<Theirs, Ours, TheirEvents = Record<never, never>, OurEvents = Record<never, never>> {
  private nextId = 1;
  private readonly pending = new Map<number, Pending>();
  private readonly running = new Map<number, AbortController>();
  private readonly stop: () => void;
  private disposed = false;

  constructor(
    private readonly port: Port,
    private readonly handlers: Handlers<Ours>,
    private readonly events: EventHandlers<TheirEvents> = {},
    private readonly onUnexpected: (error: unknown) => void = () => {},
  ) {
    this.stop = port.listen((message) => {
      if (!isMessage(message) || this.disposed) return;
      try {
        this.receive(message);
      } catch (error) {
        // A listener that throws, or a message that is none of ours: the port goes on.
        this.onUnexpected(error);
      }
    });
  }

  /** Calls a method of the far side. Rejects with `SpanhopError`: the far side's, `Cancelled` or `Timeout`. */
  call<K extends keyof Theirs & string>(
    method: K,
    params: Params<Theirs, K>,
    options: CallOptions = {},
  ): Promise<Result<Theirs, K>> {
    if (this.disposed) return Promise.reject(new SpanhopError('Cancelled', 'The connection is closed.'));
    if (options.signal?.aborted) return Promise.reject(new SpanhopError('Cancelled', 'Cancelled.'));
    const id = this.nextId++;
    const timeoutMs = options.timeoutMs ?? 30_000;
    return new Promise<Result<Theirs, K>>((resolve, reject) => {
      const finish = (settle: () => void): void => {
        this.pending.delete(id);
        clearTimeout(timer);
        options.signal?.removeEventListener('abort', abort);
        settle();
      };
      const giveUp = (error: SpanhopError): void => {
        if (!this.pending.has(id)) return;
        // The caller first: whether the far side can still be told is not its trouble.
        finish(() => reject(error));
        this.send({ type: 'cancel', id });
      };
      const abort = (): void => giveUp(new SpanhopError('Cancelled', 'Cancelled.'));
      const timer =
        timeoutMs > 0
          ? setTimeout(
              () => giveUp(new SpanhopError('Timeout', `No answer to "${method}" within ${timeoutMs / 1000} s.`)),
              timeoutMs,
            )
          : undefined;
      options.signal?.addEventListener('abort', abort);
      this.pending.set(id, {
        resolve: (value) => finish(() => resolve(value as Result<Theirs, K>)),
        reject: (error) => finish(() => reject(error)),
        onProgress: options.onProgress,
        method,
        params,
        since: performance.now(),
      });
      this.posted({ type: 'call', id, method, params }, options.transfer).catch((error: unknown) => {
        if (this.pending.has(id)) finish(() => reject(SpanhopError.from(toErrorData(error))));
      });
    });
  }

  /** The calls that wait for the far side. */
  get underWay(): readonly CallUnderWay[] {
    return [...this.pending.values()].map(({ method, params, since }) => ({ method, params, since }));
  }

  emit<K extends keyof OurEvents & string>(name: K, event: OurEvents[K], transfer?: readonly ArrayBuffer[]): void {
    this.send({ type: 'event', name, event }, transfer);
  }

  private async posted(message: Message, transfer?: readonly ArrayBuffer[]): Promise<void> {
    await this.port.post(message, transfer);
  }

  /** What nobody waits for. */
  private send(message: Message, transfer?: readonly ArrayBuffer[]): void {
    if (!this.disposed) this.posted(message, transfer).catch(this.onUnexpected);
  }

  /** Stops listening, aborts what runs here and rejects what waits for the far side: with `reason`, else as cancelled. */
  dispose(reason: SpanhopError = new SpanhopError('Cancelled', 'The connection is closed.')): void {
    if (this.disposed) return;
    this.disposed = true;
    this.stop();
    for (const controller of this.running.values()) controller.abort();
    for (const waiting of [...this.pending.values()]) waiting.reject(reason);
  }

  private receive(message: Message): void {
    switch (message.type) {
      case 'call':
        void this.answer(message.id, message.method, message.params);
        return;
      case 'cancel':
        this.running.get(message.id)?.abort();
        return;
      case 'progress':
        this.pending.get(message.id)?.onProgress?.(message.progress);
        return;
      case 'result':
        this.pending.get(message.id)?.resolve(message.result);
        return;
      case 'error':
        this.pending.get(message.id)?.reject(errorOf(message.error));
        return;
      case 'event': {
        if (!Object.hasOwn(this.events, message.name)) return;
        const handler = (this.events as Record<string, ((event: unknown) => void) | undefined>)[message.name];
        handler?.(message.event);
        return;
      }
      default:
        message satisfies never;
    }
  }

  private async answer(id: number, method: string, params: unknown): Promise<void> {
    const controller = new AbortController();
    this.running.set(id, controller);
    const moved: ArrayBufferLike[] = [];
    const fail = (error: unknown): void => {
      if (!(error instanceof SpanhopError)) this.onUnexpected(error);
      this.send({ type: 'error', id, error: toErrorData(error) });
    };
    try {
      if (!Object.hasOwn(this.handlers, method)) throw new SpanhopError('NotFound', `There is no method "${method}".`);
      const handler = (this.handlers as Record<string, (params: unknown, context: CallContext) => unknown>)[method];
      const result = await handler(params, {
        signal: controller.signal,
        progress: (progress) => {
          if (!controller.signal.aborted) this.send({ type: 'progress', id, progress });
        },
        transfer: (...buffers) => moved.push(...buffers),
      });
      const transfer = moved.filter((buffer): buffer is ArrayBuffer => buffer instanceof ArrayBuffer);
      if (!this.disposed) this.posted({ type: 'result', id, result }, transfer).catch(fail);
    } catch (error) {
      fail(error);
    } finally {
      if (this.running.get(id) === controller) this.running.delete(id);
    }
  }
}

/** What a far side says that does not know what an error is made of is one all the same. */
function errorOf(data: unknown): SpanhopError {
  if (isErrorData(data)) return SpanhopError.from(data);
  return new SpanhopError('BadData', 'The answer was an error that says nothing of itself.');
}
