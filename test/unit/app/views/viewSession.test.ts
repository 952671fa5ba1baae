/** What a view shows, and when: a trace that grows, one that takes another's place, a page that comes and goes. Time and the page are the test's. */

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ViewSession } from '../../../../src/app/views/viewSession';
import { toErrorData } from '../../../../src/base/errors';
import { deferred, FakeStage, FakeWorld, OTHER, painted, type Shown, TRACE } from './support/fakeView';

const SPAN = '00000000000000aa';

let world: FakeWorld;
let stage: FakeStage;
let session: ViewSession;
let shows: Shown[];

beforeEach(() => {
  vi.useFakeTimers();
  world = new FakeWorld();
  stage = new FakeStage();
  shows = [];
  session = new ViewSession({ type: 'trace', traceId: TRACE }, stage, world.context);
});
afterEach(() => {
  session.dispose();
  vi.useRealTimers();
});

const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);
const pictures = (): number => world.asked.filter((method) => method === 'openTrace').length;

/** Loads the page; each picture takes so long to paint. */
async function load(paintMs = 0) {
  const page = stage.load({
    show: async (params) => {
      shows.push(params);
      if (paintMs > 0) await new Promise((resolve) => setTimeout(resolve, paintMs));
      return painted(params);
    },
  });
  await settle();
  return page;
}

/** Spans come all the time, as the engine tells of them. */
async function growFor(ms: number): Promise<void> {
  for (let at = 0; at < ms; at += 250) {
    world.grow();
    await vi.advanceTimersByTimeAsync(250);
  }
}

const outcome = (promise: Promise<unknown>): { state: string } => {
  const seen = { state: 'waiting' };
  promise.then(
    () => {
      seen.state = 'resolved';
    },
    (error: unknown) => {
      seen.state = `${toErrorData(error).kind}: ${toErrorData(error).message}`;
    },
  );
  return seen;
};

describe('a trace that grows', () => {
  it('has one picture under way, however long it takes and whatever comes meanwhile', async () => {
    const slow = deferred<void>();
    stage.load({
      show: async (params) => {
        shows.push(params);
        await slow.promise;
        return painted(params);
      },
    });
    await settle();
    const before = pictures();
    await growFor(10_000);
    // The engine has made the next one meanwhile, and no further one.
    expect([pictures() - before, shows.length]).toEqual([1, 1]);
    slow.resolve();
    await vi.advanceTimersByTimeAsync(1000);
    expect(shows.at(-1)?.snapshot.revision).toBe(world.revision);
    expect([pictures() - before, shows.length]).toEqual([2, 3]);
  });

  it('is drawn at least twice a second, each time as it is by then, where a picture takes a third of a second', async () => {
    await load(330);
    await vi.advanceTimersByTimeAsync(1000);
    shows = [];
    await growFor(20_000);
    expect(shows.length).toBeGreaterThanOrEqual(40);
    const revisions = shows.map(({ snapshot }) => snapshot.revision);
    expect(revisions).toEqual([...new Set(revisions)].sort((a, b) => a - b));
  });

  it('is not drawn more often than four times a second where pictures take no time', async () => {
    await load();
    shows = [];
    for (let i = 0; i < 1000; i++) {
      world.grow();
      await vi.advanceTimersByTimeAsync(10);
    }
    expect(shows.length).toBeLessThanOrEqual(41);
    expect(shows.length).toBeGreaterThanOrEqual(38);
  });

  it('is drawn when so many traces changed that not all are named, and when it did not change, not', async () => {
    await load();
    shows = [];
    const others = Array.from({ length: 1000 }, (_, index) => index.toString(16).padStart(32, '0'));
    world.grow(others);
    await vi.advanceTimersByTimeAsync(1000);
    expect(shows).toHaveLength(1);
    world.changed.fire({ dataset: 'local', traceIds: others });
    world.changed.fire({ dataset: 'local', traceIds: [] });
    await vi.advanceTimersByTimeAsync(1000);
    expect(shows).toHaveLength(1);
    world.grow(others.slice(0, 5));
    world.changed.fire({ dataset: 'backend:x', traceIds: [TRACE] });
    await vi.advanceTimersByTimeAsync(1000);
    expect(shows).toHaveLength(1);
  });
});

describe('a trace that grows while its picture is made', () => {
  it('has the next one made as soon as the page has this one, without waiting for more to come', async () => {
    const opening = deferred<void>();
    const painting = deferred<void>();
    world.opening = opening.promise;
    session.dispose();
    session = new ViewSession({ type: 'trace', traceId: TRACE }, stage, world.context);
    stage.load({
      show: async (params) => {
        shows.push(params);
        await painting.promise;
        return painted(params);
      },
    });
    await settle();
    const before = pictures();
    world.grow();
    await settle();
    expect(pictures()).toBe(before);
    opening.resolve();
    await settle();
    expect([shows.length, pictures() - before]).toEqual([1, 1]);
    painting.resolve();
    await vi.advanceTimersByTimeAsync(1000);
    expect(shows.at(-1)?.snapshot.revision).toBe(world.revision);
    expect(pictures() - before).toBe(1);
  });
});

describe('whoever waits for a trace', () => {
  it('is told when that trace is on the screen, and not when the one before is', async () => {
    const slow = deferred<void>();
    let page = 0;
    stage.load({
      show: async (params) => {
        shows.push(params);
        if (page++ === 0) await slow.promise;
        return painted(params);
      },
    });
    await settle();
    const first = outcome(session.whenPainted());
    const located = deferred<void>();
    world.locating = () => located.promise;
    session.retarget({ type: 'trace', traceId: OTHER });
    const second = outcome(session.whenPainted());
    // The picture of the first is painted while the second is still looked for.
    slow.resolve();
    await vi.advanceTimersByTimeAsync(500);
    expect([first.state, second.state]).toEqual(['Cancelled: Another trace is shown in its place.', 'waiting']);
    located.resolve();
    await settle();
    expect(second.state).toBe('resolved');
    expect(shows.at(-1)?.snapshot.traceId).toBe(OTHER);
  });

  it('is told at once of what is on the screen, and with the problem where one is in its place', async () => {
    await load();
    await expect(session.whenPainted()).resolves.toBeUndefined();
    world.locating = async () => {
      throw new Error('It is not there.');
    };
    await session.load();
    await settle();
    expect(outcome(session.whenPainted()).state).toBe('waiting');
    const asked = outcome(session.whenPainted());
    await settle();
    expect(asked.state).toBe('BadData: It is not there.');
  });

  it('waits as long as it is read, and not longer than a minute for the picture', async () => {
    const located = deferred<void>();
    world.locating = () => located.promise;
    session.retarget({ type: 'trace', traceId: OTHER });
    stage.load({ show: () => new Promise(() => {}) });
    const asked = outcome(session.whenPainted());
    await vi.advanceTimersByTimeAsync(600_000);
    expect(asked.state).toBe('waiting');
    located.resolve();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(asked.state).toMatch(/^(Timeout: The trace was not drawn in time|BadData)/);
  });
});

describe('a span that is asked for', () => {
  it('is given to the next page when the one that was told goes away before it was shown', async () => {
    await session.select(SPAN);
    stage.load({ show: () => new Promise(() => {}) });
    await settle();
    stage.visible = false;
    session.visibilityChanged();
    stage.visible = true;
    await load();
    expect(shows[0].selectSpanId).toBe(SPAN);
  });

  it('is given once, and not again with each picture of a trace that does not have it yet', async () => {
    await load();
    shows = [];
    const told: string[] = [];
    const page = stage.load({
      show: async (params) => {
        shows.push(params);
        return painted(params);
      },
      select: ({ spanId }) => {
        told.push(spanId);
        return false;
      },
    });
    await settle();
    await session.select(SPAN);
    await growFor(1000);
    expect(told).toEqual([SPAN]);
    expect(shows.every(({ selectSpanId }) => selectSpanId === undefined)).toBe(true);
    // The page has it at last; a page that comes after that is told nothing.
    page.emit('selected', { trace: { dataset: 'local', traceId: TRACE }, spanId: SPAN, byPerson: false });
    await settle();
    shows = [];
    await load();
    expect(shows[0].selectSpanId).toBeUndefined();
  });

  it('is given with the first picture that has it, when it was asked for while another one was painted', async () => {
    const slow = deferred<void>();
    const told: string[] = [];
    stage.load({
      show: async (params) => {
        await slow.promise;
        return painted(params);
      },
      select: ({ spanId }) => {
        told.push(spanId);
        return true;
      },
    });
    await settle();
    await session.select(SPAN);
    expect(told).toEqual([]);
    slow.resolve();
    await settle();
    expect(told).toEqual([SPAN]);
  });

  it('is forgotten when a person selects another one', async () => {
    const page = stage.load({ show: painted, select: () => false });
    await settle();
    await session.select(SPAN);
    page.emit('selected', { trace: { dataset: 'local', traceId: TRACE }, spanId: '00000000000000bb', byPerson: true });
    await settle();
    expect(session.selected?.spanId).toBe('00000000000000bb');
    await load();
    expect(shows[0].selectSpanId).toBeUndefined();
  });
});

describe('what a page asks', () => {
  const picture = (revision: number) => ({ dataset: 'local', traceId: TRACE, revision });

  it('is answered of the revision that it names, or refused: never of another one by row', async () => {
    const page = await load();
    await expect(page.call('details', { trace: picture(1), row: 0 })).resolves.toMatchObject({ revision: 1 });
    world.revision = 7;
    for (const asked of [
      page.call('details', { trace: picture(1), row: 0 }),
      page.call('eventTimes', { trace: picture(1), rows: [0] }),
      page.call('find', { trace: picture(1), text: 'x' }),
      page.call('spanIds', { trace: picture(1) }),
    ])
      await expect(asked).rejects.toMatchObject({ kind: 'NotFound' });
  });

  it('is done to the span that it names, although the trace grew meanwhile', async () => {
    const page = await load();
    world.revision = 7;
    await page.call('openSource', { trace: picture(1), spanId: SPAN, beside: false });
    await page.call('explainSource', { trace: picture(1), spanId: SPAN });
    expect(world.asked.slice(-2)).toEqual([`open source of ${SPAN}`, `explain ${SPAN}`]);
  });

  it('to keep belongs to the trace that it names, whichever is shown by then', async () => {
    const page = await load();
    session.retarget({ type: 'trace', traceId: OTHER });
    await settle();
    const state = { find: 'checkout', viewStartNs: 5, viewEndNs: 9 };
    await page.call('saveState', { trace: { dataset: 'local', traceId: TRACE }, state });
    expect(world.memory.state(OTHER)).toEqual({});
    expect(world.memory.state(TRACE)).toMatchObject(state);
  });

  it('of a selection counts for the trace that it is of', async () => {
    const page = await load();
    session.retarget({ type: 'trace', traceId: OTHER });
    await settle();
    page.emit('selected', { trace: { dataset: 'local', traceId: TRACE }, spanId: SPAN, byPerson: true });
    await settle();
    expect(session.selected).toBeUndefined();
  });

  it('at the last moment is heard, although the editor has hidden the page', async () => {
    const page = await load();
    stage.visible = false;
    session.visibilityChanged();
    await page.call('saveState', { trace: { dataset: 'local', traceId: TRACE }, state: { find: 'late' } });
    expect(world.memory.state(TRACE).find).toBe('late');
  });
});

describe('a page that comes back', () => {
  it('gets the whole picture again, and nothing is drawn while there is none', async () => {
    await load();
    stage.visible = false;
    session.visibilityChanged();
    shows = [];
    await growFor(2000);
    expect(shows).toHaveLength(0);
    stage.visible = true;
    session.visibilityChanged();
    await load();
    expect(shows.map(({ snapshot }) => snapshot.revision)).toEqual([world.revision]);
  });

  it('finds the picture made: the engine is asked while it is loaded', async () => {
    await settle();
    expect(pictures()).toBe(1);
    await load();
    expect(pictures()).toBe(1);
    expect(shows).toHaveLength(1);
  });
});
