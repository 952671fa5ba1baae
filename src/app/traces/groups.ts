/** Puts traces into groups: by how long ago they began, by service, by operation, by debug session. */

import type { GroupBy } from '../settings/settings';
import type { GroupNode, TraceNode } from './traceNodes';

const ages: readonly (readonly [number, string])[] = [
  [5 * 60_000, 'Last 5 minutes'],
  [60 * 60_000, 'Last hour'],
  [24 * 3_600_000, 'Last day'],
  [7 * 24 * 3_600_000, 'Last 7 days'],
];

function age(trace: TraceNode, nowMs: number): string {
  const passed = nowMs - Number(trace.overview.startUnixNano / 1_000_000n);
  return ages.find(([limit]) => passed < limit)?.[1] ?? 'Older';
}

/**
 * Groups in the order of their newest trace, by age in the order of age; the plain list when there is nothing to group by.
 * @param traces newest first
 * @param sessionName what a debug session of this id is called
 */
export function groupTraces(
  traces: readonly TraceNode[],
  by: GroupBy,
  nowMs: number,
  sessionName: (id: string) => string,
): readonly (TraceNode | GroupNode)[] {
  if (by === 'none') return traces;
  const groups = new Map<string, TraceNode[]>();
  for (const trace of traces) {
    const key = keyOf(trace, by, nowMs);
    const group = groups.get(key);
    if (group) group.push(trace);
    else groups.set(key, [trace]);
  }
  return [...groups].map(([key, members]): GroupNode => {
    const label = by === 'session' ? (key === '' ? 'Outside of debug sessions' : sessionName(key)) : key;
    return { kind: 'group', id: `${by}:${key}`, label, traces: members };
  });
}

function keyOf(trace: TraceNode, by: Exclude<GroupBy, 'none'>, nowMs: number): string {
  const { overview } = trace;
  switch (by) {
    case 'time':
      return age(trace, nowMs);
    case 'service':
      return overview.rootService || overview.services?.[0] || 'Unknown service';
    case 'operation':
      return overview.rootName || 'Root missing';
    case 'session':
      return overview.session ?? '';
    default:
      return by satisfies never;
  }
}
