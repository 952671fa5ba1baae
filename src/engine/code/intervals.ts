/** Length of the union of intervals inside [from, to): what ran side by side counts once. `bounds` are begin, end, begin, end, … */
export function unionNs(bounds: readonly number[], from: number, to: number): number {
  const order = Array.from({ length: bounds.length / 2 }, (_, i) => i * 2).sort((a, b) => bounds[a] - bounds[b]);
  let total = 0;
  let reached = from;
  for (const i of order) {
    const begin = Math.max(bounds[i], reached);
    const end = Math.min(bounds[i + 1], to);
    if (end <= begin) continue;
    total += end - begin;
    reached = end;
  }
  return total;
}
