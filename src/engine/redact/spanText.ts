/** One text of a span as a whole, as its details have the beginning of it: found without a look at the others, which may be as long. */

import type { AttributeValue } from '../../core/model/attributeValue';
import type { SpanBatch } from '../../core/model/batch';
import type { LogRecord } from '../../core/model/logRecord';
import type { SpanTable } from '../../core/model/table';
import { eventAtNs } from '../../core/model/unixNano';
import type { ShownAttribute } from '../../protocol/details';
import type { TextAddress } from '../../protocol/texts';
import { noBounds, shownAttribute, shownAttributes, shownValue } from './boundedValues';
import { recordedExceptions } from './redactedExceptions';
import { loggedExceptions, withLogged } from './redactedLogs';
import type { Redactor } from './redactor';

/** Undefined where the span does not have it. */
export function spanTextOf(
  table: SpanTable,
  row: number,
  logs: readonly LogRecord[],
  address: TextAddress,
  redactor: Redactor,
): string | undefined {
  const batch = table.batches[table.batch[row]];
  switch (address.of) {
    case 'name':
      return redactor.string(table.strings, table.name[row]);
    case 'status':
      return redactor.string(batch.strings, batch.statusMessage[table.batchRow[row]]);
    case 'logBody':
      return logs[address.at] && shownValue(logs[address.at].body, redactor, noBounds).text;
    case 'exception': {
      const recorded = recordedExceptions(table, row, redactor, noBounds);
      const all =
        address.at < recorded.length ? recorded : withLogged(recorded, loggedExceptions(table, logs, redactor, noBounds));
      return all[address.at]?.[address.part];
    }
    default: {
      // What was listed at this place may be at another one by now, where the span has changed.
      const found =
        address.of === 'log' ? ofLog(logs[address.at], address.index, redactor) : ofBatch(table, row, address, redactor);
      return found?.key === address.key ? found.value.text : undefined;
    }
  }
}

function ofLog(log: LogRecord | undefined, index: number, redactor: Redactor): ShownAttribute | undefined {
  const entry: readonly [string, AttributeValue] | undefined = Object.entries(log?.attributes ?? {})[index];
  return entry && shownAttribute(entry[0], redactor, () => shownValue(entry[1], redactor, noBounds));
}

type Attribute = Extract<TextAddress, { readonly index: number }>;

function ofBatch(table: SpanTable, row: number, address: Attribute, redactor: Redactor): ShownAttribute | undefined {
  const batch = table.batches[table.batch[row]];
  const [start, end] = rangeOf(batch, table, row, address) ?? [0, 0];
  const at = start + address.index;
  return address.index < 0 || at >= end ? undefined : shownAttributes(batch, at, at + 1, redactor, noBounds)[0];
}

/** Rows of the attributes `[start, end)`. */
function rangeOf(batch: SpanBatch, table: SpanTable, row: number, address: Attribute): readonly [number, number] | undefined {
  const at = table.batchRow[row];
  switch (address.of) {
    case 'attribute':
      return [batch.attributeStart[at], batch.attributeEnd[at]];
    case 'resource': {
      const resource = batch.resources[batch.resource[at]];
      return resource && [resource.attributeStart, resource.attributeEnd];
    }
    case 'scope': {
      const scope = batch.scopes[batch.scope[at]];
      return scope && [scope.attributeStart, scope.attributeEnd];
    }
    case 'event': {
      const event = eventsInOrder(table, row)[address.at]?.event;
      return event === undefined ? undefined : [batch.events.attributeStart[event], batch.events.attributeEnd[event]];
    }
    case 'link': {
      const link = batch.linkStart[at] + address.at;
      const isHere = address.at >= 0 && link < batch.linkEnd[at];
      return isHere ? [batch.links.attributeStart[link], batch.links.attributeEnd[link]] : undefined;
    }
    default:
      return undefined;
  }
}

/** Events of a row as its details list them: by time, those without one at the end. @returns rows of the batch's events, nanoseconds from the trace's start */
export function eventsInOrder(
  table: SpanTable,
  row: number,
): readonly { readonly event: number; readonly atNs: number | undefined }[] {
  const batch = table.batches[table.batch[row]];
  const at = table.batchRow[row];
  const out: { event: number; atNs: number | undefined }[] = [];
  for (let event = batch.eventStart[at]; event < batch.eventEnd[at]; event++)
    out.push({ event, atNs: eventAtNs(table, row, event) });
  return out.sort((a, b) => (a.atNs ?? Number.POSITIVE_INFINITY) - (b.atNs ?? Number.POSITIVE_INFINITY) || 0);
}
