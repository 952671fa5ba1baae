/**
 * Spans as the console exporter of OpenTelemetry for Ruby prints them: `SpanData` as `pp` does a struct, on as many lines as it takes; ids are texts of
 * bytes.
 * Source: opentelemetry-ruby, sdk/lib/opentelemetry/sdk/trace/export/console_span_exporter.rb, span_data.rb.
 */

import { isMembers, type LineKind, membersIn, membersOf, type Translation } from '../documents/kind';
import type { Members } from '../documents/literal';
import { otlpOf, type PlainAttributes } from '../documents/plainSpan';
import { RubyText, rubyValue } from '../documents/rubyValue';

const kinds: readonly string[] = ['', 'internal', 'server', 'client', 'producer', 'consumer'];
const BEGIN = '#<struct OpenTelemetry::SDK::Trace::SpanData';
/** What has no end. */
const MOST_LINES = 5_000;
/** A text is looked at whole where a line ends it perhaps; a value may have such lines, so many. */
const MOST_LOOKS = 20;

export function rubyConsole(): LineKind {
  let lines: string[] | undefined;
  let looks = 0;
  return {
    format: 'ruby-console',
    line(text) {
      const at = text.indexOf(BEGIN);
      if (at >= 0) {
        lines = [];
        looks = 0;
      }
      if (!lines) return undefined;
      lines.push(at >= 0 ? text.slice(at) : text);
      const ends = text.trimEnd().endsWith('>');
      const found = ends ? spanOf(rubyValue(lines.join('\n').trimEnd())) : undefined;
      if (found || (ends && ++looks > MOST_LOOKS) || lines.length > MOST_LINES) lines = undefined;
      return found;
    },
    end() {
      lines = undefined;
      return undefined;
    },
  };
}

function spanOf(span: unknown): Translation | undefined {
  if (!isMembers(span)) return undefined;
  const status = membersOf(span.status);
  const scope = membersOf(span.instrumentation_scope ?? span.instrumentation_library);
  return otlpOf([
    {
      traceId: hexOf(span.trace_id),
      spanId: hexOf(span.span_id),
      parentSpanId: hexOf(span.parent_span_id),
      name: textOf(span.name) ?? '',
      kind: Math.max(0, kinds.indexOf(typeof span.kind === 'string' ? span.kind : '')),
      start: nanosOf(span.start_timestamp),
      end: nanosOf(span.end_timestamp),
      attributes: plain(span.attributes),
      events: membersIn(span.events).map((event) => ({
        name: textOf(event.name) ?? '',
        time: nanosOf(event.timestamp),
        attributes: plain(event.attributes),
      })),
      links: membersIn(span.links).map((link) => ({
        traceId: hexOf(membersOf(link.span_context).trace_id),
        spanId: hexOf(membersOf(link.span_context).span_id),
        attributes: plain(link.attributes),
      })),
      // `OK` is 0 there, and 1 is not set.
      status: status.code === 2n ? 2 : status.code === 0n ? 1 : 0,
      statusMessage: textOf(status.description),
      resource: plain(membersOf(span.resource).attributes),
      scope: { name: textOf(scope.name), version: textOf(scope.version) },
    },
  ]);
}

function textOf(value: unknown): string | undefined {
  return value instanceof RubyText ? value.text : undefined;
}

/** Of the bytes of an id. */
function hexOf(value: unknown): string | undefined {
  if (!(value instanceof RubyText)) return undefined;
  return Array.from(value.bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function nanosOf(value: unknown): bigint | undefined {
  return typeof value === 'bigint' && value > 0n ? value : undefined;
}

function plain(attributes: unknown): PlainAttributes {
  const found: Record<string, unknown> = Object.create(null);
  const members: Members = membersOf(attributes);
  for (const [key, value] of Object.entries(members)) found[key] = plainValue(value);
  return found;
}

function plainValue(value: unknown): unknown {
  if (value instanceof RubyText) return value.text;
  if (Array.isArray(value)) return value.map(plainValue);
  return value;
}
