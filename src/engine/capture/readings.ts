/**
 * Captures that are being read back into memory: one at a time, each once for all who ask for it. They have turns of their own, so that starting,
 * stopping and clearing never wait for a long log.
 */

import { OneAtATime } from '../../base/limit';
import { SharedWork } from '../../base/sharedWork';
import type { CallContext, Progress } from '../../protocol/rpc';

export type Work = Partial<Pick<CallContext, 'signal' | 'progress'>>;

interface Reading {
  readonly stop: AbortController;
  /** Resolves when it is over, however it ended. */
  readonly over: Promise<unknown>;
}

export class Readings {
  private readonly turn = new OneAtATime();
  private readonly shared = new SharedWork<string, number>((id, signal) => this.begin(id, signal));
  private readonly underWay = new Map<string, Reading>();
  private readonly listeners = new Map<string, Set<(progress: Progress) => void>>();

  /** @param read leaves nothing behind when its signal aborts; resolves with how many spans there are */
  constructor(private readonly read: (id: string, work: Required<Work>) => Promise<number>) {}

  has(id: string): boolean {
    return this.underWay.has(id);
  }

  /** Reads a capture, or waits for who reads it. Rejects with `Cancelled` when the caller gives up, or `stop` was called. */
  async get(id: string, { signal, progress }: Work): Promise<number> {
    const listeners = this.listeners.get(id) ?? new Set();
    this.listeners.set(id, listeners);
    const listener = (value: Progress): void => progress?.(value);
    listeners.add(listener);
    try {
      return await this.shared.get(id, signal);
    } finally {
      listeners.delete(listener);
      if (listeners.size === 0 && this.listeners.get(id) === listeners) this.listeners.delete(id);
    }
  }

  /** Ends the reading of one capture, or of all. Resolves when nothing of what was not read to its end is in memory. */
  async stop(id?: string): Promise<void> {
    const stopped = [...this.underWay].filter(([one]) => id === undefined || one === id);
    for (const [one, reading] of stopped) {
      // Who asks from now on wants it read, not what was stopped.
      this.shared.forget(one);
      reading.stop.abort();
    }
    await Promise.all(stopped.map(([, reading]) => reading.over));
  }

  private begin(id: string, signal: AbortSignal): Promise<number> {
    const stop = new AbortController();
    signal.addEventListener('abort', () => stop.abort(), { once: true });
    const progress = (value: Progress): void => {
      for (const listener of this.listeners.get(id) ?? []) listener(value);
    };
    // Who has gone before its turn waits for it all the same, so that `over` comes after what runs now.
    const work = this.turn.run(() => this.read(id, { signal: stop.signal, progress }), stop.signal);
    const reading: Reading = { stop, over: work.catch(() => {}) };
    this.underWay.set(id, reading);
    return work.finally(() => {
      if (this.underWay.get(id) === reading) this.underWay.delete(id);
    });
  }
}
