/** Find inside one trace. */

import type { Slices } from '../../base/slices';
import { inSlices, ranges, type Steps } from '../../base/steps';
import { mainRoot } from '../../core/analysis/root';
import type { SpanTable } from '../../core/model/table';
import type { TraceFacts } from '../../core/query/evaluation/cursor';
import { TraceQuery } from '../../core/query/evaluation/evaluate';
import { findTextToStages } from '../../core/query/findText';
import type { AssembledTrace } from './assembledTraces';

/**
 * Rows that match, ascending: those of the sets that come out of a query. `text` is free text or a query. Rejects with `BadQuery`, or `Cancelled` when a
 * newer search took over.
 */
export async function findSpansIn(
  { table }: Pick<AssembledTrace, 'table'>,
  text: string,
  slices: Slices,
): Promise<Uint32Array<ArrayBuffer>> {
  return inSlices(finding(table, new TraceQuery(findTextToStages(text), table.strings)), slices);
}

function* finding(table: SpanTable, query: TraceQuery): Steps<Uint32Array<ArrayBuffer>> {
  const found = yield* query.ofTable(table, factsOf(table));
  if (!found) return new Uint32Array(0);
  const isFound = new Uint8Array(table.count);
  let size = 0;
  for (const { spans } of found.sets) {
    yield* ranges(spans.length, (from, to) => {
      for (let i = from; i < to; i++) {
        size += 1 - isFound[spans[i]];
        isFound[spans[i]] = 1;
      }
    });
  }
  const rows = new Uint32Array(size);
  let at = 0;
  yield* ranges(table.count, (from, to) => {
    for (let row = from; row < to; row++) if (isFound[row] === 1) rows[at++] = row;
  });
  return rows;
}

function factsOf(table: SpanTable): TraceFacts {
  const { traceId, durationNs, startUnixNano, strings } = table;
  const { row, isRoot } = mainRoot(table);
  const rootName = isRoot ? strings.get(table.name[row]) : '';
  const rootService = isRoot ? strings.get(table.service[row]) : '';
  return { traceId, rootName, rootService, durationNs, startUnixNano };
}
