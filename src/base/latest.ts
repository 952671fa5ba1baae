/** Of several pieces of work for the same purpose the latest wins: it aborts the one before, whose answer counts no more. */

import type { Disposable } from './disposables';
import { cancelled } from './errors';

export class Latest implements Disposable {
  private current: AbortController | undefined;
  private disposed = false;

  /** Whether there is work whose answer will count. */
  get underWay(): boolean {
    return this.current !== undefined;
  }

  /**
   * Begins now. Rejects with `Cancelled` as soon as the answer cannot count any more: something newer began, `cancel` was called, it was
   * disposed or the caller's own signal aborted. An answer that comes nevertheless is dropped.
   */
  run<T>(work: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T> {
    this.cancel();
    if (this.disposed || signal?.aborted) return Promise.reject(cancelled());
    const own = new AbortController();
    this.current = own;
    return new Promise<T>((resolve, reject) => {
      const abort = (): void => own.abort();
      const done = (settle: () => void): void => {
        signal?.removeEventListener('abort', abort);
        if (this.current === own) this.current = undefined;
        settle();
      };
      own.signal.addEventListener('abort', () => done(() => reject(cancelled())), { once: true });
      signal?.addEventListener('abort', abort, { once: true });
      const answer = async (): Promise<T> => work(own.signal);
      answer().then(
        (value) => done(() => resolve(value)),
        (error) => done(() => reject(error)),
      );
    });
  }

  /** Nothing that is under way counts any more. */
  cancel(): void {
    const { current } = this;
    this.current = undefined;
    current?.abort();
  }

  dispose(): void {
    this.disposed = true;
    this.cancel();
  }
}
