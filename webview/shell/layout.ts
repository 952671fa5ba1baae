/** How the page is divided: what a person has dragged, and what there is room for. */

import type { ViewLayout } from '../../src/protocol/view';

export interface PageLayout {
  /** Undefined until a person has dragged it: a part of the width. */
  treeWidth: number | undefined;
  /** Shares of the width and of the height that a person has given the details; undefined before. In pixels one window's would squeeze another's bars. */
  detailsWidthShare: number | undefined;
  detailsHeightShare: number | undefined;
  detailsOpen: boolean;
}

export const defaultLayout: PageLayout = {
  treeWidth: undefined,
  detailsWidthShare: undefined,
  detailsHeightShare: undefined,
  detailsOpen: true,
};

const DETAILS_PX = 372;
const DETAILS_HEIGHT_PX = 280;
/** The most that the details take. */
const MOST_WIDTH_SHARE = 0.5;
const MOST_HEIGHT_SHARE = 0.65;

/** Width of the editor: details at the right, below, or in place of the rows. */
export type Arrangement = 'wide' | 'medium' | 'narrow';

export const arrangements: readonly Arrangement[] = ['wide', 'medium', 'narrow'];

const WIDE_PX = 900;
const NARROW_PX = 600;
const MIN_DETAILS_PX = 220;
const MIN_DETAILS_HEIGHT_PX = 80;
/** What the view keeps of the width and of the height beside the details. */
const MIN_VIEW_PX = 320;
const MIN_ROWS_PX = 110;

export function arrangementOf(widthPx: number): Arrangement {
  if (widthPx >= WIDE_PX) return 'wide';
  return widthPx >= NARROW_PX ? 'medium' : 'narrow';
}

export interface PaneSize {
  readonly now: number;
  readonly min: number;
  readonly max: number;
}

/** Size of the details beside the view, of so much room, with the least and the most. CSS pixels. */
export function detailsWidth({ detailsWidthShare }: PageLayout, roomPx: number): PaneSize {
  const max = Math.min(roomPx - MIN_VIEW_PX, Math.round(roomPx * MOST_WIDTH_SHARE));
  return sized(detailsWidthShare === undefined ? DETAILS_PX : detailsWidthShare * roomPx, MIN_DETAILS_PX, max);
}

/** And below it. */
export function detailsHeight({ detailsHeightShare }: PageLayout, roomPx: number): PaneSize {
  const max = Math.min(roomPx - MIN_ROWS_PX, Math.round(roomPx * MOST_HEIGHT_SHARE));
  return sized(detailsHeightShare === undefined ? DETAILS_HEIGHT_PX : detailsHeightShare * roomPx, MIN_DETAILS_HEIGHT_PX, max);
}

/** As wanted, as far as there is room; the least one in any case. */
function sized(wantedPx: number, min: number, max: number): PaneSize {
  return { now: Math.round(Math.max(min, Math.min(wantedPx, max))), min, max: Math.max(min, max) };
}

/** Takes what the host remembers, where it makes sense. */
export function applyLayout(layout: PageLayout, remembered: ViewLayout): void {
  const { treeWidth } = remembered;
  if (treeWidth !== undefined && treeWidth > 0) layout.treeWidth = treeWidth;
  for (const name of ['detailsWidthShare', 'detailsHeightShare'] as const) {
    const share = remembered[name];
    if (share !== undefined && share > 0 && share < 1) layout[name] = share;
  }
  if (remembered.detailsOpen !== undefined) layout.detailsOpen = remembered.detailsOpen;
}
