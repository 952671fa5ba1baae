/**
 * Rows of one trace as analysis takes them: all batches with one string table. A long capture starts a new table now and then
 * (`../dataset.ts`); a trace that lies on both sides of that moment gets copies of its batches' index columns for the first one's table.
 */

import type { TraceSource } from '../../core/analysis/sources';
import { type SpanBatch, VALUE_INTERNED } from '../../core/model/batch';
import type { StringTable } from '../../core/model/strings';
import type { TraceStore } from './traceStore';

/** Batches of which index columns were copied. */
const copies = new WeakSet<SpanBatch>();

/** Bytes that copies among the batches take beside what the store has. */
export function copiedBytes(batches: readonly SpanBatch[]): number {
  let bytes = 0;
  for (const batch of batches)
    if (copies.has(batch)) bytes += batch.count * 12 + batch.attributes.count * 12 + batch.events.count * 4;
  return bytes;
}

/** In order of arrival. Empty when the slot is free. */
export function sourcesOf(store: TraceStore, slot: number): TraceSource[] {
  const found = store.rowsOf(slot);
  const strings = found[0]?.stored.batch.strings;
  return found.map(({ stored, rows }) => ({
    batch: strings === undefined || stored.batch.strings === strings ? stored.batch : rebased(stored.batch, strings),
    rows,
  }));
}

/** The batch with indices into another table. */
export function rebased(batch: SpanBatch, strings: StringTable): SpanBatch {
  const known = new Map<number, number>();
  const map = (index: number): number => {
    let mapped = known.get(index);
    if (mapped === undefined) {
      const bytes = batch.strings.bytes(index);
      mapped = strings.internBytes(bytes, 0, bytes.length);
      known.set(index, mapped);
    }
    return mapped;
  };
  const { attributes } = batch;
  const copy: SpanBatch = {
    ...batch,
    strings,
    name: batch.name.map(map),
    statusMessage: batch.statusMessage.map(map),
    traceState: batch.traceState.map(map),
    attributes: {
      ...attributes,
      key: attributes.key.map(map),
      number: attributes.number.map((value, row) => (attributes.type[row] === VALUE_INTERNED ? map(value) : value)),
    },
    events: { ...batch.events, name: batch.events.name.map(map) },
    resources: batch.resources.map((resource) => ({ ...resource, service: map(resource.service) })),
    scopes: batch.scopes.map((scope) => ({ ...scope, name: map(scope.name), version: map(scope.version) })),
  };
  copies.add(copy);
  return copy;
}
