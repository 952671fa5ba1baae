// What waits, overlaps or is cancelled, with a clock of its own.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Latest } from '../../../src/base/latest';
import { Limit, OneAtATime } from '../../../src/base/limit';
import { SharedWork } from '../../../src/base/sharedWork';
import { Throttle } from '../../../src/base/throttle';
import { setUnexpectedErrorHandler } from '../../../src/base/unexpected';

const unexpected: unknown[] = [];
setUnexpectedErrorHandler((error) => unexpected.push(error));

beforeEach(() => {
  vi.useFakeTimers();
  unexpected.splice(0);
});
afterEach(() => {
  vi.useRealTimers();
});

/** A promise that is settled from outside. */
function open<T>(): { promise: Promise<T>; resolve(value: T): void; reject(error: unknown): void } {
  let resolve: (value: T) => void = () => {};
  let reject: (error: unknown) => void = () => {};
  const promise = new Promise<T>((one, other) => {
    resolve = one;
    reject = other;
  });
  return { promise, resolve, reject };
}

const kindOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    (value) => value,
    (error) => error.kind ?? error.message,
  );

describe('one at a time', () => {
  it('begins each when the one before is done, whether or not it failed', async () => {
    const turns = new OneAtATime();
    const first = open<string>();
    const order: string[] = [];
    const begin = (name: string, answer: Promise<string>): Promise<string> => {
      order.push(name);
      return answer;
    };
    const answers = [
      kindOf(turns.run(() => begin('first', first.promise))),
      kindOf(turns.run(() => begin('second', Promise.resolve('b')))),
    ];
    await vi.advanceTimersByTimeAsync(0);
    expect([order, turns.count]).toEqual([['first'], 2]);
    first.reject(new Error('failed'));
    expect(await Promise.all(answers)).toEqual(['failed', 'b']);
    expect([order, turns.count]).toEqual([['first', 'second'], 0]);
  });

  it('does not begin what was given up before its turn', async () => {
    const turns = new Limit(1);
    const first = open<void>();
    const gone = new AbortController();
    const work = vi.fn(async () => 'never');
    void turns.run(() => first.promise);
    const second = kindOf(turns.run(work, gone.signal));
    const third = turns.run(async () => 'third');
    gone.abort();
    first.resolve();
    expect([await second, await third]).toEqual(['Cancelled', 'third']);
    expect(work).not.toHaveBeenCalled();
  });
});

describe('latest wins', () => {
  it('aborts the one before, whose answer is dropped even where it comes later', async () => {
    const latest = new Latest();
    const [slow, quick] = [open<string>(), open<string>()];
    let aborted = false;
    const first = kindOf(
      latest.run((signal) => {
        signal.addEventListener('abort', () => {
          aborted = true;
        });
        return slow.promise;
      }),
    );
    const second = kindOf(latest.run(() => quick.promise));
    expect([aborted, latest.underWay]).toEqual([true, true]);
    quick.resolve('second');
    expect(await second).toBe('second');
    slow.resolve('first');
    expect(await first).toBe('Cancelled');
    expect(latest.underWay).toBe(false);
  });

  it('ends with the caller’s own signal, and with `cancel`', async () => {
    const latest = new Latest();
    const caller = new AbortController();
    const first = kindOf(latest.run(() => open<void>().promise, caller.signal));
    caller.abort();
    expect([await first, latest.underWay]).toEqual(['Cancelled', false]);
    const second = kindOf(latest.run(() => open<void>().promise));
    latest.cancel();
    expect([await second, latest.underWay]).toEqual(['Cancelled', false]);
    const work = vi.fn(async () => 1);
    expect(await kindOf(latest.run(work, caller.signal))).toBe('Cancelled');
    expect(work).not.toHaveBeenCalled();
  });

  it('passes on what fails, also at once', async () => {
    const latest = new Latest();
    expect(
      await kindOf(
        latest.run(() => {
          throw new Error('at once');
        }),
      ),
    ).toBe('at once');
    expect(latest.underWay).toBe(false);
  });
});

describe('a throttle', () => {
  it('runs at a steady pace while it is asked', async () => {
    const at: number[] = [];
    const began = Date.now();
    const throttle = new Throttle(() => at.push(Date.now() - began), { waitMs: 100 });
    for (let ms = 0; ms < 1000; ms += 10) {
      throttle.ask();
      await vi.advanceTimersByTimeAsync(10);
    }
    await vi.advanceTimersByTimeAsync(1000);
    expect(at).toEqual([100, 200, 300, 400, 500, 600, 700, 800, 900, 1000]);
    expect(throttle.isPending).toBe(false);
  });

  it('waits for quiet where it counts from the last', async () => {
    const at: number[] = [];
    const began = Date.now();
    const throttle = new Throttle(() => at.push(Date.now() - began), { waitMs: 100, after: 'last' });
    for (let ms = 0; ms < 500; ms += 50) {
      throttle.ask();
      await vi.advanceTimersByTimeAsync(50);
    }
    await vi.advanceTimersByTimeAsync(1000);
    expect(at).toEqual([550]);
  });

  it('never runs twice at the same time, and once more for all who asked meanwhile', async () => {
    const runs: ReturnType<typeof open<void>>[] = [];
    const throttle = new Throttle(
      () => {
        const run = open<void>();
        runs.push(run);
        return run.promise;
      },
      { waitMs: 100 },
    );
    throttle.ask();
    await vi.advanceTimersByTimeAsync(100);
    for (let i = 0; i < 50; i++) {
      throttle.ask();
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(runs).toHaveLength(1);
    runs[0].resolve();
    await vi.advanceTimersByTimeAsync(99);
    expect(runs).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(runs).toHaveLength(2);
    runs[1].resolve();
    await vi.advanceTimersByTimeAsync(1000);
    expect([runs.length, throttle.isPending]).toEqual([2, false]);
  });

  it('goes on after work that failed, and tells of it', async () => {
    let runs = 0;
    const throttle = new Throttle(
      async () => {
        runs++;
        throw new Error('broken');
      },
      { waitMs: 10 },
    );
    throttle.ask();
    await vi.advanceTimersByTimeAsync(10);
    throttle.ask();
    await vi.advanceTimersByTimeAsync(10);
    expect([runs, unexpected.length]).toEqual([2, 2]);
  });

  it('forgets on `cancel`, and never runs after it was disposed', async () => {
    const work = vi.fn();
    const throttle = new Throttle(work, { waitMs: 10 });
    throttle.ask();
    throttle.cancel();
    await vi.advanceTimersByTimeAsync(50);
    expect(work).toHaveBeenCalledTimes(0);
    throttle.ask();
    await vi.advanceTimersByTimeAsync(50);
    expect(work).toHaveBeenCalledTimes(1);
    throttle.ask();
    throttle.dispose();
    throttle.ask();
    await vi.advanceTimersByTimeAsync(50);
    expect(work).toHaveBeenCalledTimes(1);
  });
});

describe('shared work', () => {
  it('is done once for all who ask meanwhile, and anew afterwards', async () => {
    const jobs: ReturnType<typeof open<string>>[] = [];
    const shared = new SharedWork<string, string>(() => {
      const job = open<string>();
      jobs.push(job);
      return job.promise;
    });
    const both = Promise.all([shared.get('a'), shared.get('a')]);
    jobs[0].resolve('one');
    expect([await both, jobs.length]).toEqual([['one', 'one'], 1]);
    const again = kindOf(shared.get('a'));
    jobs[1].reject(new Error('failed'));
    expect([await again, jobs.length]).toEqual(['failed', 2]);
  });

  it('goes on while one still waits, and is aborted when nobody does', async () => {
    const aborted: string[] = [];
    const jobs: ReturnType<typeof open<string>>[] = [];
    const shared = new SharedWork<string, string>((key, signal) => {
      signal.addEventListener('abort', () => aborted.push(key));
      const job = open<string>();
      jobs.push(job);
      return job.promise;
    });
    const [a, b] = [new AbortController(), new AbortController()];
    const answers = [kindOf(shared.get('x', a.signal)), kindOf(shared.get('x', b.signal))];
    a.abort();
    expect([await answers[0], aborted]).toEqual(['Cancelled', []]);
    b.abort();
    expect([await answers[1], aborted]).toEqual(['Cancelled', ['x']]);
    // Who asks now does not get what was aborted.
    const third = shared.get('x');
    expect(jobs).toHaveLength(2);
    jobs[1].resolve('third');
    expect(await third).toBe('third');
  });
});
