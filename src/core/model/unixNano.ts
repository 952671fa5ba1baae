/** Epoch nanoseconds: two words in columns, a bigint where one of them is looked at. */

import type { SpanTable } from './table';

/** The 64 bits at row `row` of a column with two words a row, low word first. */
export function wordsToBigint(words: Uint32Array, row: number): bigint {
  return (BigInt(words[row * 2 + 1]) << 32n) | BigInt(words[row * 2]);
}

/** Nanoseconds from the trace's start at which an event happened; undefined where it has no time. @param event of the batch of `row` */
export function eventAtNs(table: SpanTable, row: number, event: number): number | undefined {
  const batch = table.batches[table.batch[row]];
  return offsetFrom(table, wordsToBigint(batch.events.time, event));
}

/** Nanoseconds from the trace's start of a time; undefined where either of them is not known (0). */
export function offsetFrom({ startUnixNano }: SpanTable, unixNano: bigint): number | undefined {
  return unixNano === 0n || startUnixNano === 0n ? undefined : Number(unixNano - startUnixNano);
}
