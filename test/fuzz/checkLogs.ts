/** What must hold for any bytes that the decoder of log records is given. Throws what does not. */

import { encodeLogs } from '../../src/core/format/otlp/encodeLogs';
import { decodeLogs, type LogsLayout } from '../../src/core/format/otlp/otlpLogs';
import type { LogRecord } from '../../src/core/model/logRecord';

/** @returns records that were read */
export function checkLogs(bytes: Uint8Array, layout: LogsLayout): number {
  const { records, total, unreadable, outOfRange } = decodeLogs(bytes, layout);
  if (records.length > total || unreadable < 0 || outOfRange > records.length) {
    throw new Error(`${records.length} of ${total} records, ${unreadable} unreadable, ${outOfRange} out of range`);
  }
  for (const { traceId, spanId, timeUnixNano, severityNumber } of records) {
    const good =
      /^[0-9a-f]{32}$/.test(traceId) &&
      /^(?:[0-9a-f]{16})?$/.test(spanId) &&
      timeUnixNano >= 0n &&
      timeUnixNano < 2n ** 64n &&
      Number.isInteger(severityNumber) &&
      severityNumber >= 0 &&
      severityNumber <= 24;
    if (!good) throw new Error(`a record has ${traceId} ${spanId} ${timeUnixNano} ${severityNumber}`);
  }
  if (records.length === 0) return 0;
  const again = decodeLogs(encodeLogs(records), 'protobuf');
  const [found, wanted] = [again.records.map(text), records.map(text)];
  if (again.unreadable > 0 || again.outOfRange > 0 || again.total !== records.length)
    throw new Error('what was written is damaged');
  for (let i = 0; i < wanted.length; i++) {
    if (found[i] !== wanted[i]) throw new Error(`before and after protobuf differ:\n${wanted[i]}\n-- and\n${found[i]}`);
  }
  return records.length;
}

/** Lone surrogates become U+FFFD when they are written; −0 is an integer then. */
function text(record: LogRecord): string {
  return JSON.stringify(record, (_, value) => {
    if (typeof value === 'bigint') return `${value}n`;
    if (typeof value === 'number' && !Number.isFinite(value)) return `${value} `;
    if (value instanceof Uint8Array) return [...value];
    if (value === undefined) return '(none)';
    return value;
  }).replace(/\\ud[89a-f][0-9a-f]{2}/g, '\ufffd');
}
