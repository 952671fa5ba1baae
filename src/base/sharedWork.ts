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
          this.remove(key, job);
          job.controller.abort();
        }
        reject(cancelled());
      };
      signal?.addEventListener('abort', giveUp, { once: true });
      const leave = (): void => signal?.removeEventListener('abort', giveUp);
      job.answer.finally(leave).then(resolve, reject);
    });
  }

  /** Who asks from now on begins anew; who waits already is answered as before. */
  forget(key: K): void {
    this.jobs.delete(key);
  }

  private begin(key: K): Job<T> {
    const controller = new AbortController();
    const answer = async (): Promise<T> => this.work(key, controller.signal);
    const job: Job<T> = { controller, answer: answer(), callers: 0 };
    this.jobs.set(key, job);
    const done = (): void => this.remove(key, job);
    job.answer.then(done, done);
    return job;
  }

  private remove(key: K, job: Job<T>): void {
    if (this.jobs.get(key) === job) this.jobs.delete(key);
  }
}
