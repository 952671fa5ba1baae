/** A trace as a file that other tools read, with redaction applied: the spans that are shown, in the order in which they came. */

import { basename } from 'node:path';
import { SpanhopError } from '../../base/errors';
import { Slices } from '../../base/slices';
import { inSlices, ranges, type Steps } from '../../base/steps';
import type { RowSelection } from '../../core/format/format';
import type { SpanTable } from '../../core/model/table';
import type { CallContext } from '../../protocol/rpc';
import { writeRegular } from '../disk/regularFile';
import type { Redactor } from '../redact/redactor';
import { replacementOf } from '../redact/replacement';
import { encodedRows, joinedInTurns, type SpanEncoding } from '../store/encodeSpans';

/** Shorter than of what a person looks at while it is made: a request takes several rounds of the event loop, and each has a slice in it. */
const SLICE_MS = 0.5;

/** Writes to `path`, or gives the bytes when there is none. */
export async function exportTraceTo(
  table: SpanTable,
  format: SpanEncoding,
  path: string | undefined,
  redactor: Redactor,
  context: Pick<CallContext, 'transfer' | 'signal'>,
): Promise<{ bytes?: Uint8Array; spanCount: number }> {
  const spanCount = table.count;
  // A file is written to its end: half of it would look like a whole one.
  const slices = new Slices(path === undefined ? context.signal : undefined, SLICE_MS);
  const selections = await inSlices(rowsByBatch(table), slices);
  const pieces = encodedRows(format, selections, slices, replacementOf(redactor));
  if (path === undefined) {
    const bytes = await joinedInTurns(pieces, slices);
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

/** The table's rows, by batch and there in the order of input. */
function* rowsByBatch({ count, batches, batch, batchRow }: SpanTable): Steps<RowSelection[]> {
  const isIn = batches.map((one) => new Uint8Array(one.count));
  const sizes = new Uint32Array(batches.length);
  yield* ranges(count, (from, to) => {
    for (let row = from; row < to; row++) {
      isIn[batch[row]][batchRow[row]] = 1;
      sizes[batch[row]]++;
    }
  });
  const selections: RowSelection[] = [];
  for (const [number, one] of batches.entries()) {
    const rows = new Uint32Array(sizes[number]);
    let size = 0;
    yield* ranges(one.count, (from, to) => {
      for (let at = from; at < to; at++) if (isIn[number][at] === 1) rows[size++] = at;
    });
    if (size > 0) selections.push({ batch: one, rows });
  }
  return selections;
}
