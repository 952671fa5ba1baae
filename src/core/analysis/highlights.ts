/** What a list shows below a trace: its errors, its slowest spans, its services. */

import { ranges, STEP_ROWS, type Steps } from '../../base/steps';
import { STATUS_ERROR } from '../model/batch';
import { spanIdHex } from '../model/ids';
import { FLAG_ERROR_BELOW, type SpanTable } from '../model/table';
import { failingRow } from './failure';

export interface HighlightSpan {
  readonly spanId: string;
  readonly name: string;
  readonly service: string;
  readonly durationNs: number;
  readonly selfNs: number;
  readonly message?: string;
}

export interface Highlights {
  /**
   * Where errors began: spans in error none of whose descendants is; the one that failed the trace first, then in the order of the trace. Spans that only
   * pass an error on follow when there is room.
   */
  readonly errors: readonly HighlightSpan[];
  readonly errorCount: number;
  /** By self time, largest first: a span that only waits for its children is not slow. */
  readonly slowest: readonly HighlightSpan[];
  /** By self time, largest first. */
  readonly services: readonly {
    readonly name: string;
    readonly spans: number;
    readonly errors: number;
    readonly selfNs: number;
  }[];
}

/**
 * In steps.
 * @param limit most errors and most slow spans to give
 * @param text a string of the table as it may be shown
 */
export function* highlights(
  table: SpanTable,
  selfNs: Float64Array,
  limit: number,
  text: (index: number) => string,
): Steps<Highlights> {
  const summaryOf = (row: number): HighlightSpan => highlight(table, selfNs, row, text);
  return {
    errors: (yield* errorRows(table, limit)).map(summaryOf),
    errorCount: table.errorCount,
    slowest: (yield* slowestRows(selfNs, limit)).map(summaryOf),
    services: yield* serviceRows(table, selfNs, text),
  };
}

function* errorRows(table: SpanTable, limit: number): Steps<number[]> {
  const { count, status, flags, subtreeEnd } = table;
  const origins: number[] = [];
  const passedOn: number[] = [];
  let looked = 0;
  for (let row = 0; row < count && origins.length < limit; row++) {
    if (++looked > STEP_ROWS) {
      looked = 0;
      yield;
    }
    if (status[row] !== STATUS_ERROR) continue;
    let erroneousChild = false;
    for (let child = row + 1; child < subtreeEnd[row] && !erroneousChild; child = subtreeEnd[child]) {
      erroneousChild = (flags[child] & FLAG_ERROR_BELOW) !== 0;
      looked++;
    }
    if (!erroneousChild) origins.push(row);
    else if (passedOn.length < limit) passedOn.push(row);
  }
  const failing = yield* failingRow({ count, subtreeEnd, isError: (row) => status[row] === STATUS_ERROR });
  const others = [...origins, ...passedOn].filter((row) => row !== failing);
  return (failing < 0 ? others : [failing, ...others]).slice(0, limit);
}

/** Rows with the largest self time, by a list of the best so far: `limit` is small. */
function* slowestRows(selfNs: Float64Array, limit: number): Steps<number[]> {
  const best: number[] = [];
  yield* ranges(selfNs.length, (from, to) => {
    for (let row = from; row < to; row++) {
      const value = selfNs[row];
      if (value <= 0 || (best.length === limit && value <= selfNs[best[limit - 1]])) continue;
      let at = best.length;
      while (at > 0 && selfNs[best[at - 1]] < value) at--;
      best.splice(at, 0, row);
      if (best.length > limit) best.pop();
    }
  });
  return best;
}

function* serviceRows(table: SpanTable, selfNs: Float64Array, text: (index: number) => string): Steps<Highlights['services']> {
  const sums = new Map<number, { spans: number; errors: number; selfNs: number }>();
  yield* ranges(table.count, (from, to) => {
    for (let row = from; row < to; row++) {
      let sum = sums.get(table.service[row]);
      if (!sum) {
        sum = { spans: 0, errors: 0, selfNs: 0 };
        sums.set(table.service[row], sum);
      }
      sum.spans++;
      if (table.status[row] === STATUS_ERROR) sum.errors++;
      sum.selfNs += selfNs[row];
    }
  });
  return [...sums].map(([service, sum]) => ({ name: text(service), ...sum })).sort((a, b) => b.selfNs - a.selfNs);
}

function highlight(table: SpanTable, selfNs: Float64Array, row: number, text: (index: number) => string): HighlightSpan {
  const batch = table.batches[table.batch[row]];
  const message = text(batch.statusMessage[table.batchRow[row]]);
  return {
    spanId: spanIdHex(table.spanId, row),
    name: text(table.name[row]),
    service: text(table.service[row]),
    durationNs: table.durationNsOf[row],
    selfNs: selfNs[row],
    ...(message === '' ? {} : { message }),
  };
}
