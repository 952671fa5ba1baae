/** What is remembered of a trace by span ids: its selection, zoom, folds and scroll, beyond the page and beyond a revision. */

import type { TimeRange } from '../../src/core/layout/timeScale';
import type { ViewState } from '../../src/protocol/view';
import { litServices } from './litServices';
import type { SpanIds } from './spanIds';
import { NO_ENTRY, type ViewModel } from './state';

/** Longer lists of folded rows are cut: a saved state must stay small. */
const MAX_IDS = 5_000;

/** The state to keep; without ids only what needs none. */
export function stateOf(view: ViewModel, ids: SpanIds | undefined): ViewState {
  const span = view.spanOf(view.selected);
  const whole = isWhole(view);
  return {
    viewStartNs: whole ? undefined : view.view.startNs,
    viewEndNs: whole ? undefined : view.view.endNs,
    find: view.find.asked || undefined,
    filter: view.find.filter || undefined,
    rawClock: view.rawClock || undefined,
    criticalPath: view.criticalPath ? undefined : false,
    withoutStops: view.withoutStops || undefined,
    litServices: view.lit.names.length > 0 ? view.lit.names : undefined,
    ...(ids
      ? {
          selectedSpanId: span >= 0 ? ids.idOf(span) : undefined,
          collapsed: foldedIds(view, ids),
          expandedGroups: openGroupIds(view, ids),
          rootSpanId: view.root >= 0 ? ids.idOf(view.root) : undefined,
          scrollTopSpanId: view.topSpan >= 0 ? ids.idOf(view.topSpan) : undefined,
        }
      : {}),
  };
}

function isWhole({ view, bounds }: ViewModel): boolean {
  return view.startNs <= bounds.startNs && view.endNs >= bounds.endNs;
}

/** What shows the end of a trace that grows is there to follow it. */
function atEnd({ view, bounds }: ViewModel): boolean {
  return view.endNs >= bounds.endNs;
}

function tail({ view: { startNs, endNs } }: ViewModel, { bounds }: ViewModel): TimeRange {
  return { startNs: bounds.endNs - (endNs - startNs), endNs: bounds.endNs };
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

/** Puts a remembered state into a fresh view. */
export function restore(view: ViewModel, ids: SpanIds | undefined, state: ViewState): void {
  view.rawClock = state.rawClock === true;
  view.criticalPath = state.criticalPath !== false;
  view.setWithoutStops(state.withoutStops === true && view.trace.snapshot.stops.length > 0);
  view.lit = litServices(view.trace, state.litServices ?? []);
  if (ids) {
    for (const span of ids.spansOf(state.collapsed ?? [])) collapse(view, span);
    for (const span of ids.spansOf(state.expandedGroups ?? [])) openGroupOf(view, span);
    if (state.rootSpanId) view.root = ids.spanOf(state.rootSpanId);
    view.relayout();
    select(view, state.selectedSpanId === undefined ? -1 : ids.spanOf(state.selectedSpanId));
    if (state.scrollTopSpanId) view.topSpan = ids.spanOf(state.scrollTopSpanId);
  }
  view.view = view.bounds;
  if (state.viewStartNs !== undefined && state.viewEndNs !== undefined)
    view.setView({ startNs: state.viewStartNs, endNs: state.viewEndNs });
}

/** Puts what a person has done to one revision of a trace into a fresh view of another one: all of it, for its spans as far as they are there. */
export function carryOver(before: ViewModel, beforeIds: SpanIds, view: ViewModel, ids: SpanIds): void {
  const here = (span: number): number => ids.spanFrom(beforeIds, span);
  view.rawClock = before.rawClock;
  view.criticalPath = before.criticalPath;
  view.setWithoutStops(before.withoutStops && view.trace.snapshot.stops.length > 0);
  view.lit = litServices(view.trace, before.lit.names);
  const { collapsed, openGroups } = before.fold;
  for (let span = collapsed.indexOf(1); span >= 0; span = collapsed.indexOf(1, span + 1)) collapse(view, here(span));
  const { groups } = before.trace;
  for (let group = openGroups.indexOf(1); group >= 0; group = openGroups.indexOf(1, group + 1))
    openGroupOf(view, here(groups.rows[groups.start[group]]));
  view.root = here(before.root);
  // What was found stays found until the search of this revision is answered: rows would come and go with each picture.
  const { asked, text, matches, filter, error } = before.find;
  view.find.asked = asked;
  view.setFound(
    text,
    Uint32Array.from(matches, here)
      .filter((span) => span !== NOWHERE)
      .sort(),
    error,
  );
  view.find.filter = filter;
  view.relayout();
  select(view, here(before.spanOf(before.selected)));
  view.topSpan = here(before.topSpan);
  view.view = view.bounds;
  if (!isWhole(before)) view.setView(atEnd(before) ? tail(before, view) : before.view);
  view.range = before.range;
}

/** -1 in a column of unsigned numbers. */
const NOWHERE = 0xffffffff;

function collapse(view: ViewModel, span: number): void {
  if (span >= 0 && view.trace.tree.subtreeEnd[span] > span + 1) view.fold.collapsed[span] = 1;
}

function openGroupOf(view: ViewModel, span: number): void {
  const { groupOf } = view.trace.groups;
  if (span >= 0 && groupOf.length > 0 && groupOf[span] > 0) view.fold.openGroups[groupOf[span] - 1] = 1;
}

/** The first member of a closed group stands for the group. */
function select(view: ViewModel, span: number): void {
  if (span < 0) return;
  const row = view.rowOf(span);
  const entry = row < 0 ? span : view.rows.entryAt(row);
  const isGroup = entry < 0 && entry !== NO_ENTRY && view.spanOf(entry) === span;
  view.selected = isGroup ? entry : span;
}
