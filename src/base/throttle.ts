/** Work that is asked for more often than it may run: it runs later, once for all who asked, and never twice at the same time. */

import type { Disposable } from './disposables';
import { onUnexpectedError } from './unexpected';

export interface ThrottleOptions {
  /** Milliseconds between being asked and running. */
  readonly waitMs: number | (() => number);
  /**
   * `first`: counted from the first who asks, so that the work runs at a steady pace while it is asked for. `last`: counted anew with each
   * who asks, so that it runs when there is quiet. Default: `first`.
   */
  readonly after?: 'first' | 'last';
}

export class Throttle implements Disposable {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private waiting = false;
  private running = false;
  private askedMeanwhile = false;
  private disposed = false;

  constructor(
    private readonly work: () => unknown,
    private readonly options: ThrottleOptions,
  ) {}

  /** Whether it will run, or runs. */
  get isPending(): boolean {
    return this.waiting || this.running;
  }

  ask(): void {
    if (this.disposed) return;
    if (this.running) {
      this.askedMeanwhile = true;
      return;
    }
    if (this.waiting) {
      if (this.options.after !== 'last') return;
      clearTimeout(this.timer);
      this.waiting = false;
    }
    const { waitMs } = this.options;
    this.timer = setTimeout(() => void this.run(), typeof waitMs === 'number' ? waitMs : waitMs());
    this.waiting = true;
  }

  /** What was asked for and did not begin is forgotten. */
  cancel(): void {
    clearTimeout(this.timer);
    this.waiting = false;
    this.askedMeanwhile = false;
  }

  dispose(): void {
    this.disposed = true;
    this.cancel();
  }

  private async run(): Promise<void> {
    this.waiting = false;
    this.running = true;
    try {
      await this.work();
    } catch (error) {
      onUnexpectedError(error);
    } finally {
      this.running = false;
    }
    if (!this.askedMeanwhile) return;
    this.askedMeanwhile = false;
    this.ask();
  }
}
