/**
 * Spans as OTLP/JSON: one `ExportTraceServiceRequest`, its resources and scopes grouped, in pieces of text so that an export of any
 * size needs little memory. Values go out with the type that they came in with.
 * Source of the form: opentelemetry-proto docs/specification.md, "JSON Protobuf Encoding".
 */

import { type AnyValueJson, anyValueOfRow } from '../../model/anyValue';
import { BATCH_NO_END, type SpanBatch } from '../../model/batch';
import { isZeroSpanId, spanIdHex, traceIdHex } from '../../model/ids';
import { endOf, groupRows, type RowSelection } from './groupRows';

const PIECE = 1 << 16;

/** @param write takes the text, piece by piece */
export function encodeOtlpJson(selections: Iterable<RowSelection>, write: (chunk: string) => void): void {
  let text = '{"resourceSpans":[';
  let resources = 0;
  for (const { batch, resource, scopes } of groupRows(selections)) {
    const { attributeStart, attributeEnd, schemaUrl = 0 } = batch.resources[resource];
    text += `${resources++ === 0 ? '' : ','}{"resource":{${attributes(batch, attributeStart, attributeEnd)}},"scopeSpans":[`;
    let groups = 0;
    for (const { scope, rows } of scopes) {
      text += `${groups++ === 0 ? '' : ','}{"scope":{${scopeMembers(batch, scope)}},"spans":[`;
      for (let i = 0; i < rows.length; i++) {
        text += (i === 0 ? '' : ',') + span(batch, rows[i]);
        if (text.length < PIECE) continue;
        write(text);
        text = '';
      }
      text += `]${schema(batch, batch.scopes[scope].schemaUrl ?? 0)}}`;
    }
    text += `]${schema(batch, schemaUrl)}}`;
  }
  write(`${text}]}`);
}

function schema(batch: SpanBatch, index: number): string {
  return index === 0 ? '' : `,"schemaUrl":${JSON.stringify(batch.strings.get(index))}`;
}

/** A member that is left out when it is 0. */
function count(name: string, value: number | undefined): string {
  return value === undefined || value === 0 ? '' : `,"${name}":${value}`;
}

function scopeMembers(batch: SpanBatch, index: number): string {
  const scope = batch.scopes[index];
  const members = [];
  if (scope.name !== 0) members.push(`"name":${JSON.stringify(batch.strings.get(scope.name))}`);
  if (scope.version !== 0) members.push(`"version":${JSON.stringify(batch.strings.get(scope.version))}`);
  if (scope.attributeEnd > scope.attributeStart) members.push(attributes(batch, scope.attributeStart, scope.attributeEnd));
  return members.join(',');
}

function span(batch: SpanBatch, row: number): string {
  const { strings } = batch;
  let text = `{"traceId":"${traceIdHex(batch.traceId, row)}","spanId":"${spanIdHex(batch.spanId, row)}"`;
  if (batch.traceState[row] !== 0) text += `,"traceState":${JSON.stringify(strings.get(batch.traceState[row]))}`;
  if (!isZeroSpanId(batch.parentSpanId, row)) text += `,"parentSpanId":"${spanIdHex(batch.parentSpanId, row)}"`;
  const flags = batch.flags[row] & 0xffff;
  if (flags !== 0) text += `,"flags":${flags}`;
  text += `,"name":${JSON.stringify(strings.get(batch.name[row]))}`;
  if (batch.kind[row] !== 0) text += `,"kind":${batch.kind[row]}`;
  text += `,"startTimeUnixNano":"${decimal(batch.start[row * 2], batch.start[row * 2 + 1])}"`;
  if ((batch.flags[row] & BATCH_NO_END) === 0) {
    const end = endOf(batch, row);
    text += `,"endTimeUnixNano":"${decimal(end.low, end.high)}"`;
  }
  const attributesText = attributes(batch, batch.attributeStart[row], batch.attributeEnd[row]);
  if (attributesText !== '') text += `,${attributesText}`;
  if (batch.eventEnd[row] > batch.eventStart[row]) text += `,"events":[${events(batch, row)}]`;
  if (batch.linkEnd[row] > batch.linkStart[row]) text += `,"links":[${links(batch, row)}]`;
  const dropped = batch.rare?.dropped.get(row);
  text += count('droppedAttributesCount', dropped?.attributes);
  text += count('droppedEventsCount', dropped?.events) + count('droppedLinksCount', dropped?.links);
  const status = [];
  if (batch.statusMessage[row] !== 0) status.push(`"message":${JSON.stringify(strings.get(batch.statusMessage[row]))}`);
  if (batch.status[row] !== 0) status.push(`"code":${batch.status[row]}`);
  return `${text},"status":{${status.join(',')}}}`;
}

function events(batch: SpanBatch, row: number): string {
  const all: string[] = [];
  const { name, time, attributeStart, attributeEnd } = batch.events;
  for (let event = batch.eventStart[row]; event < batch.eventEnd[row]; event++) {
    const members = [
      `"timeUnixNano":"${decimal(time[event * 2], time[event * 2 + 1])}"`,
      `"name":${JSON.stringify(batch.strings.get(name[event]))}`,
    ];
    const text = attributes(batch, attributeStart[event], attributeEnd[event]);
    if (text !== '') members.push(text);
    all.push(`{${members.join(',')}${count('droppedAttributesCount', batch.rare?.eventDropped.get(event))}}`);
  }
  return all.join(',');
}

function links(batch: SpanBatch, row: number): string {
  const all: string[] = [];
  const { traceId, spanId, attributeStart, attributeEnd } = batch.links;
  for (let link = batch.linkStart[row]; link < batch.linkEnd[row]; link++) {
    const members = [`"traceId":"${traceIdHex(traceId, link)}"`, `"spanId":"${spanIdHex(spanId, link)}"`];
    const text = attributes(batch, attributeStart[link], attributeEnd[link]);
    if (text !== '') members.push(text);
    const rare = batch.rare?.links.get(link);
    if (rare && rare.traceState !== 0) members.push(`"traceState":${JSON.stringify(batch.strings.get(rare.traceState))}`);
    all.push(`{${members.join(',')}${count('flags', rare?.flags)}${count('droppedAttributesCount', rare?.dropped)}}`);
  }
  return all.join(',');
}

/** The member `attributes`; empty when there are none. */
function attributes(batch: SpanBatch, start: number, end: number): string {
  if (end <= start) return '';
  const all: string[] = [];
  for (let row = start; row < end; row++) {
    const value: AnyValueJson = anyValueOfRow(batch, row);
    all.push(`{"key":${JSON.stringify(batch.strings.get(batch.attributes.key[row]))},"value":${JSON.stringify(value)}}`);
  }
  return `"attributes":[${all.join(',')}]`;
}

/** Decimal digits of a 64-bit unsigned integer. */
function decimal(low: number, high: number): string {
  return ((BigInt(high) << 32n) | BigInt(low)).toString();
}
