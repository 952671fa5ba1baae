/**
 * Spans as the stdout exporter of OpenTelemetry for Swift prints them: times are seconds since 2001, as Apple counts.
 * Source: opentelemetry-swift, Sources/Exporters/Stdout/StdoutSpanExporter.swift.
 */

import { type DocumentKind, membersOf, textOf } from '../documents/kind';
import { kindOf, nanosOf } from '../documents/members';
import { otlpOf } from '../documents/plainSpan';

const SECOND = 1_000_000_000;
/** 2001-01-01T00:00:00Z in epoch nanoseconds. */
const REFERENCE = 978_307_200n * 1_000_000_000n;

export const swiftConsole: DocumentKind = {
  format: 'swift-console',
  is: ({ span, spanId, traceId, start, duration }) =>
    typeof span === 'string' &&
    typeof spanId === 'string' &&
    typeof traceId === 'string' &&
    typeof start === 'number' &&
    typeof duration === 'number',
  translate(span) {
    const since = nanosOf(span.start, SECOND);
    const start = since === undefined ? undefined : since + REFERENCE;
    const length = nanosOf(span.duration, SECOND);
    return otlpOf([
      {
        traceId: span.traceId,
        spanId: span.spanId,
        parentSpanId: span.parentSpanId,
        name: textOf(span.span) ?? '',
        kind: kindOf(span.spanKind),
        start,
        end: start === undefined || length === undefined ? undefined : start + length,
        attributes: plain(span.attributes),
      },
    ]);
  },
};

/** Values are `{ "string": { "_0": "x" } }` in some versions. */
function plain(attributes: unknown): Record<string, unknown> {
  const found: Record<string, unknown> = Object.create(null);
  for (const [key, value] of Object.entries(membersOf(attributes))) {
    const [inner, ...others] = Object.values(membersOf(value));
    found[key] = inner !== undefined && others.length === 0 ? (membersOf(inner)._0 ?? inner) : value;
  }
  return found;
}
