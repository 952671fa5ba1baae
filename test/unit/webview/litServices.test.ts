/** Services that stand out: by name, over revisions, in what is kept, and in what is painted. */

import { beforeEach, describe, expect, it } from 'vitest';
import { isDim } from '../../../webview/trace/litServices';
import { stateOf } from '../../../webview/trace/memory';
import { Pictures } from '../../../webview/trace/pictures';
import { TraceStore } from '../../../webview/trace/traceStore';
import { analyseTrace, packSnapshot } from '../../support/atOnce';
import { traceFromText } from '../../support/traceText';
import { FakeHost } from './support/fakeHost';

const small = 'root shop 0..100 id=1\n  load cart 5..20 id=2\n  pay bank 30..60 id=3';
/** A service that sorts before all comes in. */
const grown = 'root shop 0..100 id=1\n  first auth 1..2 id=9\n  load cart 5..20 id=2\n  pay bank 30..60 id=3';

let store: TraceStore;
let pictures: Pictures;
const show = (text: string, revision: number, litServices?: readonly string[]): void => {
  const table = traceFromText(text, {});
  const snapshot = packSnapshot(table, analyseTrace(table), { revision, dataset: 'local', live: true, ids: true });
  pictures.show({ snapshot, state: { litServices }, layout: {} });
};
const lit = (): string[] => {
  const { view } = store;
  if (!view) return [];
  const spans = Array.from({ length: view.trace.count }, (_, span) => span);
  return spans
    .filter((span) => !isDim(view.lit, view.trace, span))
    .map((span) => view.trace.snapshot.names[view.trace.nameOf[span]]);
};

beforeEach(() => {
  const host = new FakeHost();
  const report = (error: unknown): void => {
    throw error;
  };
  store = new TraceStore({ host, report, announce: () => {}, hasFocus: () => true, requestFrame: () => {} });
  pictures = new Pictures({ host, store, report, remembered: (_, state) => state });
});

describe('services that stand out', () => {
  it('are none at first, and then those that were chosen', () => {
    show(small, 1);
    expect(lit()).toEqual(['root', 'load', 'pay']);
    store.setLit(['cart', 'bank']);
    expect(lit()).toEqual(['load', 'pay']);
    store.setLit([]);
    expect(lit()).toEqual(['root', 'load', 'pay']);
  });

  it('stay the same services when the trace grows', () => {
    show(small, 1);
    store.setLit(['bank']);
    show(grown, 2);
    expect(lit()).toEqual(['pay']);
  });

  it('are kept with the trace, and are nothing where it has no such service', () => {
    show(small, 1, ['bank', 'gone']);
    expect(lit()).toEqual(['pay']);
    expect(store.view && stateOf(store.view, store.ids).litServices).toEqual(['bank']);
    store.close();
    show(small, 1, ['gone']);
    expect(lit()).toEqual(['root', 'load', 'pay']);
  });
});
