/**
 * Spans as the console exporter of OpenTelemetry for JavaScript shows them: an object with times in microseconds, printed by Node or as JSON. It has
 * Zipkin's `id` and `parentId`, and OpenTelemetry's attributes.
 * Source: opentelemetry-js, sdk-trace-base, ConsoleSpanExporter; its kinds are numbered from `SpanKind.INTERNAL` = 0.
 */

import { type DocumentKind, isMembers, membersIn, membersOf, textOf } from '../documents/kind';
import { nanosOfMicros, nanosOfTime, otlpOf } from '../documents/plainSpan';

export const jsConsole: DocumentKind = {
  format: 'js-console',
  is: ({ traceId, id, kind, timestamp, attributes }) =>
    traceId !== undefined && id !== undefined && timestamp !== undefined && (typeof kind === 'number' || isMembers(attributes)),
  translate(span) {
    const status = membersOf(span.status);
    const resource = membersOf(span.resource);
    const parent = membersOf(span.parentSpanContext);
    const start = nanosOfMicros(span.timestamp);
    const length = nanosOfMicros(span.duration);
    return otlpOf([
      {
        traceId: span.traceId,
        spanId: span.id,
        parentSpanId: span.parentId ?? parent.spanId,
        traceState: textOf(span.traceState),
        name: textOf(span.name) ?? '',
        kind: jsKind(span.kind),
        start,
        end: start === undefined || length === undefined ? undefined : start + length,
        attributes: membersOf(span.attributes),
        events: jsEvents(span.events),
        links: jsLinks(span.links),
        status: jsStatus(status.code),
        statusMessage: textOf(status.message),
        resource: isMembers(resource.attributes) ? resource.attributes : resource,
        scope: membersOf(span.instrumentationScope ?? span.instrumentationLibrary),
      },
    ]);
  },
};

/** OTLP's number of a kind of the JavaScript API. */
export function jsKind(kind: unknown): number {
  return typeof kind === 'number' && Number.isInteger(kind) && kind >= 0 && kind < 5 ? kind + 1 : 0;
}

/** `SpanStatusCode` has OTLP's numbers. */
export function jsStatus(code: unknown): number {
  return code === 1 || code === 2 ? code : 0;
}

/** `TimedEvent`s. */
export function jsEvents(list: unknown): { name: string; time?: bigint; attributes: Readonly<Record<string, unknown>> }[] {
  return membersIn(list).map(({ name, time, attributes }) => ({
    name: textOf(name) ?? '',
    time: nanosOfTime(time),
    attributes: membersOf(attributes),
  }));
}

/** `Link`s. */
export function jsLinks(list: unknown): { traceId: unknown; spanId: unknown; attributes: Readonly<Record<string, unknown>> }[] {
  return membersIn(list).map(({ context, attributes }) => ({
    traceId: membersOf(context).traceId,
    spanId: membersOf(context).spanId,
    attributes: membersOf(attributes),
  }));
}
