/** Cuts long work, so that the receiver and other calls are answered in between. */

import { throwIfAborted } from './errors';

/**
 * Milliseconds of work between two pauses. Exporters wait for each answer before they send on: with longer slices a receiver beside them takes in no more
 * than one request of each in that time.
 */
const SLICE_MS = 4;

/** Slices that wait for their turn. One goes on in each round of the event loop, so that many together hold it no longer than one. */
const waiting: (() => void)[] = [];

function nextRound(): void {
  if (typeof setImmediate === 'function') setImmediate(goOn);
  else setTimeout(goOn);
}

function goOn(): void {
  waiting.shift()?.();
  if (waiting.length > 0) nextRound();
}

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
    await new Promise<void>((resolve) => {
      if (waiting.push(resolve) === 1) nextRound();
    });
    throwIfAborted(this.signal);
    this.since = performance.now();
  }

  /** Pauses when it is due. */
  async maybePause(): Promise<void> {
    if (this.due) await this.pause();
  }
}
