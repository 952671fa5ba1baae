/**
 * Rows of one trace as analysis takes them: all batches with one string table. A long capture starts a new table now and then
 * (`dataset.ts`); a trace that lies on both sides of that moment gets copies of its batches' index columns for the first one's table.
 */

import { ranges, type Steps } from '../../base/steps';
import type { TraceSource } from '../../core/analysis/sources';
import { type SpanBatch, VALUE_INTERNED } from '../../core/model/batch';
import type { StringTable } from '../../core/model/strings';
import type { RowsOfBatch } from './storedBatch';

/** Batches of which index columns were copied. */
const copies = new WeakSet<SpanBatch>();

/** Bytes that copies among the batches take beside what the store has. */
export function copiedBytes(batches: readonly SpanBatch[]): number {
  let bytes = 0;
  for (const batch of batches)
    if (copies.has(batch)) bytes += batch.count * 12 + batch.attributes.count * 12 + batch.events.count * 4;
  return bytes;
}

/** Rows of one trace with one string table, in steps. What was given is what is answered, whatever the store becomes meanwhile. */
export function* rebasing(found: readonly RowsOfBatch[]): Steps<TraceSource[]> {
  const strings = found[0]?.stored.batch.strings;
  const sources: TraceSource[] = [];
  for (const { stored, rows } of found) {
    const { batch } = stored;
    sources.push({ batch: strings === undefined || batch.strings === strings ? batch : yield* rebased(batch, strings), rows });
  }
  return sources;
}

/** The batch with indices into another table. */
function* rebased(batch: SpanBatch, strings: StringTable): Steps<SpanBatch> {
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
  function* mapped(column: Uint32Array): Steps<Uint32Array> {
    const out = new Uint32Array(column.length);
    yield* ranges(column.length, (from, to) => {
      for (let i = from; i < to; i++) out[i] = map(column[i]);
    });
    return out;
  }
  const { attributes } = batch;
  const number = new Float64Array(attributes.number.length);
  yield* ranges(number.length, (from, to) => {
    for (let row = from; row < to; row++) {
      const value = attributes.number[row];
      number[row] = attributes.type[row] === VALUE_INTERNED ? map(value) : value;
    }
  });
  const copy: SpanBatch = {
    ...batch,
    strings,
    name: yield* mapped(batch.name),
    statusMessage: yield* mapped(batch.statusMessage),
    traceState: yield* mapped(batch.traceState),
    attributes: {
      ...attributes,
      key: yield* mapped(attributes.key),
      number,
    },
    events: { ...batch.events, name: yield* mapped(batch.events.name) },
    resources: batch.resources.map((resource) => ({ ...resource, service: map(resource.service) })),
    scopes: batch.scopes.map((scope) => ({ ...scope, name: map(scope.name), version: map(scope.version) })),
  };
  copies.add(copy);
  return copy;
}
