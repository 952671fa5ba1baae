/**
 * AWS X-Ray: the answer of `batch-get-traces`, in which segments are texts, and segments and subsegments alone, as the daemon is sent them.
 * Source: AWS X-Ray developer guide, "Segment documents"; X-Ray API reference, BatchGetTraces.
 */

import { type DocumentKind, isMembers, membersIn, membersOf, scalarOf, textOf } from '../documents/kind';
import type { Members } from '../documents/literal';
import { parseDocument } from '../documents/literal';
import type { PlainAttributes, PlainSpan } from '../documents/plainSpan';
import { Segments } from './xraySegments';

const SERVER = 2;
const CLIENT = 3;
const INTERNAL = 1;
const ERROR = 2;
/** Deeper subsegments are left out. */
const DEEPEST = 200;
/** Longer names of folders and of namespaces are none, for they stand before many others. */
const LONGEST_NAME = 4_000;

export const xray: DocumentKind = {
  format: 'xray',
  inParts: (document) => !isSegment(document),
  hint: /"Segments"\s*:\s*\[\s*\{[^{}]{0,300}"Document"\s*:\s*["{]|"TraceSegmentDocuments"\s*:\s*\[\s*"|"trace_id"\s*:\s*"1-[0-9a-f]{8}-[0-9a-f]{24}"/,
  is: (document) => isSegment(document) || tracesIn(document).length > 0 || isTexts(document.TraceSegmentDocuments),
  begin: () => new Segments((document) => (isSegment(document) ? [document] : documentsIn(document).flatMap(segmentOf)), spansOf),
};

/** Of an answer, or of what PutTraceSegments is given. */
function documentsIn(document: Members): readonly unknown[] {
  const sent = isTexts(document.TraceSegmentDocuments) ? document.TraceSegmentDocuments : [];
  return [...sent, ...tracesIn(document).flatMap((trace) => membersIn(trace.Segments ?? trace.Spans).map((one) => one.Document))];
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
function spansOf(segment: Members, resource: PlainAttributes): PlainSpan[] {
  const isAlone = segment.type === 'subsegment';
  const found: PlainSpan[] = [];
  const pending = [{ part: segment, parent: segment.parent_id, kind: isAlone ? kindOf(segment) : SERVER, depth: 0 }];
  for (let one = pending.pop(); one; one = pending.pop()) {
    const { part, parent, kind, depth } = one;
    found.push(spanOf(part, segment.trace_id, parent, kind, resource));
    if (depth >= DEEPEST) continue;
    const inner = membersIn(part.subsegments).filter(({ id }) => typeof id === 'string');
    for (const sub of inner.reverse()) pending.push({ part: sub, parent: part.id, kind: kindOf(sub), depth: depth + 1 });
  }
  return found;
}

function kindOf({ namespace }: Members): number {
  return namespace === 'aws' || namespace === 'remote' ? CLIENT : INTERNAL;
}

function spanOf(part: Members, traceId: unknown, parent: unknown, kind: number, resource: PlainAttributes): PlainSpan {
  const start = nanosOfSeconds(part.start_time);
  const end = part.in_progress === true ? undefined : nanosOfSeconds(part.end_time);
  const cause = membersOf(part.cause);
  const exceptions = membersIn(cause.exceptions);
  const failed = part.fault === true || part.error === true || part.throttle === true;
  return {
    traceId,
    spanId: part.id,
    parentSpanId: parent,
    name: textOf(part.name) ?? '',
    kind,
    ...(start === undefined ? {} : { start }),
    ...(end === undefined ? {} : { end }),
    attributes: attributesOf(part),
    events: exceptions.map((exception) => ({
      name: 'exception',
      ...(end === undefined ? {} : { time: end }),
      attributes: exceptionOf(exception, textOf(cause.working_directory)),
    })),
    links: membersIn(part.links).map(({ trace_id, id }) => ({ traceId: trace_id, spanId: id })),
    status: failed ? ERROR : 0,
    statusMessage: failed ? textOf(exceptions[0]?.message) : undefined,
    resource,
  };
}

/** Under OpenTelemetry's names where it has them; what a program noted (annotations, metadata) under its own. */
function attributesOf(part: Members): PlainAttributes {
  const found: Record<string, unknown> = Object.create(null);
  const add = (key: string, value: unknown): void => {
    if (value !== undefined && value !== null) found[key] = value;
  };
  const request = membersOf(membersOf(part.http).request);
  const response = membersOf(membersOf(part.http).response);
  add('http.request.method', request.method);
  add('url.full', request.url);
  add('user_agent.original', request.user_agent);
  add('client.address', request.client_ip);
  add('http.response.status_code', response.status);
  add('http.response.body.size', response.content_length);
  const sql = membersOf(part.sql);
  add('db.system.name', sql.database_type);
  add('db.query.text', sql.sanitized_query);
  add('server.address', sql.url ?? sql.connection_string);
  add('enduser.id', part.user);
  for (const [key, value] of Object.entries(membersOf(part.aws))) add(`aws.${key}`, value);
  for (const flag of ['fault', 'error', 'throttle', 'inferred']) if (part[flag] === true) add(`aws.xray.${flag}`, true);
  for (const [key, value] of Object.entries(membersOf(part.annotations))) add(key, value);
  for (const [space, values] of Object.entries(membersOf(part.metadata))) {
    if (!isMembers(values) || space.length > LONGEST_NAME) add(space, values);
    else for (const [key, value] of Object.entries(values)) add(space === 'default' ? key : `${space}.${key}`, value);
  }
  return found;
}

function exceptionOf({ type, message, stack }: Members, folder: string | undefined): PlainAttributes {
  const lines = membersIn(stack).map(
    ({ path, line, label }) =>
      `    at ${textOf(label) ?? '<anonymous>'} (${inFolder(textOf(path) ?? '', folder)}:${scalarOf(line) || 0})`,
  );
  const head = `${textOf(type) ?? 'Error'}: ${textOf(message) ?? ''}`;
  return {
    'exception.type': type,
    'exception.message': message,
    ...(lines.length > 0 ? { 'exception.stacktrace': [head, ...lines].join('\n') } : {}),
  };
}

function inFolder(path: string, folder: string | undefined): string {
  return folder === undefined || folder.length > LONGEST_NAME || path.startsWith('/') || /^\w+:/.test(path)
    ? path
    : `${folder.replace(/\/$/, '')}/${path}`;
}

/** X-Ray's times are seconds with a fraction, which a double holds to a microsecond. */
function nanosOfSeconds(value: unknown): bigint | undefined {
  if (typeof value !== 'number' || !Number.isFinite(value) || value <= 0 || value > 1e10) return undefined;
  return BigInt(Math.round(value * 1e6)) * 1000n;
}
