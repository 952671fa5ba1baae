/**
 * Requests and dependencies of Azure's Application Insights: the answer of a query (tables of columns and rows), its rows as objects, and the items that
 * SDKs send and Visual Studio shows ("Application Insights Telemetry").
 * Sources: learn.microsoft.com, "Azure Monitor Logs reference", tables requests and dependencies; ApplicationInsights-Home, EndpointSpecs/Schemas.
 */

import { type DocumentKind, membersIn, membersOf, scalarOf, textOf } from '../documents/kind';
import type { Members } from '../documents/literal';
import { at, hexOfAny, nanosOf, nanosOfStart, nanosOfTimeSpan, objectOf } from '../documents/members';
import { otlpOf, type PlainAttributes, type PlainSpan } from '../documents/plainSpan';

const MILLISECOND = 1_000_000;
const SERVER = 2;
const CLIENT = 3;

export const applicationInsights: DocumentKind = {
  format: 'application-insights',
  hint: /"name"\s*:\s*"PrimaryResult"/,
  is: (document) => rowsIn(document).length > 0 || isItem(document),
  translate: (document) => otlpOf(isItem(document) ? [spanOfItem(document)] : rowsIn(document).map(spanOfRow)),
};

/** Names of a workspace's tables are others than those of the product's own. */
const names: Readonly<Record<string, readonly string[]>> = {
  trace: ['operation_Id', 'OperationId'],
  id: ['id', 'Id'],
  parent: ['operation_ParentId', 'ParentId', 'OperationParentId'],
  name: ['name', 'Name'],
  time: ['timestamp', 'timestamp [UTC]', 'TimeGenerated', 'TimeGenerated [UTC]'],
  duration: ['duration', 'DurationMs'],
  success: ['success', 'Success'],
  code: ['resultCode', 'ResultCode'],
  role: ['cloud_RoleName', 'AppRoleName'],
  type: ['itemType', 'Type'],
  target: ['target', 'Target'],
  data: ['data', 'Data', 'url', 'Url'],
  properties: ['customDimensions', 'Properties'],
};

function column(row: Members, name: string): unknown {
  return at(row, ...names[name]);
}

/** The row itself, or those of a query's answer, as objects. */
function rowsIn(document: Members): readonly Members[] {
  if (isRow(document)) return [document];
  return membersIn(document.tables ?? document.Tables).flatMap(({ columns, Columns, rows, Rows }) => {
    const titles = membersIn(columns ?? Columns).map((one) => scalarOf(one.name ?? one.ColumnName));
    const list: unknown = rows ?? Rows;
    return (Array.isArray(list) ? list : []).flatMap((cells) => {
      if (!Array.isArray(cells)) return [];
      const row: Record<string, unknown> = Object.create(null);
      // There may be many more of the one than of the other.
      const width = Math.min(titles.length, cells.length);
      for (let i = 0; i < width; i++) row[titles[i]] = cells[i];
      return isRow(row) ? [row] : [];
    });
  });
}

function isRow(row: Members): boolean {
  return (
    scalarOf(column(row, 'trace')) !== '' &&
    scalarOf(column(row, 'id')) !== '' &&
    nanosOfStart(column(row, 'time')) !== undefined &&
    nanosOf(column(row, 'duration'), MILLISECOND) !== undefined
  );
}

function isItem({ time, data }: Members): boolean {
  const { baseType, baseData } = membersOf(data);
  const is = baseType === 'RequestData' || baseType === 'RemoteDependencyData';
  return is && nanosOfStart(time) !== undefined && membersOf(baseData).id !== undefined;
}

function spanOfRow(row: Members): PlainSpan {
  const start = nanosOfStart(column(row, 'time'));
  const length = nanosOf(column(row, 'duration'), MILLISECOND);
  const type = scalarOf(column(row, 'type')).toLowerCase();
  return {
    ...idsOf(column(row, 'trace'), column(row, 'id'), column(row, 'parent')),
    name: textOf(column(row, 'name')) ?? '',
    kind: /request/.test(type) ? SERVER : /dependenc/.test(type) ? CLIENT : 0,
    ...timesOf(start, length),
    attributes: attributesOf(column(row, 'properties'), column(row, 'code'), column(row, 'target'), column(row, 'data')),
    status: isFalse(column(row, 'success')) ? 2 : 0,
    resource: serviceOf(column(row, 'role')),
  };
}

function spanOfItem({ time, tags, data }: Members): PlainSpan {
  const { baseType, baseData } = membersOf(data);
  const item = membersOf(baseData);
  const context = membersOf(tags);
  return {
    ...idsOf(context['ai.operation.id'], item.id, context['ai.operation.parentId']),
    name: textOf(item.name) ?? '',
    kind: baseType === 'RequestData' ? SERVER : CLIENT,
    ...timesOf(nanosOfStart(time), nanosOfTimeSpan(scalarOf(item.duration))),
    attributes: attributesOf(item.properties, item.responseCode ?? item.resultCode, item.target, item.url ?? item.data),
    status: isFalse(item.success) ? 2 : 0,
    resource: serviceOf(context['ai.cloud.role']),
  };
}

/** Older SDKs have `|trace.span.` for an id. */
function idsOf(trace: unknown, id: unknown, parent: unknown): Pick<PlainSpan, 'traceId' | 'spanId' | 'parentSpanId'> {
  const last = (value: unknown): string | undefined => {
    const parts = scalarOf(value).replace(/^\|/, '').replace(/\.$/, '').split('.');
    return hexOfAny(parts.at(-1), 8);
  };
  const isRoot = scalarOf(parent) === scalarOf(trace);
  return { traceId: hexOfAny(trace, 16), spanId: last(id), parentSpanId: isRoot ? undefined : last(parent) };
}

function timesOf(start: bigint | undefined, length: bigint | undefined): Pick<PlainSpan, 'start' | 'end'> {
  if (start === undefined) return {};
  return length === undefined ? { start } : { start, end: start + length };
}

function attributesOf(properties: unknown, code: unknown, target: unknown, data: unknown): PlainAttributes {
  const found: Record<string, unknown> = Object.create(null);
  if (scalarOf(code) !== '') found['http.response.status_code'] = /^\d{3}$/.test(scalarOf(code)) ? Number(code) : code;
  if (scalarOf(target) !== '') found['server.address'] = target;
  if (scalarOf(data) !== '') found[/^https?:/.test(scalarOf(data)) ? 'url.full' : 'db.query.text'] = data;
  for (const [key, value] of Object.entries(objectOf(properties))) found[key] = value;
  return found;
}

function isFalse(value: unknown): boolean {
  return value === false || /^(?:false|0)$/i.test(scalarOf(value));
}

function serviceOf(role: unknown): PlainAttributes {
  return scalarOf(role) === '' ? {} : { 'service.name': role };
}
