/** The host as a page sees it: what is asked waits until the test answers it. */

import { SpanhopError } from '../../../../src/base/errors';
import type { CallOptions, Params, Result } from '../../../../src/protocol/rpc';
import type { HostMethods, ViewEvents } from '../../../../src/protocol/view';

interface Asked {
  readonly method: keyof HostMethods;
  readonly params: unknown;
  readonly resolve: (value: never) => void;
  readonly reject: (error: SpanhopError) => void;
}

export class FakeHost {
  readonly asked: Asked[] = [];
  readonly events: ViewEvents['selected'][] = [];

  readonly call = <M extends keyof HostMethods & string>(
    method: M,
    params: Params<HostMethods, M>,
    options: CallOptions = {},
  ): Promise<Result<HostMethods, M>> =>
    new Promise((resolve, reject) => {
      this.asked.push({ method, params, resolve, reject });
      options.signal?.addEventListener('abort', () => reject(new SpanhopError('Cancelled', 'Cancelled.')));
    });

  readonly emit = <E extends keyof ViewEvents & string>(name: E, event: ViewEvents[E]): void => {
    if (name === 'selected' && 'spanId' in event) this.events.push(event);
  };

  /** Answers what was asked last by this method. */
  async answer<M extends keyof HostMethods>(method: M, result: Result<HostMethods, M>): Promise<void> {
    const asked = this.asked.findLast((each) => each.method === method);
    asked?.resolve(result as never);
    await new Promise((resolve) => setTimeout(resolve));
  }

  /** Refuses what was asked last by this method. */
  async refuse(method: keyof HostMethods, error: SpanhopError): Promise<void> {
    this.asked.findLast((each) => each.method === method)?.reject(error);
    await new Promise((resolve) => setTimeout(resolve));
  }

  async answering<M extends keyof HostMethods>(
    method: M,
    result: Result<HostMethods, M>,
    work: () => Promise<void>,
  ): Promise<void> {
    const done = work();
    await this.answer(method, result);
    await done;
  }
}
