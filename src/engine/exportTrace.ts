/** A trace as a file that other tools read, with redaction applied. */

import { writeFile } from 'node:fs/promises';
import { SpanhopError } from '../core/errors';
import type { CallContext } from '../protocol/rpc';
import { encodeRows } from './encode';
import type { OpenedTrace } from './opened';
import type { Redactor } from './redact';
import { sourcesOf } from './store/sources';

/** Writes to `path`, or gives the bytes when there is none. Spans go in the order in which they came. */
export async function exportTraceTo(
  { dataset, slot, table }: OpenedTrace,
  format: 'otlp-json' | 'otlp-proto',
  path: string | undefined,
  redactor: Redactor,
  context: Pick<CallContext, 'transfer'>,
): Promise<{ bytes?: Uint8Array; spanCount: number }> {
  const sources = sourcesOf(dataset.store, slot);
  const bytes = encodeRows(format, sources, redactor.active ? { redact: (key, value) => redactor.value(key, value) } : {});
  const spanCount = sources.reduce((sum, { rows }) => sum + rows.length, 0);
  if (path === undefined) {
    const whole = bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
    context.transfer(whole.buffer);
    return { bytes: whole, spanCount };
  }
  try {
    await writeFile(path, bytes);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new SpanhopError('Unreachable', `Trace ${table.traceId} cannot be written to ${path}: ${why}.`);
  }
  return { spanCount };
}
