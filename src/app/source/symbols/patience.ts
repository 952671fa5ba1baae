/** Waits for answers of somebody who may be slow to start, but only once: while one answer is overdue, nobody waits for another. */

import type { Disposable } from '../../../base/disposables';
import { cancelled } from '../../../base/errors';

export class Patience implements Disposable {
  private readonly timers = new Set<NodeJS.Timeout>();
  private overdue = 0;

  /** @param onLate an answer came that nobody waited for any more */
  constructor(
    private readonly timeoutMs: number,
    private readonly onLate: () => void,
  ) {}

  /** The answer, or undefined when it takes too long or an earlier one is overdue (then nothing is asked). Rejects with `Cancelled` only. */
  wait<T>(ask: () => Promise<T | undefined>, signal?: AbortSignal): Promise<T | undefined> {
    if (this.overdue > 0) return Promise.resolve(undefined);
    return new Promise((resolve, reject) => {
      let isLate = false;
      const timer = setTimeout(() => {
        isLate = true;
        this.overdue++;
        this.timers.delete(timer);
        resolve(undefined);
      }, this.timeoutMs);
      this.timers.add(timer);
      const giveUp = (): void => reject(cancelled());
      signal?.addEventListener('abort', giveUp, { once: true });
      void ask()
        .catch(() => undefined)
        .then((answer) => {
          clearTimeout(timer);
          this.timers.delete(timer);
          signal?.removeEventListener('abort', giveUp);
          resolve(answer);
          if (!isLate) return;
          this.overdue--;
          this.onLate();
        });
    });
  }

  dispose(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
  }
}
