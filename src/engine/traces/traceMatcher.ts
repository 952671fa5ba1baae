/** Queries over stored traces. */

import type { Steps } from '../../base/steps';
import { overviewOfRows } from '../../core/analysis/overview';
import type { TraceSource } from '../../core/analysis/sources';
import { traceIdHex } from '../../core/model/ids';
import type { StringTable } from '../../core/model/strings';
import type { TraceOverview } from '../../core/model/table';
import { isEverything } from '../../core/query/build';
import type { TraceFacts } from '../../core/query/evaluation/cursor';
import { matchedOf, TraceQuery } from '../../core/query/evaluation/evaluate';
import type { Stage } from '../../core/query/query';
import type { Dataset } from '../store/dataset';
import { rebasing } from '../store/sources';

/** Says, in steps, which spans of the trace in a slot match; undefined: the trace does not. */
export type TraceMatcher = (slot: number) => Steps<TraceOverview['matched']>;

/** Undefined: all match, with all their spans. It knows the names of now: make a new one for each search. */
export function traceMatcher(dataset: Dataset, stages: readonly Stage[]): TraceMatcher | undefined {
  if (isEverything({ stages })) return undefined;
  const compiled = new Map<StringTable, TraceQuery>();
  return function* (slot) {
    const sources = yield* rebasing(dataset.store.rowsOf(slot));
    if (sources.length === 0) return undefined;
    // Now: after a pause the slot may be another trace's.
    const facts = new Facts(dataset, slot, sources);
    const { strings } = sources[0].batch;
    let query = compiled.get(strings);
    if (!query) {
      query = new TraceQuery(stages, strings);
      compiled.set(strings, query);
    }
    const found = yield* query.ofSources(sources, facts);
    return found && matchedOf(found);
  };
}

/** Of the rows that are looked at, and of the trace that is in the slot now; each is worked out only when the query asks for it. */
class Facts implements TraceFacts {
  private overview: TraceOverview | undefined;
  readonly durationNs: number;

  constructor(
    { store, overviews }: Dataset,
    slot: number,
    private readonly sources: readonly TraceSource[],
  ) {
    this.durationNs = store.durationNs(slot);
    this.overview = overviews.known(slot);
  }

  get traceId(): string {
    return this.root.traceId;
  }

  get startUnixNano(): bigint {
    return this.root.startUnixNano;
  }

  get rootName(): string {
    return this.root.rootName;
  }

  get rootService(): string {
    return this.root.rootService;
  }

  private get root(): TraceOverview {
    const [{ batch, rows }] = this.sources;
    this.overview ??= overviewOfRows(traceIdHex(batch.traceId, rows[0]), this.sources);
    return this.overview;
  }
}
