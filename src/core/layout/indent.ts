/**
 * Indentation of the tree column. A level costs 12 px while there is room; where the rows in view are deeper than the column allows, the indent scrolls
 * (the levels that all of them share are taken away) and names keep their space.
 */

/** CSS pixels a level. */
export const INDENT_PX = 12;
/** A name keeps at least this much of the column. */
export const MIN_NAME_PX = 140;

/** Levels that fit into a column beside a name. At least 1. */
export function levelsThatFit(columnPx: number, reservedPx = 40): number {
  return Math.max(1, Math.floor((columnPx - reservedPx - MIN_NAME_PX) / INDENT_PX));
}

/**
 * Levels to leave out at the left for the rows in view: none while the deepest fits, otherwise as many as make it fit. Rows that are
 * shallower than that stand at the edge.
 */
export function indentOffset(level: ArrayLike<number>, firstRow: number, endRow: number, columnPx: number): number {
  let deepest = 0;
  for (let row = firstRow; row < endRow; row++) if (level[row] > deepest) deepest = level[row];
  return Math.max(0, deepest - levelsThatFit(columnPx) + 1);
}

/** Left edge of a row's content, CSS pixels. */
export function indentPx(level: number, offset: number): number {
  return Math.max(0, level - offset) * INDENT_PX;
}
