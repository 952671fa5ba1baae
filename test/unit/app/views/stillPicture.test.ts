// A picture that is held still while its trace goes on, with a clock of its own: what waits, what is counted, and what a page that comes back gets.

import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ViewSession } from '../../../../src/app/views/viewSession';
import { FakeStage, FakeWorld, OTHER, type Page, painted, type Shown, TRACE } from './support/fakeView';

let world: FakeWorld;
let stage: FakeStage;
let session: ViewSession;
let shown: number[];
let told: { paused: boolean; newSpans: number }[];
let size: number;
let pins: string[];

beforeEach(() => {
  vi.useFakeTimers();
  world = new FakeWorld();
  size = 1;
  pins = [];
  const { call } = world.context.engine;
  Object.assign(world.context.engine, {
    call: async (method: string, params: { revision?: number; pinned?: boolean }) => {
      if (method === 'traceSize') return size;
      if (method === 'pinRevision') return void pins.push(`${params.revision} ${params.pinned}`);
      return call(method as never, params as never);
    },
  });
  stage = new FakeStage();
  shown = [];
  told = [];
  session = new ViewSession({ type: 'trace', traceId: TRACE }, stage, world.context);
});
afterEach(() => {
  session.dispose();
  vi.useRealTimers();
});

async function load(): Promise<Page> {
  const page = stage.load({
    show: (params: Shown) => {
      shown.push(params.snapshot.revision);
      return painted(params);
    },
    showPaused: (state) => void told.push(state),
  });
  await vi.advanceTimersByTimeAsync(0);
  return page;
}

async function growFor(ms: number): Promise<void> {
  for (let at = 0; at < ms; at += 250) {
    size++;
    world.grow();
    await vi.advanceTimersByTimeAsync(250);
  }
}

it('nothing of it changes, and what came is told, at most once a second', async () => {
  const page = await load();
  await page.call('setPaused', { paused: true });
  await growFor(3_000);
  expect(shown).toEqual([1]);
  expect(told[0]).toEqual({ paused: true, newSpans: 0 });
  expect(told.length).toBeLessThanOrEqual(5);
  expect(told.at(-1)?.newSpans).toBeGreaterThan(8);
  expect(pins).toEqual(['1 true']);
});

it('going on catches up at once, and with no more than the newest', async () => {
  const page = await load();
  await page.call('setPaused', { paused: true });
  await growFor(2_000);
  await page.call('setPaused', { paused: false });
  await vi.advanceTimersByTimeAsync(10);
  expect(shown).toEqual([1, world.revision]);
  expect(told.at(-1)).toEqual({ paused: false, newSpans: 0 });
  expect(pins).toEqual(['1 true', '1 false']);
  await growFor(1_000);
  expect(shown.length).toBeGreaterThan(2);
});

it('twice is once, and going on without having been held is nothing', async () => {
  const page = await load();
  await page.call('setPaused', { paused: false });
  await Promise.all([page.call('setPaused', { paused: true }), page.call('setPaused', { paused: true })]);
  await page.call('setPaused', { paused: false });
  expect(pins.filter((pin) => pin.endsWith('true')).length).toBe(pins.filter((pin) => pin.endsWith('false')).length);
});

it('is what a page that was thrown away gets when it is back', async () => {
  const page = await load();
  await page.call('setPaused', { paused: true });
  await growFor(1_000);
  stage.visible = false;
  session.visibilityChanged();
  await growFor(1_000);
  stage.visible = true;
  session.visibilityChanged();
  told = [];
  await load();
  await vi.advanceTimersByTimeAsync(300);
  expect(shown).toEqual([1, 1]);
  expect(told[0]).toMatchObject({ paused: true });
});

it('ends with another trace in its place, and with a span that came since', async () => {
  const page = await load();
  await page.call('setPaused', { paused: true });
  session.retarget({ type: 'trace', traceId: OTHER });
  await vi.advanceTimersByTimeAsync(10);
  expect(told.at(-1)).toEqual({ paused: false, newSpans: 0 });
  expect(pins.at(-1)).toBe('1 false');
});
