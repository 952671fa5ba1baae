/**
 * Reading back what was captured last, when a window opens. The newest capture in which there are spans, and what else was captured with it: one that ended
 * before anything came says nothing of what was looked at last.
 */

import { toErrorData } from '../../base/errors';
import type { CaptureDirectory } from '../../capture/directory/directory';
import type { KeptCapture } from '../../capture/directory/keptCapture';
import type { Readings, Work } from './readings';

export interface RestoringOwner {
  unreadable(capture: KeptCapture, error: unknown): void;
  /** Of captures that were not read, the counts may be out of date. */
  recount(kept: readonly KeptCapture[]): Promise<void>;
}

export class Restoring {
  private under: Promise<void> | undefined;
  /** The place whose newest captures were read back. */
  private done: string | undefined;
  /** The capture that is read, though nobody asked for it just now. */
  private id: string | undefined;

  constructor(
    private readonly readings: Pick<Readings, 'get'>,
    private readonly owner: RestoringOwner,
  ) {}

  isReading(id: string): boolean {
    return this.id === id;
  }

  /** Begins once for each place, where it is asked to. Resolves when that is over, also when it was stopped. */
  restore(begin: boolean, directory: CaptureDirectory | undefined, work: Work): Promise<void> {
    if (!begin || !directory || this.done === directory.path) return this.under ?? Promise.resolve();
    this.done = directory.path;
    const under = this.read(directory, work).finally(() => {
      this.under = undefined;
      this.id = undefined;
    });
    this.under = under;
    return under;
  }

  private async read(directory: CaptureDirectory, { progress }: Work): Promise<void> {
    const all = await directory.list().catch((error: unknown) => {
      this.done = undefined;
      throw error;
    });
    const others = all.filter((capture) => !capture.live && capture.allBytes > 0);
    let found: KeptCapture | undefined;
    for (const capture of others) {
      if (found && (found.about.run === undefined || capture.about.run !== found.about.run)) continue;
      this.id = capture.id;
      try {
        if ((await this.readings.get(capture.id, { progress })) > 0) found ??= capture;
      } catch (error) {
        // What was stopped is not read for its counts either.
        if (toErrorData(error).kind === 'Cancelled') return;
        this.owner.unreadable(capture, error);
      }
    }
    void this.owner.recount(others);
  }
}
