/** Log records as OTLP/JSON, one request a line: what `otlpLogsJson.ts` reads. Source: opentelemetry-proto docs/specification.md, "JSON Protobuf Encoding". */

import type { AttributeValue } from '../../model/attributeValue';
import { base64Text } from '../../model/base64';
import { type LogRecord, SESSION_KEY } from '../../model/logRecord';

/** With its line end. */
export function logLine(record: LogRecord): string {
  const { service, session, scope } = record;
  const attributes = [
    ...(service === '' ? [] : [pair('service.name', service)]),
    ...(session === undefined ? [] : [pair(SESSION_KEY, session)]),
  ];
  const scopeLogs = [{ scope: { name: scope }, logRecords: [recordOf(record)] }];
  return `${JSON.stringify({ resourceLogs: [{ resource: { attributes }, scopeLogs }] })}\n`;
}

function recordOf({
  timeUnixNano,
  severityNumber,
  severityText,
  eventName,
  body,
  attributes,
  traceId,
  spanId,
}: LogRecord): unknown {
  return {
    timeUnixNano: String(timeUnixNano),
    severityNumber,
    ...(severityText === '' ? {} : { severityText }),
    ...(eventName === '' ? {} : { eventName }),
    body: anyValue(body),
    attributes: Object.keys(attributes).map((key) => pair(key, attributes[key])),
    ...(traceId === '' ? {} : { traceId }),
    ...(spanId === '' ? {} : { spanId }),
  };
}

function pair(key: string, value: AttributeValue): unknown {
  return { key, value: anyValue(value) };
}

/** Nests no deeper than reading does. */
function anyValue(value: AttributeValue): unknown {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'bigint' || (typeof value === 'number' && Number.isSafeInteger(value))) return { intValue: String(value) };
  if (typeof value === 'number') return { doubleValue: Number.isFinite(value) ? value : String(value) };
  if (value === undefined) return {};
  if (value instanceof Uint8Array) return { bytesValue: base64Text(value) };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } };
  return { kvlistValue: { values: Object.entries(value).map(([key, item]) => pair(key, item)) } };
}
