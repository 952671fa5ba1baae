/** Spans of a trace that came twice and are kept once (`link.ts`), without assembling it. Mostly there are none, which a look at the ids tells. */

import { ranges, type Steps } from '../../base/steps';
import { STATUS_ERROR } from '../model/batch';
import { gathering } from './gather';
import { IdMap } from './idMap';
import { linking } from './link';
import type { TraceSource } from './sources';

/** What is counted twice in the rows of a trace. */
export interface Repeated {
  readonly spans: number;
  readonly errors: number;
}

const NONE: Repeated = { spans: 0, errors: 0 };
/** Spans of which each is compared with each. */
const FEW = 16;

/** In steps. All batches must share one string table. */
export function* countRepeated(sources: readonly TraceSource[]): Steps<Repeated> {
  let count = 0;
  for (const { rows } of sources) count += rows.length;
  if (count < 2 || !(yield* hasRepeatedId(sources, count))) return NONE;
  const all = yield* gathering(sources);
  const { dropped } = yield* linking(sources, all);
  let errors = 0;
  for (const span of dropped) if (sources[all.source[span]].batch.status[all.row[span]] === STATUS_ERROR) errors++;
  return { spans: dropped.length, errors };
}

/** Also true for spans that share an id and differ, such as the two halves of a call. */
function* hasRepeatedId(sources: readonly TraceSource[], count: number): Steps<boolean> {
  const high = new Uint32Array(count);
  const low = new Uint32Array(count);
  let at = 0;
  for (const { batch, rows } of sources) {
    for (let k = 0; k < rows.length; k++, at++) {
      high[at] = batch.spanId[rows[k] * 2];
      low[at] = batch.spanId[rows[k] * 2 + 1];
    }
  }
  if (count <= FEW) return hasTwo(high, low);
  const ids = new IdMap(high, low);
  let found = false;
  yield* ranges(count, (from, to) => {
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
