/** Spans as OTLP again. */

import { SpanhopError } from '../core/errors';
import type { RowSelection } from '../core/format/format';
import type { SpanBatch } from '../core/model/batch';
import type { AttributeValue } from '../core/model/values';

export interface EncodeOptions {
  readonly redact?: (key: string, value: AttributeValue) => AttributeValue;
}

export function encodeRows(
  _format: 'otlp-json' | 'otlp-proto',
  _rows: readonly RowSelection[],
  _options: EncodeOptions = {},
): Uint8Array<ArrayBuffer> {
  throw new SpanhopError('BadData', 'Encoding is not there yet.');
}

/** Whole batches as one `ExportTraceServiceRequest`. */
export function encodeBatches(batches: readonly SpanBatch[]): Uint8Array {
  return encodeRows(
    'otlp-proto',
    batches.map((batch) => ({ batch, rows: Uint32Array.from({ length: batch.count }, (_, row) => row) })),
  );
}
