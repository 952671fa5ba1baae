/**
 * Spans as rows: one object each, whose members are the columns of some table, as databases and tables of products are exported. They differ in names and
 * units alone (`spanTables.ts`).
 */

import { type DocumentKind, isMembers, membersIn, membersOf, scalarOf, textOf } from '../documents/kind';
import type { Members } from '../documents/literal';
import { at, flatOf, hexOfAny, kindOf, nanosOf, nanosOfAnyUnit, objectOf, statusOf } from '../documents/members';
import { otlpOf, type PlainAttributes, type PlainSpan } from '../documents/plainSpan';
import { type SpanTable, spanTables } from './spanTables';

const MILLISECOND = 1_000_000;

export const spanRows: DocumentKind = {
  format: 'span-rows',
  inParts: (document) => tableOf(document) === undefined,
  hint: /"data"\s*:\s*\[\s*\{[^{}]{0,400}"(?:TraceId|trace\.trace_id|context\.trace_id)"/,
  is: (document) => rowsIn(document).length > 0,
  translate: (document) => otlpOf(rowsIn(document).map(({ row, table }) => spanOf(row, table))),
};

interface Row {
  readonly row: Members;
  readonly table: SpanTable;
}

/** The document itself, what a search has of it, or the rows below `data`, as ClickHouse and Phoenix answer. */
function rowsIn(document: Members): readonly Row[] {
  const table = tableOf(document);
  if (table) return [{ row: document, table }];
  const several = [
    ...[document._source, document.fields].filter(isMembers).slice(0, 1),
    ...membersIn(document.data),
    // New Relic's have in common what stands beside them.
    ...membersIn(document.spans).map((span) => (isMembers(document.common) ? { ...span, common: document.common } : span)),
    ...membersIn(membersOf(document.hits).hits).map(({ _source }) => membersOf(_source)),
  ];
  return several.flatMap((row) => {
    const of = tableOf(row);
    return of ? [{ row, table: of }] : [];
  });
}

function tableOf(row: Members): SpanTable | undefined {
  return spanTables.find(
    (table) =>
      scalarOf(at(row, ...table.traceId)) !== '' &&
      scalarOf(at(row, ...table.spanId)) !== '' &&
      typeof at(row, ...table.name) === 'string' &&
      startOf(row, table) !== undefined &&
      (lengthOf(row, table) !== undefined || stopOf(row, table) !== undefined),
  );
}

function startOf(row: Members, { start }: SpanTable): bigint | undefined {
  return nanosOfAnyUnit(at(row, ...start));
}

function stopOf(row: Members, { end = [] }: SpanTable): bigint | undefined {
  return nanosOfAnyUnit(at(row, ...end));
}

function lengthOf(row: Members, { duration = [], milliseconds = [] }: SpanTable): bigint | undefined {
  return nanosOf(at(row, ...duration), 1) ?? nanosOf(at(row, ...milliseconds), MILLISECOND);
}

function spanOf(row: Members, table: SpanTable): PlainSpan {
  const of = (paths: readonly string[] = []): unknown => at(row, ...paths);
  const start = startOf(row, table);
  const length = lengthOf(row, table);
  const end = stopOf(row, table) ?? (start === undefined || length === undefined ? undefined : start + length);
  const status = statusOf(of(table.status));
  return {
    traceId: hexOfAny(of(table.traceId), 16),
    spanId: hexOfAny(of(table.spanId), 8),
    parentSpanId: hexOfAny(of(table.parent), 8),
    name: textOf(of(table.name)) ?? '',
    kind: kindOf(of(table.kind)),
    ...(start === undefined ? {} : { start }),
    ...(end === undefined ? {} : { end }),
    attributes: { ...flatOf(objectOf(of(table.attributes))), ...restOf(row, table) },
    events: [...membersIn(row.events), ...joined(row, 'Events')].map((event) => ({
      name: textOf(event.name ?? event.Name) ?? '',
      time: nanosOfAnyUnit(event.time ?? event.timestamp ?? event.Timestamp),
      attributes: objectOf(event.attributes ?? event.Attributes),
    })),
    links: [...membersIn(row.links), ...joined(row, 'Links')].map((link) => ({
      traceId: link.traceId ?? link.trace_id ?? link.TraceId,
      spanId: link.spanId ?? link.span_id ?? link.SpanId,
      attributes: objectOf(link.attributes ?? link.Attributes),
    })),
    status: status === 0 && (row.error === true || scalarOf(row.error) !== '') ? 2 : status,
    statusMessage: textOf(of(table.statusMessage)) ?? textOf(row.error),
    resource: resourceOf(row, table),
  };
}

/** Of ClickHouse's nested columns, each a list (`Events.Name`, or `Events` with `Name` in it): what has one place in all. */
function joined(row: Members, name: string): readonly Members[] {
  const found: Record<string, unknown>[] = [];
  const columns = Object.entries(row).filter(([key]) => key.startsWith(`${name}.`));
  for (const [key, list] of [...columns, ...Object.entries(membersOf(row[name]))]) {
    if (!Array.isArray(list)) continue;
    const column = key.slice(key.indexOf('.') + 1);
    list.forEach((value, i) => {
      found[i] ??= Object.create(null);
      found[i][column] = value;
    });
  }
  return found;
}

/** OpenSearch has `@` for a dot, for a dot is a member there. */
function restOf(row: Members, { rest, ...columns }: SpanTable): PlainAttributes {
  const found: Record<string, unknown> = Object.create(null);
  if (rest === undefined) return found;
  const own = new Set([...Object.values(columns).flat(), 'events', 'links', 'common']);
  for (const [key, value] of Object.entries(row)) {
    if (own.has(key) || !key.startsWith(rest) || value === null || value === '') continue;
    found[key.slice(rest.length).replaceAll('@', '.')] = value;
  }
  return found;
}

function resourceOf(row: Members, { resource = [], service = [] }: SpanTable): PlainAttributes {
  const found: Record<string, unknown> = Object.create(null);
  for (const [key, value] of Object.entries(flatOf(objectOf(at(row, ...resource))))) found[key] = value;
  const named = at(row, ...service);
  if (scalarOf(named) !== '') found['service.name'] ??= named;
  for (const [key, value] of Object.entries(row))
    if (key.startsWith('resource.attributes.')) found[key.slice(20).replaceAll('@', '.')] = value;
  return found;
}
