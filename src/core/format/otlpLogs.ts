/** Log records of OTLP, in protobuf or JSON: those that belong to a trace. */

import type { LogRecords } from '../model/logRecord';
import { decodeLogsJson } from './otlpLogsJson';
import { OtlpLogsProto } from './otlpLogsProto';

export type LogsLayout = 'json' | 'protobuf' | 'framed';

/** Never throws: what cannot be read is counted. `framed`: a length of 4 bytes (big endian) before each message. */
export function decodeLogs(bytes: Uint8Array, layout: LogsLayout): LogRecords {
  if (layout === 'json') return decodeLogsJson(new TextDecoder().decode(bytes));
  return new OtlpLogsProto().decode(bytes, layout === 'framed');
}
