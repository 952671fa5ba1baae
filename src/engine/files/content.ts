/** What is told of the traces of a dataset: in short, and as a list. */

import { Slices } from '../../base/slices';
import { traceIdHex } from '../../core/model/ids';
import type { Defect } from '../../core/model/table';
import { formatCount, formatNumber } from '../../core/text/formatText';
import type { DatasetSummary } from '../../protocol/files';
import { type PackedContent, Packer, writeOverview } from '../../protocol/packedAnswers';
import type { CallContext } from '../../protocol/rpc';
import { redactedOverview } from '../redact/redactedOverview';
import type { Redactor } from '../redact/redactor';
import type { Dataset } from '../store/dataset';

/** Traces in one list: an overview of each is an object here, on its way, in the extension host and in the list's page. */
const MAX_LISTED = 200_000;

export function summaryOf({ name, format, store, defects }: Dataset): DatasetSummary {
  const summary = { dataset: name, format, spanCount: store.spans, defects };
  return store.traceCount === 1 ? { ...summary, onlyTraceId: traceIdHex(store.ids.words, store.newest) } : summary;
}

/** What a list of the dataset's traces needs; of very many traces those that began last, which a defect says. */
export async function contentOf(
  dataset: Dataset,
  redactor: Redactor,
  { signal, transfer }: Pick<CallContext, 'signal' | 'transfer'>,
): Promise<PackedContent> {
  const slices = new Slices(signal);
  const packer = new Packer(writeOverview);
  const all = await dataset.order.newestFirst(slices);
  const listed = all.subarray(0, MAX_LISTED);
  let repeated = 0;
  for (const slot of listed) {
    const overview = await dataset.overviews.of(slot, slices);
    repeated += dataset.store.spanCount[slot] - (overview.spanCount ?? 0);
    packer.add(redactedOverview(overview, redactor));
    if (slices.due) await slices.pause();
  }
  const { name, format, store } = dataset;
  const { pieces, buffers } = packer.finish();
  transfer(...buffers);
  const leftOut = all.length - listed.length;
  const defects = [...dataset.defects];
  if (repeated > 0) defects.push(cameTwice(repeated));
  if (leftOut > 0) defects.push(unlisted(listed.length, leftOut));
  return { packed: 'traces', dataset: name, format, spanCount: store.spans, traces: pieces, defects };
}

function cameTwice(spans: number): Defect {
  const message = `${formatCount(spans, 'span')} came twice and ${spans === 1 ? 'counts' : 'count'} once in ${spans === 1 ? 'its trace' : 'their traces'}.`;
  return { kind: 'duplicateId', count: spans, message };
}

function unlisted(listed: number, leftOut: number): Defect {
  const message = `The list has the ${formatNumber(listed)} newest of ${formatNumber(listed + leftOut)} traces. Open one of the others by its id.`;
  return { kind: 'capped', count: leftOut, message };
}
