/**
 * Spans as the logging exporter of OpenTelemetry for Java writes them, one a line, without times:
 * `'GET /x' : <trace id> <span id> SERVER [tracer: http:1.0] AttributesMap{data={http.route=/x}, capacity=128, totalAddedValues=1}`.
 * Source: opentelemetry-java, exporters/logging, LoggingSpanExporter; AttributesMap.toString.
 */

import type { LineKind } from '../documents/kind';
import { otlpOf } from '../documents/plainSpan';

const ids = /' : ([0-9a-f]{32}) ([0-9a-f]{16}) (INTERNAL|SERVER|CLIENT|PRODUCER|CONSUMER) \[tracer: ([^\]]{0,500})\] /;
/** Longer names are no names. */
const LONGEST_NAME = 2_000;
const kinds: readonly string[] = ['', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'];

export function javaLine(): LineKind {
  return {
    format: 'java-log',
    line(text) {
      const found = ids.exec(text);
      if (!found) return undefined;
      const name = nameBefore(text.slice(Math.max(0, found.index - LONGEST_NAME), found.index));
      if (name === undefined) return undefined;
      const [, traceId, spanId, kind, tracer] = found;
      const colon = tracer.lastIndexOf(':');
      return otlpOf([
        {
          traceId,
          spanId,
          name,
          kind: kinds.indexOf(kind),
          attributes: attributesOf(text.slice(found.index + found[0].length)),
          scope: colon < 0 ? { name: tracer } : { name: tracer.slice(0, colon), version: tracer.slice(colon + 1) },
        },
      ]);
    },
    end: () => undefined,
  };
}

/** The name begins with the first quote that stands where a word begins; it may have quotes itself. */
function nameBefore(text: string): string | undefined {
  const quote = /(?:^|[\s>])'/.exec(text);
  return quote ? text.slice(quote.index + quote[0].length) : undefined;
}

/**
 * Of `AttributesMap{data={a=1, b=x, y}, capacity=…` or `{a="x, y", b=1}`: a comma belongs to a value where no name and `=` follow it. Values have
 * lost their types, but for quotes around texts.
 */
function attributesOf(text: string): Record<string, string> {
  const found: Record<string, string> = Object.create(null);
  const data = text.indexOf('data={');
  const start = data < 0 ? text.indexOf('{') + 1 : data + 6;
  const stop = text.lastIndexOf(data < 0 ? '}' : '}, capacity=');
  if (start === 0) return found;
  let key: string | undefined;
  for (const part of text.slice(start, stop < 0 ? undefined : stop).split(', ')) {
    const pair = /^([\w.:/-]{1,200})=(.*)$/s.exec(part);
    if (pair) {
      key = pair[1];
      found[key] = pair[2];
    } else if (key !== undefined) found[key] += `, ${part}`;
  }
  for (const [name, value] of Object.entries(found)) if (/^".*"$/s.test(value)) found[name] = value.slice(1, -1);
  return found;
}
