/** The real engine, in this thread, as the application is linked to it. */

import type { EngineLink } from '../../../../src/app/engine/engineService';
import { Emitter } from '../../../../src/base/emitter';
import type { EngineEvents, EngineMethods } from '../../../../src/protocol/engine';
import type { CallOptions, Params, Result } from '../../../../src/protocol/rpc';
import { InProcessEngine } from '../../../support/inProcessEngine';

export class RealEngine implements EngineLink {
  /** Names of the methods that were called, in their order. */
  readonly asked: string[] = [];
  private engine = new InProcessEngine();
  private readonly restarted = new Emitter<void>();

  call<K extends keyof EngineMethods>(
    method: K,
    params: Params<EngineMethods, K>,
    { signal }: CallOptions = {},
  ): Promise<Result<EngineMethods, K>> {
    this.asked.push(method);
    return this.engine.call(method, params, signal);
  }

  on<K extends keyof EngineEvents>(_name: K, _listener: (event: EngineEvents[K]) => void): () => void {
    return () => {};
  }

  onRestart(listener: () => void): () => void {
    const listening = this.restarted.event(listener);
    return () => listening.dispose();
  }

  /** Another engine takes over, which knows nothing. */
  restart(): void {
    this.engine = new InProcessEngine();
    this.restarted.fire();
  }

  async dispose(): Promise<void> {}
}
