/** A backend's answer: its traces replace what was known of them, and the others stay. */

import { traceIdHex } from '../../core/model/ids';
import type { Defect } from '../../core/model/table';
import type { CallContext } from '../../protocol/rpc';
import type { Dataset, Datasets } from '../store/dataset';
import { type FileInput, type ReadingRoom, readTraces } from './readFile';

type Work = Pick<CallContext, 'signal' | 'progress'>;

/**
 * Resolves with a dataset that holds the answer's traces only, for its content; they are in the named dataset too, in the place of what was known of them.
 * @param partial why these traces are not whole, as a sentence
 */
export async function addBytes(
  datasets: Datasets,
  { partial, ...input }: FileInput & { readonly partial?: string },
  memory: ReadingRoom,
  work: Work,
): Promise<Dataset> {
  const answer = await readTraces(input, { nextRevision: datasets.nextRevision, memory }, work);
  const target = datasets.getOrAdd(input.dataset);
  const capped: Defect | undefined =
    answer.defects.find(({ kind }) => kind === 'capped') ??
    (partial === undefined ? undefined : { kind: 'capped', count: 1, message: partial });
  for (let slot = 0; slot < answer.store.ids.end; slot++) {
    if (!answer.store.isLive(slot)) continue;
    const known = target.store.ids.find(answer.store.ids.words, slot * 4);
    if (known >= 0) target.store.remove(known);
    target.remark(traceIdHex(answer.store.ids.words, slot), capped);
  }
  for (const { batch } of answer.store.batches()) target.store.add(batch);
  return answer;
}
