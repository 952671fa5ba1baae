/** The trace that all views observe: what of it stays when it grows, what belongs to it alone, and pictures that come in any order. */

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SpanhopError } from '../../../src/base/errors';
import type { TraceSnapshot } from '../../../src/protocol/snapshot';
import type { ViewState } from '../../../src/protocol/view';
import { SelectedDetails } from '../../../webview/trace/details';
import { stateOf } from '../../../webview/trace/memory';
import { Pictures } from '../../../webview/trace/pictures';
import { SpanIds } from '../../../webview/trace/spanIds';
import { StateKeeper } from '../../../webview/trace/stateKeeper';
import { TraceStore } from '../../../webview/trace/traceStore';
import { analyseTrace, packSnapshot } from '../../support/atOnce';
import { traceFromText } from '../../support/traceText';
import { FakeHost } from './support/fakeHost';

const OTHER = 'b'.repeat(32);
const small = `
  root       shop 0..100 id=1
    load     shop 5..20  id=2
    charge   shop 30..60 id=3
      query  shop 40..50 id=4
    store    shop 70..90 id=5`;
/** Spans came before, between and behind those that were there. */
const grown = `
  root       shop 0..200 id=1
    early    shop 1..2   id=10
    load     shop 5..20  id=2
    between  shop 25..28 id=11
      deep   shop 26..27 id=12
    charge   shop 30..60 id=3
      query  shop 40..50 id=4
    store    shop 70..90 id=5
    late     shop 150..190 id=13`;

interface Options {
  readonly revision: number;
  readonly traceId?: string;
  readonly ids?: boolean;
}

function picture(text: string, { revision, traceId, ids = true }: Options): TraceSnapshot {
  const table = traceFromText(text, { traceId });
  return packSnapshot(table, analyseTrace(table), { revision, dataset: 'local', live: true, ids });
}

let host: FakeHost;
let store: TraceStore;
let pictures: Pictures;
const show = (snapshot: TraceSnapshot, selectSpanId?: string, state: ViewState = {}) =>
  pictures.show({ snapshot, state, layout: {}, selectSpanId });
/** As the texts write them. */
const id = (digits: number): string => String(digits).padStart(16, '0');
const nameOf = (span: number): string => {
  const trace = store.view?.trace;
  return trace ? trace.snapshot.names[trace.nameOf[span]] : '';
};
const selected = (): string => (store.view ? nameOf(store.view.spanOf(store.view.selected)) : '');
const span = (name: string): number => {
  const count = store.view?.trace.count ?? 0;
  return Array.from({ length: count }, (_, at) => at).find((at) => nameOf(at) === name) ?? -1;
};
const choose = (name: string): void => store.select(span(name), { reveal: true });

beforeEach(() => {
  host = new FakeHost();
  const report = (error: unknown): void => {
    throw error;
  };
  store = new TraceStore({ host, report, announce: () => {}, hasFocus: () => true, requestFrame: () => {} });
  pictures = new Pictures({ host, store, report, remembered: (_, state) => state });
});

const failed = `
  root       shop 0..100 error id=1
    load     shop 5..20  id=2
    charge   shop 30..60 error id=3
      query  shop 40..50 id=4`;

describe('a trace that failed', () => {
  it('opens at the span that failed', () => {
    show(picture(failed, { revision: 1 }));
    expect(selected()).toBe('charge');
    store.tellSelection();
    expect(host.events.at(-1)).toMatchObject({ spanId: id(3), byPerson: false });
  });

  it('opens where it was left, or at the span that is asked for', () => {
    show(picture(failed, { revision: 1 }), undefined, { selectedSpanId: id(4) });
    expect(selected()).toBe('query');
    show(picture(failed, { revision: 1, traceId: OTHER }), id(2));
    expect(selected()).toBe('load');
  });

  it('takes the selection from nobody when it fails while it is read', () => {
    show(picture(failed.replaceAll(' error', ''), { revision: 1 }));
    expect(selected()).toBe('root');
    show(picture(failed, { revision: 2 }));
    expect(selected()).toBe('root');
  });

  it('opens at the span that failed where its ids come later, and then where it was left', () => {
    let revealed = 0;
    store.onDidReveal(() => revealed++);
    show(picture(failed, { revision: 1, ids: false }));
    expect(selected()).toBe('charge');
    const ids = picture(failed, { revision: 1 }).spanIds;
    if (!ids || !store.view) throw new Error('There are no ids.');
    store.takeIds(new SpanIds(new Uint32Array(ids)), {});
    expect([selected(), revealed]).toEqual(['charge', 2]);
    store.takeIds(new SpanIds(new Uint32Array(ids)), { selectedSpanId: id(4) });
    expect([selected(), revealed]).toEqual(['query', 2]);
  });

  it('opens what hides the span that failed', () => {
    const text = `root shop 0..100 error id=1\n${Array.from({ length: 12 }, (_, i) => `  query shop ${i}..${i + 1} db.system=x${i === 7 ? ' error' : ''}`).join('\n')}`;
    show(picture(text, { revision: 1 }));
    const { view } = store;
    expect(view && view.trace.groups.count).toBe(1);
    expect(view?.rows.rowOf(view.selected)).toBeGreaterThan(0);
    expect(view?.selected).toBe(8);
  });
});

describe('a trace that grows', () => {
  it('goes back to the spans that were selected, not to the rows where they were', () => {
    show(picture(small, { revision: 1 }));
    choose('charge');
    choose('store');
    show(picture(grown, { revision: 2 }));
    expect(selected()).toBe('store');
    store.goInHistory(-1);
    expect(selected()).toBe('charge');
    store.goInHistory(-1);
    expect(selected()).toBe('root');
    store.goInHistory(1);
    store.goInHistory(1);
    expect(selected()).toBe('store');
  });

  it('keeps selection, folds, zoom, root, filter and what was found', async () => {
    show(picture(small, { revision: 1 }));
    choose('query');
    store.setOpen(span('charge'), false);
    store.setView({ startNs: 30e6, endNs: 60e6 });
    await host.answering('find', { rows: Uint32Array.of(span('charge')).buffer }, () => store.finder.search('charge', true));
    show(picture(grown, { revision: 2 }));
    const { view } = store;
    expect(selected()).toBe('charge');
    expect(view?.fold.collapsed[span('charge')]).toBe(1);
    expect(view?.view).toEqual({ startNs: 30e6, endNs: 60e6 });
    // The search of the new revision is not answered yet.
    expect([...(view?.find.matches ?? [])].map(nameOf)).toEqual(['charge']);
    expect(view?.find.filter).toBe(true);
    expect(view?.rows.count).toBe(2);
    expect(host.asked.at(-1)).toMatchObject({ method: 'find', params: { trace: { revision: 2 }, text: 'charge' } });
  });

  it('is asked about by the revision that is shown, and its spans by their ids', async () => {
    show(picture(small, { revision: 1 }));
    show(picture(grown, { revision: 2 }));
    await expect(store.spanKey(span('store'))).resolves.toEqual({
      trace: { dataset: 'local', traceId: expect.any(String), revision: 2 },
      spanId: id(5),
    });
  });

  it('tells the host of a selection once, with the trace and the id', () => {
    show(picture(small, { revision: 1 }));
    choose('charge');
    store.tellSelection();
    show(picture(grown, { revision: 2 }));
    store.tellSelection();
    expect(host.events.map(({ spanId, byPerson }) => [spanId, byPerson])).toEqual([[id(3), true]]);
  });

  it('takes no picture that is older than what is shown, nor one of which it lacks the ids', () => {
    show(picture(grown, { revision: 5 }));
    expect(show(picture(small, { revision: 4 })).kind).toBe('dropped');
    expect(show(picture(small, { revision: 6, ids: false })).kind).toBe('dropped');
    expect(store.view?.trace.count).toBe(9);
  });
});

describe('what is typed to find', () => {
  const searches = () => host.asked.filter(({ method }) => method === 'find').map(({ params }) => params);
  const gone = new SpanhopError('NotFound', 'It has changed.');

  it('is looked for in the next picture, whether its answer was on the way or refused', async () => {
    show(picture(small, { revision: 1 }));
    await host.answering('find', { rows: Uint32Array.of(1).buffer }, () => store.finder.search('load'));
    void store.finder.search('charge', true);
    // The box shows it at once, the rows what was found before.
    expect(store.view?.find).toMatchObject({ asked: 'charge', text: 'load' });
    show(picture(grown, { revision: 2 }));
    expect(searches().at(-1)).toMatchObject({ text: 'charge', trace: { revision: 2 } });
    await host.refuse('find', gone);
    expect(store.view?.find).toMatchObject({ asked: 'charge', text: 'load', filter: true, error: '' });
    show(picture(grown, { revision: 3 }));
    expect(searches().at(-1)).toMatchObject({ text: 'charge', trace: { revision: 3 } });
    await host.answer('find', { rows: Uint32Array.of(5).buffer });
    expect(store.view?.find).toMatchObject({ asked: 'charge', text: 'charge', filter: true });
    expect(nameOf(store.view?.find.matches[0] ?? -1)).toBe('charge');
  });

  it('and taken back is not looked for again', async () => {
    show(picture(small, { revision: 1 }));
    void store.finder.search('charge');
    await store.finder.search('');
    show(picture(grown, { revision: 2 }));
    expect(searches()).toHaveLength(1);
    expect(store.view?.find).toMatchObject({ asked: '', text: '' });
  });

  it('is kept for the trace before it is answered', () => {
    show(picture(small, { revision: 1 }));
    void store.finder.search('charge');
    if (!store.view) throw new Error('Nothing is shown.');
    expect(stateOf(store.view, store.ids).find).toBe('charge');
  });
});

describe('details that are refused', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  const gone = new SpanhopError('NotFound', 'It has changed.');
  const refuse = async (): Promise<void> => {
    const refused = host.refuse('details', gone);
    await vi.advanceTimersByTimeAsync(1);
    await refused;
  };

  it('leave what is shown until the next picture, and say so where none comes', async () => {
    const told: string[] = [];
    const details = new SelectedDetails({ host, report: (error) => told.push(`reported ${error}`) });
    details.onDidChange((selected) => told.push(selected.type));
    const update = (): void => {
      if (store.view) details.update(store.view);
    };
    show(picture(small, { revision: 1 }));
    update();
    await refuse();
    show(picture(grown, { revision: 2 }));
    update();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(told).toEqual([]);
    await refuse();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(told).toEqual(['problem']);
  });
});

describe('a span that is asked for', () => {
  it('is selected by the first picture that has it', () => {
    expect(show(picture(small, { revision: 1 }), id(13)).hasSelected).toBe(false);
    expect(selected()).toBe('root');
    expect(show(picture(grown, { revision: 2 })).hasSelected).toBe(true);
    expect(selected()).toBe('late');
    // Once: who goes on from there is not taken back.
    choose('load');
    show(picture(grown, { revision: 3 }));
    expect(selected()).toBe('load');
  });

  it('is not selected any more when a person selects another one', () => {
    show(picture(small, { revision: 1 }));
    expect(pictures.select({ dataset: 'local', traceId: store.view?.trace.key.traceId ?? '' }, id(13), true)).toBe(false);
    choose('load');
    show(picture(grown, { revision: 2 }));
    expect(selected()).toBe('load');
  });

  it('is selected when its ids come after the picture, or with a newer picture before them', async () => {
    show(picture(small, { revision: 1, ids: false }), id(3));
    expect(selected()).toBe('root');
    const words = new Uint32Array(picture(small, { revision: 1 }).spanIds ?? new ArrayBuffer(0));
    await host.answer('spanIds', { words: words.slice().buffer });
    expect(selected()).toBe('charge');

    show(picture(small, { revision: 1, traceId: OTHER, ids: false }), id(3));
    show(picture(grown, { revision: 2, traceId: OTHER }));
    expect(selected()).toBe('charge');
    // The ids of the first are of rows that are gone.
    await host.answer('spanIds', { words: words.slice().buffer });
    expect([selected(), store.ids?.idOf(8)]).toEqual(['charge', id(13)]);
  });

  it('is none of another trace', () => {
    show(picture(small, { revision: 1 }), id(13));
    show(picture(grown, { revision: 1, traceId: OTHER }));
    expect(selected()).toBe('root');
    expect(pictures.select({ dataset: 'local', traceId: 'c'.repeat(32) }, id(2), true)).toBe(false);
    expect(selected()).toBe('root');
  });
});

describe('what is done to one trace', () => {
  it('is kept for it when another takes its place in the same moment', async () => {
    vi.useFakeTimers();
    try {
      const kept: [string, ViewState][] = [];
      new StateKeeper(store, ({ traceId }, state) => kept.push([traceId, state]));
      show(picture(small, { revision: 1 }));
      const first = store.view?.trace.key.traceId ?? '';
      await vi.advanceTimersByTimeAsync(1000);
      kept.length = 0;
      choose('charge');
      store.setView({ startNs: 30e6, endNs: 60e6 });
      show(picture(small, { revision: 1, traceId: OTHER }));
      expect(kept).toEqual([[first, expect.objectContaining({ selectedSpanId: id(3), viewStartNs: 30e6, viewEndNs: 60e6 })]]);
      await vi.advanceTimersByTimeAsync(1000);
      expect(kept.slice(1).map(([traceId, state]) => [traceId, state.viewStartNs])).toEqual([[OTHER, undefined]]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('is not done to the next: neither zoom, nor find, nor filter, nor an answer that comes late', async () => {
    show(picture(small, { revision: 1 }));
    store.setView({ startNs: 30e6, endNs: 60e6 });
    const search = store.finder.search('charge', true);
    show(picture(grown, { revision: 1, traceId: OTHER }));
    await host.answer('find', { rows: Uint32Array.of(2).buffer });
    await search;
    const { view } = store;
    expect(view?.view).toEqual(view?.bounds);
    expect(view?.find).toMatchObject({ text: '', filter: false });
    expect(view?.rows.count).toBe(9);
    store.goInHistory(-1);
    expect(selected()).toBe('root');
  });
});
