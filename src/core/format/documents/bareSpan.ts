/**
 * Spans in OTLP's members without the groups around them: one object each, in a list, or below `spans`, as programs and notes write that took them
 * out of a request, with attributes as a list or as an object; and traces of MLflow, which has them below `data`.
 * Sources: opentelemetry/proto/trace/v1/trace.proto; mlflow, entities/span.py, `to_dict`.
 */

import { type DocumentKind, isMembers, membersIn, membersOf } from './kind';
import type { Members } from './literal';
import { keyValues } from './plainSpan';

export const bareSpan: DocumentKind = {
  format: 'otlp-json',
  inParts: (document) => !isSpan(document),
  is: (document) => isSpan(document) || isSpan(spansOf(document)[0]),
  translate(document) {
    const spans = isSpan(document) ? [document] : spansOf(document).filter(isSpan);
    return { as: 'otlp-json', value: { resourceSpans: spans.map(resourceSpans) } };
  },
};

function spansOf({ spans, data }: Members): readonly Members[] {
  return membersIn(spans ?? membersOf(data).spans);
}

function isSpan(value: unknown): value is Members {
  if (!isMembers(value)) return false;
  const hasIds = (value.traceId ?? value.trace_id) !== undefined && (value.spanId ?? value.span_id) !== undefined;
  return hasIds && (value.startTimeUnixNano ?? value.start_time_unix_nano) !== undefined;
}

function resourceSpans(span: Members): unknown {
  const { resource, serviceName, service_name, scope, instrumentationScope, traceId, trace_id, ...rest } = span;
  const own = isMembers(resource) ? (resource.attributes ?? resource) : {};
  const service = serviceName ?? service_name;
  const attributes = service === undefined || !isMembers(own) ? own : { 'service.name': service, ...own };
  return {
    resource: { attributes: inJson(attributes, 'attributes') },
    scopeSpans: [
      { scope: inJson(scope ?? instrumentationScope), spans: [inJson({ traceId: bareId(traceId ?? trace_id), ...rest })] },
    ],
  };
}

/** Integers that JSON's numbers do not hold are digits in a string, where OTLP has it so; attributes say what they are. */
function inJson(value: unknown, key = ''): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return value.map((item) => inJson(item));
  if (!isMembers(value)) return value;
  if (key === 'attributes') return keyValues(value);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, inJson(inner, name)]));
}

/** MLflow puts `tr-` before the hex of its traces' ids. */
function bareId(id: unknown): unknown {
  return typeof id === 'string' ? id.replace(/^tr-/, '') : id;
}
