/** An engine whose answers a test decides on, and what was asked of it. */

import type { EngineLink } from '../../../../src/app/engine/engineService';
import { Emitter } from '../../../../src/base/emitter';
import { SpanhopError } from '../../../../src/base/errors';
import type { EngineEvents, EngineMethods } from '../../../../src/protocol/engine';
import type { CallOptions, Params, Result } from '../../../../src/protocol/rpc';

type Answers = {
  [K in keyof EngineMethods]?: (
    params: Params<EngineMethods, K>,
    options: CallOptions,
  ) => Result<EngineMethods, K> | Promise<Result<EngineMethods, K>>;
};

export class FakeEngine implements EngineLink {
  /** Names of the methods that were called, in their order. */
  readonly asked: string[] = [];
  isClosed = false;
  private readonly told = new Emitter<{ readonly name: keyof EngineEvents; readonly event: unknown }>();
  private readonly restarted = new Emitter<void>();

  /** Settings and captures are taken; anything else is refused unless there is an answer. */
  constructor(readonly answers: Answers = {}) {
    answers.configure ??= () => undefined;
    answers.openCaptures ??= () => [];
    answers.restoreCaptures ??= () => undefined;
  }

  async call<K extends keyof EngineMethods>(
    method: K,
    params: Params<EngineMethods, K>,
    options: CallOptions = {},
  ): Promise<Result<EngineMethods, K>> {
    this.asked.push(method);
    const answer: Answers[K] = this.answers[method];
    if (!answer) throw new SpanhopError('BadData', `The test has no answer to ${method}.`);
    return answer(params, options);
  }

  on<K extends keyof EngineEvents>(name: K, listener: (event: EngineEvents[K]) => void): () => void {
    const isOf = (told: {
      readonly name: keyof EngineEvents;
      readonly event: unknown;
    }): told is { name: K; event: EngineEvents[K] } => told.name === name;
    const listening = this.told.event((told) => {
      if (isOf(told)) listener(told.event);
    });
    return () => listening.dispose();
  }

  onRestart(listener: () => void): () => void {
    const listening = this.restarted.event(listener);
    return () => listening.dispose();
  }

  tell<K extends keyof EngineEvents>(name: K, event: EngineEvents[K]): void {
    this.told.fire({ name, event });
  }

  restart(): void {
    this.restarted.fire();
  }

  async dispose(): Promise<void> {
    this.isClosed = true;
  }
}

/** Work that ends when the test says so. */
export interface Waiting<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
  reject(error: unknown): void;
}

export function waiting<T>(): Waiting<T> {
  let resolve: (value: T) => void = () => {};
  let reject: (error: unknown) => void = () => {};
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

/** What a promise came to so far: its value, the name of its error, or `waits`. */
export async function outcome(promise: Promise<unknown>): Promise<unknown> {
  let answer: unknown = 'waits';
  promise.then(
    (value) => {
      answer = value;
    },
    (error: unknown) => {
      answer = error instanceof Error ? error.name : error;
    },
  );
  await turn();
  return answer;
}

/** Lets everything that waits for nothing have its turn, whatever the time. */
export async function turn(): Promise<void> {
  for (let i = 0; i < 50; i++) await Promise.resolve();
}
