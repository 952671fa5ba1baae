/**
 * Puts a request into the running capture's log; into the next one when the log ended meanwhile (it became too long, was cleared, or was deleted
 * behind our back). Whoever sent it need not know.
 */

import { SpanhopError } from '../../base/errors';
import { LogFailure } from '../../capture/log/diskFailure';
import type { CaptureLog } from '../../capture/log/log';
import type { CurrentCapture, IntakeOwner } from './spanIntake';

/** Logs that may end while one request is on its way. */
const ATTEMPTS = 3;

/**
 * Resolves with the capture that has it.
 * @throws SpanhopError `TooLarge`; anything else when it cannot be kept now, which the window is told of
 */
export async function appendSafely(
  owner: IntakeOwner,
  logOf: (capture: CurrentCapture) => CaptureLog | Promise<CaptureLog>,
  frames: readonly Uint8Array[],
): Promise<CurrentCapture> {
  for (let attempt = 1; ; attempt++) {
    const { current } = owner;
    if (!current) throw new SpanhopError('Unreachable', 'The capture was stopped.');
    try {
      await (await logOf(current)).append(...frames);
      owner.disk.succeeded();
      return current;
    } catch (error) {
      if (!(error instanceof LogFailure)) throw error;
      let reason: Error = error;
      try {
        if (error.ended && attempt < ATTEMPTS && (await owner.follow(current, error))) continue;
      } catch (next) {
        // Why there is no other log says more than why this one ended.
        if (next instanceof Error) reason = next;
      }
      if (owner.current) {
        const bytes = frames.reduce((sum, { length }) => sum + length, 0);
        owner.disk.failed(reason.message, bytes);
      }
      throw reason;
    }
  }
}
