import { expect, it } from 'vitest';
import { abortable } from '../../../src/base/abortable';

const never = new Promise<string>(() => {});

it('is the work itself as long as nobody gives up', async () => {
  const { signal } = new AbortController();
  expect(await abortable(Promise.resolve('done'), undefined)).toBe('done');
  expect(await abortable(Promise.resolve('done'), signal)).toBe('done');
  await expect(abortable(Promise.reject(new Error('no')), signal)).rejects.toThrow('no');
});

it('rejects as soon as who waits gives up', async () => {
  const giveUp = new AbortController();
  const waiting = abortable(never, giveUp.signal);
  giveUp.abort();
  await expect(waiting).rejects.toMatchObject({ kind: 'Cancelled' });
  await expect(abortable(never, giveUp.signal)).rejects.toMatchObject({ kind: 'Cancelled' });
});

it('hears of work that fails later', async () => {
  const giveUp = new AbortController();
  let fail: (error: Error) => void = () => {};
  const work = new Promise<string>((_, reject) => {
    fail = reject;
  });
  const waiting = abortable(work, giveUp.signal);
  giveUp.abort();
  fail(new Error('too late'));
  await expect(waiting).rejects.toMatchObject({ kind: 'Cancelled' });
});
