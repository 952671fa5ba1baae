/** Searches a dataset, newest first, page by page. */

import type { Slices } from '../../base/slices';
import { inSlices } from '../../base/steps';
import type { TraceOverview } from '../../core/model/table';
import { overlaps } from '../../core/query/evaluate';
import type { FindTracesParams } from '../../protocol/traces';
import type { Dataset } from '../store/dataset';
import { traceMatcher } from './traceMatcher';

/**
 * @param add takes the traces that were found, as filters see them
 * @param capture number of the capture that traces must have spans of
 */
export async function findTracesIn(
  dataset: Dataset,
  params: Pick<FindTracesParams, 'query' | 'limit' | 'offset' | 'among'>,
  capture: number | undefined,
  slices: Slices,
  add: (overview: TraceOverview) => void,
): Promise<{ readonly more: boolean }> {
  const { store, order, overviews } = dataset;
  const { query, limit } = params;
  const matches = traceMatcher(dataset, query.stages);
  const among = params.among && new Set(params.among.map((id) => store.slotOf(id)));
  let found = 0;
  let skip = params.offset ?? 0;
  for (const slot of await order.newestFirst(slices)) {
    if (slices.due) await slices.pause();
    // What left memory during a pause.
    if (!store.isLive(slot) || (among && !among.has(slot))) continue;
    if (capture !== undefined && !store.isOf(slot, capture)) continue;
    if (!overlaps(query, { startUnixNano: store.startUnixNano(slot), durationNs: store.durationNs(slot) })) continue;
    if (matches) {
      const { words } = store.ids;
      const [high, low] = [words[slot * 4 + 2], words[slot * 4 + 3]];
      if (!(await inSlices(matches(slot), slices))) continue;
      // The trace may have left meanwhile, and its slot be another's.
      if (!store.isLive(slot) || store.ids.words[slot * 4 + 2] !== high || store.ids.words[slot * 4 + 3] !== low) continue;
    }
    if (skip > 0) {
      skip--;
      continue;
    }
    if (found++ === limit) return { more: true };
    add(await overviews.of(slot, slices));
  }
  return { more: false };
}
