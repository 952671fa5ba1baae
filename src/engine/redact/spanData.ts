/** A span as plain data on its way out: to the exported API, or to the resolver, which reads what leads to source as it is. */

import type { AttributeValue } from '../../core/model/attributeValue';
import type { SpanBatch } from '../../core/model/batch';
import { isZeroSpanId, spanIdHex, traceIdHex } from '../../core/model/ids';
import type { LogRecord } from '../../core/model/logRecord';
import { wordsToBigint } from '../../core/model/unixNano';
import { readAttributes } from '../../core/model/values';
import type { SpanData } from '../../protocol/traces';
import type { Redactor } from './redactor';

type Attributes = Record<string, AttributeValue>;

/** The span in row `row` of a batch. Events are in order of the input. @param forSource to be resolved, never to be shown */
export function spanDataOf(
  batch: SpanBatch,
  row: number,
  logs: readonly LogRecord[],
  redactor: Redactor,
  forSource = false,
  resources?: SharedResources,
): SpanData {
  const text = (index: number): string => redactor.string(batch.strings, index);
  const redacted = (values: Readonly<Attributes>): Attributes =>
    forSource ? redactor.mapForSource(values) : redactor.map(values);
  const read = (start: number, end: number): Attributes => redacted(readAttributes(batch, start, end));
  const resource = batch.resources[batch.resource[row]];
  const scope = batch.scopes[batch.scope[row]];
  const scopeName = scope ? text(scope.name) : '';
  const version = scope ? text(scope.version) : '';
  const statusMessage = text(batch.statusMessage[row]);
  return {
    traceId: traceIdHex(batch.traceId, row),
    spanId: spanIdHex(batch.spanId, row),
    ...(isZeroSpanId(batch.parentSpanId, row) ? {} : { parentSpanId: spanIdHex(batch.parentSpanId, row) }),
    name: text(batch.name[row]),
    service: resource ? text(resource.service) : '',
    kind: batch.kind[row],
    startTimeUnixNano: wordsToBigint(batch.start, row),
    durationNs: Math.max(0, batch.durationNs[row]),
    status: batch.status[row],
    ...(statusMessage === '' ? {} : { statusMessage }),
    attributes: read(batch.attributeStart[row], batch.attributeEnd[row]),
    resource: sharedOr(resources, batch, row, () => (resource ? read(resource.attributeStart, resource.attributeEnd) : {})),
    ...(scopeName === '' && version === '' ? {} : { scope: { name: scopeName, ...(version === '' ? {} : { version }) } }),
    events: rows(batch.eventStart[row], batch.eventEnd[row]).map((event) => ({
      name: text(batch.events.name[event]),
      timeUnixNano: wordsToBigint(batch.events.time, event),
      attributes: read(batch.events.attributeStart[event], batch.events.attributeEnd[event]),
    })),
    logs: logs.map(({ timeUnixNano, severityNumber, severityText, body, attributes }) => ({
      timeUnixNano,
      severityNumber,
      severityText: redactor.repeated(severityText),
      body: redactor.value('', body),
      attributes: redacted(attributes),
    })),
    links: rows(batch.linkStart[row], batch.linkEnd[row]).map((link) => ({
      traceId: traceIdHex(batch.links.traceId, link),
      spanId: spanIdHex(batch.links.spanId, link),
      attributes: read(batch.links.attributeStart[link], batch.links.attributeEnd[link]),
    })),
  };
}

/** Attributes of resources that were read: all spans of one have the same object. */
export type SharedResources = Map<SpanBatch, Map<number, Attributes>>;

function sharedOr(resources: SharedResources | undefined, batch: SpanBatch, row: number, read: () => Attributes): Attributes {
  if (!resources) return read();
  let ofBatch = resources.get(batch);
  if (!ofBatch) {
    ofBatch = new Map();
    resources.set(batch, ofBatch);
  }
  const known = ofBatch.get(batch.resource[row]) ?? read();
  ofBatch.set(batch.resource[row], known);
  return known;
}

function rows(start: number, end: number): number[] {
  return Array.from({ length: end - start }, (_, i) => start + i);
}
