/** Everything about the span that a person selected. */

import type { SpanBatch } from '../../core/model/batch';
import { isZeroSpanId, spanIdHex, traceIdHex } from '../../core/model/ids';
import type { LogRecord } from '../../core/model/logRecord';
import { FLAG_DEFECT, FLAG_ORPHAN, FLAG_RUNNING, type SpanTable } from '../../core/model/table';
import { eventAtNs, wordsToBigint } from '../../core/model/unixNano';
import type { ShownEvent, ShownLink, SpanDetails } from '../../protocol/details';
import { type Bounds, beginning, shownAttributes, shownBounds } from '../redact/boundedValues';
import { recordedExceptions } from '../redact/redactedExceptions';
import { loggedExceptions, redactedLogs, withLogged } from '../redact/redactedLogs';
import { redactedCorrections } from '../redact/redactedOverview';
import type { Redactor } from '../redact/redactor';
import { eventsInOrder } from '../redact/spanText';
import type { AssembledTrace } from './assembledTraces';

const KINDS: readonly string[] = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'];
const STATUSES: readonly SpanDetails['status'][] = ['unset', 'ok', 'error'];

/** Details of row `row`, with the beginning of its texts. */
export function spanDetailsOf(
  trace: AssembledTrace,
  row: number,
  selfNs: number,
  logs: readonly LogRecord[],
  redactor: Redactor,
): SpanDetails {
  const bounds = shownBounds;
  const { table } = trace;
  const batch = table.batches[table.batch[row]];
  const at = table.batchRow[row];
  const text = (index: number): string => redactor.string(batch.strings, index);
  const attributes = (start: number, end: number) => shownAttributes(batch, start, end, redactor, bounds);
  const resource = batch.resources[batch.resource[at]];
  const scope = batch.scopes[batch.scope[at]];
  const scopeName = scope ? text(scope.name) : '';
  const version = scope ? text(scope.version) : '';
  const durationNs = table.durationNsOf[row];
  const name = redactor.string(table.strings, table.name[row]);
  const statusMessage = text(batch.statusMessage[at]);
  const traceState = text(batch.traceState[at]);
  return {
    revision: trace.revision,
    row,
    spanId: spanIdHex(table.spanId, row),
    ...(isZeroSpanId(batch.parentSpanId, at) ? {} : { parentSpanId: spanIdHex(batch.parentSpanId, at) }),
    name: beginning(name, bounds.value),
    ...(name.length > bounds.value ? { nameLength: name.length } : {}),
    service: redactor.string(table.strings, table.service[row]),
    kind: KINDS[table.kind[row]] ?? KINDS[0],
    status: STATUSES[table.status[row]] ?? 'unset',
    ...(statusMessage === '' ? {} : { statusMessage: beginning(statusMessage, bounds.value) }),
    ...(statusMessage.length > bounds.value ? { statusLength: statusMessage.length } : {}),
    startUnixNano: String(wordsToBigint(batch.start, at)),
    startNs: table.startNs[row],
    correctionNs: table.correctionNs?.[row] ?? 0,
    durationNs,
    selfNs,
    share: table.durationNs > 0 ? durationNs / table.durationNs : 0,
    running: (table.flags[row] & FLAG_RUNNING) !== 0,
    attributes: attributes(batch.attributeStart[at], batch.attributeEnd[at]),
    events: eventsOf(table, row, redactor, bounds),
    links: linksOf(table, row, redactor, bounds),
    logs: redactedLogs(table, logs, redactor, bounds),
    logCount: logs.length,
    exceptions: withLogged(recordedExceptions(table, row, redactor, bounds), loggedExceptions(table, logs, redactor, bounds)),
    resource: resource ? attributes(resource.attributeStart, resource.attributeEnd) : [],
    ...(scope && (scopeName !== '' || version !== '')
      ? {
          scope: {
            name: scopeName,
            ...(version === '' ? {} : { version }),
            attributes: attributes(scope.attributeStart, scope.attributeEnd),
          },
        }
      : {}),
    ...(traceState === '' ? {} : { traceState }),
    defects: defectsOf(table, row, redactor),
  };
}

function eventsOf(table: SpanTable, row: number, redactor: Redactor, bounds: Bounds): ShownEvent[] {
  const batch = table.batches[table.batch[row]];
  const { events, strings } = batch;
  return eventsInOrder(table, row).map(({ event, atNs }) => {
    const attributes = shownAttributes(batch, events.attributeStart[event], events.attributeEnd[event], redactor, bounds);
    return { name: redactor.string(strings, events.name[event]), ...(atNs === undefined ? {} : { atNs }), attributes };
  });
}

/** Events that a hover names. */
const MAX_NAMED = 4;

/** The first events of a row in a range of time, by name, and how many there are. */
export function eventsWithin(
  table: SpanTable,
  row: number,
  { fromNs, toNs }: { readonly fromNs: number; readonly toNs: number },
  redactor: Redactor,
): { events: { name: string; atNs: number }[]; eventCount: number } {
  const batch = table.batches[table.batch[row]];
  const at = table.batchRow[row];
  const events: { name: string; atNs: number }[] = [];
  let eventCount = 0;
  for (let event = batch.eventStart[at]; event < batch.eventEnd[at]; event++) {
    const atNs = eventAtNs(table, row, event);
    if (atNs === undefined || atNs < fromNs || atNs > toNs || ++eventCount > MAX_NAMED) continue;
    events.push({ name: redactor.string(batch.strings, batch.events.name[event]), atNs });
  }
  return { events, eventCount };
}

function linksOf(table: SpanTable, row: number, redactor: Redactor, bounds: Bounds): ShownLink[] {
  const batch = table.batches[table.batch[row]];
  const { links } = batch;
  const at = table.batchRow[row];
  const out: ShownLink[] = [];
  const targets = targetsOf(table, links, batch.linkStart[at], batch.linkEnd[at]);
  for (let link = batch.linkStart[at]; link < batch.linkEnd[at]; link++) {
    const traceId = traceIdHex(links.traceId, link);
    const spanId = spanIdHex(links.spanId, link);
    const target = targets.get(link);
    const attributes = shownAttributes(batch, links.attributeStart[link], links.attributeEnd[link], redactor, bounds);
    out.push({ traceId, spanId, attributes, ...(target === undefined ? {} : { row: target }) });
  }
  return out;
}

/** Rows to which links lead within the trace, by link. The trace is looked through once, however many links there are. */
function targetsOf(table: SpanTable, links: SpanBatch['links'], from: number, to: number): ReadonlyMap<number, number> {
  const wanted = new Map<string, number[]>();
  const lows = new Set<number>();
  for (let link = from; link < to; link++) {
    if (traceIdHex(links.traceId, link) !== table.traceId) continue;
    const key = spanIdHex(links.spanId, link);
    const others = wanted.get(key);
    if (others) others.push(link);
    else wanted.set(key, [link]);
    lows.add(links.spanId[link * 2 + 1]);
  }
  const found = new Map<number, number>();
  for (let row = 0; row < table.count && wanted.size > 0; row++) {
    if (!lows.has(table.spanId[row * 2 + 1])) continue;
    const key = spanIdHex(table.spanId, row);
    for (const link of wanted.get(key) ?? []) found.set(link, row);
    wanted.delete(key);
  }
  return found;
}

/** Row of a span id in two words, or -1. */
export function rowOfSpan(table: SpanTable, high: number, low: number): number {
  const { spanId, count } = table;
  for (let row = 0; row < count; row++) if (spanId[row * 2 + 1] === low && spanId[row * 2] === high) return row;
  return -1;
}

function defectsOf(table: SpanTable, row: number, redactor: Redactor): string[] {
  const spanId = spanIdHex(table.spanId, row);
  const { defects } = redactedCorrections(table, redactor);
  const named = defects.filter((defect) => defect.spanIds?.includes(spanId)).map((defect) => defect.message);
  if (named.length > 0) return named;
  const flags = table.flags[row];
  if ((flags & FLAG_ORPHAN) !== 0) return ['Its parent is not in the trace.'];
  return (flags & FLAG_DEFECT) !== 0 ? ['Its data was repaired; the trace says how.'] : [];
}
