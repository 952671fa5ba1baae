/** Filters of the query language over stored traces. */

import type { Steps } from '../../base/steps';
import { overviewOfRows } from '../../core/analysis/overview';
import type { TraceSource } from '../../core/analysis/sources';
import { traceIdHex } from '../../core/model/ids';
import type { StringTable } from '../../core/model/strings';
import type { TraceOverview } from '../../core/model/table';
import { isEverything } from '../../core/query/build';
import { compileStages, type TracePredicate } from '../../core/query/evaluate';
import type { TraceFacts } from '../../core/query/predicate';
import type { Stage } from '../../core/query/query';
import type { Dataset } from '../store/dataset';
import { rebasing } from '../store/sources';

/** A function that says, in steps, whether the trace in a slot matches; undefined: all do. It knows the names of now: make a new one for each search. */
export function traceMatcher(dataset: Dataset, stages: readonly Stage[]): ((slot: number) => Steps<boolean>) | undefined {
  if (isEverything({ stages })) return undefined;
  const compiled = new Map<StringTable, TracePredicate>();
  return function* (slot) {
    const sources = yield* rebasing(dataset.store.rowsOf(slot));
    // Now: after a pause the slot may be another trace's.
    const facts = factsOf(dataset, slot, sources);
    if (sources.length === 0) return false;
    const { strings } = sources[0].batch;
    let predicate = compiled.get(strings);
    if (!predicate) {
      predicate = compileStages(stages, strings);
      compiled.set(strings, predicate);
    }
    return yield* predicate(sources, facts);
  };
}

/** Of the rows that are looked at; the overview is worked out only when the filter asks for it. */
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
