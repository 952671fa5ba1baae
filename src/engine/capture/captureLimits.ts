/** Deletes captures that are over the limits of size and age, and tells of it. */

import type { CaptureDirectory } from '../../capture/directory/directory';
import { formatCount } from '../../core/text/formatText';
import type { Emit } from '../store/notifier';

export interface CaptureLimits {
  /** Bytes of all logs on disk. */
  readonly captureLogBytes: number;
  /** Captures that ended longer ago are deleted; undefined: however old they are. */
  readonly captureMaxAgeMs?: number;
}

/**
 * Returns the ids of those that are deleted: the oldest. None that runs, or that a person keeps; for its age none that is listed.
 * @param isShown whether traces of a capture are listed
 */
export async function pruneCaptures(
  directory: CaptureDirectory,
  { captureLogBytes, captureMaxAgeMs }: CaptureLimits,
  isShown: (id: string) => boolean,
  emit: Emit,
): Promise<readonly string[]> {
  const endedBefore = captureMaxAgeMs === undefined ? 0 : Date.now() - captureMaxAgeMs;
  const deleted = await directory.prune(captureLogBytes, endedBefore, isShown);
  if (deleted.length === 0) return deleted;
  const were = deleted.length === 1 ? 'was' : 'were';
  const message = `${formatCount(deleted.length, 'capture')} ${were} deleted from disk, the oldest first: captures were over their limits of size or age.`;
  emit('log', { level: 'info', message });
  // What is listed is in memory only from now on.
  if (deleted.some(isShown)) emit('notice', { key: `capture.pruned:${deleted[0]}`, level: 'info', message });
  return deleted;
}
