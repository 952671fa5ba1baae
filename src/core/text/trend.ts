/** How much slower or faster: `▲ 38 %`, `▼ 12 %`, `▲ 3.4×`. Undefined where the change is too small to mean anything. */
export function formatTrend(nowNs: number, beforeNs: number, leastShare = 0.1): string | undefined {
  if (!(beforeNs > 0) || !(nowNs >= 0)) return undefined;
  const change = nowNs / beforeNs - 1;
  if (Math.abs(change) <= leastShare) return undefined;
  const arrow = change > 0 ? '▲' : '▼';
  // From twice as much on, the factor is what people think in.
  return change >= 1 ? `${arrow} ${Number((change + 1).toPrecision(2))}×` : `${arrow} ${Math.round(Math.abs(change) * 100)} %`;
}
