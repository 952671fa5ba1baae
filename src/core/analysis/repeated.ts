/** Spans of a trace that came twice and are kept once (`link.ts`), without assembling it. Mostly there are none, which a look at the ids tells. */

import { ranges, type Steps } from '../../base/steps';
import { STATUS_ERROR } from '../model/batch';
import { gathering } from './gather';
import { IdMap } from './idMap';
import { linking } from './link';
import { eachRange, type TraceSource } from './sources';

/** What is counted twice in the rows of a trace. */
export interface Repeated {
  readonly spans: number;
  readonly errors: number;
}

/** Spans of which each is compared with each. */
const FEW = 16;

/** In steps; undefined: none. All batches must share one string table. @param count of all rows */
export function* countRepeated(sources: readonly TraceSource[], count: number): Steps<Repeated | undefined> {
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
  if (!(count <= FEW ? hasTwo(high, low) : yield* hasRepeatedId(high, low))) return undefined;
  const all = yield* gathering(sources);
  const { dropped, begun } = yield* linking(sources, all);
  const again = [...dropped, ...begun];
  let errors = 0;
  for (const span of again) if (sources[all.source[span]].batch.status[all.row[span]] === STATUS_ERROR) errors++;
  return again.length === 0 ? undefined : { spans: again.length, errors };
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
