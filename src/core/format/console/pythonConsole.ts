/**
 * Spans as the console exporter of OpenTelemetry for Python prints them: `ReadableSpan.to_json`.
 * Source: opentelemetry-python, opentelemetry-sdk, trace/__init__.py.
 */

import { type DocumentKind, isMembers, membersIn, membersOf, textOf } from '../documents/kind';
import { nanosOfTime, otlpOf } from '../documents/plainSpan';

const kinds: readonly string[] = ['', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'];
const statuses: readonly string[] = ['UNSET', 'OK', 'ERROR'];

export const pythonConsole: DocumentKind = {
  format: 'python-console',
  hint: /"context"\s*:\s*\{\s*"trace_id"\s*:\s*"0x/,
  is: ({ context, start_time }) => isMembers(context) && typeof context.trace_id === 'string' && start_time !== undefined,
  translate(span) {
    const context = membersOf(span.context);
    const status = membersOf(span.status);
    const resource = membersOf(span.resource);
    const scope = membersOf(span.instrumentation_scope ?? span.instrumentation_info);
    return otlpOf([
      {
        traceId: context.trace_id,
        spanId: context.span_id,
        parentSpanId: span.parent_id,
        traceState: traceStateOf(context.trace_state),
        name: textOf(span.name) ?? '',
        kind: Math.max(0, kinds.indexOf(lastWord(span.kind))),
        start: nanosOfTime(span.start_time),
        end: nanosOfTime(span.end_time),
        attributes: membersOf(span.attributes),
        events: membersIn(span.events).map((event) => ({
          name: textOf(event.name) ?? '',
          time: nanosOfTime(event.timestamp),
          attributes: membersOf(event.attributes),
        })),
        links: membersIn(span.links).map((link) => ({
          traceId: membersOf(link.context).trace_id,
          spanId: membersOf(link.context).span_id,
          attributes: membersOf(link.attributes),
        })),
        status: Math.max(0, statuses.indexOf(lastWord(status.status_code))),
        statusMessage: textOf(status.description),
        // Before version 1.12 the resource is its attributes.
        resource: isMembers(resource.attributes) ? resource.attributes : resource,
        scope: { name: scope.name, version: scope.version, attributes: membersOf(scope.attributes) },
      },
    ]);
  },
};

/** `SERVER` of `SpanKind.SERVER`. */
function lastWord(value: unknown): string {
  return (textOf(value) ?? '').split('.').at(-1) ?? '';
}

/** Printed as Python prints a list: `[]`, or of pairs. */
function traceStateOf(value: unknown): string | undefined {
  const text = textOf(value);
  return text === undefined || text.startsWith('[') ? undefined : text;
}
