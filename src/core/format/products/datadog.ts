/**
 * Spans of Datadog as tracers send and log them (versions 0.3 and 0.4 of the agent's API: one object each, in lists of traces), as its page copies a
 * trace (by id, below `trace.spans`), and as its API finds them. Ids are decimal numbers of 64 bits; the upper half of a trace's is told at one span only,
 * and left out.
 * Sources: DataDog/datadog-agent pkg/proto/datadog/trace/span.proto; docs.datadoghq.com, "Search spans".
 */

import { type DocumentKind, isMembers, membersIn, membersOf, scalarOf, textOf } from '../documents/kind';
import type { Members } from '../documents/literal';
import { hexOfAny, hexOfDecimal, kindOf, nanosOf, nanosOfStart } from '../documents/members';
import { otlpOf, type PlainAttributes, type PlainSpan } from '../documents/plainSpan';

const SECOND = 1_000_000_000;

export const datadog: DocumentKind = {
  format: 'datadog',
  hint: /"root_id"\s*:\s*"\d+"/,
  is: (document) => isSpan(document) || copied(document).length > 0 || found(document).length > 0,
  translate: (document) =>
    otlpOf(
      isSpan(document)
        ? [spanOf(document, 1)]
        : [...copied(document).map((span) => spanOf(span, SECOND)), ...found(document).map(foundSpan)],
    ),
};

function isSpan({ trace_id, span_id, start, duration, resource, service }: Members): boolean {
  return isNumber(trace_id) && isNumber(span_id) && isNumber(start) && isNumber(duration) && (resource ?? service) !== undefined;
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'bigint';
}

/** Of a trace as the page copies it: by id, with times in seconds. */
function copied({ trace, spans }: Members): readonly Members[] {
  const all = membersOf(isMembers(trace) ? trace.spans : spans);
  return Object.values(all).filter(
    (span): span is Members =>
      isMembers(span) && span.trace_id !== undefined && span.span_id !== undefined && isNumber(span.start),
  );
}

/** Of a search. */
function found({ data }: Members): readonly Members[] {
  return membersIn(data)
    .filter(({ type }) => type === 'span' || type === 'spans')
    .map(({ attributes }) => membersOf(attributes))
    .filter(({ trace_id, span_id, start_timestamp }) => (trace_id ?? span_id) !== undefined && start_timestamp !== undefined);
}

/** @param unit nanoseconds in the unit of its times */
function spanOf(span: Members, unit: number): PlainSpan {
  const meta = membersOf(span.meta);
  const start = nanosOfStart(span.start, unit);
  const length = nanosOf(span.duration, unit);
  const end = start === undefined || length === undefined ? undefined : start + length;
  const failed = span.error === true || Number(scalarOf(span.error)) !== 0;
  const resource = textOf(span.resource);
  return {
    traceId: hexOfDecimal(span.trace_id) ?? hexOfAny(span.trace_id, 16),
    spanId: hexOfDecimal(span.span_id),
    parentSpanId: hexOfDecimal(span.parent_id),
    name: resource === undefined || resource === '' ? (textOf(span.name) ?? '') : resource,
    kind: kindOf(meta['span.kind']),
    ...(start === undefined ? {} : { start }),
    ...(end === undefined ? {} : { end }),
    attributes: attributesOf(span, meta),
    events: failed ? exceptionOf(meta, end) : [],
    links: membersIn(span.span_links).map((link) => ({
      traceId: hexOfDecimal(link.trace_id),
      spanId: hexOfDecimal(link.span_id),
      attributes: membersOf(link.attributes),
    })),
    status: failed ? 2 : 0,
    statusMessage: failed ? textOf(meta['error.message'] ?? meta['error.msg']) : undefined,
    resource: resourceOf(span.service, meta.version, meta.env),
  };
}

/** What tells of the exception is in the event that it makes. */
function attributesOf({ name, type, metrics }: Members, meta: Members): PlainAttributes {
  const found: Record<string, unknown> = Object.create(null);
  if (name !== undefined) found['operation.name'] = name;
  if (scalarOf(type) !== '') found['span.type'] = type;
  for (const [key, value] of Object.entries({ ...meta, ...membersOf(metrics) }))
    if (!/^error\.(?:stack|message|msg)$/.test(key)) found[key] = value;
  return found;
}

function exceptionOf(meta: Members, time: bigint | undefined): NonNullable<PlainSpan['events']> {
  const attributes: Record<string, unknown> = {};
  if (meta['error.type'] !== undefined) attributes['exception.type'] = meta['error.type'];
  const message = meta['error.message'] ?? meta['error.msg'];
  if (message !== undefined) attributes['exception.message'] = message;
  if (meta['error.stack'] !== undefined) attributes['exception.stacktrace'] = meta['error.stack'];
  if (Object.keys(attributes).length === 0) return [];
  return [{ name: 'exception', ...(time === undefined ? {} : { time }), attributes }];
}

function foundSpan(span: Members): PlainSpan {
  const custom = membersOf(span.custom);
  return {
    traceId: hexOfAny(span.trace_id, 16),
    spanId: hexOfDecimal(span.span_id) ?? hexOfAny(span.span_id, 8),
    parentSpanId: hexOfDecimal(span.parent_id),
    name: textOf(span.resource_name) ?? textOf(span.operation_name) ?? '',
    kind: kindOf(membersOf(custom.span).kind ?? custom['span.kind']),
    start: nanosOfStart(span.start_timestamp),
    end: nanosOfStart(span.end_timestamp),
    attributes: custom,
    status: span.status === 'error' || custom.error !== undefined ? 2 : 0,
    resource: resourceOf(span.service, undefined, span.env),
  };
}

function resourceOf(service: unknown, version: unknown, environment: unknown): PlainAttributes {
  const found: Record<string, unknown> = Object.create(null);
  if (scalarOf(service) !== '') found['service.name'] = service;
  if (version !== undefined) found['service.version'] = version;
  if (environment !== undefined) found['deployment.environment.name'] = environment;
  return found;
}
