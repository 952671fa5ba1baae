import { describe, expect, it } from 'vitest';
import { SharedWork } from '../../../src/backends/shared';

/** Work that ends when the test says so, and remembers how often it began and was given up. */
function controlled() {
  const state = { begun: 0, aborted: 0, end: (_: string) => {}, fail: (_: Error) => {} };
  const shared = new SharedWork(
    (signal) =>
      new Promise<string>((resolve, reject) => {
        state.begun++;
        state.end = resolve;
        state.fail = reject;
        signal.addEventListener('abort', () => {
          state.aborted++;
          reject(new Error('aborted'));
        });
      }),
  );
  return { state, shared };
}

describe('work that several callers wait for', () => {
  it('is done once, and its result is kept', async () => {
    const { state, shared } = controlled();
    const both = [shared.get(undefined), shared.get(new AbortController().signal)];
    state.end('v3');
    expect(await Promise.all(both)).toEqual(['v3', 'v3']);
    expect(await shared.get(undefined)).toBe('v3');
    expect(state.begun).toBe(1);
  });

  it('lets a caller go at once and goes on for the others', async () => {
    const { state, shared } = controlled();
    const leaving = new AbortController();
    const left = shared.get(leaving.signal);
    const stays = shared.get(undefined);
    leaving.abort();
    await expect(left).rejects.toMatchObject({ name: 'Cancelled' });
    expect(state.aborted).toBe(0);
    state.end('v3');
    expect(await stays).toBe('v3');
  });

  it('is given up when the last caller leaves, and begins anew for the next one', async () => {
    const { state, shared } = controlled();
    const leaving = new AbortController();
    const left = shared.get(leaving.signal);
    leaving.abort();
    await expect(left).rejects.toMatchObject({ name: 'Cancelled' });
    expect(state.aborted).toBe(1);
    const next = shared.get(undefined);
    state.end('v3');
    expect(await next).toBe('v3');
    expect(state.begun).toBe(2);
  });

  it('does not keep a failure', async () => {
    const { state, shared } = controlled();
    const failing = shared.get(undefined);
    state.fail(new Error('down'));
    await expect(failing).rejects.toThrow('down');
    const next = shared.get(undefined);
    state.end('v3');
    expect(await next).toBe('v3');
  });

  it('keeps a result when a caller aborts afterwards', async () => {
    const { state, shared } = controlled();
    const caller = new AbortController();
    const first = shared.get(caller.signal);
    state.end('v3');
    await first;
    caller.abort();
    expect(await shared.get(undefined)).toBe('v3');
    expect(state.begun).toBe(1);
  });
});
