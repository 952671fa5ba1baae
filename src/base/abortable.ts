/** Waiting for work that goes on although somebody gives up waiting. */

import { cancelled } from './errors';

/** As the work, but rejects with `Cancelled` as soon as the signal aborts. */
export function abortable<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  return new Promise<T>((resolve, reject) => {
    const leave = (): void => reject(cancelled());
    const done = (): void => signal.removeEventListener('abort', leave);
    // Also where the signal aborted before: whatever becomes of the work is heard of.
    work.finally(done).then(resolve, reject);
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave);
  });
}
