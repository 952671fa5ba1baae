/** What a list needs to know of a trace, from its rows alone: nothing is assembled, so that thousands of traces list at once. */

import type { Steps } from '../../base/steps';
import { BATCH_NO_END, type SpanBatch, STATUS_ERROR } from '../model/batch';
import { isRootSpan } from '../model/ids';
import type { StringTable } from '../model/strings';
import type { TraceOverview } from '../model/table';
import { countOf, findingRepeated } from './repeated';
import {
  eachRange,
  earliestStart,
  findingEarliestStart,
  offsetNs,
  type TraceSource,
  toBigInt,
  type Words,
  withoutStart,
} from './sources';

/**
 * The root is the longest span without a parent, as in `mainRoot`; names are empty when there is none. Services are in the order of appearance. What came twice
 * counts once. All batches must share one string table.
 */
export function* overviewing(traceId: string, sources: readonly TraceSource[], session?: string): Steps<TraceOverview> {
  const rows = new OverviewRows(sources, yield* findingEarliestStart(sources));
  yield* eachRange(sources, (source, from, to) => rows.take(source, from, to));
  const overview = rows.overview(traceId, session);
  const repeated = yield* findingRepeated(sources, rows.spanCount);
  if (repeated.length === 0) return overview;
  const errorCount = rows.errorCount - countOf(sources, repeated, isError);
  const running = rows.unended - countOf(sources, repeated, isUnended);
  return {
    ...overview,
    spanCount: rows.spanCount - repeated.length,
    errorCount,
    ...(running > 0 ? { running } : { running: undefined }),
  };
}

/** `overviewing` with what came twice counted twice: for the root, which is the same. */
export function overviewOfRows(traceId: string, sources: readonly TraceSource[]): TraceOverview {
  const rows = new OverviewRows(sources, earliestStart(sources));
  for (const source of sources) rows.take(source, 0, source.rows.length);
  return rows.overview(traceId, undefined);
}

function isError({ status }: SpanBatch, row: number): boolean {
  return status[row] === STATUS_ERROR;
}

export function isUnended({ flags, start }: SpanBatch, row: number): boolean {
  return (flags[row] & BATCH_NO_END) !== 0 && (start[row * 2] !== 0 || start[row * 2 + 1] !== 0);
}

/** A span without a parent. */
interface Root {
  readonly batch: SpanBatch;
  readonly row: number;
  readonly startNs: number;
  readonly lengthNs: number;
}

function isLonger(a: Root, b: Root | undefined): boolean {
  return !b || a.lengthNs > b.lengthNs || (a.lengthNs === b.lengthNs && a.startNs < b.startNs);
}

function isSame({ batch: a, row: i, startNs }: Root, { batch: b, row: j, startNs: other }: Root): boolean {
  return startNs === other && a.spanId[i * 2] === b.spanId[j * 2] && a.spanId[i * 2 + 1] === b.spanId[j * 2 + 1];
}

/** What is known of the rows of a trace that were looked at. */
class OverviewRows {
  private readonly services = new Set<number>();
  private readonly strings: StringTable | undefined;
  private lastEndNs = 0;
  spanCount = 0;
  errorCount = 0;
  /** Rows without an end. */
  unended = 0;
  /** The longest root that has ended, and the earliest that has not. */
  private ended: Root | undefined;
  private running: Root | undefined;

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
      const known = low === 0 && high === 0 ? withoutStart(batch, row, origin) : undefined;
      const startNs = known?.startNs ?? offsetNs(high, low, origin);
      const hasEnd = !known && (batch.flags[row] & BATCH_NO_END) === 0;
      const lengthNs = known?.durationNs ?? (hasEnd ? Math.max(0, batch.durationNs[row] || 0) : 0);
      const endNs = startNs + lengthNs;
      if (endNs > this.lastEndNs) this.lastEndNs = endNs;
      if (batch.status[row] === STATUS_ERROR) this.errorCount++;
      if (!hasEnd && !known) this.unended++;
      if (isRootSpan(batch, row)) this.root({ batch, row, startNs, lengthNs }, hasEnd || known !== undefined);
    }
  }

  private root(found: Root, hasEnd: boolean): void {
    if (hasEnd) {
      if (isLonger(found, this.ended)) this.ended = found;
      if (this.running && isSame(found, this.running)) this.running = undefined;
    } else if (this.ended && isSame(found, this.ended)) {
      // Told of when it began as well, perhaps with another name.
    } else if (!this.running || found.startNs < this.running.startNs) this.running = found;
  }

  /** By the rule of `mainRoot`. */
  private mainRoot(): Root | undefined {
    const { ended, running, lastEndNs } = this;
    if (!running) return ended;
    const lasting = { ...running, lengthNs: lastEndNs - running.startNs };
    return isLonger(lasting, ended) ? lasting : ended;
  }

  overview(traceId: string, session: string | undefined): TraceOverview {
    const { strings } = this;
    const root = this.mainRoot();
    const text = (index: number | undefined): string => (index === undefined ? '' : (strings?.get(index) ?? ''));
    const names = strings ? Array.from(this.services, (service) => strings.get(service)) : [];
    return {
      traceId,
      rootName: text(root?.batch.name[root.row]),
      rootService: text(root?.batch.resources[root.batch.resource[root.row]].service),
      startUnixNano: toBigInt(this.origin),
      durationNs: this.lastEndNs,
      spanCount: this.spanCount,
      errorCount: this.errorCount,
      ...(this.unended > 0 ? { running: this.unended } : {}),
      services: names.filter((name) => name !== ''),
      ...(session === undefined ? {} : { session }),
    };
  }
}
