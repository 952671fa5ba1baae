/** Lets so many pieces of work run at the same time; the others wait in their order. */

import { throwIfAborted } from '../../../base/errors';

export class Turnstile {
  private free: number;
  private readonly queue: (() => void)[] = [];

  constructor(places: number) {
    this.free = places;
  }

  /** Rejects with `Cancelled` where the signal aborted before the work's turn came. */
  async pass<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    if (this.free > 0) this.free--;
    // Whoever leaves hands its place on.
    else await new Promise<void>((resolve) => this.queue.push(resolve));
    try {
      throwIfAborted(signal);
      return await work();
    } finally {
      const next = this.queue.shift();
      if (next) next();
      else this.free++;
    }
  }
}
