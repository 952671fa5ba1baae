// Reading captures back, where it is asked for, stopped and asked for again in one moment.
import { beforeEach, expect, it } from 'vitest';
import { SpanhopError } from '../../../src/base/errors';
import { Readings } from '../../../src/engine/capture/readings';
import { failure } from '../../support/inProcessEngine';

interface Begun {
  readonly id: string;
  readonly signal: AbortSignal;
  readonly end: (spans: number) => void;
  readonly fail: (error: Error) => void;
  readonly tell: (done: number) => void;
}

let begun: Begun[];
let readings: Readings;
/** What was begun and has not ended. */
let running: number;
let most: number;

beforeEach(() => {
  begun = [];
  running = 0;
  most = 0;
  readings = new Readings((id, { signal, progress }) => {
    most = Math.max(most, ++running);
    return new Promise<number>((resolve, reject) => {
      begun.push({
        id,
        signal,
        end: resolve,
        fail: reject,
        tell: (done) => progress({ step: 'reading', done, total: 9, unit: 'bytes' }),
      });
    }).finally(() => running--);
  });
});

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const cancelled = new SpanhopError('Cancelled', 'Stopped.');
const state = async (promise: Promise<unknown>): Promise<string> => {
  let now = 'waits';
  void failure(promise).then((text) => {
    now = text;
  });
  await turn();
  return now;
};

it('stopping twice waits both times until nothing is left of it', async () => {
  const reading = readings.get('a', {});
  reading.catch(() => {});
  await turn();
  const stops = [readings.stop('a'), readings.stop('a'), readings.stop()];
  expect(begun[0].signal.aborted).toBe(true);
  for (const stop of stops) expect(await state(stop)).toBe('waits');
  begun[0].fail(cancelled);
  expect(await state(Promise.all(stops))).toBe('no failure');
  expect(await state(reading)).toBe('Cancelled: Stopped.');
  expect(readings.has('a')).toBe(false);
  await readings.stop('a');
  await readings.stop();
});

it('who asks while it is being stopped has it read anew, after what was stopped is over', async () => {
  const first = readings.get('a', {});
  first.catch(() => {});
  await turn();
  const stop = readings.stop('a');
  const second = readings.get('a', {});
  await turn();
  // It is still in the turn of the first.
  expect(begun).toHaveLength(1);
  expect(readings.has('a')).toBe(true);
  begun[0].fail(cancelled);
  await stop;
  expect(await state(first)).toBe('Cancelled: Stopped.');
  expect([begun.length, begun[1].signal.aborted, readings.has('a')]).toEqual([2, false, true]);
  begun[1].end(7);
  expect(await second).toBe(7);
  expect([readings.has('a'), most]).toEqual([false, 1]);
});

it('stopping one leaves the others, and what waits for its turn never begins', async () => {
  const [a, b, c] = ['a', 'b', 'c'].map((id) => readings.get(id, {}));
  b.catch(() => {});
  await turn();
  const stop = readings.stop('b');
  expect(await state(stop)).toBe('waits');
  begun[0].end(1);
  expect([await a, await state(b), await state(stop)]).toEqual([1, 'Cancelled: Cancelled.', 'no failure']);
  expect(begun.map(({ id }) => id)).toEqual(['a', 'c']);
  begun[1].end(3);
  expect(await c).toBe(3);
});

it('all who ask have one reading and its progress, until the last of them gives up', async () => {
  const [one, other] = [new AbortController(), new AbortController()];
  const told: string[] = [];
  const ask = (name: string, signal: AbortSignal): Promise<string> =>
    failure(readings.get('a', { signal, progress: ({ done }) => told.push(`${name} ${done}`) }));
  const asked = [ask('one', one.signal), ask('other', other.signal)];
  await turn();
  begun[0].tell(1);
  one.abort();
  await turn();
  begun[0].tell(2);
  expect([begun.length, begun[0].signal.aborted, told]).toEqual([1, false, ['one 1', 'other 1', 'other 2']]);
  other.abort();
  expect(begun[0].signal.aborted).toBe(true);
  expect(await Promise.all(asked)).toEqual(['Cancelled: Cancelled.', 'Cancelled: Cancelled.']);
  // Stopping what nobody waits for any more waits for its end all the same.
  const stop = readings.stop('a');
  expect(await state(stop)).toBe('waits');
  begun[0].fail(cancelled);
  expect(await state(stop)).toBe('no failure');
});

it('a reading that fails at once fails for who asks, and the next one begins', async () => {
  let fails = true;
  const broken = new Readings(async () => {
    if (fails) throw new SpanhopError('NotFound', 'It is gone.');
    return 4;
  });
  expect(await failure(broken.get('a', {}))).toBe('NotFound: It is gone.');
  fails = false;
  expect(await broken.get('a', {})).toBe(4);
});
