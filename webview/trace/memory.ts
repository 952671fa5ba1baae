/**
 * What is remembered of a trace: selection, zoom, folds and scroll by span id, because rows change when spans arrive. Ids come from the
 * host once per revision, after the first paint.
 */

import { spanIdHex, spanIdWords } from '../../src/core/model/ids';
import type { ViewState } from '../../src/protocol/view';
import { NO_ENTRY, type ViewModel } from './state';

/** Longer lists of folded rows are cut: a saved state must stay small. */
const MAX_IDS = 5_000;

/** Looks spans up by id, both ways. */
export class SpanIds {
  private byId: Map<string, number> | undefined;

  constructor(private readonly words: Uint32Array) {}

  idOf(span: number): string {
    return spanIdHex(this.words, span);
  }

  /** -1 when there is none. A few look-ups scan; many make a map. */
  spanOf(id: string): number {
    if (this.byId) return this.byId.get(id) ?? -1;
    const [high, low] = spanIdWords(id);
    const { words } = this;
    for (let at = 0; at < words.length; at += 2) if (words[at] === high && words[at + 1] === low) return at / 2;
    return -1;
  }

  spansOf(ids: readonly string[]): number[] {
    if (ids.length > 8 && !this.byId) {
      this.byId = new Map();
      for (let span = this.words.length / 2 - 1; span >= 0; span--) this.byId.set(this.idOf(span), span);
    }
    return ids.map((id) => this.spanOf(id)).filter((span) => span >= 0);
  }
}

/** The state to keep; without ids only what needs none. */
export function stateOf(view: ViewModel, ids: SpanIds | undefined, topRow: number): ViewState {
  const { bounds } = view;
  const whole = view.view.startNs <= bounds.startNs && view.view.endNs >= bounds.endNs;
  const span = view.spanOf(view.selected);
  return {
    viewStartNs: whole ? undefined : view.view.startNs,
    viewEndNs: whole ? undefined : view.view.endNs,
    find: view.find.text || undefined,
    filter: view.find.filter || undefined,
    rawClock: view.rawClock || undefined,
    criticalPath: view.criticalPath ? undefined : false,
    ...(ids
      ? {
          selectedSpanId: span >= 0 ? ids.idOf(span) : undefined,
          collapsed: foldedIds(view, ids),
          expandedGroups: openGroupIds(view, ids),
          rootSpanId: view.root >= 0 ? ids.idOf(view.root) : undefined,
          scrollTopSpanId: topRow > 0 && topRow < view.rows.count ? ids.idOf(view.rows.spanAt(topRow)) : undefined,
        }
      : {}),
  };
}

function foldedIds(view: ViewModel, ids: SpanIds): string[] | undefined {
  const found: string[] = [];
  const { collapsed } = view.fold;
  for (let span = collapsed.indexOf(1); span >= 0 && found.length < MAX_IDS; span = collapsed.indexOf(1, span + 1))
    found.push(ids.idOf(span));
  return found.length > 0 ? found : undefined;
}

function openGroupIds(view: ViewModel, ids: SpanIds): string[] | undefined {
  const found: string[] = [];
  const { groups } = view.trace;
  for (let group = 0; group < groups.count && found.length < MAX_IDS; group++) {
    if (view.fold.openGroups[group] === 1) found.push(ids.idOf(groups.rows[groups.start[group]]));
  }
  return found.length > 0 ? found : undefined;
}

/** Puts a remembered state into a fresh view. Returns the span that was at the top, or -1. */
export function restore(view: ViewModel, ids: SpanIds | undefined, state: ViewState): number {
  view.rawClock = state.rawClock === true;
  view.criticalPath = state.criticalPath !== false;
  let top = -1;
  if (ids) {
    for (const span of ids.spansOf(state.collapsed ?? []))
      if (view.trace.tree.subtreeEnd[span] > span + 1) view.fold.collapsed[span] = 1;
    const { groupOf } = view.trace.groups;
    for (const span of ids.spansOf(state.expandedGroups ?? []))
      if (groupOf.length > 0 && groupOf[span] > 0) view.fold.openGroups[groupOf[span] - 1] = 1;
    if (state.rootSpanId) view.root = ids.spanOf(state.rootSpanId);
    view.relayout();
    const selected = state.selectedSpanId === undefined ? -1 : ids.spanOf(state.selectedSpanId);
    if (selected >= 0) {
      const row = view.rowOf(selected);
      view.selected = row < 0 ? selected : keepGroup(view, selected, row);
    }
    if (state.scrollTopSpanId) top = ids.spanOf(state.scrollTopSpanId);
  }
  view.view = view.bounds;
  if (state.viewStartNs !== undefined && state.viewEndNs !== undefined)
    view.setView({ startNs: state.viewStartNs, endNs: state.viewEndNs });
  return top;
}

/** The first member of a closed group stands for the group. */
function keepGroup(view: ViewModel, span: number, row: number): number {
  const entry = view.rows.entryAt(row);
  return entry < 0 && entry !== NO_ENTRY && view.spanOf(entry) === span ? entry : span;
}
