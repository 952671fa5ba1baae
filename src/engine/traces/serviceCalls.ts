/** Who calls whom in a dataset's traces. */

import type { Slices } from '../../base/slices';
import { inSlices, type Steps } from '../../base/steps';
import { type ServiceCall, ServiceCalls } from '../../core/analysis/serviceCall';
import { overlaps } from '../../core/query/evaluation/evaluate';
import type { Dataset } from '../store/dataset';
import { LinkedTrace } from '../store/linkedTrace';

/** @param range epoch nanoseconds; only traces that overlap it */
export async function serviceCallsOf(
  { store, order }: Dataset,
  range: { readonly startUnixNano?: bigint; readonly endUnixNano?: bigint },
  slices: Slices,
): Promise<ServiceCall[]> {
  const calls = new ServiceCalls();
  for (const slot of await order.newestFirst(slices)) {
    if (slices.due) await slices.pause();
    // What left memory during a pause.
    if (!store.isLive(slot)) continue;
    if (!overlaps(range, { startUnixNano: store.startUnixNano(slot), durationNs: store.durationNs(slot) })) continue;
    await inSlices(adding(), slices);

    function* adding(): Steps<void> {
      yield* calls.adding(yield* LinkedTrace.of(store, slot));
    }
  }
  return calls.all();
}
