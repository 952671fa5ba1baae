/** A trace as a file that other tools read, with redaction applied. */

import { basename } from 'node:path';
import { SpanhopError } from '../../base/errors';
import type { CallContext } from '../../protocol/rpc';
import { writeRegular } from '../files/regularFile';
import type { Redactor } from '../redact/redactor';
import { redactRows } from '../redact/redactRows';
import { encodeRows, joined } from '../store/encodeSpans';
import { sourcesOf } from '../store/sources';
import type { OpenedTrace } from './assembledTraces';

/** Writes to `path`, or gives the bytes when there is none. Spans go in the order in which they came. */
export async function exportTraceTo(
  { dataset, slot, table }: OpenedTrace,
  format: 'otlp-json' | 'otlp-proto',
  path: string | undefined,
  redactor: Redactor,
  context: Pick<CallContext, 'transfer'>,
): Promise<{ bytes?: Uint8Array; spanCount: number }> {
  const sources = sourcesOf(dataset.store, slot);
  const pieces = encodeRows(
    format,
    sources.map((source) => redactRows(source, redactor)),
  );
  const spanCount = sources.reduce((sum, { rows }) => sum + rows.length, 0);
  if (path === undefined) {
    const bytes = joined(pieces);
    context.transfer(bytes.buffer);
    return { bytes, spanCount };
  }
  try {
    await writeRegular(path, basename(path), pieces);
  } catch (error) {
    if (error instanceof SpanhopError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new SpanhopError('Unreachable', `Trace ${table.traceId} cannot be written to ${path}: ${why}.`);
  }
  return { spanCount };
}
