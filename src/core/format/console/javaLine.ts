/**
 * Spans as the logging exporter of OpenTelemetry for Java writes them, one a line, without times:
 * `'GET /x' : <trace id> <span id> SERVER [tracer: http:1.0] AttributesMap{data={http.route=/x}, capacity=128, totalAddedValues=1}`.
 * Source: opentelemetry-java, exporters/logging, LoggingSpanExporter; AttributesMap.toString.
 */

import type { LineKind } from '../documents/kind';
import { otlpOf } from '../documents/plainSpan';

const span =
  /'([^']{0,2000})' : ([0-9a-f]{32}) ([0-9a-f]{16}) (INTERNAL|SERVER|CLIENT|PRODUCER|CONSUMER) \[tracer: ([^\]]{0,500})\] (?:AttributesMap|ImmutableAttributes|\{)/;
const kinds: readonly string[] = ['', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'];

export function javaLine(): LineKind {
  return {
    format: 'java-log',
    line(text) {
      const found = span.exec(text);
      if (!found) return undefined;
      const [, name, traceId, spanId, kind, tracer] = found;
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

/** Of `{data={a=1, b=x, y}, capacity=…`: a comma belongs to a value where no name and `=` follow it. Values have lost their types. */
function attributesOf(text: string): Record<string, string> {
  const found: Record<string, string> = Object.create(null);
  const start = text.indexOf('data={');
  if (start < 0) return found;
  const stop = text.lastIndexOf('}, capacity=');
  const inside = text.slice(start + 6, stop < 0 ? undefined : stop);
  let key: string | undefined;
  for (const part of inside.split(', ')) {
    const pair = /^([\w.:/-]{1,200})=(.*)$/s.exec(part);
    if (pair) {
      key = pair[1];
      found[key] = pair[2];
    } else if (key !== undefined) found[key] += `, ${part}`;
  }
  return found;
}
