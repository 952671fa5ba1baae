/**
 * Spans as OTLP protobuf: one `ExportTraceServiceRequest`. Values that are in the batch as protobuf or UTF-8 bytes are copied.
 * Field numbers: opentelemetry/proto/trace/v1/trace.proto, common/v1/common.proto (v1.11.0).
 */

import { finish, type Pieces } from '../../../base/steps';
import { type AnyValueJson, anyValueOfRow, base64Bytes } from '../../model/anyValue';
import {
  BATCH_NO_END,
  type SpanBatch,
  VALUE_BOOL,
  VALUE_BYTES,
  VALUE_DOUBLE,
  VALUE_EMPTY,
  VALUE_INT,
  VALUE_INTERNED,
  VALUE_PROTO,
  VALUE_STRING,
} from '../../model/batch';
import { isZeroSpanId } from '../../model/ids';
import { ProtoWriter } from '../proto/writer';
import { endOf, grouping, type Replacement, type ResourceGroup, type RowSelection } from './groupRows';

const LEN = 2;
const RESOURCE_SPANS = (1 << 3) | LEN;
const RESOURCE = (1 << 3) | LEN;
const SCOPE_SPANS = (2 << 3) | LEN;
const SCOPE = (1 << 3) | LEN;
const SPAN = (2 << 3) | LEN;

/** Bytes of a piece, about: a millisecond or two of work. */
const PIECE = 1 << 18;

export function encodeOtlpProto(selections: Iterable<RowSelection>): Uint8Array {
  const encoder = new Encoder();
  for (const selection of selections)
    for (const group of finish(grouping(selection))) encoder.resourceSpans(group, START, Number.POSITIVE_INFINITY);
  return encoder.writer.finish();
}

/**
 * `encodeOtlpProto` in steps. Each piece is whole messages, and all of them one after the other are one request: what does not fit into one
 * `ResourceSpans` goes on in another of the same resource, so that no message is held as a whole.
 */
export function* otlpProtoPieces(selections: Iterable<RowSelection>, replacement?: Replacement): Pieces<Uint8Array> {
  const encoder = new Encoder(replacement);
  for (const selection of selections) {
    for (const group of yield* grouping(selection)) {
      for (let at: Place | undefined = START; at; ) {
        at = encoder.resourceSpans(group, at, PIECE);
        if (encoder.writer.length < PIECE) continue;
        yield encoder.writer.take();
      }
    }
  }
  yield encoder.writer.finish();
}

/** The next row of a group. */
interface Place {
  readonly scope: number;
  readonly row: number;
}

const START: Place = { scope: 0, row: 0 };

class Encoder {
  readonly writer = new ProtoWriter(1 << 16);

  constructor(private readonly replacement?: Replacement) {}

  /** Writes rows from a place on until so many bytes are written. Returns where to go on. */
  resourceSpans({ batch, resource, scopes }: ResourceGroup, from: Place, most: number): Place | undefined {
    const { writer } = this;
    const start = writer.open(RESOURCE_SPANS, 3);
    const known = batch.resources[resource];
    const resourceStart = writer.open(RESOURCE, 2);
    this.attributes(batch, 1, known.attributeStart, known.attributeEnd);
    writer.close(resourceStart, 2);
    let next: Place | undefined;
    for (let number = from.scope; number < scopes.length && !next; number++) {
      const { scope, rows } = scopes[number];
      const scopeStart = writer.open(SCOPE_SPANS, 3);
      this.scope(batch, scope);
      let at = number === from.scope ? from.row : 0;
      while (at < rows.length && writer.length < most) this.span(batch, rows[at++]);
      if (at < rows.length) next = { scope: number, row: at };
      this.string(batch, 3, batch.scopes[scope].schemaUrl ?? 0);
      writer.close(scopeStart, 3);
    }
    this.string(batch, 3, known.schemaUrl ?? 0);
    writer.close(start, 3);
    return next;
  }

  private scope(batch: SpanBatch, index: number): void {
    const { writer } = this;
    const scope = batch.scopes[index];
    const start = writer.open(SCOPE, 1);
    this.string(batch, 1, scope.name);
    this.string(batch, 2, scope.version);
    this.attributes(batch, 3, scope.attributeStart, scope.attributeEnd);
    writer.close(start, 1);
  }

  private string(batch: SpanBatch, field: number, index: number): void {
    if (index !== 0) this.write(batch, field, index, this.replacement?.string(batch, index));
  }

  private write(batch: SpanBatch, field: number, index: number, replaced: string | undefined): void {
    if (replaced === undefined) this.writer.bytes((field << 3) | LEN, batch.strings.bytes(index));
    else this.writer.text((field << 3) | LEN, replaced);
  }

  private count(field: number, value: number | undefined): void {
    if (value === undefined || value === 0) return;
    this.writer.varint(field << 3);
    this.writer.varint(value);
  }

  private time(field: number, low: number, high: number): void {
    this.writer.varint((field << 3) | 1);
    this.writer.fixed64(low, high);
  }

  private span(batch: SpanBatch, row: number): void {
    const { writer } = this;
    const start = writer.open(SPAN, 2);
    writer.words((1 << 3) | LEN, batch.traceId, row * 4, 4);
    writer.words((2 << 3) | LEN, batch.spanId, row * 2, 2);
    this.string(batch, 3, batch.traceState[row]);
    if (!isZeroSpanId(batch.parentSpanId, row)) writer.words((4 << 3) | LEN, batch.parentSpanId, row * 2, 2);
    this.string(batch, 5, batch.name[row]);
    if (batch.kind[row] !== 0) {
      writer.varint(6 << 3);
      writer.varint(batch.kind[row]);
    }
    this.time(7, batch.start[row * 2], batch.start[row * 2 + 1]);
    if ((batch.flags[row] & BATCH_NO_END) === 0) {
      const end = endOf(batch, row);
      this.time(8, end.low, end.high);
    }
    const dropped = batch.rare?.dropped.get(row);
    this.attributes(batch, 9, batch.attributeStart[row], batch.attributeEnd[row]);
    this.count(10, dropped?.attributes);
    for (let event = batch.eventStart[row]; event < batch.eventEnd[row]; event++) this.event(batch, event);
    this.count(12, dropped?.events);
    for (let link = batch.linkStart[row]; link < batch.linkEnd[row]; link++) this.link(batch, link);
    this.count(14, dropped?.links);
    if (batch.status[row] !== 0 || batch.statusMessage[row] !== 0) this.status(batch, row);
    const flags = batch.flags[row] & 0xffff;
    if (flags !== 0) {
      writer.varint((16 << 3) | 5);
      writer.fixed32(flags);
    }
    writer.close(start, 2);
  }

  private status(batch: SpanBatch, row: number): void {
    const { writer } = this;
    const start = writer.open((15 << 3) | LEN, 1);
    this.string(batch, 2, batch.statusMessage[row]);
    if (batch.status[row] !== 0) {
      writer.varint(3 << 3);
      writer.varint(batch.status[row]);
    }
    writer.close(start, 1);
  }

  private event(batch: SpanBatch, event: number): void {
    const { writer } = this;
    const { name, time, attributeStart, attributeEnd } = batch.events;
    const start = writer.open((11 << 3) | LEN, 2);
    this.time(1, time[event * 2], time[event * 2 + 1]);
    this.string(batch, 2, name[event]);
    this.attributes(batch, 3, attributeStart[event], attributeEnd[event]);
    this.count(4, batch.rare?.eventDropped.get(event));
    writer.close(start, 2);
  }

  private link(batch: SpanBatch, link: number): void {
    const { writer } = this;
    const { traceId, spanId, attributeStart, attributeEnd } = batch.links;
    const start = writer.open((13 << 3) | LEN, 1);
    writer.words((1 << 3) | LEN, traceId, link * 4, 4);
    writer.words((2 << 3) | LEN, spanId, link * 2, 2);
    const rare = batch.rare?.links.get(link);
    this.string(batch, 3, rare?.traceState ?? 0);
    this.attributes(batch, 4, attributeStart[link], attributeEnd[link]);
    this.count(5, rare?.dropped);
    if (rare && rare.flags !== 0) {
      writer.varint((6 << 3) | 5);
      writer.fixed32(rare.flags);
    }
    writer.close(start, 1);
  }

  private attributes(batch: SpanBatch, field: number, from: number, to: number): void {
    const { writer } = this;
    for (let row = from; row < to; row++) {
      const start = writer.open((field << 3) | LEN, 1);
      this.write(batch, 1, batch.attributes.key[row], this.replacement?.key(batch, batch.attributes.key[row]));
      const valueStart = writer.open((2 << 3) | LEN, 1);
      this.value(batch, row);
      writer.close(valueStart, 1);
      writer.close(start, 1);
    }
  }

  private value(batch: SpanBatch, row: number): void {
    const { writer } = this;
    const { type, number, length } = batch.attributes;
    const replaced = this.replacement?.value(batch, row);
    if (replaced !== undefined) {
      writer.text((1 << 3) | LEN, replaced);
      return;
    }
    switch (type[row]) {
      case VALUE_STRING:
        writer.bytes((1 << 3) | LEN, batch.blob, number[row], length[row]);
        return;
      case VALUE_INTERNED:
        writer.bytes((1 << 3) | LEN, batch.strings.bytes(number[row]));
        return;
      case VALUE_BOOL:
        writer.varint(2 << 3);
        writer.varint(number[row]);
        return;
      case VALUE_INT:
        writer.varint(3 << 3);
        if (number[row] >= 0) writer.varint(number[row]);
        else writer.int64(BigInt(number[row]));
        return;
      case VALUE_DOUBLE:
        writer.varint((4 << 3) | 1);
        writer.double(number[row]);
        return;
      case VALUE_BYTES:
        writer.bytes((7 << 3) | LEN, batch.blob, number[row], length[row]);
        return;
      case VALUE_PROTO:
        writer.raw(batch.blob, number[row], length[row]);
        return;
      case VALUE_EMPTY:
        return;
      default:
        this.any(anyValueOfRow(batch, row));
    }
  }

  /** Nests no deeper than reading does. */
  private any(value: AnyValueJson): void {
    const { writer } = this;
    if (value.stringValue !== undefined) writer.text((1 << 3) | LEN, value.stringValue);
    else if (value.boolValue !== undefined) {
      writer.varint(2 << 3);
      writer.varint(value.boolValue ? 1 : 0);
    } else if (value.intValue !== undefined) {
      writer.varint(3 << 3);
      writer.int64(BigInt(value.intValue));
    } else if (value.doubleValue !== undefined) {
      writer.varint((4 << 3) | 1);
      writer.double(Number(value.doubleValue));
    } else if (value.bytesValue !== undefined) writer.bytes((7 << 3) | LEN, base64Bytes(value.bytesValue));
    else if (value.arrayValue !== undefined) {
      const list = writer.open((5 << 3) | LEN, 1);
      for (const item of value.arrayValue.values) {
        const start = writer.open((1 << 3) | LEN, 1);
        this.any(item);
        writer.close(start, 1);
      }
      writer.close(list, 1);
    } else if (value.kvlistValue !== undefined) this.map(value.kvlistValue.values);
  }

  private map(pairs: readonly { readonly key: string; readonly value: AnyValueJson }[]): void {
    const { writer } = this;
    const map = writer.open((6 << 3) | LEN, 1);
    for (const { key, value } of pairs) {
      const pair = writer.open((1 << 3) | LEN, 1);
      writer.text((1 << 3) | LEN, key);
      const start = writer.open((2 << 3) | LEN, 1);
      this.any(value);
      writer.close(start, 1);
      writer.close(pair, 1);
    }
    writer.close(map, 1);
  }
}
