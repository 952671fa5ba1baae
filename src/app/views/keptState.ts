/** What was kept of views, read again: another version may have written it, so that nothing of it is taken unseen. */

import type { ViewLayout, ViewState } from '../../protocol/view';

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function readState(kept: unknown): ViewState {
  if (!isRecord(kept)) return {};
  return {
    selectedSpanId: text(kept.selectedSpanId),
    viewStartNs: number(kept.viewStartNs),
    viewEndNs: number(kept.viewEndNs),
    collapsed: texts(kept.collapsed),
    expandedGroups: texts(kept.expandedGroups),
    rootSpanId: text(kept.rootSpanId),
    find: text(kept.find),
    filter: truth(kept.filter),
    rawClock: truth(kept.rawClock),
    criticalPath: truth(kept.criticalPath),
    withoutStops: truth(kept.withoutStops),
    scrollTopSpanId: text(kept.scrollTopSpanId),
    litServices: texts(kept.litServices),
  };
}

export function readLayout(kept: unknown): ViewLayout {
  if (!isRecord(kept)) return {};
  return {
    treeWidth: number(kept.treeWidth),
    detailsWidthShare: number(kept.detailsWidthShare),
    detailsHeightShare: number(kept.detailsHeightShare),
    detailsOpen: truth(kept.detailsOpen),
    foldedSections: texts(kept.foldedSections),
  };
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const number = (value: unknown): number | undefined => (Number.isFinite(value) ? Number(value) : undefined);
const truth = (value: unknown): boolean | undefined => (typeof value === 'boolean' ? value : undefined);
const texts = (value: unknown): readonly string[] | undefined =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'string') : undefined;
