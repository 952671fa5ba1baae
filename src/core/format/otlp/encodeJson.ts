/**
 * Spans as OTLP/JSON: one `ExportTraceServiceRequest`, its resources and scopes grouped, in pieces of text so that an export of any
 * size needs little memory. Values go out with the type that they came in with.
 * Source of the form: opentelemetry-proto docs/specification.md, "JSON Protobuf Encoding".
 */

import type { Pieces } from '../../../base/steps';
import { type AnyValueJson, anyValueOfRow } from '../../model/anyValue';
import { BATCH_NO_END, type SpanBatch } from '../../model/batch';
import { isZeroSpanId, spanIdHex, traceIdHex } from '../../model/ids';
import { endOf, grouping, type Replacement, type ResourceGroup, type RowSelection } from './groupRows';

/** UTF-16 units of a piece, about: a millisecond or two of work. */
const PIECE = 1 << 16;

/** Pieces of one text. */
export function* otlpJsonPieces(selections: Iterable<RowSelection>, replacement?: Replacement): Pieces<string> {
  const encoder = new Encoder(replacement);
  yield '{"resourceSpans":[';
  let resources = 0;
  for (const selection of selections) {
    for (const group of yield* grouping(selection)) {
      if (resources++ > 0) yield ',';
      yield* encoder.resourceSpans(group);
    }
  }
  yield ']}';
}

class Encoder {
  constructor(private readonly replacement: Replacement | undefined) {}

  *resourceSpans({ batch, resource, scopes }: ResourceGroup): Pieces<string> {
    const { attributeStart, attributeEnd, schemaUrl = 0 } = batch.resources[resource];
    let text = `{"resource":{${this.attributes(batch, attributeStart, attributeEnd)}},"scopeSpans":[`;
    let groups = 0;
    for (const { scope, rows } of scopes) {
      text += `${groups++ === 0 ? '' : ','}{"scope":{${this.scopeMembers(batch, scope)}},"spans":[`;
      for (let i = 0; i < rows.length; i++) {
        text += (i === 0 ? '' : ',') + this.span(batch, rows[i]);
        if (text.length < PIECE) continue;
        yield text;
        text = '';
      }
      text += `]${this.schema(batch, batch.scopes[scope].schemaUrl ?? 0)}}`;
    }
    yield `${text}]${this.schema(batch, schemaUrl)}}`;
  }

  private schema(batch: SpanBatch, index: number): string {
    return index === 0 ? '' : `,"schemaUrl":${this.string(batch, index)}`;
  }

  private scopeMembers(batch: SpanBatch, index: number): string {
    const scope = batch.scopes[index];
    const members = [];
    if (scope.name !== 0) members.push(`"name":${this.string(batch, scope.name)}`);
    if (scope.version !== 0) members.push(`"version":${this.string(batch, scope.version)}`);
    if (scope.attributeEnd > scope.attributeStart) members.push(this.attributes(batch, scope.attributeStart, scope.attributeEnd));
    return members.join(',');
  }

  private span(batch: SpanBatch, row: number): string {
    let text = `{"traceId":"${traceIdHex(batch.traceId, row)}","spanId":"${spanIdHex(batch.spanId, row)}"`;
    if (batch.traceState[row] !== 0) text += `,"traceState":${this.string(batch, batch.traceState[row])}`;
    if (!isZeroSpanId(batch.parentSpanId, row)) text += `,"parentSpanId":"${spanIdHex(batch.parentSpanId, row)}"`;
    const flags = batch.flags[row] & 0xffff;
    if (flags !== 0) text += `,"flags":${flags}`;
    text += `,"name":${this.string(batch, batch.name[row])}`;
    if (batch.kind[row] !== 0) text += `,"kind":${batch.kind[row]}`;
    text += `,"startTimeUnixNano":"${decimal(batch.start[row * 2], batch.start[row * 2 + 1])}"`;
    if ((batch.flags[row] & BATCH_NO_END) === 0) {
      const end = endOf(batch, row);
      text += `,"endTimeUnixNano":"${decimal(end.low, end.high)}"`;
    }
    const attributesText = this.attributes(batch, batch.attributeStart[row], batch.attributeEnd[row]);
    if (attributesText !== '') text += `,${attributesText}`;
    if (batch.eventEnd[row] > batch.eventStart[row]) text += `,"events":[${this.events(batch, row)}]`;
    if (batch.linkEnd[row] > batch.linkStart[row]) text += `,"links":[${this.links(batch, row)}]`;
    const dropped = batch.rare?.dropped.get(row);
    text += count('droppedAttributesCount', dropped?.attributes);
    text += count('droppedEventsCount', dropped?.events) + count('droppedLinksCount', dropped?.links);
    const status = [];
    if (batch.statusMessage[row] !== 0) status.push(`"message":${this.string(batch, batch.statusMessage[row])}`);
    if (batch.status[row] !== 0) status.push(`"code":${batch.status[row]}`);
    return `${text},"status":{${status.join(',')}}}`;
  }

  private events(batch: SpanBatch, row: number): string {
    const all: string[] = [];
    const { name, time, attributeStart, attributeEnd } = batch.events;
    for (let event = batch.eventStart[row]; event < batch.eventEnd[row]; event++) {
      const members = [
        `"timeUnixNano":"${decimal(time[event * 2], time[event * 2 + 1])}"`,
        `"name":${this.string(batch, name[event])}`,
      ];
      const text = this.attributes(batch, attributeStart[event], attributeEnd[event]);
      if (text !== '') members.push(text);
      all.push(`{${members.join(',')}${count('droppedAttributesCount', batch.rare?.eventDropped.get(event))}}`);
    }
    return all.join(',');
  }

  private links(batch: SpanBatch, row: number): string {
    const all: string[] = [];
    const { traceId, spanId, attributeStart, attributeEnd } = batch.links;
    for (let link = batch.linkStart[row]; link < batch.linkEnd[row]; link++) {
      const members = [`"traceId":"${traceIdHex(traceId, link)}"`, `"spanId":"${spanIdHex(spanId, link)}"`];
      const text = this.attributes(batch, attributeStart[link], attributeEnd[link]);
      if (text !== '') members.push(text);
      const rare = batch.rare?.links.get(link);
      if (rare && rare.traceState !== 0) members.push(`"traceState":${this.string(batch, rare.traceState)}`);
      all.push(`{${members.join(',')}${count('flags', rare?.flags)}${count('droppedAttributesCount', rare?.dropped)}}`);
    }
    return all.join(',');
  }

  /** The member `attributes`; empty when there are none. */
  private attributes(batch: SpanBatch, start: number, end: number): string {
    if (end <= start) return '';
    const all: string[] = [];
    for (let row = start; row < end; row++) {
      const replaced = this.replacement?.value(batch, row);
      const value: AnyValueJson = replaced === undefined ? anyValueOfRow(batch, row) : { stringValue: replaced };
      all.push(`{"key":${this.key(batch, batch.attributes.key[row])},"value":${JSON.stringify(value)}}`);
    }
    return `"attributes":[${all.join(',')}]`;
  }

  private key(batch: SpanBatch, index: number): string {
    return JSON.stringify(this.replacement?.key(batch, index) ?? batch.strings.get(index));
  }

  private string(batch: SpanBatch, index: number): string {
    return JSON.stringify(this.replacement?.string(batch, index) ?? batch.strings.get(index));
  }
}

/** A member that is left out when it is 0. */
function count(name: string, value: number | undefined): string {
  return value === undefined || value === 0 ? '' : `,"${name}":${value}`;
}

/** Decimal digits of a 64-bit unsigned integer. */
function decimal(low: number, high: number): string {
  return ((BigInt(high) << 32n) | BigInt(low)).toString();
}
