/**
 * Work that several callers wait for at once, each with a signal of its own: who aborts leaves at once, and the work is aborted when nobody
 * waits for it any more. A result is kept, a failure is not.
 */

import { cancelled, throwIfAborted } from '../base/errors';

interface Running<T> {
  readonly result: Promise<T>;
  readonly controller: AbortController;
  waiting: number;
}

export class SharedWork<T> {
  private running: Running<T> | undefined;

  constructor(private readonly work: (signal: AbortSignal) => Promise<T>) {}

  /** The result, of work that is under way or done, or of work that begins now. Rejects with Cancelled when the signal is aborted. */
  async get(signal: AbortSignal | undefined): Promise<T> {
    throwIfAborted(signal);
    this.running ??= this.begin();
    const { running } = this;
    running.waiting++;
    let leave: (() => void) | undefined;
    try {
      const left = new Promise<never>((_, reject) => {
        leave = () => reject(cancelled());
        signal?.addEventListener('abort', leave);
      });
      return await Promise.race([running.result, left]);
    } finally {
      if (leave) signal?.removeEventListener('abort', leave);
      running.waiting--;
      // Nobody hears of work that is done, so this does nothing then.
      if (running.waiting === 0 && signal?.aborted) {
        running.controller.abort();
        if (this.running === running) this.running = undefined;
      }
    }
  }

  private begin(): Running<T> {
    const controller = new AbortController();
    const running: Running<T> = { result: this.work(controller.signal), controller, waiting: 0 };
    running.result.catch(() => {
      if (this.running === running) this.running = undefined;
    });
    return running;
  }
}
