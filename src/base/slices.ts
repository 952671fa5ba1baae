/** Cuts long work, so that the receiver and other calls are answered in between. */

import { throwIfAborted } from './errors';

/** Milliseconds of work between two pauses. Below what a person or an exporter notices. */
const SLICE_MS = 12;

export class Slices {
  private since = performance.now();

  constructor(
    private readonly signal?: AbortSignal,
    private readonly sliceMs = SLICE_MS,
  ) {}

  /** Whether it is time to `pause`. Cheap; ask every few thousand steps. */
  get due(): boolean {
    return performance.now() - this.since > this.sliceMs;
  }

  /** Lets everything else have a turn. Rejects with `Cancelled` when the caller gave up. */
  async pause(): Promise<void> {
    await new Promise((resolve) => (typeof setImmediate === 'function' ? setImmediate(resolve) : setTimeout(resolve)));
    throwIfAborted(this.signal);
    this.since = performance.now();
  }

  /** Pauses when it is due. */
  async maybePause(): Promise<void> {
    if (this.due) await this.pause();
  }
}
