// Several backends that are asked for the same trace: who wins, who is waited for, and how long.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { askAll } from '../../../../src/app/traces/askAll';
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
  askAll(names, {
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

it('the first in order wins, also when it answers a little later; the others are given up', async () => {
  const asking = begin('a', 'b', 'c');
  await asking.now();
  has('b');
  await vi.advanceTimersByTimeAsync(900);
  expect(await asking.now()).toBe('waits');
  has('a');
  expect(await asking.now()).toBe('of a');
  expect([taken, open()]).toEqual([['a'], []]);
});

it('one that has it waits for those before it no longer than a moment', async () => {
  const asking = begin('hangs', 'b', 'c');
  await asking.now();
  has('c');
  await vi.advanceTimersByTimeAsync(600);
  has('b');
  await vi.advanceTimersByTimeAsync(399);
  expect(await asking.now()).toBe('waits');
  await vi.advanceTimersByTimeAsync(1);
  expect(await asking.now()).toBe('of b');
  expect(open()).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});

it('it is not waited for at all where those before it do not have it', async () => {
  const asking = begin('a', 'b', 'c');
  await asking.now();
  has('c');
  fails('a');
  fails('b');
  expect(await asking.now()).toBe('of c');
});

it('one whose answer cannot be taken leaves it to the next, and is told where nobody has it', async () => {
  refuse = new Set(['a', 'b']);
  const asking = begin('a', 'b', 'c');
  await asking.now();
  has('a');
  has('b');
  expect(await asking.now()).toBe('waits');
  fails('c', 'c is down.');
  expect(await asking.now()).toEqual(['a is damaged.', 'b is damaged.', 'c is down.']);
  expect(taken).toEqual(['a', 'b']);
});

it('four are asked at once, the others in their turn', async () => {
  const asking = begin('a', 'b', 'c', 'd', 'e', 'f', 'g');
  await asking.now();
  expect([...asked.keys()]).toEqual(['a', 'b', 'c', 'd']);
  fails('b');
  await asking.now();
  expect([...asked.keys()].at(-1)).toBe('e');
  has('a');
  expect(await asking.now()).toBe('of a');
  for (const name of ['c', 'd', 'e']) fails(name);
  await asking.now();
  expect([asked.has('g'), open()]).toEqual([false, []]);
});

it('all are given up with the caller, also those that do not listen', async () => {
  const asking = begin('a', 'b');
  await asking.now();
  has('b');
  await asking.now();
  caller.abort();
  expect(await asking.now()).toBe('Cancelled');
  expect([open(), vi.getTimerCount(), taken]).toEqual([[], 0, []]);
  has('a');
  await asking.now();
  expect(vi.getTimerCount()).toBe(0);
});

it('of nobody nothing is known', async () => {
  expect(await begin().now()).toEqual([]);
});
