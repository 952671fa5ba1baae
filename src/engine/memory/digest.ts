/**
 * What stays of a trace's spans when they leave memory for others of the same trace: the roots, which name it, and errors, which are what one
 * looks for. They move into a small batch of their own, by way of OTLP, so that the batches that they were in can go.
 */

import { decodeBytes, encodeOtlpProto, type RowSelection } from '../../core/format/format';
import { type SpanBatch, STATUS_ERROR } from '../../core/model/batch';
import { isRootSpan } from '../../core/model/ids';
import type { StringTable } from '../../core/model/strings';
import type { Dataset } from '../store/dataset';
import type { Gather } from '../store/leftTraces';
import type { RowsOfBatch } from '../store/storedBatch';

const MAX_ROOTS = 100;
const MAX_ERRORS = 1_000;
/** Of values. */
const MAX_BYTES = 4 << 20;

/** Roots and errors among the rows, the first ones of each; undefined when there are none. */
export function digestOf(all: readonly RowsOfBatch[], strings: StringTable): SpanBatch | undefined {
  let roots = 0;
  let errors = 0;
  let bytes = 0;
  let count = 0;
  const selections: RowSelection[] = [];
  for (const { stored, rows } of all) {
    const { batch } = stored;
    const picked: number[] = [];
    for (const row of rows) {
      const isRoot = isRootSpan(batch, row) && roots < MAX_ROOTS;
      const isError = batch.status[row] === STATUS_ERROR && errors < MAX_ERRORS;
      if (!isRoot && !isError) continue;
      bytes += valueBytes(batch, row);
      if (bytes > MAX_BYTES) break;
      if (isRoot) roots++;
      if (isError) errors++;
      picked.push(row);
    }
    count += picked.length;
    if (picked.length > 0) selections.push({ batch, rows: picked });
    if (bytes > MAX_BYTES) break;
  }
  if (count === 0) return undefined;
  const { batches } = decodeBytes(encodeOtlpProto(selections), { strings, format: 'otlp-proto' });
  // Counts must be right whatever an encoder does with odd data.
  return batches.length === 1 && batches[0].count <= count ? batches[0] : undefined;
}

/** Puts spans of traces that leave a store together, with the names of its dataset. */
export function gatherInto(dataset: Pick<Dataset, 'strings'>): Gather {
  return (spans) => {
    const byBatch = new Map<SpanBatch, number[]>();
    for (const { batch, row } of spans) {
      const rows = byBatch.get(batch);
      if (rows) rows.push(row);
      else byBatch.set(batch, [row]);
    }
    const selections = Array.from(byBatch, ([batch, rows]) => ({ batch, rows }));
    const { batches } = decodeBytes(encodeOtlpProto(selections), { strings: dataset.strings, format: 'otlp-proto' });
    return batches.length === 1 ? batches[0] : undefined;
  };
}

function valueBytes(batch: SpanBatch, row: number): number {
  let bytes = 0;
  const add = (start: number, end: number): void => {
    for (let i = start; i < end; i++) bytes += 16 + batch.attributes.length[i];
  };
  add(batch.attributeStart[row], batch.attributeEnd[row]);
  const { events, links } = batch;
  for (let event = batch.eventStart[row]; event < batch.eventEnd[row]; event++) {
    add(events.attributeStart[event], events.attributeEnd[event]);
  }
  for (let link = batch.linkStart[row]; link < batch.linkEnd[row]; link++)
    add(links.attributeStart[link], links.attributeEnd[link]);
  return bytes;
}
