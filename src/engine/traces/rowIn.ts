/** Which row of a trace's table a call means. */

import { SpanhopError } from '../../base/errors';
import { parseSpanId, spanIdWords } from '../../core/model/ids';
import type { SpanTable } from '../../core/model/table';
import { rowOfSpan } from './spanDetails';

/** Row that a call means. Throws `NotFound`. */
export function rowIn(table: SpanTable, key: { readonly row: number } | { readonly spanId: string }): number {
  const row = 'row' in key ? key.row : rowOfSpanId(table, key.spanId);
  if (Number.isInteger(row) && row >= 0 && row < table.count) return row;
  const what = 'row' in key ? `row ${key.row}` : `span ${key.spanId}`;
  throw new SpanhopError('NotFound', `There is no ${what} in trace ${table.traceId}.`);
}

/** -1 where there is none. */
function rowOfSpanId(table: SpanTable, spanId: string): number {
  const id = parseSpanId(spanId);
  if (id === undefined) return -1;
  const [high, low] = spanIdWords(id);
  return rowOfSpan(table, high, low);
}
