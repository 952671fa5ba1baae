/** Spans as OTLP again, in pieces of bytes. */

import { SpanhopError } from '../../base/errors';
import type { Slices } from '../../base/slices';
import { encodeOtlpProto, otlpJsonPieces, otlpProtoPieces, type Replacement, type RowSelection } from '../../core/format/format';
import type { SpanBatch } from '../../core/model/batch';

export type SpanEncoding = 'otlp-json' | 'otlp-proto';

/** One request, piece by piece, in turns with other work. */
export async function* encodedRows(
  format: SpanEncoding,
  selections: readonly RowSelection[],
  slices: Slices,
  replacement?: Replacement,
): AsyncGenerator<Uint8Array> {
  const pieces = format === 'otlp-proto' ? otlpProtoPieces(selections, replacement) : otlpJsonPieces(selections, replacement);
  for (const piece of pieces) {
    if (piece) yield piece;
    if (slices.due) await slices.pause();
  }
}

/**
 * Whole batches as one `ExportTraceServiceRequest`, or as several where one would be over `maxBytes`.
 * @throws SpanhopError `TooLarge` when a single span is
 */
export function encodeBatches(batches: readonly SpanBatch[], maxBytes = Number.POSITIVE_INFINITY): Uint8Array[] {
  return encodeSelections(
    batches.map((batch) => ({ batch, rows: Uint32Array.from({ length: batch.count }, (_, row) => row) })),
    maxBytes,
  );
}

/** As `encodeBatches`, of some rows. */
export function encodeSelections(selections: readonly RowSelection[], maxBytes: number): Uint8Array[] {
  const encoded = encodeOtlpProto(selections);
  if (encoded.length <= maxBytes) return [encoded];
  const parts = selections.length > 1 ? selections.map((selection) => [selection]) : halves(selections[0]);
  return parts.flatMap((part) => encodeSelections(part, maxBytes));
}

function halves({ batch, rows }: RowSelection): RowSelection[][] {
  if (rows.length < 2) {
    throw new SpanhopError('TooLarge', 'A span is too large to be kept: over 128 MiB as protobuf. Send less in one span.');
  }
  const middle = rows.length >> 1;
  return [0, middle].map((from, i, starts) => [{ batch, rows: Array.from(rows).slice(from, starts[i + 1]) }]);
}

/** The pieces as one array that owns its memory. Copying gigabytes takes longer than others may wait. */
export async function joinedInTurns(pieces: AsyncIterable<Uint8Array>, slices: Slices): Promise<Uint8Array<ArrayBuffer>> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  const whole = new Uint8Array(all.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of all) {
    whole.set(piece, at);
    at += piece.length;
    await slices.maybePause();
  }
  return whole;
}

/** The pieces as one array that owns its memory. */
export function joined(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
