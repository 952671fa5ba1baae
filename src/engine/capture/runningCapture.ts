/**
 * The capture that runs: the log that requests go to, and the next one where it became too long, was cleared, or was taken away by another. Whoever
 * sends need not know; what was acknowledged stands in one of them.
 */

import { SpanhopError, toErrorData } from '../../base/errors';
import type { CaptureDirectory, CaptureIndex, OpenCapture } from '../../capture/directory/directory';
import type { LogFailure } from '../../capture/log/diskFailure';
import type { Emit } from '../store/notifier';
import type { CurrentCapture } from './intakeOwner';

export interface RunningOwner {
  readonly directory: CaptureDirectory | undefined;
  /** Whether programs can send. */
  readonly receiving: boolean;
  /** Bytes of all logs on disk. */
  readonly limitBytes: number;
  readonly emit: Emit;
  /** Number of a new capture in the store. */
  add(id: string): number;
  /** Deletes the oldest captures over the limit. */
  prune(): Promise<void>;
  /** There is another capture than before. */
  changed(): void;
  /** Runs one change of the captures at a time. */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
}

interface Running extends CurrentCapture {
  readonly open: OpenCapture;
}

export class RunningCapture {
  private running: Running | undefined;
  private rotating = false;

  constructor(private readonly owner: RunningOwner) {}

  get current(): CurrentCapture | undefined {
    return this.running;
  }

  /** Of both logs of the running capture. */
  get bytes(): number {
    return this.running?.open.bytes ?? 0;
  }

  /** What the index of the running capture says by now. */
  get index(): CaptureIndex | undefined {
    return this.running && indexOf(this.running);
  }

  /** Begins a capture. In turn. Rejects when none can be kept, and then leaves nothing behind. */
  async begin(): Promise<void> {
    this.running = await this.make();
  }

  /** Ends it; what was appended stays. In turn. */
  async end(): Promise<void> {
    const { running } = this;
    this.running = undefined;
    if (running) await this.close(running);
  }

  /**
   * Begins another and deletes this one. In turn.
   * @param switched runs in the moment from which on all that is acknowledged is in the new one
   */
  async clear(switched: () => void): Promise<void> {
    const { running } = this;
    const next = await this.make();
    if (running) running.cleared = true;
    this.running = next;
    switched();
    await running?.open.discard().catch((error: unknown) => this.warn(error));
  }

  /** Begins a new log in place of one that takes nothing any more. Resolves with whether there is one to write to. */
  async follow(ended: CurrentCapture, why: LogFailure): Promise<boolean> {
    if (this.running && this.running !== ended) return true;
    return this.owner.inTurn(async () => {
      const { running, owner } = this;
      if (running !== ended || why.ended !== 'lost') return running !== undefined && running !== ended;
      // While it stops, programs are told to come again.
      if (!owner.receiving) return false;
      this.running = await this.make();
      await this.close(running);
      const message = `${why.message} Traces captured before are in memory only, as far as the log was deleted; capturing goes on in a new log.`;
      owner.emit('notice', { key: `capture.lost:${running.id}`, level: 'warning', message });
      owner.emit('log', { level: 'warn', message });
      owner.changed();
      return true;
    });
  }

  /** Begins a new log when the present one takes half of what all may take, so that there is an older one to delete. */
  async rotate(): Promise<void> {
    if (this.rotating || !this.isTooLong()) return;
    this.rotating = true;
    try {
      // The new one may be too long as well by the time that it is there, and nobody asks again until the next request.
      while (await this.owner.inTurn(() => this.beginAnother()));
    } catch (error) {
      this.warn(error);
    } finally {
      this.rotating = false;
    }
  }

  async writeIndex(): Promise<void> {
    const { running } = this;
    if (running && running.log.bytes > 0) await this.owner.directory?.writeIndex(running.id, indexOf(running));
  }

  private isTooLong(): boolean {
    return this.bytes > this.owner.limitBytes / 2;
  }

  private async beginAnother(): Promise<boolean> {
    const { running, owner } = this;
    if (!running || !this.isTooLong() || !owner.receiving) return false;
    this.running = await this.make();
    await this.close(running);
    await owner.prune();
    owner.changed();
    return true;
  }

  private async make(): Promise<Running> {
    const { owner } = this;
    if (!owner.directory)
      throw new SpanhopError('NotFound', 'No place for captures is known yet; open a folder or a window first.');
    // What keeps the old ones from being listed keeps a new one from being made, and that says more.
    await owner.prune().catch((error: unknown) => this.warn(error));
    const open = await owner.directory.create();
    const { id, startedAt, log, logs } = open;
    const counts = { spans: 0, traces: 0, keptTo: 0, recordsKeptTo: 0, cleared: false };
    return { id, startedAt, log, logs, open, number: owner.add(id), services: new Set(), ...counts };
  }

  /** What could not be closed was appended all the same. */
  private async close(running: Running): Promise<void> {
    await running.open.close(() => indexOf(running)).catch((error: unknown) => this.warn(error));
  }

  private warn(error: unknown): void {
    this.owner.emit('log', { level: 'warn', message: toErrorData(error).message });
  }
}

function indexOf({ spans, traces, services, log }: Running): CaptureIndex {
  return { spans, traces, services: [...services], bytes: log.bytes };
}
