/** Rows of a batch that name a place, as they are kept. */

import type { CodeRows } from '../../code';

/** Only those that are wanted. */
export function filtered({ row, place }: CodeRows, keep: (row: number) => boolean): CodeRows {
  return { row: row.filter((each) => keep(each)), place: place.filter((_, i) => keep(row[i])) };
}

/** The rows in memory of their own where they are a view of far larger columns. */
export function compact({ row, place }: CodeRows, size: number): CodeRows {
  return row.length * 2 > size ? { row, place } : { row: row.slice(), place: place.slice() };
}
