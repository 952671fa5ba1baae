/** A span as plain data, for the exported API and the source resolver. */

import type { SpanBatch } from '../../core/model/batch';
import { isZeroSpanId, spanIdHex, traceIdHex } from '../../core/model/ids';
import type { LogRecord } from '../../core/model/logRecord';
import { type AttributeValue, readAttributes } from '../../core/model/values';
import type { SpanData } from '../../protocol/traces';

type Attributes = Readonly<Record<string, AttributeValue>>;
/** What is done to attributes before they are handed on. */
export type Filter = (values: Attributes) => Record<string, AttributeValue>;

/** The span in row `row` of a batch. Events are in order of the input. */
export function spanDataOf(batch: SpanBatch, row: number, logs: readonly LogRecord[], filter: Filter): SpanData {
  const { strings } = batch;
  const read = (start: number, end: number): Record<string, AttributeValue> => filter(readAttributes(batch, start, end));
  const resource = batch.resources[batch.resource[row]];
  const scope = batch.scopes[batch.scope[row]];
  const scopeName = scope ? strings.get(scope.name) : '';
  const version = scope ? strings.get(scope.version) : '';
  const statusMessage = strings.get(batch.statusMessage[row]);
  return {
    traceId: traceIdHex(batch.traceId, row),
    spanId: spanIdHex(batch.spanId, row),
    ...(isZeroSpanId(batch.parentSpanId, row) ? {} : { parentSpanId: spanIdHex(batch.parentSpanId, row) }),
    name: strings.get(batch.name[row]),
    service: resource ? strings.get(resource.service) : '',
    kind: batch.kind[row],
    startTimeUnixNano: wordsToBigint(batch.start, row),
    durationNs: Math.max(0, batch.durationNs[row]),
    status: batch.status[row],
    ...(statusMessage === '' ? {} : { statusMessage }),
    attributes: read(batch.attributeStart[row], batch.attributeEnd[row]),
    resource: resource ? read(resource.attributeStart, resource.attributeEnd) : {},
    ...(scopeName === '' && version === '' ? {} : { scope: { name: scopeName, ...(version === '' ? {} : { version }) } }),
    events: rows(batch.eventStart[row], batch.eventEnd[row]).map((event) => ({
      name: strings.get(batch.events.name[event]),
      timeUnixNano: wordsToBigint(batch.events.time, event),
      attributes: read(batch.events.attributeStart[event], batch.events.attributeEnd[event]),
    })),
    logs: logs.map(({ timeUnixNano, severityNumber, severityText, body, attributes }) => ({
      timeUnixNano,
      severityNumber,
      severityText,
      body: filter({ body }).body,
      attributes: filter(attributes),
    })),
    links: rows(batch.linkStart[row], batch.linkEnd[row]).map((link) => ({
      traceId: traceIdHex(batch.links.traceId, link),
      spanId: spanIdHex(batch.links.spanId, link),
      attributes: read(batch.links.attributeStart[link], batch.links.attributeEnd[link]),
    })),
  };
}

/** The 64 bits at row `row` of a column with two words a row, low word first. */
export function wordsToBigint(words: Uint32Array, row: number): bigint {
  return (BigInt(words[row * 2 + 1]) << 32n) | BigInt(words[row * 2]);
}

function rows(start: number, end: number): number[] {
  return Array.from({ length: end - start }, (_, i) => start + i);
}
