/** Find inside one trace. */

import type { Slices } from '../../base/slices';
import { mainRoot } from '../../core/analysis/root';
import type { SpanTable } from '../../core/model/table';
import { compileSpanFilter } from '../../core/query/evaluate';
import { findTextToFilter } from '../../core/query/findText';
import type { TraceFacts } from '../../core/query/predicate';
import type { AssembledTrace } from './assembledTraces';

/** Rows between two looks at the clock. */
const STEP = 256;

/** Rows that match, ascending. `text` is free text or a query. Rejects with `BadQuery`, or `Cancelled` when a newer search took over. */
export async function findSpansIn(
  { table }: Pick<AssembledTrace, 'table'>,
  text: string,
  slices: Slices,
): Promise<Uint32Array<ArrayBuffer>> {
  const matches = compileSpanFilter(findTextToFilter(text), table.strings);
  const facts = factsOf(table);
  const found = new Uint32Array(table.count);
  let size = 0;
  for (let row = 0; row < table.count; row++) {
    if (matches(table.batches[table.batch[row]], table.batchRow[row], facts)) found[size++] = row;
    if (row % STEP === STEP - 1 && slices.due) await slices.pause();
  }
  return found.slice(0, size);
}

function factsOf(table: SpanTable): TraceFacts {
  const { traceId, durationNs, startUnixNano, strings } = table;
  const { row, isRoot } = mainRoot(table);
  const rootName = isRoot ? strings.get(table.name[row]) : '';
  const rootService = isRoot ? strings.get(table.service[row]) : '';
  return { traceId, rootName, rootService, durationNs, startUnixNano };
}
