/** Rows to export, grouped as OTLP nests them: by resource, then by scope, in the order of their first span. */

import type { SpanBatch } from '../../model/batch';

/** Rows of one batch to export. */
export interface RowSelection {
  readonly batch: SpanBatch;
  readonly rows: ArrayLike<number>;
}

export interface ResourceGroup {
  readonly batch: SpanBatch;
  readonly resource: number;
  readonly scopes: readonly { readonly scope: number; readonly rows: readonly number[] }[];
}

const WORD = 4294967296;

export function* groupRows(selections: Iterable<RowSelection>): Generator<ResourceGroup> {
  for (const { batch, rows } of selections) {
    const resources = new Map<number, Map<number, number[]>>();
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i];
      let scopes = resources.get(batch.resource[row]);
      if (!scopes) {
        scopes = new Map();
        resources.set(batch.resource[row], scopes);
      }
      const group = scopes.get(batch.scope[row]);
      if (group) group.push(row);
      else scopes.set(batch.scope[row], [row]);
    }
    for (const [resource, scopes] of resources) {
      yield { batch, resource, scopes: Array.from(scopes, ([scope, group]) => ({ scope, rows: group })) };
    }
  }
}

/**
 * End of the span in `row`: epoch nanoseconds in two words. Start and duration can lead out of what 64 bits hold where data is absurd; the end is
 * then the nearest that they do, and never 0, which would be none.
 */
export function endOf(batch: SpanBatch, row: number): { readonly low: number; readonly high: number } {
  const duration = Math.round(batch.durationNs[row]);
  const durationHigh = Math.floor(duration / WORD);
  const low = batch.start[row * 2] + (duration - durationHigh * WORD);
  const high = batch.start[row * 2 + 1] + durationHigh + (low >= WORD ? 1 : 0);
  if (high >= WORD) return { low: WORD - 1, high: WORD - 1 };
  if (high < 0 || (high === 0 && low % WORD === 0)) return { low: 1, high: 0 };
  return { low: low >>> 0, high };
}
