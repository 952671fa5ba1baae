/**
 * Google Cloud Trace: traces as version 1 of its API answers them, with span ids in decimal digits and labels, and spans as version 2 is sent them.
 * Sources: googleapis google/devtools/cloudtrace/v1/trace.proto and v2/trace.proto; cloud.google.com/trace, "Labels".
 */

import { nanosOfDate } from '../../model/int64';
import { type DocumentKind, isMembers, membersIn, membersOf, scalarOf, textOf } from '../documents/kind';
import { type Members, parseDocument } from '../documents/literal';
import { hexOfDecimal } from '../documents/members';
import { otlpOf, type PlainAttributes, type PlainSpan } from '../documents/plainSpan';
import { readLabels } from './cloudTraceLabels';

const kinds: readonly string[] = ['', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'];
const versionOneKinds: ReadonlyMap<string, number> = new Map([
  ['RPC_SERVER', 2],
  ['RPC_CLIENT', 3],
]);
const ERROR = 2;

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
  const { '/stacktrace': stack, ...labels } = membersOf(span.labels);
  const { attributes, resource } = readLabels(labels);
  const status = Number(scalarOf(attributes['http.response.status_code'] ?? attributes['http.status_code']));
  const error = textOf(labels['/error/message']);
  const isError = error !== undefined || labels['/error/name'] !== undefined;
  const frames = stackText(stack);
  const thrown = {
    'exception.type': labels['/error/name'],
    'exception.message': error,
    ...(frames === undefined ? {} : { 'exception.stacktrace': [headOf(labels['/error/name'], error), frames].join('\n') }),
  };
  return {
    traceId,
    spanId: hexOfDecimal(span.spanId),
    parentSpanId: hexOfDecimal(span.parentSpanId),
    name: textOf(span.name) ?? '',
    kind: versionOneKinds.get(textOf(span.kind) ?? '') ?? 0,
    start: nanosOfDate(textOf(span.startTime) ?? ''),
    end: nanosOfDate(textOf(span.endTime) ?? ''),
    // A stack without an error is where the span was begun: agents note it of every span.
    attributes: isError || stack === undefined ? attributes : { ...attributes, 'code.stacktrace': frames ?? stack },
    events: isError ? [{ name: 'exception', attributes: thrown }] : [],
    status: isError || status >= 500 ? ERROR : 0,
    statusMessage: error,
    resource,
  };
}

function spanOfVersion2(span: Members): PlainSpan {
  const named = version2Name.exec(textOf(span.name) ?? '');
  const { 'otel.scope.name': scope, 'otel.scope.version': scopeVersion, ...labels } = valuesOf(span.attributes);
  const { attributes: own, resource } = readLabels(labels);
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
    attributes: { ...own, ...stackOf(span.stackTrace) },
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
    resource,
    scope: { name: scope, version: scopeVersion },
  };
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

/** Frames of version 2 as a stack of JavaScript has them, which tools read. */
function stackOf(stackTrace: unknown): PlainAttributes {
  const frames = membersIn(membersOf(membersOf(stackTrace).stackFrames).frame);
  if (frames.length === 0) return {};
  const lines = frames.map(({ functionName, fileName, lineNumber }) =>
    frameLine(shortened(functionName), shortened(fileName), lineNumber),
  );
  return { 'code.stacktrace': lines.join('\n') };
}

/** The label `/stacktrace`: the JSON of the older agents, or a stack as it was printed. Undefined: there is none. */
function stackText(label: unknown): string | undefined {
  const text = textOf(label);
  if (text === undefined) return undefined;
  const frames = membersIn(parseDocument(text)?.stack_frame);
  if (frames.length === 0) return text;
  return frames
    .map(({ method_name, class_name, file_name, line_number, column_number }) => {
      const name = [textOf(class_name), textOf(method_name)].filter((part) => part !== undefined && part !== '').join('.');
      return frameLine(name, textOf(file_name) ?? '', line_number, column_number);
    })
    .join('\n');
}

function frameLine(name: string, file: string, line: unknown, column?: unknown): string {
  const at = scalarOf(column);
  return `    at ${name || '<anonymous>'} (${file || '<anonymous>'}:${scalarOf(line) || 0}${at === '' ? '' : `:${at}`})`;
}

function headOf(type: unknown, message: string | undefined): string {
  return `${textOf(type) ?? 'Error'}: ${message ?? ''}`;
}
