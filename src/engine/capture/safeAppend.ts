/**
 * Puts a request into the log of its session's capture; into the next one when the log ended meanwhile (it became too long, was cleared, or was deleted
 * behind our back). Whoever sent it need not know.
 */

import { SpanhopError } from '../../base/errors';
import { LogFailure } from '../../capture/log/diskFailure';
import type { CaptureLog } from '../../capture/log/log';
import type { CurrentCapture, IntakeOwner } from './intakeOwner';

/** Logs that may end while one request is on its way. */
const ATTEMPTS = 3;

/** Where a request stands. */
export interface Appended {
  readonly capture: CurrentCapture;
  /** Where it ends in the log. */
  readonly end: number;
}

/**
 * Resolves when the request is in a log. Requests to one log resolve in the order of the log.
 * @throws SpanhopError `TooLarge`; anything else when it cannot be kept now, which the window is told of
 */
export async function appendSafely(
  owner: IntakeOwner,
  session: string,
  logOf: (capture: CurrentCapture) => CaptureLog | Promise<CaptureLog>,
  frames: readonly Uint8Array[],
): Promise<Appended> {
  for (let attempt = 1; ; attempt++) {
    const capture = await taken(owner, session, frames);
    if (!capture) throw new SpanhopError('Unreachable', 'The capture was stopped.');
    try {
      const end = await (await logOf(capture)).append(...frames);
      // Cleared in the moment in which it was written: nobody was told that it is safe.
      if (capture.cleared) throw new LogFailure('The capture was cleared.', 'stopped');
      owner.disk.succeeded();
      return { capture, end };
    } catch (error) {
      if (!(error instanceof LogFailure)) throw error;
      let reason: Error = error;
      try {
        if (error.ended && attempt < ATTEMPTS && (await owner.follow(capture, error))) continue;
      } catch (next) {
        // Why there is no other log says more than why this one ended.
        if (next instanceof Error) reason = next;
      }
      if (owner.capturing) owner.disk.failed(reason.message, bytesOf(frames));
      throw reason;
    }
  }
}

async function taken(owner: IntakeOwner, session: string, frames: readonly Uint8Array[]): Promise<CurrentCapture | undefined> {
  try {
    const capture = owner.take(session);
    // No turn is lost where it is there: requests keep their order.
    return capture instanceof Promise ? await capture : capture;
  } catch (error) {
    if (owner.capturing) owner.disk.failed(error instanceof Error ? error.message : String(error), bytesOf(frames));
    throw error;
  }
}

function bytesOf(frames: readonly Uint8Array[]): number {
  return frames.reduce((sum, { length }) => sum + length, 0);
}
