/** Everything about the span that a person selected. */

import { isZeroSpanId, spanIdHex, traceIdHex } from '../../core/model/ids';
import type { LogRecord } from '../../core/model/logRecord';
import { FLAG_DEFECT, FLAG_ORPHAN, FLAG_RUNNING, type SpanTable } from '../../core/model/table';
import { readValue } from '../../core/model/values';
import type { ShownEvent, ShownException, ShownLink, SpanDetails } from '../../protocol/details';
import { MAX_STACK, shownAttributes } from '../redact/boundedValues';
import type { Redactor } from '../redact/redactor';
import type { OpenedTrace } from './assembledTraces';
import { loggedExceptions, shownLogs, withLogged } from './logDetails';
import { wordsToBigint } from './spanData';

const KINDS: readonly string[] = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'];
const STATUSES: readonly SpanDetails['status'][] = ['unset', 'ok', 'error'];

/** Details of row `row`. */
export function spanDetailsOf(
  opened: OpenedTrace,
  row: number,
  selfNs: number,
  logs: readonly LogRecord[],
  redactor: Redactor,
): SpanDetails {
  const { table } = opened;
  const batch = table.batches[table.batch[row]];
  const at = table.batchRow[row];
  const { strings } = batch;
  const attributes = (start: number, end: number) => shownAttributes(batch, start, end, redactor);
  const resource = batch.resources[batch.resource[at]];
  const scope = batch.scopes[batch.scope[at]];
  const scopeName = scope ? strings.get(scope.name) : '';
  const version = scope ? strings.get(scope.version) : '';
  const durationNs = table.durationNsOf[row];
  const statusMessage = redactor.text(strings.get(batch.statusMessage[at]));
  const traceState = strings.get(batch.traceState[at]);
  return {
    revision: opened.revision,
    row,
    spanId: spanIdHex(table.spanId, row),
    ...(isZeroSpanId(batch.parentSpanId, at) ? {} : { parentSpanId: spanIdHex(batch.parentSpanId, at) }),
    name: table.strings.get(table.name[row]),
    service: table.strings.get(table.service[row]),
    kind: KINDS[table.kind[row]] ?? KINDS[0],
    status: STATUSES[table.status[row]] ?? 'unset',
    ...(statusMessage === '' ? {} : { statusMessage }),
    startUnixNano: String(wordsToBigint(batch.start, at)),
    startNs: table.startNs[row],
    correctionNs: table.correctionNs?.[row] ?? 0,
    durationNs,
    selfNs,
    share: table.durationNs > 0 ? durationNs / table.durationNs : 0,
    running: (table.flags[row] & FLAG_RUNNING) !== 0,
    attributes: attributes(batch.attributeStart[at], batch.attributeEnd[at]),
    events: eventsOf(table, row, redactor),
    links: linksOf(table, row, redactor),
    logs: shownLogs(table, logs, redactor),
    logCount: logs.length,
    exceptions: withLogged(exceptionsOf(table, row, redactor), loggedExceptions(table, logs, redactor)),
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
    defects: defectsOf(table, row),
  };
}

/** Nanoseconds from the trace's start at which an event happened. */
export function eventAtNs(table: SpanTable, row: number, event: number): number {
  const batch = table.batches[table.batch[row]];
  return Number(wordsToBigint(batch.events.time, event) - table.startUnixNano);
}

function eventsOf(table: SpanTable, row: number, redactor: Redactor): ShownEvent[] {
  const batch = table.batches[table.batch[row]];
  const { events, strings } = batch;
  const at = table.batchRow[row];
  const out: ShownEvent[] = [];
  for (let event = batch.eventStart[at]; event < batch.eventEnd[at]; event++) {
    const attributes = shownAttributes(batch, events.attributeStart[event], events.attributeEnd[event], redactor);
    out.push({ name: redactor.text(strings.get(events.name[event])), atNs: eventAtNs(table, row, event), attributes });
  }
  return out.sort((a, b) => a.atNs - b.atNs);
}

function linksOf(table: SpanTable, row: number, redactor: Redactor): ShownLink[] {
  const batch = table.batches[table.batch[row]];
  const { links } = batch;
  const at = table.batchRow[row];
  const out: ShownLink[] = [];
  for (let link = batch.linkStart[at]; link < batch.linkEnd[at]; link++) {
    const traceId = traceIdHex(links.traceId, link);
    const spanId = spanIdHex(links.spanId, link);
    const target = traceId === table.traceId ? rowOfSpan(table, links.spanId[link * 2], links.spanId[link * 2 + 1]) : -1;
    const attributes = shownAttributes(batch, links.attributeStart[link], links.attributeEnd[link], redactor);
    out.push({ traceId, spanId, attributes, ...(target < 0 ? {} : { row: target }) });
  }
  return out;
}

/** Row of a span id in two words, or -1. */
export function rowOfSpan(table: SpanTable, high: number, low: number): number {
  const { spanId, count } = table;
  for (let row = 0; row < count; row++) if (spanId[row * 2 + 1] === low && spanId[row * 2] === high) return row;
  return -1;
}

/**
 * Exceptions: of events, and of the span's own attributes. Source: semantic-conventions, "Exceptions" (event `exception`; some
 * instrumentations put the attributes on the span itself, or on events of other names).
 */
function exceptionsOf(table: SpanTable, row: number, redactor: Redactor): ShownException[] {
  const batch = table.batches[table.batch[row]];
  const at = table.batchRow[row];
  const out: ShownException[] = [];
  const read = (start: number, end: number, isException: boolean, atNs: number | undefined): void => {
    const texts: Record<string, string> = { type: '', message: '', stacktrace: '' };
    let found = isException;
    for (let i = start; i < end; i++) {
      const key = batch.strings.get(batch.attributes.key[i]);
      if (!key.startsWith('exception.') || redactor.hides(key)) continue;
      const value = readValue(batch, i);
      found = true;
      texts[key.slice('exception.'.length)] = Array.isArray(value) ? value.join('\n') : String(value ?? '');
    }
    if (!found || (texts.type === '' && texts.message === '' && texts.stacktrace === '')) return;
    const stack = redactor.text(texts.stacktrace).slice(0, MAX_STACK);
    out.push({ type: texts.type, message: redactor.text(texts.message), stack, ...(atNs === undefined ? {} : { atNs }) });
  };
  for (let event = batch.eventStart[at]; event < batch.eventEnd[at]; event++) {
    const isException = batch.strings.get(batch.events.name[event]) === 'exception';
    const { attributeStart, attributeEnd } = batch.events;
    read(attributeStart[event], attributeEnd[event], isException, eventAtNs(table, row, event));
  }
  if (out.length === 0) read(batch.attributeStart[at], batch.attributeEnd[at], false, undefined);
  return out;
}

function defectsOf(table: SpanTable, row: number): string[] {
  const spanId = spanIdHex(table.spanId, row);
  const named = table.defects.filter((defect) => defect.spanIds?.includes(spanId)).map((defect) => defect.message);
  if (named.length > 0) return named;
  const flags = table.flags[row];
  if ((flags & FLAG_ORPHAN) !== 0) return ['Its parent is not in the trace.'];
  return (flags & FLAG_DEFECT) !== 0 ? ['Its data was repaired; the trace says how.'] : [];
}
