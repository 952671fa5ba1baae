/** Rows of a trace that are among the spans which an index names. */

import type { Slices } from '../../base/slices';
import type { CodeSource } from '../../code';
import type { SpanTable } from '../../core/model/table';

/** Spans of a trace that are looked for by their ids. */
const maxIds = 200_000;
/** Rows between two looks at the clock. */
const stride = 1 << 14;

/** Whether a row of the table is among the spans that are named: by batch a byte for each of its rows. */
export function wantedRows(
  table: SpanTable,
  name: (visit: (columns: CodeSource, row: number) => void) => void,
): (row: number) => boolean {
  const marks = new Map<CodeSource, Uint8Array>(table.batches.map((batch) => [batch, new Uint8Array(batch.count)]));
  // Small batches of a capture are joined after a while; the table still holds those that they were. Then ids tell.
  const ids = new Set<bigint>();
  const lows = new Set<number>();
  name((columns, row) => {
    const mark = marks.get(columns);
    if (mark) mark[row] = 1;
    else if (ids.size < maxIds) {
      lows.add(columns.spanId[row * 2 + 1]);
      ids.add(idAt(columns.spanId, row));
    }
  });
  const byBatch = table.batches.map((batch) => marks.get(batch));
  const byId = ids.size > 0;
  return (row) =>
    byBatch[table.batch[row]]?.[table.batchRow[row]] === 1 ||
    (byId && lows.has(table.spanId[row * 2 + 1]) && ids.has(idAt(table.spanId, row)));
}

/** Rows that a test wants, ascending. */
export async function rowsThat(
  isWanted: (row: number) => boolean,
  count: number,
  slices: Slices,
): Promise<Uint32Array<ArrayBuffer>> {
  const found = new Uint32Array(count);
  let size = 0;
  for (let row = 0; row < count; row++) {
    if (isWanted(row)) found[size++] = row;
    if ((row & (stride - 1)) === 0 && slices.due) await slices.pause();
  }
  return found.slice(0, size);
}

function idAt(words: Uint32Array, row: number): bigint {
  return (BigInt(words[row * 2]) << 32n) | BigInt(words[row * 2 + 1]);
}
