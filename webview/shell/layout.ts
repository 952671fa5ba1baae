/** How the page is divided: what a person has dragged, and what there is room for. */

import type { ViewLayout } from '../../src/protocol/view';

export interface PageLayout {
  /** Undefined until a person has dragged it: a part of the width. */
  treeWidth: number | undefined;
  detailsWidth: number;
  detailsHeight: number;
  detailsOpen: boolean;
}

export const defaultLayout: PageLayout = { treeWidth: undefined, detailsWidth: 372, detailsHeight: 280, detailsOpen: true };

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

/** Least and most of the details beside the view, of so much room. CSS pixels. */
export const detailsWidths = (roomPx: number) => ({ min: MIN_DETAILS_PX, max: roomPx - MIN_VIEW_PX });
/** And below it. */
export const detailsHeights = (roomPx: number) => ({ min: MIN_DETAILS_HEIGHT_PX, max: roomPx - MIN_ROWS_PX });

/** The size that was wanted, as far as there is room; the least one in any case. */
export function within(wantedPx: number, { min, max }: { readonly min: number; readonly max: number }): number {
  return Math.max(min, Math.min(wantedPx, max));
}

/** Takes what the host remembers, where it makes sense. */
export function applyLayout(layout: PageLayout, remembered: ViewLayout): void {
  for (const name of ['treeWidth', 'detailsWidth', 'detailsHeight'] as const) {
    const value = remembered[name];
    if (typeof value === 'number' && value > 0) layout[name] = value;
  }
  if (remembered.detailsOpen !== undefined) layout.detailsOpen = remembered.detailsOpen;
}
