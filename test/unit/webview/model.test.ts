/** The view's state: moves, folds, memory across revisions. */

import { describe, expect, it } from 'vitest';
import { restore, stateOf } from '../../../webview/trace/memory';
import { entryAt, firstChildRow, nextOf, parentRow, positionIn, sameSibling } from '../../../webview/trace/navigate';
import { SpanIds } from '../../../webview/trace/spanIds';
import { NO_ENTRY } from '../../../webview/trace/state';
import { Pieces } from '../../../webview/views/waterfall/pieces';
import { viewOf } from './support/drawLog';

const text = `
  root       shop 0..100
    a        shop 0..10
    query    shop 10..20
    query    shop 20..30
    b        shop 30..60
      query  shop 40..50
    query    shop 60..70`;

/** Ids 1, 2, … as the text gives them. */
function idsOf(count: number, from = 1): SpanIds {
  const words = new Uint32Array(count * 2);
  for (let span = 0; span < count; span++) words[span * 2 + 1] = span + from;
  return new SpanIds(words);
}

describe('moving', () => {
  it('goes to the next of a list, around its end', () => {
    const list = [2, 5, 9];
    expect(nextOf(list, -1, false)).toBe(2);
    expect(nextOf(list, 2, false)).toBe(5);
    expect(nextOf(list, 6, false)).toBe(9);
    expect(nextOf(list, 9, false)).toBe(2);
    expect(nextOf(list, 2, true)).toBe(9);
    expect(nextOf(list, 6, true)).toBe(5);
    expect(nextOf([], 3, false)).toBe(-1);
    expect(positionIn(Uint32Array.from(list), 5)).toBe(2);
    expect(positionIn(Uint32Array.from(list), 6)).toBe(0);
  });

  it('finds siblings of the same name only', () => {
    const view = viewOf(text);
    expect(sameSibling(view, 2, false)).toBe(3);
    expect(sameSibling(view, 3, false)).toBe(6);
    expect(sameSibling(view, 6, false)).toBe(-1);
    expect(sameSibling(view, 6, true)).toBe(3);
    expect(sameSibling(view, 5, true)).toBe(-1);
  });

  it('goes to parents and children on the screen', () => {
    const view = viewOf(text);
    const child = view.rowOf(5);
    expect(parentRow(view, child)).toBe(view.rowOf(4));
    expect(firstChildRow(view, view.rowOf(4))).toBe(child);
    expect(firstChildRow(view, child)).toBe(-1);
    expect(parentRow(view, 0)).toBe(-1);
    expect(entryAt(view, 99)).toBe(6);
  });

  it('opens what hides a span, and leaves a root that does not hold it', () => {
    const view = viewOf(text);
    view.setOpen(4, false);
    view.root = 4;
    view.relayout();
    view.reveal(1);
    expect(view.root).toBe(-1);
    expect(view.rows.rowOf(1)).toBeGreaterThanOrEqual(0);
    view.reveal(5);
    expect(view.rows.rowOf(5)).toBeGreaterThanOrEqual(0);
  });
});

describe('memory', () => {
  it('keeps folds, selection, zoom and root by span id', () => {
    const view = viewOf(text);
    const ids = idsOf(7);
    view.setOpen(4, false);
    view.selected = 6;
    view.setView({ startNs: 10e6, endNs: 20e6 });
    const state = stateOf(view, ids);
    expect(state).toMatchObject({
      selectedSpanId: '0000000000000007',
      collapsed: ['0000000000000005'],
      viewStartNs: 10e6,
      viewEndNs: 20e6,
    });
    const again = viewOf(text);
    restore(again, ids, state);
    expect(again.selected).toBe(6);
    expect(again.fold.collapsed[4]).toBe(1);
    expect(again.view).toEqual({ startNs: 10e6, endNs: 20e6 });
  });

  it('says nothing of what is as at first', () => {
    const view = viewOf(text);
    const state = stateOf(view, idsOf(7));
    expect(Object.values(state).filter((value) => value !== undefined)).toEqual([]);
  });

  it('takes what it can of a state of another trace', () => {
    const view = viewOf(text);
    restore(view, idsOf(7), {
      selectedSpanId: 'ffffffffffffffff',
      collapsed: ['ffffffffffffffff'],
      rootSpanId: 'ffffffffffffffff',
      viewStartNs: -5,
      viewEndNs: 9e9,
    });
    expect(view.selected).toBe(NO_ENTRY);
    expect(view.root).toBe(-1);
    expect(view.view).toEqual(view.bounds);
    expect(view.rows.count).toBe(7);
  });
});

describe('pieces', () => {
  it('finds the pieces that reach into a view, also long ones from before', () => {
    const pieces = new Pieces(Float64Array.of(0, 1, 2, 50), Float64Array.of(1, 100, 3, 60), new Uint8Array(4));
    expect(pieces.firstAfter(40)).toBe(1);
    expect(pieces.firstAfter(101)).toBe(4);
  });

  it('keeps ends and errors in the coarse copy', () => {
    const count = 100_000;
    const start = Float64Array.from({ length: count }, (_, index) => index);
    const error = new Uint8Array(count);
    error[77_777] = 1;
    const { coarse } = new Pieces(
      start,
      start.map((ns) => ns + 1),
      error,
    );
    expect(coarse?.start.length).toBeLessThanOrEqual(16_385);
    expect(coarse?.end.at(-1)).toBe(count);
    expect(coarse?.error.reduce((sum, each) => sum + each, 0)).toBe(1);
  });
});
