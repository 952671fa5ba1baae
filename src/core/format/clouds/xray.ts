/**
 * AWS X-Ray: the answer of `batch-get-traces`, in which segments are texts, and segments and subsegments alone, as the daemon is sent them.
 * Source: AWS X-Ray developer guide, "Segment documents"; X-Ray API reference, BatchGetTraces.
 */

import { type DocumentKind, isMembers, membersIn, textOf } from '../documents/kind';
import type { Members } from '../documents/literal';
import { parseDocument } from '../documents/literal';
import type { PlainAttributes, PlainSpan } from '../documents/plainSpan';
import { attributesOf } from './xrayAttributes';
import { Causes, causeMessage } from './xrayCauses';
import { type SegmentDocuments, Segments } from './xraySegments';

const SERVER = 2;
const CLIENT = 3;
const INTERNAL = 1;
const ERROR = 2;

export const xray: DocumentKind = {
  format: 'xray',
  inParts: (document) => !isSegment(document),
  hint: /"Segments"\s*:\s*\[\s*\{[^{}]{0,300}"Document"\s*:\s*["{]|"TraceSegmentDocuments"\s*:\s*\[\s*"|"trace_id"\s*:\s*"1-[0-9a-f]{8}-[0-9a-f]{24}"/,
  is: (document) => isSegment(document) || tracesIn(document).length > 0 || isTexts(document.TraceSegmentDocuments),
  begin: () => {
    const causes = new Causes();
    return new Segments(
      segmentsIn,
      (segments) => {
        for (const segment of segments) for (const part of partsOf(segment)) causes.learn(segment.trace_id, part);
      },
      (segment, resource) => spansOf(segment, resource, causes),
    );
  },
};

function segmentsIn(document: Members): SegmentDocuments {
  if (isSegment(document)) return { segments: [document], unreadable: 0 };
  const documents = documentsIn(document);
  const segments = documents.flatMap(segmentOf);
  return { segments, unreadable: documents.length - segments.length };
}

/** Of an answer, or of what PutTraceSegments is given. */
function documentsIn(document: Members): readonly unknown[] {
  const sent = isTexts(document.TraceSegmentDocuments) ? document.TraceSegmentDocuments : [];
  const traces = Array.isArray(document.Traces) ? membersIn(document.Traces) : [document];
  return [...sent, ...traces.flatMap((trace) => membersIn(trace.Segments ?? trace.Spans).map((one) => one.Document))];
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.every((text) => typeof text === 'string');
}

function isSegment({ trace_id, id, start_time, name }: Members): boolean {
  return (
    typeof trace_id === 'string' &&
    /^1-[0-9a-f]{8}-[0-9a-f]{24}$/i.test(trace_id) &&
    typeof id === 'string' &&
    typeof start_time === 'number' &&
    name !== undefined
  );
}

/** Of an answer, or the one that the document is. */
function tracesIn(document: Members): readonly Members[] {
  const traces = Array.isArray(document.Traces) ? membersIn(document.Traces) : [document];
  return traces.filter(({ Segments, Spans }) =>
    membersIn(Segments ?? Spans).some(({ Document }) => segmentOf(Document).length > 0),
  );
}

/** A text, or what the console makes of it. */
function segmentOf(document: unknown): Members[] {
  const segment = typeof document === 'string' ? parseDocument(document) : document;
  return isMembers(segment) && isSegment(segment) ? [segment] : [];
}

/** The segment, or subsegment, and all below it, which has its trace and its resource. */
function spansOf(segment: Members, resource: PlainAttributes, causes: Causes): PlainSpan[] {
  const isAlone = segment.type === 'subsegment';
  const found: PlainSpan[] = [];
  const pending = [{ part: segment, parent: segment.parent_id, kind: isAlone ? kindOf(segment) : SERVER }];
  for (let one = pending.pop(); one; one = pending.pop()) {
    const { part, parent, kind } = one;
    found.push(spanOf(part, segment.trace_id, parent, kind, resource, causes));
    for (const sub of inside(part).reverse()) pending.push({ part: sub, parent: part.id, kind: kindOf(sub) });
  }
  return found;
}

/** All parts of a segment, itself first. */
function partsOf(segment: Members): Members[] {
  const found: Members[] = [];
  const pending = [segment];
  for (let part = pending.pop(); part; part = pending.pop()) {
    found.push(part);
    pending.push(...inside(part));
  }
  return found;
}

function inside(part: Members): Members[] {
  return membersIn(part.subsegments).filter(({ id }) => typeof id === 'string');
}

function kindOf({ namespace }: Members): number {
  return namespace === 'aws' || namespace === 'remote' ? CLIENT : INTERNAL;
}

function spanOf(
  part: Members,
  traceId: unknown,
  parent: unknown,
  kind: number,
  resource: PlainAttributes,
  causes: Causes,
): PlainSpan {
  const start = nanosOfSeconds(part.start_time);
  const end = part.in_progress === true ? undefined : nanosOfSeconds(part.end_time);
  const { events, missing } = causes.eventsOf(traceId, part);
  const failed = part.fault === true || part.error === true || part.throttle === true;
  const attributes = attributesOf(part);
  return {
    traceId,
    spanId: part.id,
    parentSpanId: parent,
    name: textOf(part.name) ?? '',
    kind,
    ...(start === undefined ? {} : { start }),
    ...(end === undefined ? {} : { end }),
    attributes: missing === undefined ? attributes : { ...attributes, 'aws.xray.cause': missing },
    events: events.map((exception) => ({
      name: 'exception',
      ...(end === undefined ? {} : { time: end }),
      attributes: exception,
    })),
    links: membersIn(part.links).map(({ trace_id, id, attributes: of }) => ({
      traceId: trace_id,
      spanId: id,
      ...(isMembers(of) ? { attributes: of } : {}),
    })),
    status: failed ? ERROR : 0,
    statusMessage: failed ? (textOf(events[0]?.['exception.message']) ?? causeMessage(part.cause)) : undefined,
    resource,
  };
}

/** X-Ray's times are seconds with a fraction, which a double holds to a microsecond. */
function nanosOfSeconds(value: unknown): bigint | undefined {
  if (typeof value !== 'number' || !Number.isFinite(value) || value <= 0 || value > 1e10) return undefined;
  return BigInt(Math.round(value * 1e6)) * 1000n;
}
