/**
 * Whether captured spans can be kept just now. The window is told once when they cannot, and the state of the capture says so while it lasts;
 * it is over when nothing failed for some seconds, not with the first request that finds room again.
 */

import type { Emit } from '../store/notifier';

const KEY = 'capture.disk';
/** Milliseconds without a failure after which the trouble has passed. */
const QUIET_MS = 3_000;

export class DiskTrouble {
  private message: string | undefined;
  private failedAt = 0;
  private bytes = 0;

  constructor(
    private readonly emit: Emit,
    /** The trouble began, is another one, or is over. */
    private readonly changed: () => void,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** A sentence; undefined while all is well. */
  get current(): string | undefined {
    return this.message;
  }

  /** So many bytes were not kept. */
  failed(reason: string, bytes: number): void {
    this.failedAt = this.now();
    this.bytes = Math.max(this.bytes, bytes);
    if (this.message === reason) return;
    const first = this.message === undefined;
    this.message = reason;
    if (first) {
      const message = `${reason} Nothing is acknowledged until it works again: programs are told to send their spans once more.`;
      this.emit('notice', { key: KEY, level: 'error', message });
    }
    this.emit('log', { level: 'error', message: reason });
    this.changed();
  }

  /** A request was kept. */
  succeeded(): void {
    if (this.message !== undefined && this.isQuiet) this.end();
  }

  /** Asks `works`, which rejects while it does not, when nobody sends any more who could find out. */
  async look(works: (bytes: number) => Promise<void>): Promise<void> {
    if (this.message === undefined || !this.isQuiet) return;
    try {
      await works(this.bytes);
    } catch {
      return;
    }
    if (this.isQuiet) this.end();
  }

  /** The capture ends. */
  end(): void {
    if (this.message === undefined) return;
    this.message = undefined;
    this.bytes = 0;
    this.emit('notice', { key: KEY, level: 'info', message: 'Captured spans are kept again.', over: true });
    this.emit('log', { level: 'info', message: 'Captured spans are kept again.' });
    this.changed();
  }

  private get isQuiet(): boolean {
    return this.now() - this.failedAt >= QUIET_MS;
  }
}
