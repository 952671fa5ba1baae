/** Where a span or a trace starts in code, in a few letters: `cartStore.ts:31`. For the hover of the Traces view. */

import type { App } from '../../app/app';
import { datasetOf } from '../../app/backends/backendDataset';
import type { SpanArgument } from '../../app/links/spanArgument';

/** Undefined where no source is found, or where a backend would have to be asked first. */
export async function sourceLabel(
  { traces, source }: Pick<App, 'traces' | 'source'>,
  { traceId, backend, spanId }: SpanArgument,
): Promise<string | undefined> {
  const key = await traces.ask(traceId, backend === undefined ? undefined : datasetOf(backend));
  if (!key) return undefined;
  const target = await source.target(spanId === undefined ? { ...key, row: 0 } : { ...key, spanId });
  return target?.isOnlyOffered ? `maybe ${target.label}` : target?.label;
}
