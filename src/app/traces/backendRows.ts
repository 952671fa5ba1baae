/** The rows of several backends, each under its name. */

import type { ErrorData } from '../../base/errors';
import { formatCount } from '../../core/text/formatText';
import { LOCAL_DATASET } from '../../protocol/traces';
import type { Listing } from './listing';
import { type CaptureStatus, messageOf, stepsOf } from './listStatus';
import type { ActionNode, BackendNode, GroupNode, TraceNode } from './traceNodes';

/**
 * @param groups of its traces
 * @param capture undefined: it is not the local one
 */
export function backendRow(
  listing: Listing,
  isActive: boolean,
  groups: readonly (TraceNode | GroupNode)[],
  capture: CaptureStatus,
): BackendNode {
  const { backend, error, state } = listing;
  const rows: BackendNode['children'][number][] = groups.map((row) =>
    // One group of each backend may have the same name.
    row.kind === 'group' ? { ...row, id: `${backend}/${row.id}` } : row,
  );
  const isEmpty = rows.length === 0;
  if (listing.more) rows.push({ kind: 'loadMore', backend, loading: listing.loading });
  // The search is one for all: to change it is offered once.
  if (isEmpty && (isActive || listing.state !== 'nothingFound'))
    rows.push(...stepsOf(listing, capture).map((step) => ({ ...step, id: `${backend}/${step.id}` })));
  const detail = messageOf(listing, capture) ?? '';
  return {
    kind: 'backend',
    name: backend,
    description: describe(listing, error),
    detail,
    isActive,
    failed: error !== undefined && state !== 'stopped',
    children: error !== undefined && !isEmpty ? [oldRowsOf(backend), ...rows] : rows,
  };
}

/** What stands beside its name. */
function describe({ count, more, state }: Listing, error: ErrorData | undefined): string {
  if (error !== undefined) return error.kind === 'Cancelled' ? 'stopped' : error.message;
  switch (state) {
    case 'listed':
      return more ? `newest ${formatCount(count, 'trace')}` : formatCount(count, 'trace');
    case 'loading':
      return 'loading…';
    default:
      return 'nothing found';
  }
}

/** Above rows that could not be had again. The message says why. */
export function oldRowsOf(backend: string): ActionNode {
  return {
    kind: 'action',
    id: `${backend}/oldRows`,
    label: 'Not up to date',
    icon: 'warning',
    detail: 'Try again',
    command: { id: 'spanhop.refresh', title: 'Try again' },
  };
}

/** As people read it. */
export function backendLabel(name: string): string {
  return name === LOCAL_DATASET ? 'Local' : name;
}
