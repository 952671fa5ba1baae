/**
 * Log records as one `ExportLogsServiceRequest` in protobuf, for those that came as JSON: the capture keeps one format.
 * Field numbers: opentelemetry/proto/logs/v1/logs.proto, common/v1/common.proto (v1.11.0).
 */

import type { AttributeValue } from '../../model/attributeValue';
import { spanIdWords, traceIdWords } from '../../model/ids';
import { type LogRecord, SESSION_KEY } from '../../model/logRecord';
import { ProtoWriter } from '../proto/writer';

const LEN = 2;

export function encodeLogs(records: readonly LogRecord[]): Uint8Array {
  const writer = new ProtoWriter();
  for (const record of records) {
    const resourceLogs = writer.open((1 << 3) | LEN, 3);
    const resource = writer.open((1 << 3) | LEN, 2);
    attribute(writer, 1, 'service.name', record.service);
    if (record.session !== undefined) attribute(writer, 1, SESSION_KEY, record.session);
    writer.close(resource, 2);
    const scopeLogs = writer.open((2 << 3) | LEN, 3);
    const scope = writer.open((1 << 3) | LEN, 1);
    writer.text((1 << 3) | LEN, record.scope);
    writer.close(scope, 1);
    const start = writer.open((2 << 3) | LEN, 3);
    one(writer, record);
    writer.close(start, 3);
    writer.close(scopeLogs, 3);
    writer.close(resourceLogs, 3);
  }
  return writer.finish();
}

function one(writer: ProtoWriter, record: LogRecord): void {
  const { timeUnixNano } = record;
  writer.varint((1 << 3) | 1);
  writer.fixed64(Number(timeUnixNano & 0xffffffffn), Number((timeUnixNano >> 32n) & 0xffffffffn));
  writer.varint(2 << 3);
  writer.varint(record.severityNumber);
  writer.text((3 << 3) | LEN, record.severityText);
  const body = writer.open((5 << 3) | LEN, 2);
  any(writer, record.body);
  writer.close(body, 2);
  for (const key of Object.keys(record.attributes)) attribute(writer, 6, key, record.attributes[key]);
  if (record.traceId !== '') writer.words((9 << 3) | LEN, traceIdWords(record.traceId), 0, 4);
  if (record.spanId !== '') writer.words((10 << 3) | LEN, spanIdWords(record.spanId), 0, 2);
  writer.text((12 << 3) | LEN, record.eventName);
}

function attribute(writer: ProtoWriter, field: number, key: string, value: AttributeValue): void {
  const pair = writer.open((field << 3) | LEN, 2);
  writer.text((1 << 3) | LEN, key);
  const start = writer.open((2 << 3) | LEN, 2);
  any(writer, value);
  writer.close(start, 2);
  writer.close(pair, 2);
}

/** Nests no deeper than reading does. */
function any(writer: ProtoWriter, value: AttributeValue): void {
  if (typeof value === 'string') writer.text((1 << 3) | LEN, value);
  else if (typeof value === 'boolean') {
    writer.varint(2 << 3);
    writer.varint(value ? 1 : 0);
  } else if (typeof value === 'bigint' || (typeof value === 'number' && Number.isSafeInteger(value))) {
    writer.varint(3 << 3);
    writer.int64(BigInt(value));
  } else if (typeof value === 'number') {
    writer.varint((4 << 3) | 1);
    writer.double(value);
  } else if (value instanceof Uint8Array) writer.bytes((7 << 3) | LEN, value);
  else if (Array.isArray(value)) {
    const list = writer.open((5 << 3) | LEN, 2);
    for (const item of value) {
      const start = writer.open((1 << 3) | LEN, 2);
      any(writer, item);
      writer.close(start, 2);
    }
    writer.close(list, 2);
  } else if (typeof value === 'object') {
    const map = writer.open((6 << 3) | LEN, 2);
    for (const [key, item] of Object.entries(value)) attribute(writer, 1, key, item);
    writer.close(map, 2);
  }
}
