/**
 * A log record, which mostly belongs to a span. OpenTelemetry moves exceptions from span events to log records, and several SDKs put the place of
 * the logging call on them, so they lead to source where the span itself does not.
 * Source: opentelemetry/proto/logs/v1/logs.proto (v1.11.0); semantic-conventions, docs/exceptions/exceptions-logs.md.
 */

import type { AttributeValue } from './attributeValue';

/** Resource attribute by which a program that was launched with capture on says under which session (key ours). */
export const SESSION_KEY = 'vscode.debug.session.id';
/** The largest severity number, FATAL4. */
export const MOST_SEVERE = 24;

export interface LogRecord {
  /** 32 hex digits; empty where the record names none. */
  readonly traceId: string;
  /** 16 hex digits; empty where the record names none. */
  readonly spanId: string;
  /** Epoch nanoseconds; of observation where the record has no time of its own. */
  readonly timeUnixNano: bigint;
  /** 1 to 24; 17 and above are errors. 0 where unknown. */
  readonly severityNumber: number;
  readonly severityText: string;
  readonly eventName: string;
  readonly body: AttributeValue;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly service: string;
  /** Name of the logger. */
  readonly scope: string;
  /** The session that its program was launched in: the resource's attribute `vscode.debug.session.id`. */
  readonly session?: string;
}

/** What was found in an export of logs. */
export interface LogRecords {
  /** Those that name a trace, and the others where they were asked for, in the order of the input. */
  readonly records: readonly LogRecord[];
  /** All of them. */
  readonly total: number;
  /** Parts that could not be read. */
  readonly unreadable: number;
  /** Records among them with a time or a severity that OTLP cannot hold, taken as the nearest that it can. */
  readonly outOfRange: number;
}
