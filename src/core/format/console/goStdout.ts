/**
 * Spans as the stdout exporter of OpenTelemetry for Go prints them, pretty or one a line; times may be left out.
 * Source: opentelemetry-go, sdk/trace/tracetest.SpanStub and attribute.Value's JSON; its kinds are numbered from `trace.SpanKindUnspecified` = 0.
 */

import { type DocumentKind, isMembers, membersIn, membersOf, textOf } from '../documents/kind';
import { nanosOfTime, otlpOf, type PlainAttributes } from '../documents/plainSpan';

const statuses: readonly string[] = ['Unset', 'Ok', 'Error'];
/** `codes.Error` is 1 in Go, `codes.Ok` is 2. */
const numberedStatuses: readonly number[] = [0, 2, 1];

export const goStdout: DocumentKind = {
  format: 'go-stdout',
  hint: /"SpanContext"\s*:\s*\{\s*"TraceID"/,
  is: ({ SpanContext }) => isMembers(SpanContext) && 'TraceID' in SpanContext && 'SpanID' in SpanContext,
  translate(span) {
    const context = membersOf(span.SpanContext);
    const status = membersOf(span.Status);
    const scope = membersOf(span.InstrumentationScope ?? span.InstrumentationLibrary);
    return otlpOf([
      {
        traceId: context.TraceID,
        spanId: context.SpanID,
        parentSpanId: membersOf(span.Parent).SpanID ?? span.ParentSpanID,
        traceState: textOf(context.TraceState),
        name: textOf(span.Name) ?? '',
        kind: typeof span.SpanKind === 'number' ? span.SpanKind : 0,
        start: timeOf(span.StartTime),
        end: timeOf(span.EndTime),
        attributes: attributesOf(span.Attributes),
        events: membersIn(span.Events ?? span.MessageEvents).map((event) => ({
          name: textOf(event.Name) ?? '',
          time: timeOf(event.Time),
          attributes: attributesOf(event.Attributes),
        })),
        links: membersIn(span.Links).map((link) => ({
          traceId: membersOf(link.SpanContext).TraceID,
          spanId: membersOf(link.SpanContext).SpanID,
          attributes: attributesOf(link.Attributes),
        })),
        status: statusOf(status.Code ?? span.StatusCode),
        statusMessage: textOf(status.Description ?? span.StatusMessage),
        resource: attributesOf(span.Resource),
        scope: { name: scope.Name, version: scope.Version, attributes: attributesOf(scope.Attributes) },
        dropped: {
          attributes: countOf(span.DroppedAttributes),
          events: countOf(span.DroppedEvents),
          links: countOf(span.DroppedLinks),
        },
      },
    ]);
  },
};

/** Go's zero time, which stands for none, is of the year 1. */
function timeOf(value: unknown): bigint | undefined {
  return nanosOfTime(value);
}

function countOf(value: unknown): number | undefined {
  return typeof value === 'number' && value > 0 ? value : undefined;
}

function statusOf(code: unknown): number {
  if (typeof code === 'number') return numberedStatuses[code] ?? 0;
  return Math.max(0, statuses.indexOf(textOf(code) ?? ''));
}

/** `[{Key, Value: {Type, Value}}]`. */
function attributesOf(list: unknown): PlainAttributes {
  const found: Record<string, unknown> = Object.create(null);
  for (const { Key, Value } of membersIn(list)) if (typeof Key === 'string') found[Key] = isMembers(Value) ? Value.Value : Value;
  return found;
}
