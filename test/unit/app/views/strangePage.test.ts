// A page that asks for what there is not, says what cannot be, or speaks when nobody listens: it is refused, and everything else goes on.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ViewContext } from '../../../../src/app/views/viewContext';
import { ViewMemory } from '../../../../src/app/views/viewMemory';
import { ViewSession } from '../../../../src/app/views/viewSession';
import type { EngineMethods } from '../../../../src/protocol/engine';
import type { Params } from '../../../../src/protocol/rpc';
import { failure, InProcessEngine } from '../../../support/inProcessEngine';
import { requestBytes } from '../../../support/otlp';
import { FakeMemento } from '../support/fakePorts';
import { FakeStage, FakeWorld, OTHER, type Page, painted, TRACE } from './support/fakeView';

const DATASET = 'backend:x';
const traceId = 'a1'.padStart(32, '0');

let world: FakeWorld;
let engine: InProcessEngine;
let asked: string[];
let opened: string[];
let session: ViewSession;
let stage: FakeStage;
let page: Page;
let revision: number;

/** Whatever a page may send, without its types. */
const call = (method: string, params: unknown): Promise<unknown> =>
  Reflect.apply(page.call, page, [method, params, { timeoutMs: 0 }]);
const picture = (more: object = {}): object => ({ dataset: DATASET, traceId, revision, ...more });

beforeEach(async () => {
  world = new FakeWorld();
  engine = new InProcessEngine();
  [asked, opened] = [[], []];
  const bytes = requestBytes(
    [1, 2, 3].map((number) => ({ traceId: 'a1', spanId: String(number), name: `span ${number}`, startMs: number })),
  );
  await engine.call('addBytes', { dataset: DATASET, name: 'x', bytes });
  const context: ViewContext = {
    ...world.context,
    engine: {
      ...world.context.engine,
      call: <K extends keyof EngineMethods>(method: K, params: Params<EngineMethods, K>) => {
        asked.push(method);
        return engine.call(method, params);
      },
    },
    traces: { ...world.context.traces, locate: async () => ({ dataset: DATASET, traceId }) },
    actions: { ...world.context.actions, openExternal: async (url) => void opened.push(String(url)) },
  };
  stage = new FakeStage();
  session = new ViewSession({ type: 'trace', traceId }, stage, context);
  page = stage.load({
    show: (params) => {
      ({ revision } = params.snapshot);
      return painted(params);
    },
  });
  await session.whenPainted();
});
afterEach(() => session.dispose());

const unknown = { dataset: DATASET, traceId: OTHER };
const rows: readonly unknown[] = [Number.NaN, -1, 0.5, 3, 1e9, 2 ** 53, Number.POSITIVE_INFINITY, undefined, '0', null, {}];

describe('a question', () => {
  it.each(rows)('about row %j is refused, and the next one answered', async (row) => {
    expect(await failure(call('details', { trace: picture(), row }))).toMatch(/^NotFound: /);
    expect(await call('details', { trace: picture(), row: 0 })).toMatchObject({ revision });
    expect(world.problems).toEqual([]);
  });

  it('about the times of such rows has none', async () => {
    expect(await call('eventTimes', { trace: picture(), rows })).toEqual({ row: [], atNs: [] });
    expect(world.problems).toEqual([]);
  });

  it.each<[string, object]>([
    ['a revision of the future', { revision: 2 ** 40 }],
    ['a revision of the past', { revision: 0 }],
    ['no revision', { revision: Number.NaN }],
    ['a revision in words', { revision: '1' }],
    ['a trace that is not here', unknown],
    ['a trace without an id', { traceId: '' }],
    ['a trace of a strange id', { traceId: '../../etc' }],
    ['a dataset that is none', { dataset: '__proto__' }],
  ])('of %s is refused', async (_, more) => {
    for (const [method, params] of [
      ['details', { row: 0 }],
      ['spanIds', {}],
      ['find', { text: 'span' }],
      ['eventTimes', { rows: [0] }],
    ] as const)
      expect(await failure(call(method, { trace: picture(more), ...params })), method).toMatch(/^NotFound: /);
    expect(world.problems).toEqual([]);
  });

  it.each([
    'details',
    'spanIds',
    'find',
    'eventTimes',
    'source',
    'logSource',
    'stack',
    'saveState',
    'saveLayout',
    'openExternal',
  ])('%s of nothing is an error for the page alone', async (method) => {
    for (const params of [undefined, null, 5, 'text', {}, { trace: null }, { trace: {} }]) await failure(call(method, params));
    expect(await call('details', { trace: picture(), row: 2 })).toMatchObject({ revision });
  });

  it('that there is not is refused', async () => {
    for (const method of ['constructor', '__proto__', 'show', 'openTraces', ''])
      expect(await failure(call(method, {}))).toMatch(/^NotFound: /);
  });
});

describe('an address', () => {
  it.each([
    'javascript:alert(1)',
    'file:///etc/passwd',
    'command:workbench.action.quit',
    'vscode://x',
    'data:text/html,x',
    '',
    '//host/x',
    'x',
  ])('%s is not opened', async (url) => {
    expect(await failure(call('openExternal', { url }))).toMatch(/^BadData: /);
    expect(opened).toEqual([]);
  });
});

describe('what is to be kept', () => {
  it('is read before it is kept, and bounded', async () => {
    const ids = Array.from({ length: 10_000 }, (_, i) => String(i));
    const state = {
      collapsed: [...ids, 5, null],
      expandedGroups: 'abc',
      viewStartNs: Number.NaN,
      viewEndNs: '5',
      find: 'x'.repeat(1 << 20),
      filter: 'yes',
      selectedSpanId: 7,
      more: { deep: {} },
    };
    await call('saveState', { trace: picture(), state });
    const kept = world.memory.state(traceId);
    expect(kept.collapsed).toHaveLength(2000);
    expect(kept.find).toHaveLength(10_000);
    expect({ ...kept, collapsed: undefined, find: undefined }).toEqual({});
    await call('saveLayout', { layout: { treeWidth: 'wide', detailsOpen: true, more: 1 } });
    expect(world.memory.layout()).toEqual({ detailsOpen: true });
  });

  it('is written without what is none of it', async () => {
    const written = new FakeMemento();
    const memory = new ViewMemory(written, written);
    Reflect.apply(memory.saveState, memory, [traceId, { collapsed: ['1', 5], find: 7, more: 'x'.repeat(1000) }]);
    Reflect.apply(memory.saveState, memory, [TRACE, null]);
    memory.dispose();
    expect(JSON.stringify(written.get('waterfall.states'))).toBe(
      JSON.stringify({ [traceId]: { collapsed: ['1'] }, [TRACE]: {} }),
    );
  });

  it('is kept by the name of any trace, and takes no other along', async () => {
    await call('saveState', { trace: picture(), state: { find: 'mine' } });
    for (const name of ['__proto__', 'constructor', 'toString'])
      await call('saveState', { trace: picture({ traceId: name }), state: { find: name } });
    expect(world.memory.state(traceId).find).toBe('mine');
    expect(world.memory.state('hasOwnProperty').find).toBeUndefined();
    expect(Object.hasOwn(Object.prototype, 'find')).toBe(false);
  });
});

describe('a selection', () => {
  it.each<[string, unknown]>([
    ['of nothing', undefined],
    ['of no trace', { spanId: '1', byPerson: true }],
    ['of another trace', { trace: unknown, spanId: '1', byPerson: true }],
  ])('%s changes nothing', async (_, event) => {
    Reflect.apply(page.emit, page, ['selected', event]);
    await call('details', { trace: picture(), row: 0 });
    expect(session.selected).toBeUndefined();
  });
});

describe('after its end', () => {
  it('nothing is asked for the page, whatever it says and whatever comes', async () => {
    session.dispose();
    session.dispose();
    asked = [];
    const late = call('details', { trace: picture(), row: 0 });
    late.catch(() => {});
    world.changed.fire({ dataset: DATASET, traceIds: [traceId] });
    session.visibilityChanged();
    session.cancel();
    await session.load({ fresh: true });
    await session.select('0000000000000001');
    await failure(session.command('find'));
    session.retarget({ type: 'trace', traceId: TRACE });
    session.showTrace({ dataset: DATASET, traceId });
    await session.marks.set({ label: 'x', generation: 1, places: [1] });
    expect(await failure(session.whenPainted())).toBe('Cancelled: The trace was closed.');
    await new Promise((resolve) => setImmediate(resolve));
    expect(asked).toEqual([]);
    expect(world.problems).toEqual([]);
  });
});

describe('a page that says strange things of its pictures', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it.each<[string, object]>([
    ['of the future', { revision: 2 ** 40, hasIds: true }],
    ['of no revision', { revision: Number.NaN, hasIds: true }],
    ['of no rows', { rows: Number.NaN, revision: -1, hasIds: 'yes' }],
  ])('%s is drawn at its pace, and no oftener', async (_, more) => {
    const shows: number[] = [];
    const drawn = new FakeWorld();
    const frame = new FakeStage();
    const view = new ViewSession({ type: 'trace', traceId: TRACE }, frame, drawn.context);
    frame.load({
      show: (params) => {
        shows.push(params.snapshot.revision);
        return Object.assign({}, painted(params), more);
      },
    });
    for (let at = 0; at < 5_000; at += 250) {
      drawn.grow();
      await vi.advanceTimersByTimeAsync(250);
    }
    expect(shows.length).toBeGreaterThanOrEqual(15);
    expect(shows.length).toBeLessThanOrEqual(25);
    expect(shows.at(-1)).toBeGreaterThanOrEqual(drawn.revision - 2);
    view.dispose();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('a listener that closes the view when something is shown leaves nothing behind', async () => {
    const drawn = new FakeWorld();
    const frame = new FakeStage();
    const view = new ViewSession({ type: 'trace', traceId: TRACE }, frame, drawn.context);
    view.onDidSettle(() => view.dispose());
    frame.load({
      show: (params) => {
        // It is stale already when it is there.
        drawn.grow();
        return painted(params);
      },
    });
    await vi.advanceTimersByTimeAsync(0);
    expect([drawn.asked.at(-1), vi.getTimerCount()]).toEqual(['openTrace', 0]);
    const before = drawn.asked.length;
    drawn.grow();
    await vi.advanceTimersByTimeAsync(60_000);
    expect([drawn.asked.length - before, vi.getTimerCount(), drawn.problems]).toEqual([0, 0, []]);
  });
});
