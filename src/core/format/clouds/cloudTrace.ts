/**
 * Google Cloud Trace: traces as version 1 of its API answers them, with span ids in decimal digits and labels, and spans as version 2 is sent them.
 * Sources: googleapis google/devtools/cloudtrace/v1/trace.proto and v2/trace.proto; cloud.google.com/trace, "Labels".
 */

import { nanosOfDate } from '../../model/int64';
import { type DocumentKind, isMembers, membersIn, membersOf, scalarOf, textOf } from '../documents/kind';
import type { Members } from '../documents/literal';
import { hexOfDecimal } from '../documents/members';
import { otlpOf, type PlainAttributes, type PlainSpan } from '../documents/plainSpan';

const kinds: readonly string[] = ['', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'];
const versionOneKinds: ReadonlyMap<string, number> = new Map([
  ['RPC_SERVER', 2],
  ['RPC_CLIENT', 3],
]);
const ERROR = 2;

/** Labels of Google's that have a name in OpenTelemetry. */
const labelNames: Readonly<Record<string, string>> = {
  '/http/method': 'http.request.method',
  '/http/url': 'url.full',
  '/http/path': 'url.path',
  '/http/host': 'server.address',
  '/http/route': 'http.route',
  '/http/status_code': 'http.response.status_code',
  '/http/user_agent': 'user_agent.original',
  '/http/request/size': 'http.request.body.size',
  '/http/response/size': 'http.response.body.size',
  '/pid': 'process.pid',
  '/tid': 'thread.id',
};

const version2Name = /^projects\/[^/]+\/traces\/([0-9a-f]{32})\/spans\/([0-9a-f]{16})$/i;

export const cloudTrace: DocumentKind = {
  format: 'cloud-trace',
  inParts: (document) => !isVersion2(document),
  hint: /"projectId"\s*:\s*"[^"]*"\s*,\s*"traceId"|"name"\s*:\s*"projects\/[^"/]+\/traces\/[0-9a-f]{32}\/spans\//,
  is: (document) => tracesIn(document).length > 0 || spansIn(document).length > 0,
  translate: (document) =>
    otlpOf([
      ...tracesIn(document).flatMap((trace) => membersIn(trace.spans).map((span) => spanOfVersion1(span, trace.traceId))),
      ...spansIn(document).map(spanOfVersion2),
    ]),
};

/** Of version 1: the trace itself, or those of a list. */
function tracesIn(document: Members): readonly Members[] {
  if (isTrace(document)) return [document];
  return membersIn(document.traces).filter(isTrace);
}

function isTrace({ traceId, spans }: Members): boolean {
  return (
    typeof traceId === 'string' &&
    Array.isArray(spans) &&
    membersIn(spans).some(
      ({ spanId, startTime }) => /^\d+$/.test(scalarOf(spanId)) && nanosOfDate(textOf(startTime) ?? '') !== undefined,
    )
  );
}

/** Of version 2: the span itself, or those of a request. */
function spansIn(document: Members): readonly Members[] {
  return isVersion2(document) ? [document] : membersIn(document.spans).filter(isVersion2);
}

function isVersion2({ name, displayName, spanId }: Members): boolean {
  return isMembers(displayName) && ((typeof name === 'string' && version2Name.test(name)) || typeof spanId === 'string');
}

function spanOfVersion1(span: Members, traceId: unknown): PlainSpan {
  const labels = membersOf(span.labels);
  const status = Number(scalarOf(labels['/http/status_code']));
  const error = textOf(labels['/error/message']);
  return {
    traceId,
    spanId: hexOfDecimal(span.spanId),
    parentSpanId: hexOfDecimal(span.parentSpanId),
    name: textOf(span.name) ?? '',
    kind: versionOneKinds.get(textOf(span.kind) ?? '') ?? 0,
    start: nanosOfDate(textOf(span.startTime) ?? ''),
    end: nanosOfDate(textOf(span.endTime) ?? ''),
    attributes: labelled(labels),
    events:
      error === undefined && labels['/error/name'] === undefined
        ? []
        : [{ name: 'exception', attributes: { 'exception.type': labels['/error/name'], 'exception.message': error } }],
    status: error !== undefined || labels['/error/name'] !== undefined || status >= 500 ? ERROR : 0,
    statusMessage: error,
    resource: resourceOf(labels),
  };
}

function spanOfVersion2(span: Members): PlainSpan {
  const named = version2Name.exec(textOf(span.name) ?? '');
  const { 'otel.scope.name': scope, 'otel.scope.version': scopeVersion, ...attributes } = valuesOf(span.attributes);
  const status = membersOf(span.status);
  const hasFailed = typeof status.code === 'number' && status.code !== 0;
  return {
    traceId: named?.[1] ?? span.traceId,
    spanId: named?.[2] ?? span.spanId,
    parentSpanId: span.parentSpanId,
    name: shortened(span.displayName),
    kind: Math.max(0, kinds.indexOf(textOf(span.spanKind) ?? '')),
    start: nanosOfDate(textOf(span.startTime) ?? ''),
    end: nanosOfDate(textOf(span.endTime) ?? ''),
    attributes: { ...labelled(attributes), ...stackOf(span.stackTrace) },
    events: membersIn(membersOf(span.timeEvents).timeEvent).map(({ time, annotation, messageEvent }) => ({
      name: isMembers(annotation)
        ? shortened(annotation.description)
        : `message ${textOf(membersOf(messageEvent).type) ?? ''}`.trim(),
      time: nanosOfDate(textOf(time) ?? ''),
      attributes: isMembers(annotation) ? valuesOf(annotation.attributes) : membersOf(messageEvent),
    })),
    links: membersIn(membersOf(span.links).link).map(({ traceId, spanId, attributes: of }) => ({
      traceId,
      spanId,
      attributes: valuesOf(of),
    })),
    status: hasFailed ? ERROR : 0,
    statusMessage: hasFailed ? textOf(status.message) : undefined,
    resource: resourceOf(attributes),
    scope: { name: scope, version: scopeVersion },
  };
}

function labelled(labels: PlainAttributes): PlainAttributes {
  const found: Record<string, unknown> = Object.create(null);
  for (const [key, value] of Object.entries(labels)) found[Object.hasOwn(labelNames, key) ? labelNames[key] : key] = value;
  return found;
}

/** The service where a label names it: `service.name`, App Engine's module, or what OpenTelemetry's exporters make of a resource. */
function resourceOf(labels: PlainAttributes): PlainAttributes {
  const found: Record<string, unknown> = Object.create(null);
  const service = labels['service.name'] ?? labels['g.co/gae/app/module'] ?? labels['g.co/r/generic_task/job'];
  const version = labels['service.version'] ?? labels['g.co/gae/app/version'];
  if (service !== undefined) found['service.name'] = service;
  if (version !== undefined) found['service.version'] = version;
  return found;
}

/** A `TruncatableString`. */
function shortened(value: unknown): string {
  return textOf(membersOf(value).value) ?? textOf(value) ?? '';
}

function valuesOf(attributes: unknown): PlainAttributes {
  const found: Record<string, unknown> = Object.create(null);
  for (const [key, value] of Object.entries(membersOf(membersOf(attributes).attributeMap))) {
    const { stringValue, intValue, boolValue } = membersOf(value);
    if (stringValue !== undefined) found[key] = shortened(stringValue);
    else if (typeof intValue === 'string' && /^-?\d{1,20}$/.test(intValue)) found[key] = BigInt(intValue);
    else found[key] = intValue ?? boolValue;
  }
  return found;
}

/** Frames as a stack of JavaScript has them, which tools read. */
function stackOf(stackTrace: unknown): PlainAttributes {
  const frames = membersIn(membersOf(membersOf(stackTrace).stackFrames).frame);
  if (frames.length === 0) return {};
  const lines = frames.map(
    ({ functionName, fileName, lineNumber }) =>
      `    at ${shortened(functionName)} (${shortened(fileName)}:${scalarOf(lineNumber) || 0})`,
  );
  return { 'code.stacktrace': lines.join('\n') };
}
