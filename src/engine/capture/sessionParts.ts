/** Which spans of a request are of which session: one request may hold spans of several programs (a Collector joins them). */

import type { RowSelection } from '../../core/format/format';
import type { SpanBatch } from '../../core/model/batch';
import { sessionOf } from '../store/sessionOf';

/** Rows by session; empty: without one. */
export type SessionParts = ReadonlyMap<string, readonly RowSelection[]>;

/** The session of all spans; undefined where they are of several. */
export function onlySession(batches: readonly SpanBatch[]): string | undefined {
  let only: string | undefined;
  for (const batch of batches) {
    for (let number = 0; number < batch.resources.length; number++) {
      const session = sessionOf(batch, number) ?? '';
      // The first stands for having none, and is there in any batch.
      if (session === (only ?? session)) only = number === 0 ? only : session;
      else if (number > 0 || batch.resource.subarray(0, batch.count).includes(0)) return undefined;
    }
    if (only !== undefined && only !== '' && batch.resource.subarray(0, batch.count).includes(0)) return undefined;
  }
  return only ?? '';
}

export function sessionParts(batches: readonly SpanBatch[]): SessionParts {
  const parts = new Map<string, RowSelection[]>();
  for (const batch of batches) {
    const sessions = batch.resources.map((_, number) => sessionOf(batch, number) ?? '');
    const rows = new Map<string, number[]>();
    for (let row = 0; row < batch.count; row++) {
      const session = sessions[batch.resource[row]] ?? '';
      const known = rows.get(session);
      if (known) known.push(row);
      else rows.set(session, [row]);
    }
    for (const [session, of] of rows) parts.set(session, [...(parts.get(session) ?? []), { batch, rows: of }]);
  }
  return parts;
}
