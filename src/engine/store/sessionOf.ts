/** Under which debug session a program was launched. */

import type { SpanBatch } from '../../core/model/batch';
import { SESSION_KEY } from '../../core/model/logRecord';
import { readValue } from '../../core/model/values';

/** The id of the debug session that a resource names. */
export function sessionOf(batch: SpanBatch, index: number): string | undefined {
  const resource = batch.resources[index];
  const key = batch.strings.find(SESSION_KEY);
  if (!resource || key < 0) return undefined;
  for (let row = resource.attributeStart; row < resource.attributeEnd; row++) {
    if (batch.attributes.key[row] !== key) continue;
    const value = readValue(batch, row);
    return typeof value === 'string' && value !== '' ? value : undefined;
  }
  return undefined;
}
