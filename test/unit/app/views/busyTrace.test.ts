/**
 * A trace to which one more span comes whenever something of it is under way, in the real engine, shown by the trace of a real page: it is drawn at
 * its pace, and what a person asks of a picture that is overtaken is answered with the next one.
 */

import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ViewContext } from '../../../../src/app/views/viewContext';
import { ViewSession } from '../../../../src/app/views/viewSession';
import type { EngineMethods } from '../../../../src/protocol/engine';
import type { Params } from '../../../../src/protocol/rpc';
import { type Selected, SelectedDetails } from '../../../../webview/trace/details';
import { Pictures } from '../../../../webview/trace/pictures';
import { TraceStore } from '../../../../webview/trace/traceStore';
import { InProcessEngine } from '../../../support/inProcessEngine';
import { requestBytes, type SpanSpec } from '../../../support/otlp';
import { FakeStage, FakeWorld, type Page } from './support/fakeView';

const DATASET = 'backend:busy';
const traceId = 'a1'.padStart(32, '0');

let world: FakeWorld;
let engine: InProcessEngine;
let session: ViewSession;
let store: TraceStore;
let details: SelectedDetails;
let shown: Selected[];
/** Revisions that the page painted. */
let painted: number[];
/** What the host refused the page. */
let refused: string[];
let spans: SpanSpec[];
let isBusy: boolean;

const span = (number: number): SpanSpec => ({
  traceId: 'a1',
  spanId: number.toString(16),
  parent: number === 1 ? undefined : '1',
  // The newest come first, so that rows are others with each revision.
  name: number === 1 ? 'root' : `call ${number}`,
  startMs: number === 1 ? 0 : 1000 - number,
  durationMs: number === 1 ? 2000 : 1,
  attributes:
    number % 2 === 0 ? { 'code.file.path': '/app/cart.ts', 'code.function.name': 'add', 'code.line.number': 7 } : undefined,
});

/** One more span, as a backend or the receiver brings it. */
async function grow(): Promise<void> {
  spans.push(span(spans.length + 1));
  await engine.call('addBytes', { dataset: DATASET, name: 'busy', bytes: requestBytes(spans) });
  world.changed.fire({ dataset: DATASET, traceIds: [traceId] });
}

async function pass(ms: number): Promise<void> {
  for (let at = 0; at < ms; at += 50) {
    await vi.advanceTimersByTimeAsync(50);
    // Whatever the engine does in turns with others.
    for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
  }
}

const wait = (ms: number): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, ms));

function showPage(stage: FakeStage): void {
  const report = (error: unknown): void => {
    refused.push(String(error));
  };
  let page: Page | undefined;
  const call: Page['call'] = async (method, params, options) => {
    if (!page) throw new Error('There is no page yet.');
    try {
      return await page.call(method, params, options);
    } catch (error) {
      refused.push(method);
      throw error;
    }
  };
  store = new TraceStore({
    host: { call, emit: () => {} },
    report,
    announce: () => {},
    hasFocus: () => true,
    requestFrame: () => {},
  });
  const pictures = new Pictures({ host: { call }, store, report, remembered: (_, state) => state });
  details = new SelectedDetails({ host: { call }, report });
  details.onDidChange((selected) => shown.push(selected));
  store.onDidChange(() => store.view && details.update(store.view));
  page = stage.load({
    show: async (params) => {
      // On its way.
      if (isBusy) await grow();
      await wait(150);
      const { hasSelected, ...arrival } = pictures.show(params);
      if (params.marks && arrival.kind !== 'dropped') store.marks.show(params.marks);
      await wait(150);
      if (isBusy) await grow();
      const { view, ids } = store;
      if (!view) throw new Error('Nothing is shown.');
      painted.push(view.trace.key.revision);
      return {
        ...arrival,
        paintMs: 150,
        rows: view.rows.count,
        revision: view.trace.key.revision,
        hasIds: ids !== undefined,
        hasSelected,
      };
    },
    markSpans: (marks) => store.marks.show(marks),
  });
}

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  world = new FakeWorld();
  engine = new InProcessEngine();
  [shown, painted, refused, spans] = [[], [], [], []];
  isBusy = false;
  for (let i = 0; i < 3; i++) await grow();
  const context: ViewContext = {
    ...world.context,
    engine: {
      ...world.context.engine,
      call: async <K extends keyof EngineMethods>(method: K, params: Params<EngineMethods, K>) => {
        const answer = engine.call(method, params);
        // It comes after the question, so the answer is of the past when it is given.
        if (isBusy && method === 'openTrace') await grow();
        return answer;
      },
    },
    traces: { ...world.context.traces, locate: async () => ({ dataset: DATASET, traceId }) },
  };
  const stage = new FakeStage();
  session = new ViewSession({ type: 'trace', traceId }, stage, context);
  showPage(stage);
  await pass(1000);
});
afterEach(() => {
  session.dispose();
  vi.useRealTimers();
});

/** Names of some rows. */
const namesOf = (rows: Iterable<number>): string[] => {
  const trace = store.view?.trace;
  return trace ? Array.from(rows, (row) => trace.snapshot.names[trace.nameOf[row]]) : [];
};

it('is drawn at its pace although no picture is of the present when it is there', async () => {
  painted = [];
  isBusy = true;
  await grow();
  await pass(10_000);
  expect(painted.length).toBeGreaterThanOrEqual(25);
  // Each shows more than the one before.
  expect(painted).toEqual([...new Set(painted)].sort((a, b) => a - b));
  isBusy = false;
  await pass(2000);
  expect(store.view?.trace.count).toBe(spans.length);
  expect(world.problems).toEqual([]);
});

it('answers what is asked of a picture that was overtaken, of the same span', async () => {
  const { generation, place } = await engine.call('codePlaces', { baseName: 'cart.ts' });
  await session.marks.set({ label: 'add', generation, places: [...place] });
  isBusy = true;
  await grow();
  let searches = 0;
  for (let at = 0; at < 8_000; at += 170) {
    await pass(170);
    const { view } = store;
    if (!view) continue;
    // A person goes through the rows and types, whatever is under way.
    store.select(view.rows.entryAt((at / 170) % view.rows.count), { reveal: false });
    if (at % 850 === 0) void store.finder.search(`call ${++searches % 3}`);
    // What is on the screen is always of the rows that are.
    expect(namesOf(view.marks.spans).every((name) => Number(name.split(' ')[1]) % 2 === 0)).toBe(true);
  }
  const finding = store.finder.search('call 2');
  // Some of it was refused, or this shows nothing.
  expect(new Set(refused)).toContain('details');
  expect(world.problems).toEqual([]);
  isBusy = false;
  await pass(2000);
  await finding;
  const view = store.view;
  if (!view) throw new Error('Nothing is shown.');
  expect(view.trace.count).toBe(spans.length);
  const last = shown.at(-1);
  expect(last?.type === 'span' && last.span.details.name).toBe(namesOf([view.spanOf(view.selected)])[0]);
  expect(last?.type === 'span' && last.span.span.trace.revision).toBe(view.trace.key.revision);
  expect(view.find.text).toBe('call 2');
  expect(namesOf(view.find.matches).sort()).toEqual(
    spans
      .map(({ name = '' }) => name)
      .filter((name) => name.includes('call 2'))
      .sort(),
  );
  expect(namesOf(view.marks.spans)).toHaveLength(spans.length >> 1);
  // A person is told nothing of pictures that were overtaken.
  expect(shown.filter(({ type }) => type === 'problem')).toEqual([]);
});
