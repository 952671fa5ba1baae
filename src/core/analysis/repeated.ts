/** Spans of a trace that came twice and are kept once (`link.ts`), without assembling it. Mostly there are none, which a look at the ids tells. */

import { ranges, type Steps } from '../../base/steps';
import type { SpanBatch } from '../model/batch';
import { gathering } from './gather';
import { IdMap } from './idMap';
import { linking } from './link';
import { eachRange, type TraceSource } from './sources';

/** Spans of which each is compared with each. */
const FEW = 16;

/**
 * In steps: the spans that came before, or were only begun, by their number in the order of sources and rows. All batches must share one string table.
 * @param count of all rows
 */
export function* findingRepeated(sources: readonly TraceSource[], count: number): Steps<readonly number[]> {
  if (count < 2) return [];
  const high = new Uint32Array(count);
  const low = new Uint32Array(count);
  let at = 0;
  yield* eachRange(sources, ({ batch, rows }, from, to) => {
    for (let k = from; k < to; k++, at++) {
      high[at] = batch.spanId[rows[k] * 2];
      low[at] = batch.spanId[rows[k] * 2 + 1];
    }
  });
  // Also spans that share an id and differ, such as the two halves of a call.
  if (!(count <= FEW ? hasTwo(high, low) : yield* hasRepeatedId(high, low))) return [];
  const all = yield* gathering(sources);
  const { dropped, begun } = yield* linking(sources, all);
  return [...dropped, ...begun];
}

/** How many of some spans, by the same numbers, are such. */
export function countOf(
  sources: readonly TraceSource[],
  spans: readonly number[],
  isSuch: (batch: SpanBatch, row: number) => boolean,
): number {
  const ascending = Uint32Array.from(spans).sort();
  let found = 0;
  let at = 0;
  let first = 0;
  for (const { batch, rows } of sources) {
    for (; at < ascending.length && ascending[at] - first < rows.length; at++) {
      if (isSuch(batch, rows[ascending[at] - first])) found++;
    }
    first += rows.length;
  }
  return found;
}

function* hasRepeatedId(high: Uint32Array, low: Uint32Array): Steps<boolean> {
  const ids = new IdMap(high, low);
  let found = false;
  yield* ranges(low.length, (from, to) => {
    for (let span = from; span < to && !found; span++) found = ids.add(span) >= 0;
  });
  return found;
}

function hasTwo(high: Uint32Array, low: Uint32Array): boolean {
  for (let a = 1; a < low.length; a++) {
    for (let b = 0; b < a; b++) if (low[a] === low[b] && high[a] === high[b]) return true;
  }
  return false;
}
