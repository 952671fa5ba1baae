/** Rows to export, grouped as OTLP nests them: by resource, then by scope, in the order of their first span. */

import { ranges, type Steps } from '../../../base/steps';
import type { SpanBatch } from '../../model/batch';

/** Rows of one batch to export. */
export interface RowSelection {
  readonly batch: SpanBatch;
  readonly rows: ArrayLike<number>;
}

/** What is written in the place of a batch's texts. Undefined: what the batch has. */
export interface Replacement {
  /** Of a key of an attribute, as an index of the batch's strings. */
  key(batch: SpanBatch, index: number): string | undefined;
  /** Of another string of the batch's table: a name, a message. */
  string(batch: SpanBatch, index: number): string | undefined;
  /** Of the value of an attribute. */
  value(batch: SpanBatch, row: number): string | undefined;
}

export interface ResourceGroup {
  readonly batch: SpanBatch;
  readonly resource: number;
  readonly scopes: readonly { readonly scope: number; readonly rows: Uint32Array }[];
}

const WORD = 4294967296;

/** The groups of one selection. In steps. */
export function* grouping({ batch, rows }: RowSelection): Steps<ResourceGroup[]> {
  const { resource, scope } = batch;
  const scopes = batch.scopes.length;
  /** Group of a resource and a scope, and of each row. */
  const numbers = new Map<number, number>();
  const sizes: number[] = [];
  const groupOf = new Uint32Array(rows.length);
  yield* ranges(rows.length, (from, to) => {
    for (let i = from; i < to; i++) {
      const key = resource[rows[i]] * scopes + scope[rows[i]];
      let group = numbers.get(key);
      if (group === undefined) {
        group = sizes.push(0) - 1;
        numbers.set(key, group);
      }
      sizes[group]++;
      groupOf[i] = group;
    }
  });
  const members = sizes.map((size) => new Uint32Array(size));
  const filled = new Uint32Array(sizes.length);
  yield* ranges(rows.length, (from, to) => {
    for (let i = from; i < to; i++) members[groupOf[i]][filled[groupOf[i]]++] = rows[i];
  });
  const byResource = new Map<number, { scope: number; rows: Uint32Array }[]>();
  for (const [key, group] of numbers) {
    const number = Math.floor(key / scopes);
    const one = { scope: key % scopes, rows: members[group] };
    const known = byResource.get(number);
    if (known) known.push(one);
    else byResource.set(number, [one]);
  }
  return Array.from(byResource, ([number, found]) => ({ batch, resource: number, scopes: found }));
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
