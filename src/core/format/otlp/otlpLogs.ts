/** Log records of OTLP, in protobuf or JSON. */

import type { LogRecords } from '../../model/logRecord';
import { checkJsonDensity } from '../json/jsonDensity';
import { decodeLogsJson } from './otlpLogsJson';
import { OtlpLogsProto } from './otlpLogsProto';

export type LogsLayout = 'json' | 'protobuf' | 'framed';

/**
 * What cannot be read is counted. `framed`: a length of 4 bytes (big endian) before each message.
 * @param origin bytes of others are refused (SpanhopError, `TooLarge`) where they stand for far more records than any program writes in them; bytes
 *   of ours are what was taken before, and are never refused
 * @param which `traced`: records that name no trace are only counted
 */
export function decodeLogs(
  bytes: Uint8Array,
  layout: LogsLayout,
  origin: 'ours' | 'others' = 'ours',
  which: 'traced' | 'all' = 'traced',
): LogRecords {
  if (layout === 'json') {
    if (origin === 'others') checkJsonDensity(bytes);
    return decodeLogsJson(new TextDecoder().decode(bytes), which === 'all');
  }
  return new OtlpLogsProto(origin === 'others', which === 'all').decode(bytes, layout === 'framed');
}
