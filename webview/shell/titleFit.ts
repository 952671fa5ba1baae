/** Which facts of a title line there is room for. */

export interface FactSize {
  /** CSS pixels, with what separates it from the one before. */
  readonly width: number;
  /** The least goes first. The greatest stays in any case. */
  readonly rank: number;
}

/** Whether each of the facts is shown in so much room. */
export function factsThatFit(facts: readonly FactSize[], roomPx: number): boolean[] {
  const shown = facts.map(() => true);
  let width = facts.reduce((sum, fact) => sum + fact.width, 0);
  const order = facts.map((_, index) => index).sort((a, b) => facts[a].rank - facts[b].rank);
  for (const index of order.slice(0, -1)) {
    if (width <= roomPx) break;
    shown[index] = false;
    width -= facts[index].width;
  }
  return shown;
}
