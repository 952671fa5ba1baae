/** Searches a dataset, newest first, page by page. */

import type { Slices } from '../../base/slices';
import { finish, inSlices } from '../../base/steps';
import type { TraceOverview } from '../../core/model/table';
import { candidatesOf } from '../../core/query/evaluation/candidates';
import { overlaps } from '../../core/query/evaluation/evaluate';
import { hasRegExp } from '../../core/query/evaluation/fieldNeeds';
import type { FindTracesParams } from '../../protocol/traces';
import type { Dataset } from '../store/dataset';
import { CandidateTraces } from './candidateTraces';
import { leftMatcher, withLeft } from './leftList';
import { traceMatcher } from './traceMatcher';

/** Spans of traces that are looked at one by one, before whole batches are searched for what the others may have: most lists are full before. */
const FIRST_SPANS = 1 << 14;

/** Spans of a trace that is looked at without a pause. */
const FEW = 1 << 10;

/**
 * @param add takes the traces that were found, as filters see them, with what matched in them
 * @param capture number of the capture that traces must have spans of
 * Rejects with `BadQuery` where the query asks for what the data does not allow.
 */
export async function findTracesIn(
  dataset: Dataset,
  params: Pick<FindTracesParams, 'query' | 'limit' | 'offset' | 'among'>,
  capture: number | undefined,
  slices: Slices,
  add: (overview: TraceOverview) => void,
): Promise<{ readonly more: boolean }> {
  const { store, order, overviews, left } = dataset;
  const { query, limit } = params;
  const matches = traceMatcher(dataset, query.stages);
  const among = params.among && new Set(params.among.map((id) => store.slotOf(id)));
  const candidates = matches && !among ? candidatesOf(query.stages) : undefined;
  const isQuick = !hasRegExp(query.stages);
  const isBounded = query.startUnixNano !== undefined || query.endUnixNano !== undefined;
  let likely: CandidateTraces | undefined;
  let looked = 0;
  let found = 0;
  let skip = params.offset ?? 0;
  const inMemory = await order.newestFirst(slices);
  const matchesLeft = left.size > 0 ? leftMatcher(left, query.stages) : undefined;
  for (const slot of left.size > 0 && !among ? await inSlices(withLeft(inMemory, store, left), slices) : inMemory) {
    if (slices.due) await slices.pause();
    if (slot < 0) {
      const gone = ~slot;
      if (!left.isLive(gone) || (capture !== undefined && left.captureOf(gone) !== capture)) continue;
      const overview = left.overview(gone);
      // It may be back, in part or as a whole.
      if (store.slotOf(overview.traceId) >= 0 || (isBounded && !overlaps(query, overview))) continue;
      const matched = matchesLeft && finish(matchesLeft(gone));
      if (matchesLeft && !matched) continue;
      if (skip > 0) {
        skip--;
        continue;
      }
      if (found++ === limit) return { more: true };
      add(matched ? { ...overview, matched } : overview);
      continue;
    }
    // What left memory during a pause.
    if (!store.isLive(slot) || (among && !among.has(slot))) continue;
    if (candidates && (store.spanCount[slot] < candidates.least || likely?.has(slot) === false)) continue;
    if (capture !== undefined && !store.isOf(slot, capture)) continue;
    if (isBounded && !overlaps(query, { startUnixNano: store.startUnixNano(slot), durationNs: store.durationNs(slot) })) continue;
    let matched: TraceOverview['matched'];
    if (matches) {
      const { words } = store.ids;
      const [high, low] = [words[slot * 4 + 2], words[slot * 4 + 3]];
      looked += store.spanCount[slot];
      matched = isQuick && store.spanCount[slot] <= FEW ? finish(matches(slot)) : await inSlices(matches(slot), slices);
      if (candidates && !likely && looked > FIRST_SPANS) {
        likely = new CandidateTraces(store, candidates);
        await inSlices(likely.find(), slices);
      }
      if (!matched) continue;
      // The trace may have left meanwhile, and its slot be another's.
      if (!store.isLive(slot) || store.ids.words[slot * 4 + 2] !== high || store.ids.words[slot * 4 + 3] !== low) continue;
    }
    if (skip > 0) {
      skip--;
      continue;
    }
    if (found++ === limit) return { more: true };
    const overview = await overviews.of(slot, slices);
    add(matched ? { ...overview, matched } : overview);
  }
  return { more: false };
}
