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
    // Now: after a pause the slot may be another trace's.
    const facts = factsOf(dataset, slot, sources);
    if (sources.length === 0) return undefined;
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

/** Of the rows that are looked at; the overview is worked out only when the query asks for it. */
function factsOf({ store, overviews }: Dataset, slot: number, sources: readonly TraceSource[]): TraceFacts {
  const traceId = traceIdHex(store.ids.words, slot);
  let overview = overviews.known(slot);
  const root = (): TraceOverview => {
    overview ??= overviewOfRows(traceId, sources);
    return overview;
  };
  return {
    traceId,
    durationNs: store.durationNs(slot),
    startUnixNano: store.startUnixNano(slot),
    get rootName() {
      return root().rootName;
    },
    get rootService() {
      return root().rootService;
    },
  };
}
