// Several backends that are asked for the same trace: who is asked when, and who wins.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { askInOrder } from '../../../../src/app/traces/askInOrder';
import { SpanhopError } from '../../../../src/base/errors';
import { type Waiting, waiting } from '../support/fakeEngine';

let asked: Map<string, { readonly answer: Waiting<string>; readonly signal: AbortSignal }>;
let taken: string[];
let caller: AbortController;
let refuse: ReadonlySet<string>;

beforeEach(() => {
  vi.useFakeTimers();
  asked = new Map();
  taken = [];
  caller = new AbortController();
  refuse = new Set();
});
afterEach(() => {
  vi.useRealTimers();
});

/** What came of it so far. */
function begin(...names: readonly string[]): { readonly now: () => Promise<unknown> } {
  let state: unknown = 'waits';
  askInOrder(names, {
    signal: caller.signal,
    ask: (name, signal) => {
      const answer = waiting<string>();
      asked.set(name, { answer, signal });
      return answer.promise;
    },
    take: async (name, answer) => {
      taken.push(name);
      if (refuse.has(name)) throw new SpanhopError('BadData', `${name} is damaged.`);
      return answer;
    },
  }).then(
    (found) => {
      state = 'taken' in found ? found.taken : found.errors.map(({ message }) => message);
    },
    (error) => {
      state = error.kind;
    },
  );
  return {
    now: async () => {
      await vi.advanceTimersByTimeAsync(0);
      return state;
    },
  };
}
const has = (name: string): void => asked.get(name)?.answer.resolve(`of ${name}`);
const fails = (name: string, message = `not in ${name}`): void =>
  asked.get(name)?.answer.reject(new SpanhopError('NotFound', message));
const open = (): string[] => [...asked].filter(([, { signal }]) => !signal.aborted).map(([name]) => name);

it('nobody is asked for what the first one gives within a second', async () => {
  const asking = begin('a', 'b');
  await vi.advanceTimersByTimeAsync(999);
  has('a');
  expect(await asking.now()).toBe('of a');
  await vi.advanceTimersByTimeAsync(5_000);
  expect([[...asked.keys()], taken, open(), vi.getTimerCount()]).toEqual([['a'], ['a'], [], 0]);
});

it('the next one is asked at once when one does not have it', async () => {
  const asking = begin('a', 'b', 'c');
  fails('a');
  await asking.now();
  fails('b');
  await asking.now();
  expect([...asked.keys()]).toEqual(['a', 'b', 'c']);
  has('c');
  expect(await asking.now()).toBe('of c');
});

it('one that does not answer keeps nobody from being asked, and wins when it answers first', async () => {
  const asking = begin('slow', 'b', 'c', 'd');
  await vi.advanceTimersByTimeAsync(2_000);
  expect([...asked.keys()]).toEqual(['slow', 'b', 'c']);
  has('slow');
  expect(await asking.now()).toBe('of slow');
  expect([taken, open()]).toEqual([['slow'], []]);
});

it('the one that has it wins while those before it hang', async () => {
  const asking = begin('hangs', 'b');
  await vi.advanceTimersByTimeAsync(1_000);
  has('b');
  expect(await asking.now()).toBe('of b');
  expect([open(), vi.getTimerCount()]).toEqual([[], 0]);
});

it('one whose answer cannot be taken leaves it to the next, and is told where nobody has it', async () => {
  refuse = new Set(['a', 'b']);
  const asking = begin('a', 'b', 'c');
  has('a');
  await asking.now();
  has('b');
  expect(await asking.now()).toBe('waits');
  fails('c', 'c is down.');
  expect(await asking.now()).toEqual(['a is damaged.', 'b is damaged.', 'c is down.']);
  expect(taken).toEqual(['a', 'b']);
});

it('all are given up with the caller, also those that do not listen, and no more are asked', async () => {
  const asking = begin('a', 'b', 'c');
  await vi.advanceTimersByTimeAsync(1_000);
  caller.abort();
  expect(await asking.now()).toBe('Cancelled');
  fails('a');
  has('b');
  await vi.advanceTimersByTimeAsync(5_000);
  expect([open(), vi.getTimerCount(), taken, asked.has('c')]).toEqual([[], 0, [], false]);
});

it('of nobody nothing is known', async () => {
  expect(await begin().now()).toEqual([]);
});
