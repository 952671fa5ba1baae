/** Spans as OTLP again, in pieces of bytes. */

import { SpanhopError } from '../../base/errors';
import { encodeOtlpJson, encodeOtlpProto, type RowSelection } from '../../core/format/format';
import type { SpanBatch } from '../../core/model/batch';

export function encodeRows(format: 'otlp-json' | 'otlp-proto', selections: readonly RowSelection[]): Uint8Array[] {
  if (format === 'otlp-proto') return [encodeOtlpProto(selections)];
  const encoder = new TextEncoder();
  const pieces: Uint8Array[] = [];
  encodeOtlpJson(selections, (chunk) => pieces.push(encoder.encode(chunk)));
  return pieces;
}

/**
 * Whole batches as one `ExportTraceServiceRequest`, or as several where one would be over `maxBytes`.
 * @throws SpanhopError `TooLarge` when a single span is
 */
export function encodeBatches(batches: readonly SpanBatch[], maxBytes = Number.POSITIVE_INFINITY): Uint8Array[] {
  return encodeSplit(
    batches.map((batch) => ({ batch, rows: Uint32Array.from({ length: batch.count }, (_, row) => row) })),
    maxBytes,
  );
}

function encodeSplit(selections: readonly RowSelection[], maxBytes: number): Uint8Array[] {
  const encoded = encodeOtlpProto(selections);
  if (encoded.length <= maxBytes) return [encoded];
  const parts = selections.length > 1 ? selections.map((selection) => [selection]) : halves(selections[0]);
  return parts.flatMap((part) => encodeSplit(part, maxBytes));
}

function halves({ batch, rows }: RowSelection): RowSelection[][] {
  if (rows.length < 2) {
    throw new SpanhopError('TooLarge', 'A span is too large to be kept: over 128 MiB as protobuf. Send less in one span.');
  }
  const middle = rows.length >> 1;
  return [0, middle].map((from, i, starts) => [{ batch, rows: Array.from(rows).slice(from, starts[i + 1]) }]);
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
