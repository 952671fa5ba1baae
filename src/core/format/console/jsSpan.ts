/**
 * Spans of the JavaScript SDK as JSON, one object each, as programs write them to a file of their own: `ReadableSpan` with times as
 * `[seconds, nanoseconds]`, the ids beside them or in a span context.
 * Source: opentelemetry-js, sdk-trace-base, ReadableSpan; api, HrTime.
 */

import { type DocumentKind, isMembers, membersOf, textOf } from '../documents/kind';
import type { Members } from '../documents/literal';
import { nanosOfTime, otlpOf } from '../documents/plainSpan';
import { jsEvents, jsKind, jsLinks, jsStatus } from './jsConsole';

export const jsSpan: DocumentKind = {
  format: 'js-spans',
  is: (span) => timeOf(span.startTime ?? span._startTime ?? span.start_time) !== undefined && idsOf(span).traceId !== undefined,
  translate(span) {
    const { traceId, spanId, traceState } = idsOf(span);
    const status = membersOf(span.status);
    const resource = membersOf(span.resource);
    const start = timeOf(span.startTime ?? span._startTime ?? span.start_time);
    const length = timeOf(span.duration ?? span._duration);
    const ended = timeOf(span.endTime ?? span.end_time);
    return otlpOf([
      {
        traceId,
        spanId,
        parentSpanId: span.parentSpanId ?? membersOf(span.parentSpanContext).spanId ?? span.parentId,
        traceState: textOf(traceState),
        name: textOf(span.name) ?? '',
        kind: jsKind(span.kind),
        start,
        end: ended ?? (start === undefined || length === undefined ? undefined : start + length),
        attributes: membersOf(span.attributes),
        events: jsEvents(span.events),
        links: jsLinks(span.links),
        status: jsStatus(status.code),
        statusMessage: textOf(status.message),
        resource: resourceOf(resource),
        scope: membersOf(span.instrumentationScope ?? span.instrumentationLibrary),
      },
    ]);
  },
};

function timeOf(value: unknown): bigint | undefined {
  return Array.isArray(value) ? nanosOfTime(value) : undefined;
}

/** Beside the other members, or in the span's context, whatever that is called. */
function idsOf(span: Members): Members {
  for (const context of [span._spanContext, span.spanContext, span.context]) {
    if (isMembers(context) && context.traceId !== undefined) return context;
  }
  return span.spanId === undefined ? {} : span;
}

/** Attributes, or the SDK's own fields: `_attributes`, or `_rawAttributes`, a list of pairs. */
function resourceOf(resource: Members): Members {
  if (isMembers(resource.attributes)) return resource.attributes;
  if (isMembers(resource._attributes)) return resource._attributes;
  if (!Array.isArray(resource._rawAttributes)) return resource;
  const found: Record<string, unknown> = Object.create(null);
  for (const pair of resource._rawAttributes) {
    if (Array.isArray(pair) && typeof pair[0] === 'string') found[pair[0]] = pair[1];
  }
  return found;
}
