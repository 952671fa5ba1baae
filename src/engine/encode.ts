/** Spans as OTLP again, in pieces of bytes. */

import { encodeOtlpJson, encodeOtlpProto, type RowSelection } from '../core/format/format';
import type { SpanBatch } from '../core/model/batch';

export function encodeRows(format: 'otlp-json' | 'otlp-proto', selections: readonly RowSelection[]): Uint8Array[] {
  if (format === 'otlp-proto') return [encodeOtlpProto(selections)];
  const encoder = new TextEncoder();
  const pieces: Uint8Array[] = [];
  encodeOtlpJson(selections, (chunk) => pieces.push(encoder.encode(chunk)));
  return pieces;
}

/** Whole batches as one `ExportTraceServiceRequest`. */
export function encodeBatches(batches: readonly SpanBatch[]): Uint8Array {
  return encodeOtlpProto(batches.map((batch) => ({ batch, rows: Uint32Array.from({ length: batch.count }, (_, row) => row) })));
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
