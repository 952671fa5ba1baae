/** Log records for the details, and the exceptions that stand in them (semantic-conventions, docs/exceptions/exceptions-logs.md). */

import type { AttributeValue } from '../../core/model/attributeValue';
import type { LogRecord } from '../../core/model/logRecord';
import type { SpanTable } from '../../core/model/table';
import { offsetFrom } from '../../core/model/unixNano';
import type { ShownException, ShownLog } from '../../protocol/details';
import { readCodeLocation } from '../../source/model/attributes';
import { type Bounds, shownAttribute, shownValue } from './boundedValues';
import { shownException } from './redactedExceptions';
import type { Redactor } from './redactor';

/** Records of one span that go to the details: more than anybody scrolls through. */
const MAX_LOGS = 500;
/** OTLP's names of 1, 5, 9, 13, 17, 21; the numbers between are finer steps of the same. */
const severities: readonly string[] = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];

export function redactedLogs(table: SpanTable, logs: readonly LogRecord[], redactor: Redactor, bounds: Bounds): ShownLog[] {
  return logs.slice(0, MAX_LOGS).map((record) => ({
    ...timeOf(table, record.timeUnixNano),
    severity: severityOf(record, redactor),
    severityNumber: record.severityNumber,
    logger: redactor.repeated(record.scope),
    body: shownValue(record.body, redactor, bounds),
    attributes: Object.entries(record.attributes).map(([key, value]) =>
      shownAttribute(key, redactor, () => shownValue(value, redactor, bounds)),
    ),
    hasSource: readCodeLocation(record.attributes)?.path !== undefined,
  }));
}

/** As the program names it, else OTLP's name; empty where nothing is said. */
export function severityOf({ severityText, severityNumber }: LogRecord, redactor: Redactor): string {
  return redactor.repeated(severityText) || (severities[Math.floor((severityNumber - 1) / 4)] ?? '');
}

/** A record as it may be exported. */
export function redactedRecord(record: LogRecord, redactor: Redactor): LogRecord {
  if (!redactor.active) return record;
  const { severityText, eventName, body, attributes, service, scope } = record;
  return {
    ...record,
    severityText: redactor.repeated(severityText),
    eventName: redactor.repeated(eventName),
    body: redactor.value('', body),
    attributes: redactor.map(attributes),
    service: redactor.repeated(service),
    scope: redactor.repeated(scope),
  };
}

export function loggedExceptions(
  table: SpanTable,
  logs: readonly LogRecord[],
  redactor: Redactor,
  bounds: Bounds,
): ShownException[] {
  return logs.flatMap(({ timeUnixNano, attributes }) => {
    const text = (key: string): string => (redactor.hides(key) ? '' : redactor.text(asText(attributes[key])));
    const stack = text('exception.stacktrace');
    const type = text('exception.type');
    const message = text('exception.message');
    if (type === '' && message === '' && stack === '') return [];
    return [shownException({ type, message, stack }, timeOf(table, timeUnixNano).atNs, bounds)];
  });
}

function timeOf(table: SpanTable, unixNano: bigint): { atNs?: number } {
  const atNs = offsetFrom(table, unixNano);
  return atNs === undefined ? {} : { atNs };
}

/** Programs that log an exception and record it on the span send it twice; it is shown once. */
export function withLogged(recorded: readonly ShownException[], logged: readonly ShownException[]): ShownException[] {
  const seen = new Set(recorded.map(identity));
  return [...recorded, ...logged.filter((exception) => !seen.has(identity(exception)))];
}

function identity({ message, stack }: ShownException): string {
  return `${message}\n${stack.trim()}`;
}

function asText(value: AttributeValue): string {
  return Array.isArray(value) ? value.join('\n') : String(value ?? '');
}
