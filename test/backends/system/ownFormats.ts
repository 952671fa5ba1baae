/** The same spans in what each server's own clients write: OTLP/JSON, Zipkin's JSON v2 with shared spans, X-Ray's segment documents. */
import type { AnyValueJson } from '../../../src/core/model/anyValue';
import type { Attributes, PlainSpan } from '../../support/plainSpans';

const pairs = (attributes: Attributes): unknown[] => Object.entries(attributes).map(([key, value]) => ({ key, value }));

/** An ExportTraceServiceRequest. */
export function otlpRequest(spans: readonly PlainSpan[]): string {
  const resourceSpans = spans.map((span) => ({
    resource: { attributes: pairs(span.resource) },
    scopeSpans: [
      {
        scope: { name: span.scopeName, version: span.scopeVersion },
        spans: [
          {
            traceId: span.traceId,
            spanId: span.spanId,
            ...(span.parentSpanId === '' ? {} : { parentSpanId: span.parentSpanId }),
            name: span.name,
            kind: span.kind,
            startTimeUnixNano: String(span.start),
            endTimeUnixNano: String(span.end),
            attributes: pairs(span.attributes),
            events: span.events.map(({ name, time, attributes }) => ({
              name,
              timeUnixNano: String(time),
              attributes: pairs(attributes),
            })),
            links: span.links.map(({ traceId, spanId, attributes }) => ({ traceId, spanId, attributes: pairs(attributes) })),
            status: { code: span.status, message: span.statusMessage },
          },
        ],
      },
    ],
  }));
  return JSON.stringify({ resourceSpans });
}

/** A value as a text: Zipkin's tags and X-Ray's keys have no other. */
function textOf(value: AnyValueJson): string {
  const plain = plainOf(value);
  return typeof plain === 'string' ? plain : JSON.stringify(plain);
}

function plainOf({ stringValue, boolValue, intValue, doubleValue, arrayValue }: AnyValueJson): unknown {
  if (arrayValue) return arrayValue.values.map(plainOf);
  return stringValue ?? boolValue ?? (intValue === undefined ? doubleValue : Number(intValue));
}

const serviceOf = ({ resource }: PlainSpan): string => resource['service.name']?.stringValue ?? '';
const micros = (nano: bigint): number => Number(nano / 1000n);
const zipkinKinds = [undefined, undefined, 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'];

/**
 * Zipkin's JSON v2 as Brave and others report it: a server that was called by another service takes over the caller's span id (`shared`), so both
 * are one span of the trace; what its process is, is in the tags of each span. Source: openzipkin/zipkin-api, zipkin2-api.yaml.
 */
export function zipkinSpans(trace: readonly PlainSpan[]): object[] {
  const byId = new Map(trace.map((span) => [span.spanId, span]));
  /** The caller whose id a server has. */
  const sharing = new Map<string, PlainSpan>();
  for (const span of trace) {
    const caller = byId.get(span.parentSpanId);
    if (span.kind === 2 && caller?.kind === 3) sharing.set(span.spanId, caller);
  }
  const idOf = (spanId: string): string => sharing.get(spanId)?.spanId ?? spanId;
  return trace.map((span) => {
    const caller = sharing.get(span.spanId);
    const parent = caller ? caller.parentSpanId : idOf(span.parentSpanId);
    const { 'service.name': _, ...process } = span.resource;
    const tags = Object.fromEntries(
      Object.entries({ ...process, ...span.attributes }).map(([key, value]) => [key, textOf(value)]),
    );
    if (span.status === 2) tags.error = span.statusMessage || 'true';
    return {
      traceId: /^0{16}/.test(span.traceId) ? span.traceId.slice(16) : span.traceId,
      id: idOf(span.spanId),
      ...(parent === '' ? {} : { parentId: parent }),
      name: span.name,
      kind: zipkinKinds[span.kind],
      timestamp: micros(span.start),
      duration: Math.max(1, micros(span.end - span.start)),
      ...(caller ? { shared: true } : {}),
      localEndpoint: { serviceName: serviceOf(span), ipv4: '10.0.0.1' },
      tags,
      annotations: span.events.map(({ name, time }) => ({ timestamp: micros(time), value: name })),
    };
  });
}

const seconds = (nano: bigint): number => Number(nano / 1000n) / 1e6;

/**
 * Segment documents: one for each span that comes into a service, with what it does itself as subsegments inside. Keys of annotations have letters,
 * digits and underscores only. Source: AWS X-Ray developer guide, "X-Ray segment documents".
 */
export function xraySegments(trace: readonly PlainSpan[]): object[] {
  const traceId = `1-${trace[0].traceId.slice(0, 8)}-${trace[0].traceId.slice(8)}`;
  const childrenOf = (id: string): PlainSpan[] => trace.filter(({ parentSpanId }) => parentSpanId === id);
  const isSegment = (span: PlainSpan): boolean => {
    const parent = trace.find(({ spanId }) => spanId === span.parentSpanId);
    return parent === undefined || serviceOf(parent) !== serviceOf(span);
  };
  const document = (span: PlainSpan): object => {
    const exception = span.events.find(({ name }) => name === 'exception');
    const http = span.attributes['http.request.method'];
    const inside = childrenOf(span.spanId).filter((child) => !isSegment(child));
    return {
      id: span.spanId,
      name: isSegment(span) ? serviceOf(span) : span.name,
      start_time: seconds(span.start),
      end_time: seconds(span.end),
      ...(span.kind === 3 || span.kind === 4 ? { namespace: 'remote' } : {}),
      ...(http
        ? {
            http: {
              request: {
                method: plainOf(http),
                url: `http://${serviceOf(span)}${plainOf(span.attributes['http.route'] ?? {}) ?? '/'}`,
              },
              response: { status: plainOf(span.attributes['http.response.status_code'] ?? {}) },
            },
          }
        : {}),
      annotations: Object.fromEntries(
        Object.entries(span.attributes)
          .filter(([, value]) => value.arrayValue === undefined)
          .map(([key, value]) => [key.replaceAll(/\W/g, '_'), plainOf(value)]),
      ),
      metadata: { default: Object.fromEntries(Object.entries(span.attributes).map(([key, value]) => [key, plainOf(value)])) },
      ...(span.status === 2 ? { fault: true } : {}),
      ...(exception
        ? {
            cause: {
              exceptions: [
                {
                  id: span.spanId,
                  type: exception.attributes['exception.type']?.stringValue,
                  message: exception.attributes['exception.message']?.stringValue,
                  stack: [{ path: '/srv/payment/src/charge.ts', line: 42, label: 'charge' }],
                },
              ],
            },
          }
        : {}),
      ...(inside.length === 0 ? {} : { subsegments: inside.map(document) }),
    };
  };
  return trace.filter(isSegment).map((span) => ({
    trace_id: traceId,
    ...(span.parentSpanId === '' ? {} : { parent_id: span.parentSpanId }),
    ...document(span),
  }));
}
