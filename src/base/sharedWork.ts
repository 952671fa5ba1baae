/** Work that several ask for at the same time is done once; it goes on as long as one of them still waits. */

import { cancelled } from './errors';

interface Job<T> {
  readonly controller: AbortController;
  readonly answer: Promise<T>;
  callers: number;
}

export class SharedWork<K, T> {
  private readonly jobs = new Map<K, Job<T>>();

  constructor(private readonly work: (key: K, signal: AbortSignal) => Promise<T>) {}

  /** Rejects with `Cancelled` when this caller gives up. When the last one has, the work is aborted, and who asks then begins anew. */
  get(key: K, signal?: AbortSignal): Promise<T> {
    if (signal?.aborted) return Promise.reject(cancelled());
    const job = this.jobs.get(key) ?? this.begin(key);
    job.callers++;
    return new Promise((resolve, reject) => {
      const giveUp = (): void => {
        if (--job.callers === 0) {
          this.forget(key, job);
          job.controller.abort();
        }
        reject(cancelled());
      };
      signal?.addEventListener('abort', giveUp, { once: true });
      const leave = (): void => signal?.removeEventListener('abort', giveUp);
      job.answer.finally(leave).then(resolve, reject);
    });
  }

  private begin(key: K): Job<T> {
    const controller = new AbortController();
    const job: Job<T> = { controller, answer: this.work(key, controller.signal), callers: 0 };
    this.jobs.set(key, job);
    const done = (): void => this.forget(key, job);
    job.answer.then(done, done);
    return job;
  }

  private forget(key: K, job: Job<T>): void {
    if (this.jobs.get(key) === job) this.jobs.delete(key);
  }
}
