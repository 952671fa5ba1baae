// The same small pieces where they are used in an order that nobody means: twice, within themselves, after their end, with work that throws.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Disposables } from '../../../src/base/disposables';
import { Emitter } from '../../../src/base/emitter';
import { Latest } from '../../../src/base/latest';
import { Limit, OneAtATime } from '../../../src/base/limit';
import { SharedWork } from '../../../src/base/sharedWork';
import { Slices } from '../../../src/base/slices';
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

const never = (): Promise<never> => new Promise(() => {});
const kindOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    (value) => value,
    (error) => error.kind ?? error.message,
  );
const throwing = (): never => {
  throw new Error('at once');
};

describe('a throttle', () => {
  it('goes on after work that throws at once, and is told of it', async () => {
    const throttle = new Throttle(throwing, { waitMs: 10 });
    for (let i = 0; i < 2; i++) {
      throttle.ask();
      await vi.advanceTimersByTimeAsync(10);
    }
    expect([unexpected.length, throttle.isPending]).toEqual([2, false]);
  });

  it.each(['first', 'last'] as const)('is asked again after its time could not be told, counted from the %s', async (after) => {
    let tells = false;
    const work = vi.fn();
    const throttle = new Throttle(work, { after, waitMs: () => (tells ? 10 : throwing()) });
    expect(() => throttle.ask()).toThrow('at once');
    tells = true;
    throttle.ask();
    tells = false;
    if (after === 'last') {
      expect(() => throttle.ask()).toThrow('at once');
      // What it waited for is forgotten, and it says so.
      expect(throttle.isPending).toBe(false);
    }
    tells = true;
    throttle.ask();
    await vi.advanceTimersByTimeAsync(10);
    expect(work).toHaveBeenCalledTimes(1);
  });

  it.each([-1, Number.NaN, 0])('runs soon where it is to wait %d ms', async (waitMs) => {
    const work = vi.fn();
    new Throttle(work, { waitMs }).ask();
    await vi.advanceTimersByTimeAsync(1);
    expect(work).toHaveBeenCalledTimes(1);
  });

  it('that asks, cancels or disposes of itself in its work does as it says', async () => {
    const runs: string[] = [];
    const again = new Throttle(
      () => {
        runs.push('again');
        if (runs.length < 3) again.ask();
      },
      { waitMs: 10 },
    );
    again.ask();
    await vi.advanceTimersByTimeAsync(100);
    expect(runs).toEqual(['again', 'again', 'again']);
    const once = new Throttle(
      () => {
        runs.push('once');
        once.ask();
        once.cancel();
      },
      { waitMs: 10 },
    );
    once.ask();
    await vi.advanceTimersByTimeAsync(100);
    expect(runs.slice(3)).toEqual(['once']);
    const gone = new Throttle(
      async () => {
        runs.push('gone');
        gone.ask();
        gone.dispose();
        gone.dispose();
      },
      { waitMs: 10 },
    );
    gone.ask();
    await vi.advanceTimersByTimeAsync(100);
    expect([runs.slice(4), gone.isPending, vi.getTimerCount()]).toEqual([['gone'], false, 0]);
  });

  it('that is disposed while its work is under way does not run again', async () => {
    let end: () => void = () => {};
    const work = vi.fn(
      () =>
        new Promise<void>((resolve) => {
          end = resolve;
        }),
    );
    const throttle = new Throttle(work, { waitMs: 10 });
    throttle.ask();
    await vi.advanceTimersByTimeAsync(10);
    throttle.ask();
    throttle.dispose();
    end();
    await vi.advanceTimersByTimeAsync(100);
    expect([work.mock.calls.length, throttle.isPending]).toEqual([1, false]);
  });
});

describe('latest wins', () => {
  it('ends what waits when it is disposed, and begins nothing afterwards', async () => {
    const latest = new Latest();
    const waiting = kindOf(latest.run(never));
    latest.dispose();
    latest.dispose();
    expect(await waiting).toBe('Cancelled');
    const work = vi.fn(never);
    expect(await kindOf(latest.run(work))).toBe('Cancelled');
    expect([work.mock.calls.length, latest.underWay]).toEqual([0, false]);
  });

  it('is the inner one of two that are within each other', async () => {
    const latest = new Latest();
    let inner: Promise<unknown> = never();
    const outer = kindOf(
      latest.run(async () => {
        inner = kindOf(latest.run(async () => 'inner'));
        return 'outer';
      }),
    );
    expect([await outer, await inner, latest.underWay]).toEqual(['Cancelled', 'inner', false]);
  });

  it('is none where the work gives itself up at once', async () => {
    const latest = new Latest();
    expect(
      await kindOf(
        latest.run(async () => {
          latest.cancel();
          throw new Error('nobody hears this');
        }),
      ),
    ).toBe('Cancelled');
    expect([latest.underWay, unexpected]).toEqual([false, []]);
  });
});

describe('shared work', () => {
  it('rejects where the work throws at once, and begins anew', async () => {
    const work = vi.fn(throwing);
    const shared = new SharedWork<string, never>(work);
    expect([await kindOf(shared.get('a')), await kindOf(shared.get('a'))]).toEqual(['at once', 'at once']);
    expect(work).toHaveBeenCalledTimes(2);
  });

  it('that is forgotten answers who waits, and begins anew for who asks then', async () => {
    const ends: ((value: string) => void)[] = [];
    const signals: AbortSignal[] = [];
    const shared = new SharedWork<string, string>((_, signal) => {
      signals.push(signal);
      return new Promise((resolve) => ends.push(resolve));
    });
    const giveUp = new AbortController();
    const first = shared.get('a', giveUp.signal);
    shared.forget('a');
    shared.forget('none');
    const second = shared.get('a');
    ends[0]('first');
    ends[1]('second');
    expect([await first, await second]).toEqual(['first', 'second']);
    const third = kindOf(shared.get('a', giveUp.signal));
    shared.forget('a');
    const fourth = shared.get('a');
    giveUp.abort();
    expect(await third).toBe('Cancelled');
    // Who gave up took nothing along but its own.
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, false, true, false]);
    ends[3]('fourth');
    expect(await fourth).toBe('fourth');
  });

  it('is not given up twice by one caller', async () => {
    const signals: AbortSignal[] = [];
    const shared = new SharedWork<string, string>((_, signal) => {
      signals.push(signal);
      return never();
    });
    const giveUp = new AbortController();
    const one = kindOf(shared.get('a', giveUp.signal));
    void shared.get('a');
    giveUp.abort();
    giveUp.signal.dispatchEvent(new Event('abort'));
    expect([await one, signals[0].aborted]).toEqual(['Cancelled', false]);
  });
});

describe('one at a time', () => {
  it('goes on after work that throws at once, and after many that were given up', async () => {
    const turns = new OneAtATime();
    const gone = AbortSignal.abort();
    const all = [
      turns.run(throwing),
      ...Array.from({ length: 1000 }, () => turns.run(async () => 'given up', gone)),
      turns.run(() => 'last'),
    ];
    const came = await Promise.all(all.map(kindOf));
    expect([came[0], new Set(came.slice(1, -1)), came.at(-1), turns.count]).toEqual([
      'at once',
      new Set(['Cancelled']),
      'last',
      0,
    ]);
  });

  it('lets work ask for another turn, which follows it', async () => {
    const turns = new Limit(1);
    const order: string[] = [];
    let inner: Promise<void> = never();
    await turns.run(async () => {
      inner = turns.run(() => void order.push('inner'));
      await Promise.resolve();
      order.push('outer');
    });
    await inner;
    expect(order).toEqual(['outer', 'inner']);
  });
});

describe('slices', () => {
  it('give turns in the order in which they wait, also where some of them were given up', async () => {
    vi.useRealTimers();
    const order: string[] = [];
    const giveUp = new AbortController();
    const pause = (name: string, slices: Slices): Promise<unknown> =>
      kindOf(slices.pause().then(() => void order.push(name))).then((kind) => kind === 'Cancelled' && order.push(`${name} gone`));
    const all = [pause('a', new Slices()), pause('b', new Slices(giveUp.signal)), pause('c', new Slices())];
    giveUp.abort();
    await Promise.all(all);
    expect(order).toEqual(['a', 'b gone', 'c']);
    // A pause that begins in another one's turn has a turn of its own.
    const slices = new Slices();
    await Promise.all([slices.pause(), slices.pause().then(() => slices.pause())]);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('of %d ms are never due, and of no length always', (sliceMs) => {
    expect([new Slices(undefined, sliceMs).due, new Slices(undefined, -1).due]).toEqual([false, true]);
  });
});

describe('disposables', () => {
  it('are all disposed, although one throws, once, in reverse', () => {
    const order: string[] = [];
    const disposables = new Disposables({ dispose: () => order.push('first') }, { dispose: throwing });
    disposables.add({
      dispose: () => {
        order.push('last');
        disposables.dispose();
        // What comes now has nobody to dispose of it later.
        disposables.add({ dispose: () => order.push('late') });
      },
    });
    disposables.dispose();
    disposables.dispose();
    expect(order).toEqual(['last', 'late', 'first']);
    expect(unexpected).toEqual([new Error('at once')]);
  });
});

describe('an emitter', () => {
  it('survives listeners that end themselves, each other or the emitter', () => {
    const heard: string[] = [];
    const emitter = new Emitter<string>();
    const self = emitter.event(() => {
      heard.push('self');
      self.dispose();
      self.dispose();
    });
    emitter.event((text) => {
      heard.push('nested');
      if (text === 'outer') emitter.fire('inner');
    });
    emitter.event(() => {
      heard.push('end');
      emitter.dispose();
    });
    emitter.event(() => heard.push('never'));
    emitter.fire('outer');
    expect(heard).toEqual(['self', 'nested', 'nested', 'end']);
    emitter.event(() => heard.push('too late')).dispose();
    emitter.fire('again');
    expect(heard).toHaveLength(4);
  });
});
