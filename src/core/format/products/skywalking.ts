/**
 * Segments of Apache SkyWalking as agents send them in JSON, and traces as its GraphQL answers `queryTrace`. Spans are numbered in their segment, times are
 * milliseconds, trace ids are any text.
 * Sources: skywalking.apache.org, "Trace Data Protocol v3"; skywalking-query-protocol, trace.graphqls.
 */

import { type DocumentKind, membersIn, membersOf, scalarOf, textOf } from '../documents/kind';
import type { Members } from '../documents/literal';
import { hexOfAny, LONGEST_ID, nanosOfStart } from '../documents/members';
import { otlpOf, type PlainAttributes, type PlainSpan } from '../documents/plainSpan';

const MILLISECOND = 1_000_000;

const kinds: ReadonlyMap<string, number> = new Map([
  ['entry', 2],
  ['exit', 3],
  ['local', 1],
]);

export const skywalking: DocumentKind = {
  format: 'skywalking',
  hint: /"traceSegmentId"\s*:|"segmentId"\s*:\s*"/,
  is: (document) => spansIn(document).length > 0,
  translate: (document) => otlpOf(spansIn(document).map(spanOf)),
};

/** Each with the members that it has of its segment. */
function spansIn(document: Members): readonly Members[] {
  const answer = membersOf(membersOf(document.data).trace ?? membersOf(document.data).queryTrace ?? document.trace);
  const segment = textOf(document.traceSegmentId);
  const all =
    segment === undefined
      ? membersIn(answer.spans ?? document.spans)
      : membersIn(document.spans).map((span) => ({
          ...span,
          traceId: document.traceId,
          segmentId: segment,
          serviceCode: document.service,
          instance: document.serviceInstance,
        }));
  return all.filter(isSpan);
}

function isSpan({ traceId, segmentId, spanId, startTime }: Members): boolean {
  return typeof traceId === 'string' && typeof segmentId === 'string' && typeof spanId === 'number' && startTime !== undefined;
}

function idOf(segment: unknown, span: unknown): string | undefined {
  return hexOfAny(`${scalarOf(segment).slice(0, LONGEST_ID / 2)} ${scalarOf(span)}`, 8);
}

function spanOf(span: Members): PlainSpan {
  const refs = membersIn(span.refs);
  const [first] = refs;
  const isFirst = Number(scalarOf(span.parentSpanId ?? -1)) < 0;
  const instance = span.instance ?? span.serviceInstanceName;
  return {
    traceId: hexOfAny(span.traceId, 16),
    spanId: idOf(span.segmentId, span.spanId),
    parentSpanId: isFirst ? (first ? refIdOf(first) : undefined) : idOf(span.segmentId, span.parentSpanId),
    name: textOf(span.endpointName) ?? textOf(span.operationName) ?? '',
    kind: kinds.get(scalarOf(span.type ?? span.spanType).toLowerCase()) ?? 0,
    start: nanosOfStart(span.startTime, MILLISECOND),
    end: nanosOfStart(span.endTime, MILLISECOND),
    attributes: attributesOf(span),
    events: membersIn(span.logs).map((log) => eventOf(log)),
    links: refs.slice(1).map((ref) => ({ traceId: hexOfAny(ref.traceId, 16), spanId: refIdOf(ref) })),
    status: span.isError === true ? 2 : 0,
    resource: {
      ...(scalarOf(span.serviceCode) === '' ? {} : { 'service.name': span.serviceCode }),
      ...(scalarOf(instance) === '' ? {} : { 'service.instance.id': instance }),
    },
  };
}

function refIdOf(ref: Members): string | undefined {
  return idOf(ref.parentSegmentId ?? ref.parentTraceSegmentId, ref.parentSpanId);
}

function attributesOf({ tags, peer, component, layer, spanLayer }: Members): PlainAttributes {
  const found: Record<string, unknown> = pairs(tags);
  if (scalarOf(peer) !== '') found['network.peer.address'] = peer;
  if (scalarOf(component) !== '') found['skywalking.component'] = component;
  const of = scalarOf(layer ?? spanLayer);
  if (of !== '' && of !== 'Unknown') found['skywalking.layer'] = of;
  return found;
}

/** A log of an error has OpenTelemetry's members by names of its own. */
function eventOf({ time, data }: Members): NonNullable<PlainSpan['events']>[number] {
  const { event, 'error.kind': type, message, stack, ...rest } = pairs(data);
  const at = nanosOfStart(time, MILLISECOND);
  const attributes: Record<string, unknown> = rest;
  if (type !== undefined) attributes['exception.type'] = type;
  if (message !== undefined) attributes[stack === undefined ? 'message' : 'exception.message'] = message;
  if (stack !== undefined) attributes['exception.stacktrace'] = stack;
  const name = stack === undefined ? scalarOf(event) || 'log' : 'exception';
  return { name, ...(at === undefined ? {} : { time: at }), attributes };
}

function pairs(list: unknown): Record<string, unknown> {
  const found: Record<string, unknown> = Object.create(null);
  for (const { key, value } of membersIn(list)) if (typeof key === 'string') found[key] = value;
  return found;
}
