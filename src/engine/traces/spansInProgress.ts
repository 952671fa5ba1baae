/** Spans of a program that are in progress: where it stands, as far as its spans tell. */

import type { Slices } from '../../base/slices';
import { inSlices, type Steps } from '../../base/steps';
import { BATCH_NO_END, type SpanBatch } from '../../core/model/batch';
import { spanIdHex, traceIdHex } from '../../core/model/ids';
import { FLAG_RUNNING } from '../../core/model/table';
import type { SpanInProgress } from '../../protocol/debug';
import { LOCAL_DATASET } from '../../protocol/traces';
import type { ProgramKey, Programs } from '../live/programs';
import type { Dataset } from '../store/dataset';
import { NONE } from '../store/none';
import type { AssembledTraces } from './assembledTraces';

/** Traces that are looked at, those with the latest spans. */
const MAX_TRACES = 50;
/** A trace of more spans is not assembled for this. */
const MAX_SPANS = 100_000;

/** The innermost span in progress of each trace, the one that began last first. */
export async function spansInProgress(
  dataset: Dataset,
  { session, pid }: ProgramKey,
  programs: Programs,
  traces: Pick<AssembledTraces, 'get'>,
  slices: Slices,
): Promise<SpanInProgress[]> {
  const isMeant = (batch: SpanBatch, resource: number): boolean => {
    const program = programs.of(batch, resource);
    if (!program || programs.stateOf(program).state !== 'runs') return false;
    return (session === undefined || program.session === session) && (pid === undefined || (program.pid ?? pid) === pid);
  };
  const ids = await inSlices(candidates(dataset, isMeant), slices);
  const found: (SpanInProgress & { readonly start: number })[] = [];
  for (const traceId of ids) {
    const slot = dataset.store.slotOf(traceId);
    if (slot < 0 || dataset.store.spanCount[slot] > MAX_SPANS) continue;
    const { table } = await traces.get({ dataset: LOCAL_DATASET, traceId });
    let last = -1;
    for (let row = 0; row < table.count; row++) {
      if ((table.flags[row] & FLAG_RUNNING) === 0) continue;
      const batch = table.batches[table.batch[row]];
      if (!isMeant(batch, batch.resource[table.batchRow[row]])) continue;
      if (last < 0 || table.startNs[row] >= table.startNs[last]) last = row;
    }
    if (last < 0) continue;
    const start = Number(table.startUnixNano) + table.startNs[last];
    found.push({ traceId, spanId: spanIdHex(table.spanId, last), startMs: start / 1e6, start });
  }
  return found.sort((a, b) => b.start - a.start).map(({ start: _, ...one }) => one);
}

/** Ids of traces that have spans without an end of what is meant, those that came last first. */
function* candidates({ store }: Dataset, isMeant: (batch: SpanBatch, resource: number) => boolean): Steps<ReadonlySet<string>> {
  const ids = new Set<string>();
  for (const { batch, nextRow } of [...store.batches()].sort((a, b) => b.addedAt - a.addedAt)) {
    if (ids.size >= MAX_TRACES) break;
    const wanted = batch.resources.map((_, index) => isMeant(batch, index));
    if (wanted.includes(true)) {
      for (let row = batch.count - 1; row >= 0 && ids.size < MAX_TRACES; row--) {
        const isHere = nextRow[row] !== NONE && wanted[batch.resource[row]];
        if (isHere && (batch.flags[row] & BATCH_NO_END) !== 0) ids.add(traceIdHex(batch.traceId, row));
      }
    }
    yield;
  }
  return ids;
}
