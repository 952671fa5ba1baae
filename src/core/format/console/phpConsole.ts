/**
 * Spans as the console exporter of OpenTelemetry for PHP prints them: times are integers of nanoseconds, the resource is its attributes.
 * Source: opentelemetry-php, SDK/Trace/SpanExporter/FriendlySpanConverter.
 */

import { type DocumentKind, isMembers, membersIn, membersOf, textOf } from '../documents/kind';
import { otlpOf } from '../documents/plainSpan';

const kinds: readonly string[] = ['', 'KIND_INTERNAL', 'KIND_SERVER', 'KIND_CLIENT', 'KIND_PRODUCER', 'KIND_CONSUMER'];
const statuses: readonly string[] = ['Unset', 'Ok', 'Error'];

export const phpConsole: DocumentKind = {
  format: 'php-console',
  hint: /"context"\s*:\s*\{\s*"trace_id"\s*:\s*"[0-9a-f]{32}"/,
  is: ({ context, start, kind }) =>
    isMembers(context) && typeof context.trace_id === 'string' && nanosOf(start) !== undefined && typeof kind === 'string',
  translate(span) {
    const context = membersOf(span.context);
    const status = membersOf(span.status);
    return otlpOf([
      {
        traceId: context.trace_id,
        spanId: context.span_id,
        parentSpanId: span.parent_span_id,
        traceState: textOf(context.trace_state),
        name: textOf(span.name) ?? '',
        kind: Math.max(0, kinds.indexOf(textOf(span.kind) ?? '')),
        start: nanosOf(span.start),
        end: nanosOf(span.end),
        attributes: membersOf(span.attributes),
        events: membersIn(span.events).map((event) => ({
          name: textOf(event.name) ?? '',
          time: nanosOf(event.timestamp),
          attributes: membersOf(event.attributes),
        })),
        links: membersIn(span.links).map((link) => ({
          traceId: membersOf(link.context).trace_id,
          spanId: membersOf(link.context).span_id,
          attributes: membersOf(link.attributes),
        })),
        status: Math.max(0, statuses.indexOf(textOf(status.code) ?? '')),
        statusMessage: textOf(status.description),
        resource: membersOf(span.resource),
      },
    ]);
  },
};

function nanosOf(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return value;
  return typeof value === 'number' && Number.isInteger(value) && value > 0 ? BigInt(value) : undefined;
}
