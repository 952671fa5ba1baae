/** What a list shows below a trace: its errors, its slowest spans, its services. */

import { STATUS_ERROR } from '../model/batch';
import { spanIdHex } from '../model/ids';
import { FLAG_ERROR_BELOW, type SpanTable } from '../model/table';

export interface HighlightSpan {
  readonly spanId: string;
  readonly name: string;
  readonly service: string;
  readonly durationNs: number;
  readonly selfNs: number;
  readonly message?: string;
}

export interface Highlights {
  /** Where errors began: spans in error none of whose descendants is; in the order of the trace. Spans that only pass an error on follow when there is room. */
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

/** @param limit most errors and most slow spans to give */
export function highlights(table: SpanTable, selfNs: Float64Array, limit: number): Highlights {
  return {
    errors: errorRows(table, limit).map((row) => highlight(table, selfNs, row)),
    errorCount: table.errorCount,
    slowest: slowestRows(selfNs, limit).map((row) => highlight(table, selfNs, row)),
    services: serviceRows(table, selfNs),
  };
}

function errorRows(table: SpanTable, limit: number): number[] {
  const { count, status, flags, subtreeEnd } = table;
  const origins: number[] = [];
  const passedOn: number[] = [];
  for (let row = 0; row < count && origins.length < limit; row++) {
    if (status[row] !== STATUS_ERROR) continue;
    let erroneousChild = false;
    for (let child = row + 1; child < subtreeEnd[row] && !erroneousChild; child = subtreeEnd[child]) {
      erroneousChild = (flags[child] & FLAG_ERROR_BELOW) !== 0;
    }
    if (!erroneousChild) origins.push(row);
    else if (passedOn.length < limit) passedOn.push(row);
  }
  return [...origins, ...passedOn].slice(0, limit);
}

/** Rows with the largest self time, by a list of the best so far: `limit` is small. */
function slowestRows(selfNs: Float64Array, limit: number): number[] {
  const best: number[] = [];
  for (let row = 0; row < selfNs.length; row++) {
    const value = selfNs[row];
    if (value <= 0 || (best.length === limit && value <= selfNs[best[limit - 1]])) continue;
    let at = best.length;
    while (at > 0 && selfNs[best[at - 1]] < value) at--;
    best.splice(at, 0, row);
    if (best.length > limit) best.pop();
  }
  return best;
}

function serviceRows(table: SpanTable, selfNs: Float64Array): Highlights['services'] {
  const sums = new Map<number, { spans: number; errors: number; selfNs: number }>();
  for (let row = 0; row < table.count; row++) {
    let sum = sums.get(table.service[row]);
    if (!sum) {
      sum = { spans: 0, errors: 0, selfNs: 0 };
      sums.set(table.service[row], sum);
    }
    sum.spans++;
    if (table.status[row] === STATUS_ERROR) sum.errors++;
    sum.selfNs += selfNs[row];
  }
  return [...sums].map(([service, sum]) => ({ name: table.strings.get(service), ...sum })).sort((a, b) => b.selfNs - a.selfNs);
}

function highlight(table: SpanTable, selfNs: Float64Array, row: number): HighlightSpan {
  const batch = table.batches[table.batch[row]];
  const message = table.strings.get(batch.statusMessage[table.batchRow[row]]);
  return {
    spanId: spanIdHex(table.spanId, row),
    name: table.strings.get(table.name[row]),
    service: table.strings.get(table.service[row]),
    durationNs: table.durationNsOf[row],
    selfNs: selfNs[row],
    ...(message === '' ? {} : { message }),
  };
}
