/** What a list needs to know of a trace, from its rows alone: nothing is assembled, so that thousands of traces list at once. */

import type { Steps } from '../../base/steps';
import { BATCH_NO_END, STATUS_ERROR } from '../model/batch';
import { isZeroSpanId } from '../model/ids';
import type { StringTable } from '../model/strings';
import type { TraceOverview } from '../model/table';
import { countRepeated } from './repeated';
import { eachRange, earliestStart, findingEarliestStart, offsetNs, type TraceSource, toBigInt, type Words } from './sources';

/**
 * The root is the earliest span without a parent; names are empty when there is none. Services are in the order of appearance. What came twice
 * counts once. All batches must share one string table.
 */
export function* overviewing(traceId: string, sources: readonly TraceSource[], session?: string): Steps<TraceOverview> {
  const rows = new OverviewRows(sources, yield* findingEarliestStart(sources));
  yield* eachRange(sources, (source, from, to) => rows.take(source, from, to));
  const overview = rows.overview(traceId, session);
  const repeated = rows.spanCount < 2 ? undefined : yield* countRepeated(sources, rows.spanCount);
  if (!repeated) return overview;
  return { ...overview, spanCount: rows.spanCount - repeated.spans, errorCount: rows.errorCount - repeated.errors };
}

/** `overviewing` with what came twice counted twice: for the root, which is the same. */
export function overviewOfRows(traceId: string, sources: readonly TraceSource[]): TraceOverview {
  const rows = new OverviewRows(sources, earliestStart(sources));
  for (const source of sources) rows.take(source, 0, source.rows.length);
  return rows.overview(traceId, undefined);
}

/** What is known of the rows of a trace that were looked at. */
class OverviewRows {
  private readonly services = new Set<number>();
  private readonly strings: StringTable | undefined;
  private lastEndNs = 0;
  spanCount = 0;
  errorCount = 0;
  private rootStartNs = Number.POSITIVE_INFINITY;
  private rootName = '';
  private rootService = '';

  /** @param origin the earliest start */
  constructor(
    sources: readonly TraceSource[],
    private readonly origin: Words,
  ) {
    this.strings = sources[0]?.batch.strings;
  }

  take({ batch, rows }: TraceSource, from: number, to: number): void {
    const { origin } = this;
    this.spanCount += to - from;
    let lastResource = -1;
    for (let k = from; k < to; k++) {
      const row = rows[k];
      if (batch.resource[row] !== lastResource) {
        lastResource = batch.resource[row];
        this.services.add(batch.resources[lastResource].service);
      }
      const low = batch.start[row * 2];
      const high = batch.start[row * 2 + 1];
      const unknown = low === 0 && high === 0;
      const startNs = unknown ? 0 : offsetNs(high, low, origin);
      const hasEnd = !unknown && (batch.flags[row] & BATCH_NO_END) === 0 && batch.durationNs[row] > 0;
      const endNs = hasEnd ? startNs + batch.durationNs[row] : startNs;
      if (endNs > this.lastEndNs) this.lastEndNs = endNs;
      if (batch.status[row] === STATUS_ERROR) this.errorCount++;
      if (startNs < this.rootStartNs && isZeroSpanId(batch.parentSpanId, row)) {
        this.rootStartNs = startNs;
        this.rootName = batch.strings.get(batch.name[row]);
        this.rootService = batch.strings.get(batch.resources[lastResource].service);
      }
    }
  }

  overview(traceId: string, session: string | undefined): TraceOverview {
    const { strings } = this;
    const names = strings ? Array.from(this.services, (service) => strings.get(service)) : [];
    return {
      traceId,
      rootName: this.rootName,
      rootService: this.rootService,
      startUnixNano: toBigInt(this.origin),
      durationNs: this.lastEndNs,
      spanCount: this.spanCount,
      errorCount: this.errorCount,
      services: names.filter((name) => name !== ''),
      ...(session === undefined ? {} : { session }),
    };
  }
}
