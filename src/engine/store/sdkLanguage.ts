/** The language that a row's program was written in, as its SDK says it. */

import type { SpanBatch } from '../../core/model/batch';
import { findAttribute, readValue } from '../../core/model/values';

/** `telemetry.sdk.language` of a row's resource. */
export function sdkLanguage(batch: SpanBatch, row: number): string | undefined {
  const resource = batch.resources[batch.resource[row]];
  const key = batch.strings.find('telemetry.sdk.language');
  if (!resource || key < 0) return undefined;
  const at = findAttribute(batch, resource.attributeStart, resource.attributeEnd, key);
  const value = at < 0 ? undefined : readValue(batch, at);
  return typeof value === 'string' ? value : undefined;
}
