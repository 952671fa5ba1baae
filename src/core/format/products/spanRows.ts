/**
 * Spans as rows: one object each, whose members are the columns of some table, as databases and tables of products are exported. They differ in names and
 * units alone.
 * Sources: opentelemetry-collector-contrib, clickhouseexporter and azuredataexplorerexporter; opensearch.org, Data Prepper, otel-v1-apm-span index; Arize
 * Phoenix, `get_spans_dataframe`; docs.honeycomb.io, "Manual Tracing"; elasticsearchexporter, OTel mode; docs.newrelic.com, Trace API.
 */

import { type DocumentKind, isMembers, membersIn, membersOf, scalarOf, textOf } from '../documents/kind';
import type { Members } from '../documents/literal';
import { at, hexOfAny, kindOf, nanosOf, nanosOfAnyUnit, objectOf, statusOf } from '../documents/members';
import { otlpOf, type PlainAttributes, type PlainSpan } from '../documents/plainSpan';

interface Table {
  readonly traceId: string;
  readonly spanId: string;
  readonly parent: string;
  readonly name: string;
  /** Any of these. */
  readonly start: readonly string[];
  readonly end?: string;
  readonly duration?: string;
  readonly service?: string;
  readonly kind?: string;
  readonly status?: string;
  readonly statusMessage?: string;
  /** Objects of attributes. */
  readonly attributes?: string;
  readonly resource?: string;
  /** All other columns are attributes; those that begin so without that. */
  readonly rest?: string;
  /** Nanoseconds in the unit of durations. */
  readonly durationUnit?: number;
}

const MILLISECOND = 1_000_000;

const tables: readonly Table[] = [
  // ClickHouse, and what is made of it.
  {
    traceId: 'TraceId',
    spanId: 'SpanId',
    parent: 'ParentSpanId',
    name: 'SpanName',
    start: ['Timestamp'],
    duration: 'Duration',
    service: 'ServiceName',
    kind: 'SpanKind',
    status: 'StatusCode',
    statusMessage: 'StatusMessage',
    attributes: 'SpanAttributes',
    resource: 'ResourceAttributes',
  },
  // Azure Data Explorer
  {
    traceId: 'TraceID',
    spanId: 'SpanID',
    parent: 'ParentID',
    name: 'SpanName',
    start: ['StartTime'],
    end: 'EndTime',
    kind: 'SpanKind',
    status: 'SpanStatus',
    attributes: 'TraceAttributes',
    resource: 'ResourceAttributes',
  },
  // OpenSearch
  {
    traceId: 'traceId',
    spanId: 'spanId',
    parent: 'parentSpanId',
    name: 'name',
    start: ['startTime'],
    end: 'endTime',
    duration: 'durationInNanos',
    service: 'serviceName',
    kind: 'kind',
    status: 'status.code',
    statusMessage: 'status.message',
    attributes: 'attributes',
    resource: 'resource.attributes',
    rest: 'span.attributes.',
  },
  // Elasticsearch, as OpenTelemetry has it
  {
    traceId: 'trace_id',
    spanId: 'span_id',
    parent: 'parent_span_id',
    name: 'name',
    start: ['@timestamp', 'start_time', 'startTime'],
    end: 'end_time',
    duration: 'duration',
    service: 'service_name',
    kind: 'kind',
    status: 'status.code',
    statusMessage: 'status.message',
    attributes: 'attributes',
    resource: 'resource.attributes',
  },
  // Phoenix
  {
    traceId: 'context.trace_id',
    spanId: 'context.span_id',
    parent: 'parent_id',
    name: 'name',
    start: ['start_time'],
    end: 'end_time',
    status: 'status_code',
    statusMessage: 'status_message',
    attributes: 'attributes',
    rest: 'attributes.',
  },
  // Honeycomb
  {
    traceId: 'trace.trace_id',
    spanId: 'trace.span_id',
    parent: 'trace.parent_id',
    name: 'name',
    start: ['Timestamp', 'timestamp', 'time', '@timestamp'],
    duration: 'duration_ms',
    durationUnit: MILLISECOND,
    service: 'service.name',
    kind: 'span.kind',
    status: 'status_code',
    statusMessage: 'status_message',
    rest: '',
  },
  // New Relic
  {
    traceId: 'trace.id',
    spanId: 'id',
    parent: 'parent.id',
    name: 'name',
    start: ['timestamp'],
    duration: 'duration.ms',
    durationUnit: MILLISECOND,
    service: 'service.name',
    kind: 'span.kind',
    rest: '',
  },
];

export const spanRows: DocumentKind = {
  format: 'span-rows',
  hint: /"data"\s*:\s*\[\s*\{[^{}]{0,400}"(?:TraceId|trace\.trace_id|context\.trace_id)"/,
  is: (document) => rowsIn(document).length > 0,
  translate: (document) => otlpOf(rowsIn(document).map(({ row, table }) => spanOf(row, table))),
};

interface Row {
  readonly row: Members;
  readonly table: Table;
}

/** The document itself, what a search has of it, or the rows below `data`, as ClickHouse and Phoenix answer. */
function rowsIn(document: Members): readonly Row[] {
  const table = tableOf(document);
  if (table) return [{ row: document, table }];
  const several = [
    ...[document._source, document.fields].filter(isMembers).slice(0, 1),
    ...membersIn(document.data),
    ...membersIn(membersOf(document.hits).hits).map(({ _source }) => membersOf(_source)),
  ];
  return several.flatMap((row) => {
    const of = tableOf(row);
    return of ? [{ row, table: of }] : [];
  });
}

function tableOf(row: Members): Table | undefined {
  return tables.find(
    (table) =>
      scalarOf(at(row, table.traceId)) !== '' &&
      scalarOf(at(row, table.spanId)) !== '' &&
      typeof at(row, table.name) === 'string' &&
      startOf(row, table) !== undefined &&
      (lengthOf(row, table) !== undefined || nanosOfAnyUnit(end(row, table)) !== undefined),
  );
}

function startOf(row: Members, table: Table): bigint | undefined {
  for (const name of table.start) {
    const start = nanosOfAnyUnit(at(row, name));
    if (start !== undefined) return start;
  }
  return undefined;
}

function lengthOf(row: Members, { duration, durationUnit = 1 }: Table): bigint | undefined {
  return duration === undefined ? undefined : nanosOf(at(row, duration), durationUnit);
}

function end(row: Members, table: Table): unknown {
  return table.end === undefined ? undefined : at(row, table.end);
}

function spanOf(row: Members, table: Table): PlainSpan {
  const of = (path: string | undefined): unknown => (path === undefined ? undefined : at(row, path));
  const start = startOf(row, table);
  const length = lengthOf(row, table);
  const stop = nanosOfAnyUnit(end(row, table)) ?? (start === undefined || length === undefined ? undefined : start + length);
  const status = statusOf(of(table.status));
  return {
    traceId: hexOfAny(of(table.traceId), 16),
    spanId: hexOfAny(of(table.spanId), 8),
    parentSpanId: hexOfAny(of(table.parent), 8),
    name: textOf(of(table.name)) ?? '',
    kind: kindOf(of(table.kind)),
    ...(start === undefined ? {} : { start }),
    ...(stop === undefined ? {} : { end: stop }),
    attributes: { ...objectOf(of(table.attributes)), ...restOf(row, table) },
    events: membersIn(row.events).map((event) => ({
      name: textOf(event.name) ?? '',
      time: nanosOfAnyUnit(event.time ?? event.timestamp),
      attributes: membersOf(event.attributes),
    })),
    links: membersIn(row.links).map((link) => ({
      traceId: link.traceId ?? link.trace_id,
      spanId: link.spanId ?? link.span_id,
      attributes: membersOf(link.attributes),
    })),
    status: status === 0 && row.error === true ? 2 : status,
    statusMessage: textOf(of(table.statusMessage)),
    resource: resourceOf(row, table),
  };
}

/** OpenSearch has `@` for a dot, for a dot is a member there. */
function restOf(row: Members, table: Table): PlainAttributes {
  const found: Record<string, unknown> = Object.create(null);
  if (table.rest === undefined) return found;
  const own = new Set(Object.values(table).flat());
  for (const [key, value] of Object.entries(row)) {
    if (own.has(key) || !key.startsWith(table.rest) || value === null || value === '') continue;
    if (key !== 'events' && key !== 'links') found[key.slice(table.rest.length).replaceAll('@', '.')] = value;
  }
  return found;
}

function resourceOf(row: Members, table: Table): PlainAttributes {
  const found: Record<string, unknown> = Object.create(null);
  if (table.resource !== undefined)
    for (const [key, value] of Object.entries(objectOf(at(row, table.resource)))) found[key] = value;
  const service = table.service === undefined ? undefined : at(row, table.service);
  if (service !== undefined) found['service.name'] ??= service;
  for (const [key, value] of Object.entries(row))
    if (key.startsWith('resource.attributes.')) found[key.slice(20).replaceAll('@', '.')] = value;
  return found;
}
