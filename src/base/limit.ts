/** Pieces of work of which so many run at the same time, and the others wait in their order. */

import pLimit, { type LimitFunction } from 'p-limit';
import { throwIfAborted } from './errors';

export class Limit {
  private readonly limit: LimitFunction;

  constructor(places: number) {
    this.limit = pLimit(places);
  }

  /** Pieces that run or wait. */
  get count(): number {
    return this.limit.activeCount + this.limit.pendingCount;
  }

  /** Rejects with what the work rejects with; with `Cancelled`, without having begun, where the signal aborted before its turn came. */
  run<T>(work: () => T | Promise<T>, signal?: AbortSignal): Promise<T> {
    return this.limit(async () => {
      throwIfAborted(signal);
      return work();
    });
  }
}

/** One at a time. What fails does not keep the next one from its turn. */
export class OneAtATime extends Limit {
  constructor() {
    super(1);
  }
}
