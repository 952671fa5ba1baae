/** What a list needs to know of a trace, from its rows alone: nothing is assembled, so that thousands of traces list at once. */

import { finish, type Steps } from '../../base/steps';
import { BATCH_NO_END, STATUS_ERROR } from '../model/batch';
import { isZeroSpanId } from '../model/ids';
import type { TraceOverview } from '../model/table';
import { countRepeated } from './repeated';
import { earliestStart, offsetNs, type TraceSource, toBigInt } from './sources';

/**
 * The root is the earliest span without a parent; names are empty when there is none. Services are in the order of appearance. What came twice
 * counts once. All batches must share one string table.
 */
export function traceOverview(traceId: string, sources: readonly TraceSource[], session?: string): TraceOverview {
  return finish(overviewing(traceId, sources, session));
}

/** `traceOverview` in steps. */
export function* overviewing(traceId: string, sources: readonly TraceSource[], session?: string): Steps<TraceOverview> {
  const overview = overviewOfRows(traceId, sources, session);
  const repeated = yield* countRepeated(sources);
  if (repeated.spans === 0) return overview;
  return {
    ...overview,
    spanCount: overview.spanCount - repeated.spans,
    errorCount: overview.errorCount - repeated.errors,
  };
}

type RowsOverview = TraceOverview & Required<Pick<TraceOverview, 'spanCount' | 'errorCount'>>;

/** `traceOverview` with what came twice counted twice: for the root, which is the same. */
export function overviewOfRows(traceId: string, sources: readonly TraceSource[], session?: string): RowsOverview {
  const origin = earliestStart(sources);
  const services = new Set<number>();
  let lastEndNs = 0;
  let spanCount = 0;
  let errorCount = 0;
  let rootStartNs = Number.POSITIVE_INFINITY;
  let rootName = '';
  let rootService = '';
  for (const { batch, rows } of sources) {
    spanCount += rows.length;
    let lastResource = -1;
    for (let k = 0; k < rows.length; k++) {
      const row = rows[k];
      if (batch.resource[row] !== lastResource) {
        lastResource = batch.resource[row];
        services.add(batch.resources[lastResource].service);
      }
      const low = batch.start[row * 2];
      const high = batch.start[row * 2 + 1];
      const unknown = low === 0 && high === 0;
      const startNs = unknown ? 0 : offsetNs(high, low, origin);
      const hasEnd = !unknown && (batch.flags[row] & BATCH_NO_END) === 0 && batch.durationNs[row] > 0;
      const endNs = hasEnd ? startNs + batch.durationNs[row] : startNs;
      if (endNs > lastEndNs) lastEndNs = endNs;
      if (batch.status[row] === STATUS_ERROR) errorCount++;
      if (startNs < rootStartNs && isZeroSpanId(batch.parentSpanId, row)) {
        rootStartNs = startNs;
        rootName = batch.strings.get(batch.name[row]);
        rootService = batch.strings.get(batch.resources[lastResource].service);
      }
    }
  }
  const strings = sources[0]?.batch.strings;
  const names = strings ? [...services].map((service) => strings.get(service)) : [];
  return {
    traceId,
    rootName,
    rootService,
    startUnixNano: toBigInt(origin),
    durationNs: lastEndNs,
    spanCount,
    errorCount,
    services: names.filter((name) => name !== ''),
    ...(session === undefined ? {} : { session }),
  };
}
