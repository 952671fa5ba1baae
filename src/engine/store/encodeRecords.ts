/** Log records as requests of a log, none longer than its reader takes. */

import { SpanhopError } from '../../base/errors';
import { MAX_FRAME_BYTES } from '../../capture/log/logFormat';
import { encodeLogs } from '../../core/format/otlp/encodeLogs';
import type { LogRecord } from '../../core/model/logRecord';

/** @throws SpanhopError `TooLarge` when a single record is */
export function encodeRecords(records: readonly LogRecord[], maxBytes = MAX_FRAME_BYTES): Uint8Array[] {
  if (records.length === 0) return [];
  const encoded = encodeLogs(records);
  if (encoded.length <= maxBytes) return [encoded];
  if (records.length === 1) {
    throw new SpanhopError(
      'TooLarge',
      'A log record is too large to be kept: over 128 MiB as protobuf. Send less in one record.',
    );
  }
  const middle = records.length >> 1;
  return [records.slice(0, middle), records.slice(middle)].flatMap((half) => encodeRecords(half, maxBytes));
}
