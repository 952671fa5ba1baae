/** Columns of the list of traces, its order and its filter. */

import type { ListedTrace } from '../../../src/protocol/view';

export type ColumnId = 'name' | 'service' | 'start' | 'duration' | 'spans' | 'errors';

export interface Column {
  readonly id: ColumnId;
  readonly title: string;
  /** Times and counts: the first press shows the newest, longest, most. */
  readonly descendingFirst: boolean;
}

export interface SortOrder {
  readonly column: ColumnId;
  readonly descending: boolean;
}

export const columns: readonly Column[] = [
  { id: 'name', title: 'Root span', descendingFirst: false },
  { id: 'service', title: 'Service', descendingFirst: false },
  { id: 'duration', title: 'Duration', descendingFirst: true },
  { id: 'spans', title: 'Spans', descendingFirst: true },
  { id: 'errors', title: 'Errors', descendingFirst: true },
  { id: 'start', title: 'Start', descendingFirst: true },
];

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Decimal numbers of any length. */
function compareDecimal(a: string, b: string): number {
  return a.length - b.length || compareText(a, b);
}

const compare: Readonly<Record<ColumnId, (a: ListedTrace, b: ListedTrace) => number>> = {
  name: (a, b) => compareText(a.rootName.toLowerCase(), b.rootName.toLowerCase()),
  service: (a, b) => compareText(a.rootService.toLowerCase(), b.rootService.toLowerCase()),
  start: (a, b) => compareDecimal(a.startUnixNano, b.startUnixNano),
  duration: (a, b) => a.durationNs - b.durationNs,
  spans: (a, b) => a.spanCount - b.spanCount,
  errors: (a, b) => a.errorCount - b.errorCount,
};

export function sortTraces(traces: readonly ListedTrace[], order: SortOrder): ListedTrace[] {
  const by = compare[order.column];
  const sign = order.descending ? -1 : 1;
  return [...traces].sort((a, b) => sign * by(a, b) || compareText(a.traceId, b.traceId));
}

/** Every word must be in the name, a service or the id. */
export function filterTraces(traces: readonly ListedTrace[], text: string): readonly ListedTrace[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return traces;
  return traces.filter((trace) => {
    const all = `${trace.rootName} ${trace.rootService} ${trace.services.join(' ')} ${trace.traceId}`.toLowerCase();
    return words.every((word) => all.includes(word));
  });
}
