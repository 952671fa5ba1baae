/** Work that is mostly done at once: when it takes longer it is shown, and can be stopped. */

import type { UserInterface } from '../ports/userInterface';

/** Milliseconds before it is shown. */
const patienceMs = 400;

/** As the work, whose signal aborts when the person stops it. */
export async function withPatience<T>(
  ui: Pick<UserInterface, 'showProgress'>,
  title: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const stopping = new AbortController();
  const working = work(stopping.signal);
  const over = working.then(
    () => {},
    () => {},
  );
  const show = (signal: AbortSignal): Promise<void> => {
    signal.addEventListener('abort', () => stopping.abort(), { once: true });
    return over;
  };
  const timer = setTimeout(() => void ui.showProgress(title, show), patienceMs);
  try {
    return await working;
  } finally {
    clearTimeout(timer);
  }
}
