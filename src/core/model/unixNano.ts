/** Epoch nanoseconds: two words in columns, a bigint where one of them is looked at. */

import type { SpanTable } from './table';

/** The 64 bits at row `row` of a column with two words a row, low word first. */
export function wordsToBigint(words: Uint32Array, row: number): bigint {
  return (BigInt(words[row * 2 + 1]) << 32n) | BigInt(words[row * 2]);
}

/** Nanoseconds from the trace's start at which an event happened. @param event of the batch of `row` */
export function eventAtNs(table: SpanTable, row: number, event: number): number {
  const batch = table.batches[table.batch[row]];
  return Number(wordsToBigint(batch.events.time, event) - table.startUnixNano);
}
