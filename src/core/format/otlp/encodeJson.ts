/**
 * Spans as OTLP/JSON: one `ExportTraceServiceRequest`, its resources and scopes grouped, in pieces, so that an export of any
 * size needs little memory. Values go out with the type that they came in with.
 * Source of the form: opentelemetry-proto docs/specification.md, "JSON Protobuf Encoding".
 */

import type { Pieces } from '../../../base/steps';
import { anyValueOfRow } from '../../model/anyValue';
import { BATCH_NO_END, type SpanBatch, VALUE_INTERNED, VALUE_JSON_STRING, VALUE_STRING } from '../../model/batch';
import { isZeroSpanId } from '../../model/ids';
import { JsonWriter } from '../json/jsonWriter';
import { endOf, grouping, type Replacement, type ResourceGroup, type RowSelection } from './groupRows';

/** Bytes of a piece, about: a millisecond of work. */
const PIECE = 1 << 17;

/** Pieces of one text, as UTF-8. */
export function* otlpJsonPieces(selections: Iterable<RowSelection>, replacement?: Replacement): Pieces<Uint8Array> {
  const writer = new JsonWriter();
  const encoder = new Encoder(writer, replacement);
  writer.ascii('{"resourceSpans":[');
  let resources = 0;
  for (const selection of selections) {
    for (const group of yield* grouping(selection)) {
      if (resources++ > 0) writer.ascii(',');
      yield* encoder.resourceSpans(group);
    }
  }
  writer.ascii(']}');
  yield writer.take();
}

class Encoder {
  constructor(
    private readonly writer: JsonWriter,
    private readonly replacement: Replacement | undefined,
  ) {}

  *resourceSpans({ batch, resource, scopes }: ResourceGroup): Pieces<Uint8Array> {
    const { writer } = this;
    const { attributeStart, attributeEnd, schemaUrl = 0 } = batch.resources[resource];
    writer.ascii('{"resource":{');
    this.attributes(batch, '', attributeStart, attributeEnd);
    writer.ascii('},"scopeSpans":[');
    for (const [number, { scope, rows }] of scopes.entries()) {
      writer.ascii(number === 0 ? '{"scope":{' : ',{"scope":{');
      this.scopeMembers(batch, scope);
      writer.ascii('},"spans":[');
      for (let i = 0; i < rows.length; i++) {
        if (i > 0) writer.ascii(',');
        this.span(batch, rows[i]);
        if (writer.length >= PIECE) yield writer.take();
      }
      writer.ascii(']');
      this.member(',"schemaUrl":', batch, batch.scopes[scope].schemaUrl ?? 0);
      writer.ascii('}');
    }
    writer.ascii(']');
    this.member(',"schemaUrl":', batch, schemaUrl);
    writer.ascii('}');
  }

  private scopeMembers(batch: SpanBatch, index: number): void {
    const { name, version, attributeStart, attributeEnd } = batch.scopes[index];
    this.member('"name":', batch, name);
    this.member(name === 0 ? '"version":' : ',"version":', batch, version);
    this.attributes(batch, name === 0 && version === 0 ? '' : ',', attributeStart, attributeEnd);
  }

  private span(batch: SpanBatch, row: number): void {
    const { writer } = this;
    writer.ascii('{"traceId":');
    writer.id(batch.traceId, row * 4, 4);
    writer.ascii(',"spanId":');
    writer.id(batch.spanId, row * 2, 2);
    this.member(',"traceState":', batch, batch.traceState[row]);
    if (!isZeroSpanId(batch.parentSpanId, row)) {
      writer.ascii(',"parentSpanId":');
      writer.id(batch.parentSpanId, row * 2, 2);
    }
    this.count('flags', batch.flags[row] & 0xffff);
    writer.ascii(',"name":');
    this.string(batch, batch.name[row]);
    if (batch.kind[row] !== 0) writer.ascii(`,"kind":${batch.kind[row]}`);
    writer.ascii(`,"startTimeUnixNano":"${decimal(batch.start[row * 2], batch.start[row * 2 + 1])}"`);
    if ((batch.flags[row] & BATCH_NO_END) === 0) {
      const end = endOf(batch, row);
      writer.ascii(`,"endTimeUnixNano":"${decimal(end.low, end.high)}"`);
    }
    this.attributes(batch, ',', batch.attributeStart[row], batch.attributeEnd[row]);
    this.events(batch, row);
    this.links(batch, row);
    const dropped = batch.rare?.dropped.get(row);
    this.count('droppedAttributesCount', dropped?.attributes);
    this.count('droppedEventsCount', dropped?.events);
    this.count('droppedLinksCount', dropped?.links);
    writer.ascii(',"status":{');
    this.member('"message":', batch, batch.statusMessage[row]);
    if (batch.status[row] !== 0) writer.ascii(`${batch.statusMessage[row] === 0 ? '' : ','}"code":${batch.status[row]}`);
    writer.ascii('}}');
  }

  private events(batch: SpanBatch, row: number): void {
    const { writer } = this;
    const { name, time, attributeStart, attributeEnd } = batch.events;
    const [start, end] = [batch.eventStart[row], batch.eventEnd[row]];
    if (end <= start) return;
    writer.ascii(',"events":[');
    for (let event = start; event < end; event++) {
      writer.ascii(`${event === start ? '' : ','}{"timeUnixNano":"${decimal(time[event * 2], time[event * 2 + 1])}","name":`);
      this.string(batch, name[event]);
      this.attributes(batch, ',', attributeStart[event], attributeEnd[event]);
      this.count('droppedAttributesCount', batch.rare?.eventDropped.get(event));
      writer.ascii('}');
    }
    writer.ascii(']');
  }

  private links(batch: SpanBatch, row: number): void {
    const { writer } = this;
    const { traceId, spanId, attributeStart, attributeEnd } = batch.links;
    const [start, end] = [batch.linkStart[row], batch.linkEnd[row]];
    if (end <= start) return;
    writer.ascii(',"links":[');
    for (let link = start; link < end; link++) {
      writer.ascii(link === start ? '{"traceId":' : ',{"traceId":');
      writer.id(traceId, link * 4, 4);
      writer.ascii(',"spanId":');
      writer.id(spanId, link * 2, 2);
      this.attributes(batch, ',', attributeStart[link], attributeEnd[link]);
      const rare = batch.rare?.links.get(link);
      this.member(',"traceState":', batch, rare?.traceState ?? 0);
      this.count('flags', rare?.flags);
      this.count('droppedAttributesCount', rare?.dropped);
      writer.ascii('}');
    }
    writer.ascii(']');
  }

  /** The member `attributes`; nothing when there are none. @param before what stands before it */
  private attributes(batch: SpanBatch, before: string, start: number, end: number): void {
    const { writer } = this;
    if (end <= start) return;
    writer.ascii(`${before}"attributes":[`);
    for (let row = start; row < end; row++) {
      writer.ascii(row === start ? '{"key":' : ',{"key":');
      const key = batch.attributes.key[row];
      this.text(batch, key, this.replacement?.key(batch, key));
      writer.ascii(',"value":');
      this.value(batch, row);
      writer.ascii('}');
    }
    writer.ascii(']');
  }

  private value(batch: SpanBatch, row: number): void {
    const { writer } = this;
    const { type, number, length } = batch.attributes;
    const replaced = this.replacement?.value(batch, row);
    if (replaced !== undefined) {
      writer.ascii('{"stringValue":');
      writer.string(replaced);
      writer.ascii('}');
      return;
    }
    const isPlain = type[row] === VALUE_STRING || type[row] === VALUE_JSON_STRING;
    if (!isPlain && type[row] !== VALUE_INTERNED) {
      writer.json(JSON.stringify(anyValueOfRow(batch, row)));
      return;
    }
    writer.ascii('{"stringValue":');
    if (!isPlain) this.text(batch, number[row], undefined);
    else if (!writer.plain(batch.blob, number[row], length[row])) writer.string(anyValueOfRow(batch, row).stringValue ?? '');
    writer.ascii('}');
  }

  /** A member that is left out when its string is the empty one. */
  private member(name: string, batch: SpanBatch, index: number): void {
    if (index === 0) return;
    this.writer.ascii(name);
    this.string(batch, index);
  }

  private string(batch: SpanBatch, index: number): void {
    this.text(batch, index, this.replacement?.string(batch, index));
  }

  private text({ strings }: SpanBatch, index: number, replaced: string | undefined): void {
    const { writer } = this;
    if (replaced !== undefined) {
      writer.string(replaced);
      return;
    }
    const bytes = strings.bytes(index);
    if (!writer.plain(bytes, 0, bytes.length)) writer.string(strings.get(index));
  }

  /** A member that is left out when it is 0. */
  private count(name: string, value: number | undefined): void {
    if (value !== undefined && value !== 0) this.writer.ascii(`,"${name}":${value}`);
  }
}

/** Decimal digits of a 64-bit unsigned integer. */
function decimal(low: number, high: number): string {
  return ((BigInt(high) << 32n) | BigInt(low)).toString();
}
