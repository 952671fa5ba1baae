/** A backend's answer: its traces replace what was known of them, and the others stay. */

import type { CallContext } from '../protocol/rpc';
import type { Dataset, Datasets } from './dataset';
import { type FileInput, readTraces } from './openFile';

/** Memory that all answers of one backend may take; the traces that were fetched first leave. */
const MAX_BACKEND_BYTES = 1024 ** 3;

/** Resolves with a dataset that holds the answer's traces only, for its content; they are in the named dataset too. */
export async function addBytes(
  datasets: Datasets,
  input: FileInput,
  work: Pick<CallContext, 'signal' | 'progress'>,
): Promise<Dataset> {
  const answer = await readTraces(input, datasets.nextRevision, work);
  const target = datasets.getOrAdd(input.dataset);
  for (let slot = 0; slot < answer.store.ids.end; slot++) {
    if (!answer.store.isLive(slot)) continue;
    const known = target.store.ids.find(answer.store.ids.words, slot * 4);
    if (known >= 0) target.store.remove(known);
  }
  for (const { batch } of answer.store.batches()) target.store.add(batch);
  target.store.evict(MAX_BACKEND_BYTES);
  return answer;
}
