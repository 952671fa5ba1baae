/** Log records of OTLP, in protobuf or JSON: those that belong to a trace. */

import type { LogRecords } from '../model/logRecord';
import { checkJsonDensity } from './jsonDensity';
import { decodeLogsJson } from './otlpLogsJson';
import { OtlpLogsProto } from './otlpLogsProto';

export type LogsLayout = 'json' | 'protobuf' | 'framed';

/**
 * What cannot be read is counted. `framed`: a length of 4 bytes (big endian) before each message.
 * @throws SpanhopError `TooLarge` for bytes that stand for far more records than any program writes in them
 */
export function decodeLogs(bytes: Uint8Array, layout: LogsLayout): LogRecords {
  if (layout === 'json') {
    checkJsonDensity(bytes);
    return decodeLogsJson(new TextDecoder().decode(bytes));
  }
  return new OtlpLogsProto().decode(bytes, layout === 'framed');
}
