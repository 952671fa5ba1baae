import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { withPatience } from '../../../../src/app/messages/slowWork';
import { cancelled } from '../../../../src/base/errors';
import { waiting } from '../support/fakeEngine';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** What is shown, and the person's way to stop it. */
function progress() {
  const shown: string[] = [];
  const stop = new AbortController();
  return {
    shown,
    stop,
    ui: {
      async showProgress<T>(title: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
        shown.push(title);
        const answer = await work(stop.signal);
        shown.push('over');
        return answer;
      },
    },
  };
}

it('shows nothing of work that is done at once', async () => {
  const { ui, shown } = progress();
  expect(await withPatience(ui, 'Looking…', async () => 3)).toBe(3);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(shown).toEqual([]);
});

it('shows what takes long, until it is done or failed', async () => {
  const { ui, shown } = progress();
  const work = waiting<number>();
  const answer = withPatience(ui, 'Looking…', () => work.promise);
  await vi.advanceTimersByTimeAsync(400);
  expect(shown).toEqual(['Looking…']);
  work.reject(new Error('nothing there'));
  await expect(answer).rejects.toThrow('nothing there');
  await vi.advanceTimersByTimeAsync(0);
  expect(shown).toEqual(['Looking…', 'over']);
});

it('ends when the person stops it', async () => {
  const { ui, stop, shown } = progress();
  const answer = withPatience(
    ui,
    'Looking…',
    (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(cancelled()))),
  );
  answer.catch(() => {});
  await vi.advanceTimersByTimeAsync(400);
  stop.abort();
  await expect(answer).rejects.toMatchObject({ kind: 'Cancelled' });
  await vi.advanceTimersByTimeAsync(0);
  expect(shown).toEqual(['Looking…', 'over']);
});
