/**
 * Logs in OTLP/JSON: a request, or one a line. Read by `JSON.parse`, because exports of logs are small; who has more hands in pieces.
 * Source of the members: opentelemetry-proto docs/specification.md, "JSON Protobuf Encoding".
 */

import { jsonAnyValueOf, toValue } from '../../model/anyValue';
import type { AttributeValue } from '../../model/attributeValue';
import { oddTime } from '../../model/int64';
import { type LogRecord, type LogRecords, MOST_SEVERE, SESSION_KEY } from '../../model/logRecord';
import { idHexOf } from '../../model/oddIds';

type Json = Readonly<Record<string, unknown>>;

/** Of one record. */
interface Flaws {
  outOfRange: boolean;
}

const MOST_NANOS = 2n ** 64n - 1n;

/** @param all those without a trace id as well */
export function decodeLogsJson(text: string, all: boolean): LogRecords {
  const records: LogRecord[] = [];
  const counts = { total: 0, unreadable: 0, outOfRange: 0 };
  for (const document of documents(text, counts)) {
    for (const resourceLogs of list(document, 'resourceLogs', 'resource_logs')) {
      const resource = attributesOf(object(resourceLogs.resource));
      const service = textOf(resource['service.name']);
      const session = textOf(resource[SESSION_KEY]);
      for (const scopeLogs of list(resourceLogs, 'scopeLogs', 'scope_logs', 'instrumentationLibraryLogs')) {
        const scope = plainText(object(scopeLogs.scope).name);
        for (const record of list(scopeLogs, 'logRecords', 'log_records', 'logs')) {
          counts.total++;
          const flaws: Flaws = { outOfRange: false };
          const read = recordOf(record, service, scope, flaws);
          if (read.traceId === '' && !all) continue;
          records.push(session === '' ? read : { ...read, session });
          if (flaws.outOfRange) counts.outOfRange++;
        }
      }
    }
  }
  return { records, ...counts };
}

function documents(text: string, counts: { unreadable: number }): Json[] {
  const whole = parse(text);
  if (whole !== undefined) return (Array.isArray(whole) ? whole : [whole]).filter(isObject);
  const all: Json[] = [];
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    // What is no object is not parsed: each failure costs as much as reading a record.
    const parsed = line.trimStart().startsWith('{') ? parse(line) : undefined;
    if (isObject(parsed)) all.push(parsed);
    else counts.unreadable++;
  }
  return all;
}

function recordOf(record: Json, service: string, scope: string, flaws: Flaws): LogRecord {
  return {
    traceId: idHexOf(record.traceId ?? record.trace_id, 16) ?? '',
    spanId: idHexOf(record.spanId ?? record.span_id, 8) ?? '',
    timeUnixNano:
      nanos(record.timeUnixNano ?? record.time_unix_nano, flaws) ||
      nanos(record.observedTimeUnixNano ?? record.observed_time_unix_nano, flaws),
    severityNumber: severity(record.severityNumber ?? record.severity_number, flaws),
    severityText: plainText(record.severityText ?? record.severity_text),
    eventName: plainText(record.eventName ?? record.event_name),
    body: toValue(jsonAnyValueOf(record.body)),
    attributes: attributesOf(record),
    service,
    scope,
  };
}

function attributesOf(owner: Json): Record<string, AttributeValue> {
  const all: Record<string, AttributeValue> = Object.create(null);
  for (const { key, value } of list(owner, 'attributes')) if (typeof key === 'string') all[key] = toValue(jsonAnyValueOf(value));
  return all;
}

/** `SEVERITY_NUMBER_ERROR` and the like are names of 1, 5, 9, 13, 17, 21, with 2 to 4 behind them for those between. */
const severities = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];

function severity(value: unknown, flaws: Flaws): number {
  if (value === undefined || value === null || value === 'SEVERITY_NUMBER_UNSPECIFIED') return 0;
  const [, name, more] = /^SEVERITY_NUMBER_([A-Z]+)([234])?$/.exec(plainText(value)) ?? [];
  const at = severities.indexOf(name);
  if (at >= 0) return at * 4 + Number(more ?? 1);
  const number = typeof value === 'number' || (typeof value === 'string' && value !== '') ? Number(value) : Number.NaN;
  if (Number.isInteger(number) && number >= 0 && number <= MOST_SEVERE) return number;
  flaws.outOfRange = true;
  return 0;
}

/** Epoch nanoseconds, a uint64: what is none is the nearest that is, and counted. */
function nanos(value: unknown, flaws: Flaws): bigint {
  if (value === undefined || value === null) return 0n;
  if (typeof value === 'string' && /^\d{1,20}$/.test(value)) return inRange(BigInt(value), flaws);
  const odd = oddTime(value, 1n);
  if (odd !== undefined && odd >= 0n) return inRange(odd, flaws);
  const number = typeof value === 'number' || (typeof value === 'string' && value !== '') ? Number(value) : Number.NaN;
  if (number >= 0 && number < 2 ** 65) return inRange(BigInt(Math.trunc(number)), flaws);
  if (value !== '') flaws.outOfRange = true;
  return number > 0 ? MOST_NANOS : 0n;
}

function inRange(value: bigint, flaws: Flaws): bigint {
  if (value <= MOST_NANOS) return value;
  flaws.outOfRange = true;
  return MOST_NANOS;
}

function list(owner: Json, ...names: string[]): Json[] {
  for (const name of names) {
    const found = owner[name];
    if (Array.isArray(found)) return found.filter(isObject);
  }
  return [];
}

function object(value: unknown): Json {
  return isObject(value) ? value : {};
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: AttributeValue): string {
  return typeof value === 'string' ? value : '';
}

function plainText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function parse(text: string): unknown {
  try {
    // Integers without quotes would lose digits. Inside of a string the second quote would have a backslash before it.
    return JSON.parse(
      text.replace(
        /("(?:(?:int(?:_v|V)|IntV)alue|(?:observedT|t)imeUnixNano|(?:observed_)?time_unix_nano)"\s*:\s*)(-?\d{16,})/g,
        '$1"$2"',
      ),
    );
  } catch {
    return undefined;
  }
}
