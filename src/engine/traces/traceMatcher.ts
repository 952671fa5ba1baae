/** Filters of the query language over stored traces. */

import type { StringTable } from '../../core/model/strings';
import type { TraceOverview } from '../../core/model/table';
import { compileTraceFilter, type TraceFacts, type TracePredicate } from '../../core/query/evaluate';
import type { TraceFilter } from '../../core/query/query';
import type { Dataset } from '../store/dataset';
import { sourcesOf } from '../store/sources';

/** A function that says whether the trace in a slot matches. It knows the names of now: make a new one for each search. */
export function traceMatcher(dataset: Dataset, filter: TraceFilter): (slot: number) => boolean {
  if (filter.type === 'spans' && filter.filter.type === 'all') return () => true;
  const compiled = new Map<StringTable, TracePredicate>();
  return (slot) => {
    const sources = sourcesOf(dataset.store, slot);
    if (sources.length === 0) return false;
    const { strings } = sources[0].batch;
    let predicate = compiled.get(strings);
    if (!predicate) {
      predicate = compileTraceFilter(filter, strings);
      compiled.set(strings, predicate);
    }
    return predicate(sources, new LazyFacts(dataset, slot));
  };
}

/** The overview is worked out only when the filter looks at it. */
class LazyFacts implements TraceFacts {
  constructor(
    private readonly dataset: Dataset,
    private readonly slot: number,
  ) {}

  get traceId(): string {
    return this.overview.traceId;
  }

  get rootName(): string {
    return this.overview.rootName;
  }

  get rootService(): string {
    return this.overview.rootService;
  }

  get durationNs(): number {
    return this.dataset.store.durationNs(this.slot);
  }

  get startUnixNano(): bigint {
    return this.dataset.store.startUnixNano(this.slot);
  }

  private get overview(): TraceOverview {
    return this.dataset.overviews.of(this.slot);
  }
}
