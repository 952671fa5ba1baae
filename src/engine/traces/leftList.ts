/** Captured traces that left memory, among those that are in it: in lists, newest first, and in searches, by what is kept of them. */

import { ranges, type Steps } from '../../base/steps';
import type { StringTable } from '../../core/model/strings';
import type { TraceOverview } from '../../core/model/table';
import { isEverything } from '../../core/query/build';
import { matchedOf, TraceQuery } from '../../core/query/evaluation/evaluate';
import type { Stage } from '../../core/query/query';
import type { LeftTraces } from '../store/leftTraces';
import { sortingByStart } from '../store/sortByStart';
import type { TraceStore } from '../store/traceStore';

/**
 * Slots of the store, latest start first, with those of traces that left between them, as `~slot`. In steps.
 * @param slots of the store in their order
 */
export function* withLeft(slots: Uint32Array, store: TraceStore, left: LeftTraces): Steps<Int32Array> {
  const others = Uint32Array.from(left.slots());
  const start = new Uint32Array(others.length * 2);
  for (let i = 0; i < others.length; i++) {
    start[i * 2] = left.start[others[i] * 2];
    start[i * 2 + 1] = left.start[others[i] * 2 + 1];
  }
  const sorted = yield* sortingByStart(others, start);
  const merged = new Int32Array(slots.length + others.length);
  let length = 0;
  let next = 0;
  yield* ranges(slots.length, (from, to) => {
    for (let i = from; i < to; i++) {
      const slot = slots[i];
      while (next < sorted.length && isLater(sorted[next], slot)) merged[length++] = ~others[sorted[next++]];
      merged[length++] = slot;
    }
  });
  while (next < sorted.length) merged[length++] = ~others[sorted[next++]];
  return merged;

  function isLater(index: number, slot: number): boolean {
    const high = start[index * 2 + 1] - store.start[slot * 2 + 1];
    return high > 0 || (high === 0 && start[index * 2] > store.start[slot * 2]);
  }
}

/** Says which of the spans that are kept of a trace match; undefined: it does not. */
export function leftMatcher(
  left: LeftTraces,
  stages: readonly Stage[],
): ((slot: number) => Steps<TraceOverview['matched']>) | undefined {
  if (isEverything({ stages })) return undefined;
  const compiled = new Map<StringTable, TraceQuery>();
  return function* (slot) {
    const source = left.rowsOf(slot);
    const { strings } = source.batch;
    let query = compiled.get(strings);
    if (!query) {
      query = new TraceQuery(stages, strings);
      compiled.set(strings, query);
    }
    const found = yield* query.ofSources([source], left.overview(slot));
    return found && matchedOf(found);
  };
}
